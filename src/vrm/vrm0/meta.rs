//! License of 0.x in the terms of 1.0. Where the terms differ the narrower one is taken: nothing is ever permitted
//! that the file does not permit.

use serde::Deserialize;
use serde_json::{Value, json};

use super::index;
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::schema;

const PLACE: &str = "VRM.meta";

/// The misspelled keys are those of the format.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta0 {
    title: String,
    version: String,
    author: String,
    contact_information: String,
    reference: String,
    texture: Option<i64>,
    allowed_user_name: String,
    violent_ussage_name: String,
    sexual_ussage_name: String,
    commercial_ussage_name: String,
    other_permission_url: String,
    license_name: String,
    other_license_url: String,
}

/// The object `meta` of 1.0.
pub(super) fn convert(vrm: &Value, json: &Value, findings: &mut Findings) -> Value {
    let meta: Meta0 = schema::part(vrm.get("meta"), PLACE, findings);
    let some = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    let license = license(&meta.license_name);
    let other = &meta.other_permission_url;
    let (license_url, other_url) = match (license, meta.other_license_url.as_str()) {
        (Some(license), _) => (license.url, other.as_str()),
        (None, "") => (other.as_str(), ""),
        (None, url) if url == other => (url, ""),
        (None, url) => (url, other.as_str()),
    };
    // Conditions of another document may narrow what the license permits.
    let free = license.filter(|_| other.is_empty());
    let commercial = meta.commercial_ussage_name == "Allow" && !meta.license_name.contains("_NC");
    let mut out = json!({
        "name": meta.title,
        "version": meta.version,
        "authors": some(&meta.author),
        "contactInformation": meta.contact_information,
        "references": some(&meta.reference),
        "licenseUrl": license_url,
        "otherLicenseUrl": other_url,
        "avatarPermission": match meta.allowed_user_name.as_str() {
            "Everyone" => "everyone",
            "ExplicitlyLicensedPerson" => "onlySeparatelyLicensedPerson",
            _ => "onlyAuthor",
        },
        "allowExcessivelyViolentUsage": meta.violent_ussage_name == "Allow",
        "allowExcessivelySexualUsage": meta.sexual_ussage_name == "Allow",
        // 0.x does not tell persons from companies, so that its permission reaches persons only.
        "commercialUsage": if commercial { "personalProfit" } else { "personalNonProfit" },
        "creditNotation": if free.is_some_and(|l| l.without_credit) { "unnecessary" } else { "required" },
        "allowRedistribution": free.is_some_and(|l| l.open),
        "modification": if free.is_some_and(|l| l.open) { "allowModificationRedistribution" } else { "prohibited" },
    });
    let image = index(meta.texture).and_then(|texture| json.pointer(&format!("/textures/{texture}/source")));
    if let Some(image) = image.filter(|image| image.is_u64()) {
        out["thumbnailImage"] = image.clone();
    }
    if commercial {
        let message = "permits commercial use without telling persons from companies; read as persons only";
        findings.push(Finding::info(format!("{PLACE}.commercialUssageName"), message));
    }
    if license.is_some_and(|l| !l.open) {
        let message = format!("{} sets conditions that VRM 1.0 has no words for; read the license", meta.license_name);
        findings.push(Finding::info(format!("{PLACE}.licenseName"), message));
    }
    out
}

#[derive(Clone, Copy)]
struct License {
    url: &'static str,
    /// Whether redistribution and modification are free of conditions other than credit.
    open: bool,
    without_credit: bool,
}

fn license(name: &str) -> Option<License> {
    let (url, open, without_credit) = match name {
        "CC0" => ("https://creativecommons.org/publicdomain/zero/1.0/", true, true),
        "CC_BY" => ("https://creativecommons.org/licenses/by/4.0/", true, false),
        "CC_BY_NC" => ("https://creativecommons.org/licenses/by-nc/4.0/", false, false),
        "CC_BY_SA" => ("https://creativecommons.org/licenses/by-sa/4.0/", false, false),
        "CC_BY_NC_SA" => ("https://creativecommons.org/licenses/by-nc-sa/4.0/", false, false),
        "CC_BY_ND" => ("https://creativecommons.org/licenses/by-nd/4.0/", false, false),
        "CC_BY_NC_ND" => ("https://creativecommons.org/licenses/by-nc-nd/4.0/", false, false),
        _ => return None,
    };
    Some(License { url, open, without_credit })
}
