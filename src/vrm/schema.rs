//! The JSON of glTF 2.0 and VRM 1.0 as far as the runtime needs it: every optional field has its default, and
//! an unreadable part is replaced by its default with a finding.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::finding::{Finding, Findings};

/// Reads one part; where it is absent or unreadable, its default stands in.
pub(super) fn part<T: DeserializeOwned + Default>(value: Option<&Value>, place: &str, findings: &mut Findings) -> T {
    match value {
        None | Some(Value::Null) => T::default(),
        Some(value) => T::deserialize(value).unwrap_or_else(|error| {
            findings.push(Finding::error(place, format!("unreadable, replaced by defaults: {error}")));
            T::default()
        }),
    }
}

/// Reads a list element by element, so that one broken element does not move the others' indices.
pub(super) fn list<T: DeserializeOwned + Default>(root: &Value, key: &str, findings: &mut Findings) -> Vec<T> {
    match root.get(key) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| part(Some(item), &format!("{key}[{index}]"), findings))
            .collect(),
        Some(_) => {
            findings.push(Finding::error(key, "is not a list, ignored"));
            Vec::new()
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawNode {
    pub(super) name: String,
    pub(super) children: Vec<usize>,
    pub(super) mesh: Option<usize>,
    pub(super) skin: Option<usize>,
    pub(super) weights: Vec<f32>,
    pub(super) translation: Option<[f32; 3]>,
    pub(super) rotation: Option<[f32; 4]>,
    pub(super) scale: Option<[f32; 3]>,
    pub(super) matrix: Option<[f32; 16]>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawMesh {
    pub(super) name: String,
    pub(super) primitives: Vec<RawPrimitive>,
    pub(super) weights: Vec<f32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawPrimitive {
    pub(super) attributes: Map<String, Value>,
    pub(super) indices: Option<usize>,
    pub(super) material: Option<usize>,
    pub(super) mode: Option<u32>,
    pub(super) targets: Vec<Map<String, Value>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawMaterial {
    pub(super) name: String,
    pub(super) pbr_metallic_roughness: RawPbr,
    pub(super) emissive_factor: Option<[f32; 3]>,
    pub(super) extensions: Map<String, Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawPbr {
    pub(super) base_color_factor: Option<[f32; 4]>,
    pub(super) base_color_texture: Option<RawTexture>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawTexture {
    pub(super) extensions: Map<String, Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawTextureTransform {
    pub(super) offset: Option<[f32; 2]>,
    pub(super) scale: Option<[f32; 2]>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawMToon {
    pub(super) shade_color_factor: Option<[f32; 3]>,
    pub(super) matcap_factor: Option<[f32; 3]>,
    pub(super) parametric_rim_color_factor: Option<[f32; 3]>,
    pub(super) outline_color_factor: Option<[f32; 3]>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawImage {
    pub(super) name: String,
    pub(super) uri: Option<String>,
    pub(super) mime_type: Option<String>,
    pub(super) buffer_view: Option<usize>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawAccessor {
    pub(super) buffer_view: Option<usize>,
    pub(super) byte_offset: u64,
    pub(super) component_type: u32,
    pub(super) count: u64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) sparse: Option<RawSparse>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawSparse {
    pub(super) count: u64,
    pub(super) indices: RawSparsePart,
    pub(super) values: RawSparsePart,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawSparsePart {
    pub(super) buffer_view: usize,
    pub(super) byte_offset: u64,
    pub(super) component_type: u32,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawBufferView {
    pub(super) buffer: usize,
    pub(super) byte_offset: u64,
    pub(super) byte_length: u64,
    pub(super) byte_stride: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawBuffer {
    pub(super) uri: Option<String>,
    pub(super) byte_length: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawSkin {
    pub(super) joints: Vec<usize>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawHumanBone {
    pub(super) node: Option<usize>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawExpression {
    pub(super) is_binary: bool,
    pub(super) override_blink: String,
    pub(super) override_look_at: String,
    pub(super) override_mouth: String,
    pub(super) morph_target_binds: Vec<RawMorphBind>,
    pub(super) material_color_binds: Vec<RawColorBind>,
    pub(super) texture_transform_binds: Vec<RawTextureBind>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawMorphBind {
    pub(super) node: Option<usize>,
    pub(super) index: Option<usize>,
    pub(super) weight: Option<f32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawColorBind {
    pub(super) material: Option<usize>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) target_value: Vec<f32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawTextureBind {
    pub(super) material: Option<usize>,
    pub(super) scale: Option<[f32; 2]>,
    pub(super) offset: Option<[f32; 2]>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawLookAt {
    pub(super) offset_from_head_bone: Option<[f32; 3]>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) range_map_horizontal_inner: RawRangeMap,
    pub(super) range_map_horizontal_outer: RawRangeMap,
    pub(super) range_map_vertical_down: RawRangeMap,
    pub(super) range_map_vertical_up: RawRangeMap,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawRangeMap {
    pub(super) input_max_value: Option<f32>,
    pub(super) output_scale: Option<f32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawFirstPerson {
    pub(super) mesh_annotations: Vec<RawMeshAnnotation>,
}

/// The schema and all samples say `type`, the prose of the specification says `firstPersonFlag`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RawMeshAnnotation {
    pub(super) node: Option<usize>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(rename = "firstPersonFlag")]
    pub(super) flag: Option<String>,
}

/// Who may use the avatar and how, as the file says. What it does not say is not permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Meta {
    /// Name of the avatar.
    pub name: String,
    /// Version of the avatar.
    pub version: String,
    /// Who made it.
    pub authors: Vec<String>,
    /// Copyright notice.
    pub copyright_information: String,
    /// How to reach the authors.
    pub contact_information: String,
    /// Works that it builds on.
    pub references: Vec<String>,
    /// Licenses of parts by others.
    pub third_party_licenses: String,
    /// Address of the license.
    pub license_url: String,
    /// Another license that also holds.
    pub other_license_url: String,
    /// `onlyAuthor`, `onlySeparatelyLicensedPerson` or `everyone`.
    pub avatar_permission: String,
    /// Whether scenes of violence are allowed.
    pub allow_excessively_violent_usage: bool,
    /// Whether sexual scenes are allowed.
    pub allow_excessively_sexual_usage: bool,
    /// `personalNonProfit`, `personalProfit` or `corporation`.
    pub commercial_usage: String,
    /// Whether political or religious use is allowed.
    pub allow_political_or_religious_usage: bool,
    /// Whether antisocial or hateful use is allowed.
    pub allow_antisocial_or_hate_usage: bool,
    /// `required` or `unnecessary`.
    pub credit_notation: String,
    /// Whether the file may be passed on.
    pub allow_redistribution: bool,
    /// `prohibited`, `allowModification` or `allowModificationRedistribution`.
    pub modification: String,
}

impl Default for Meta {
    fn default() -> Self {
        Self {
            name: String::new(),
            version: String::new(),
            authors: Vec::new(),
            copyright_information: String::new(),
            contact_information: String::new(),
            references: Vec::new(),
            third_party_licenses: String::new(),
            license_url: String::new(),
            other_license_url: String::new(),
            avatar_permission: "onlyAuthor".into(),
            allow_excessively_violent_usage: false,
            allow_excessively_sexual_usage: false,
            commercial_usage: "personalNonProfit".into(),
            allow_political_or_religious_usage: false,
            allow_antisocial_or_hate_usage: false,
            credit_notation: "required".into(),
            allow_redistribution: false,
            modification: "prohibited".into(),
        }
    }
}
