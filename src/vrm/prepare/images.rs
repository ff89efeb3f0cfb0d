//! Images that the engine can decode: the right type stated, and a white pixel for what is missing or of another
//! type. One broken texture must not cost the whole avatar.

use serde_json::{Value, json};

use super::Parts;
use crate::vrm::accessor::view_bytes;
use crate::vrm::finding::Findings;
use crate::vrm::image_header;
use crate::vrm::schema::{self, RawBufferView};

/// One white pixel.
const WHITE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\xdac\
\xf8\xff\xff?\0\x05\xfe\x02\xfe3\x12\x95\x14\0\0\0\0IEND\xaeB`\x82";

pub(super) fn mend(file: &mut Parts<'_>) {
    let views: Vec<RawBufferView> = schema::list(&file.json, "bufferViews", &mut Findings::default());
    let count = file.json.get("images").and_then(Value::as_array).map_or(0, Vec::len);
    let mut broken = Vec::new();
    for at in 0..count {
        let image = &mut file.json["images"][at];
        let data = image.get("uri").and_then(Value::as_str).is_some_and(|uri| uri.starts_with("data:"));
        let view = image.get("bufferView").and_then(Value::as_u64).and_then(|view| usize::try_from(view).ok());
        let header =
            view.and_then(|view| views.get(view)).and_then(|view| image_header::read(view_bytes(view, &file.binary)?));
        match header {
            Some(header) if image.get("mimeType").is_some_and(|mime| mime == header.mime) => {}
            Some(header) => {
                image["mimeType"] = json!(header.mime);
                file.changed = true;
            }
            None if data && view.is_none() => {}
            None => broken.push(at),
        }
    }
    let textures = file.json.get("textures").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let known = |texture: &Value| texture.get("source").and_then(Value::as_u64).is_some_and(|at| at < count as u64);
    let lost: Vec<usize> = (0..textures.len()).filter(|at| !known(&textures[*at])).collect();
    if broken.is_empty() && lost.is_empty() {
        return;
    }
    let Some(view) = file.append(WHITE) else { return };
    let white = json!({"bufferView": view, "mimeType": "image/png"});
    for at in broken {
        let name = file.json["images"][at].get("name").cloned();
        let image = &mut file.json["images"][at];
        *image = white.clone();
        if let Some(name) = name.filter(Value::is_string) {
            image["name"] = name;
        }
    }
    if lost.is_empty() {
        return;
    }
    if !file.json["images"].is_array() {
        file.json["images"] = json!([]);
    }
    if let Some(images) = file.json["images"].as_array_mut() {
        images.push(white);
    }
    for at in lost {
        let texture = &mut file.json["textures"][at];
        if !texture.is_object() {
            *texture = json!({});
        }
        texture["source"] = json!(count);
    }
}
