//! What kind of file it is. Everything is brought to a VRM 1.0 document before it is read, so that there is one
//! reader.

use serde_json::{Value, json};

use super::document::Refusal;
use super::finding::Findings;
use super::{plain, vrm0};

/// What a file was before it was read as VRM 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// VRM 1.0.
    Vrm1,
    /// VRM 0.x, converted.
    Vrm0,
    /// glTF without VRM, with the bones found by their names.
    Plain,
}

impl Format {
    /// The format in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vrm1 => "VRM 1.0",
            Self::Vrm0 => "VRM 0.x converted",
            Self::Plain => "plain glTF",
        }
    }
}

/// Ways of packing data that this reader and the engine cannot unpack, with the way to do without.
const UNREADABLE: &[(&str, &str)] = &[
    ("KHR_draco_mesh_compression", "export the avatar again without Draco compression"),
    ("EXT_meshopt_compression", "export the avatar again without meshopt compression"),
    ("KHR_meshopt_compression", "export the avatar again without meshopt compression"),
    ("KHR_mesh_quantization", "export the avatar again without quantized meshes"),
    ("KHR_texture_basisu", "export the avatar again with PNG or JPEG textures"),
    ("EXT_texture_webp", "export the avatar again with PNG or JPEG textures"),
    ("EXT_texture_avif", "export the avatar again with PNG or JPEG textures"),
];

/// Brings a document to VRM 1.0. Nodes keep their indices; new ones stand behind them.
pub(super) fn unify(json: Value, findings: &mut Findings) -> Result<(Value, Format), Refusal> {
    for required in json.get("extensionsRequired").and_then(Value::as_array).into_iter().flatten() {
        if let Some((name, mend)) = UNREADABLE.iter().find(|(name, _)| required.as_str() == Some(*name)) {
            return Err(Refusal::new("extensionsRequired", format!("the file needs {name}"), mend));
        }
    }
    let has = |name: &str| json.pointer(&format!("/extensions/{name}"));
    match (has("VRMC_vrm"), has("VRM")) {
        (Some(vrm), _) if vrm.is_object() => Ok((json, Format::Vrm1)),
        (Some(_), _) => {
            Err(Refusal::new("extensions.VRMC_vrm", "is not an object", "export the avatar again as VRM 1.0"))
        }
        (None, Some(vrm)) if vrm.is_object() => Ok((vrm0::convert(json, findings)?, Format::Vrm0)),
        (None, Some(_)) => {
            Err(Refusal::new("extensions.VRM", "is not an object", "export the avatar again as VRM 1.0"))
        }
        (None, None) => Ok((plain::convert(json, findings)?, Format::Plain)),
    }
}

/// Puts an extension into the root of a document and names it as used.
pub(super) fn set_extension(json: &mut Value, name: &str, value: Value) {
    let Some(root) = json.as_object_mut() else { return };
    let extensions = root.entry("extensions").or_insert_with(|| json!({}));
    if !extensions.is_object() {
        *extensions = json!({});
    }
    extensions[name] = value;
    use_extension(json, name);
}

/// Names an extension as used.
pub(super) fn use_extension(json: &mut Value, name: &str) {
    let Some(root) = json.as_object_mut() else { return };
    let used = root.entry("extensionsUsed").or_insert_with(|| json!([]));
    if !used.is_array() {
        *used = json!([]);
    }
    if let Some(used) = used.as_array_mut()
        && !used.iter().any(|value| value == name)
    {
        used.push(json!(name));
    }
}

/// Forgets an extension of the root.
pub(super) fn remove_extension(json: &mut Value, name: &str) {
    if let Some(extensions) = json.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.shift_remove(name);
    }
    for key in ["extensionsUsed", "extensionsRequired"] {
        if let Some(list) = json.get_mut(key).and_then(Value::as_array_mut) {
            list.retain(|value| value != name);
        }
    }
}
