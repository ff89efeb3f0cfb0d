use serde_json::json;

use super::*;
use crate::vrm::finding::Severity;
use crate::vrm::fixture;

fn ability<'a>(report: &'a Report, name: &str) -> Option<&'a Capability> {
    report.capabilities.iter().find(|c| c.ability == name)
}

#[test]
fn the_agent_can_do_everything() {
    let report = Report::new(&fixture::agent());
    assert_eq!((report.presets.len(), report.customs.len(), report.arkit_present), (18, 67, 52));
    assert_eq!(report.bones_missing, ["jaw"]);
    assert_eq!(report.images.len(), 28);
    assert!(report.images.iter().all(|image| image.width > 0 && image.height > 0));
    for name in ["can blink", "can smile", "can frown", "can point", "can look around", "mouth: 5 vowels"] {
        assert!(ability(&report, name).is_some_and(|c| c.able), "{name} in {:?}", report.capabilities);
    }
    assert!(report.triangles > 1000 && report.vertices > 1000);
    let errors: Vec<_> = report.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let text = report.to_string();
    assert!(text.contains("ARKit       52 of 52") && text.contains("(VRM 1.0)"), "{text}");
    assert!(serde_json::to_value(&report).is_ok_and(|json| json["meta"]["name"] == "Lin Xiao"));
}

#[test]
fn what_an_avatar_lacks_is_named() {
    let node = fixture::mesh_node();
    let bind = json!({"morphTargetBinds": [{"node": node, "index": 0, "weight": 1}]});
    let vrm = fixture::with_expressions(
        json!({"blink": bind, "aa": bind, "happy": {}}),
        json!({"mouthFrownLeft": bind, "cat": {}}),
    );
    let report = Report::new(&fixture::load(&vrm));
    assert!(ability(&report, "can blink").is_some_and(|c| c.able && c.reason == "by blink"));
    let smile = ability(&report, "can smile").map(|c| (c.able, c.reason.as_str()));
    assert_eq!(smile, Some((false, "lacks mouthSmileLeft, mouthSmileRight, and happy moves nothing")));
    let frown = ability(&report, "can frown").map(|c| (c.able, c.reason.as_str()));
    assert_eq!(frown, Some((false, "lacks mouthFrownRight")));
    let mouth = ability(&report, "mouth: 1 vowels").map(|c| (c.able, c.reason.as_str()));
    assert_eq!(mouth, Some((true, "lacks ih, ou, ee, oh")));
    let point = ability(&report, "can point").map(|c| c.reason.as_str());
    assert!(point.is_some_and(|reason| reason.starts_with("lacks leftIndexProximal, ")), "{point:?}");
    let kinds: Vec<_> = report.customs.iter().map(|e| (e.name.as_str(), e.kind)).collect();
    assert_eq!(kinds, [("mouthFrownLeft", "arkit"), ("cat", "other")]);
    let text = report.to_string();
    for part in ["happy (moves nothing)", "cat (moves nothing)", "ARKit       1 of 52", "1 meshes without head"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn silence_about_the_license_is_no_permission() {
    let mut vrm = fixture::vrm();
    vrm["extensions"]["VRMC_vrm"]["meta"] = json!({"name": "Stick"});
    let text = Report::new(&fixture::load(&vrm)).to_string();
    for part in [
        "license     none stated",
        "avatar onlyAuthor, commercial personalNonProfit, credit required, redistribution no, modification prohibited",
        "violence no, sexuality no, politics and religion no, hate no",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn images_are_measured() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\0\0\0\x01\0".to_vec();
    png.resize(36, 0);
    let mut vrm = fixture::vrm();
    vrm["buffers"] = json!([{"byteLength": 36}]);
    vrm["bufferViews"] = json!([{"buffer": 0, "byteLength": 36}]);
    vrm["images"] = json!([{"name": "face", "bufferView": 0, "mimeType": "image/png"}]);
    let document = crate::vrm::Document::read(&fixture::glb(&vrm, &png), "x.vrm");
    let report = document.map(|document| Report::new(&document));
    let image = report.as_ref().map(|r| (r.images[0].width, r.images[0].height, r.image_memory));
    assert_eq!(image, Ok((512, 256, 512 * 256 * 16 / 3)));
}
