//! Buffer views, accessors and images: checked before a glTF loader reads them, since loaders may panic where an
//! accessor reaches beyond its data.

use serde_json::Value;

use super::document::{Image, Refusal};
use super::finding::{Finding, Findings};
use super::image_header;
use super::schema::{self, RawAccessor, RawBuffer, RawBufferView, RawImage};

const MEND: &str = "export the avatar again; the file is damaged";

/// What the rest of the reader needs to know about accessors.
pub(super) struct Accessors(Vec<RawAccessor>);

impl Accessors {
    /// How many elements an accessor has.
    pub(super) fn count(&self, index: usize) -> Option<u64> {
        self.0.get(index).map(|a| a.count)
    }

    /// Whether an accessor is nothing but zeros.
    pub(super) fn is_empty(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(|a| a.buffer_view.is_none() && a.sparse.is_none())
    }
}

/// Reads and checks every accessor of the file's own buffer.
pub(super) fn read(json: &Value, binary_bytes: u64, findings: &mut Findings) -> Result<Accessors, Refusal> {
    let buffers: Vec<RawBuffer> = schema::list(json, "buffers", findings);
    for (index, buffer) in buffers.iter().enumerate() {
        let place = format!("buffers[{index}]");
        if buffer.uri.is_some() {
            findings.push(Finding::warning(place, "lies outside the file; VRM keeps everything in one file"));
        } else if index == 0 && buffer.byte_length > binary_bytes {
            let why = format!("states {} bytes, the file holds {binary_bytes}", buffer.byte_length);
            return Err(Refusal::new(place, why, MEND));
        }
    }
    let views: Vec<RawBufferView> = schema::list(json, "bufferViews", findings);
    for (index, view) in views.iter().enumerate() {
        let Some(buffer) = buffers.get(view.buffer) else {
            let why = format!("names buffer {}, there are {}", view.buffer, buffers.len());
            return Err(Refusal::new(format!("bufferViews[{index}]"), why, MEND));
        };
        if view.byte_offset.saturating_add(view.byte_length) > buffer.byte_length {
            return Err(Refusal::new(format!("bufferViews[{index}]"), "reaches beyond its buffer", MEND));
        }
    }
    let accessors: Vec<RawAccessor> = schema::list(json, "accessors", findings);
    for (index, accessor) in accessors.iter().enumerate() {
        check(accessor, &views).map_err(|why| Refusal::new(format!("accessors[{index}]"), why, MEND))?;
    }
    Ok(Accessors(accessors))
}

fn check(accessor: &RawAccessor, views: &[RawBufferView]) -> Result<(), String> {
    let component = component_bytes(accessor.component_type)?;
    let components = match accessor.kind.as_str() {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "VEC4" | "MAT2" => 4,
        "MAT3" => 9,
        "MAT4" => 16,
        other => return Err(format!("has the unknown type {other:?}")),
    };
    if let Some(view) = accessor.buffer_view {
        fits(views, view, accessor.byte_offset, accessor.count, component * components)?;
    }
    if let Some(sparse) = &accessor.sparse {
        if sparse.count > accessor.count {
            return Err("has more sparse values than elements".into());
        }
        let index_bytes = component_bytes(sparse.indices.component_type)?;
        fits(views, sparse.indices.buffer_view, sparse.indices.byte_offset, sparse.count, index_bytes)?;
        fits(views, sparse.values.buffer_view, sparse.values.byte_offset, sparse.count, component * components)?;
    }
    Ok(())
}

fn component_bytes(component_type: u32) -> Result<u64, String> {
    match component_type {
        5120 | 5121 => Ok(1),
        5122 | 5123 => Ok(2),
        5125 | 5126 => Ok(4),
        other => Err(format!("has the unknown component type {other}")),
    }
}

fn fits(views: &[RawBufferView], view: usize, offset: u64, count: u64, element: u64) -> Result<(), String> {
    let Some(found) = views.get(view) else {
        return Err(format!("names buffer view {view}, there are {}", views.len()));
    };
    let stride = found.byte_stride.unwrap_or(element).max(element);
    let needed = match count {
        0 => 0,
        _ => offset.saturating_add((count - 1).saturating_mul(stride)).saturating_add(element),
    };
    if needed > found.byte_length {
        return Err(format!("needs {needed} bytes, buffer view {view} has {}", found.byte_length));
    }
    Ok(())
}

/// All images with their sizes.
pub(super) fn images(json: &Value, binary: &[u8], findings: &mut Findings) -> Vec<Image> {
    let images: Vec<RawImage> = schema::list(json, "images", findings);
    // The views were complained about when the accessors were read.
    let views: Vec<RawBufferView> = schema::list(json, "bufferViews", &mut Findings::default());
    images
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let place = format!("images[{index}]");
            let view = raw.buffer_view.and_then(|view| views.get(view));
            let bytes = view.map(|view| view.byte_length);
            let header = view.and_then(|view| image_header::read(view_bytes(view, binary)?));
            if bytes.is_none() {
                let message = match raw.uri {
                    Some(_) => "lies outside the file; VRM keeps everything in one file",
                    None => "has no data",
                };
                findings.push(Finding::warning(&place, message));
            }
            let mime = raw.mime_type.unwrap_or_default();
            if !matches!(mime.as_str(), "image/png" | "image/jpeg") {
                findings.push(Finding::warning(&place, format!("has the type {mime:?}, not PNG or JPEG")));
            }
            if bytes.is_some() && header.is_none() {
                findings.push(Finding::error(&place, "does not begin like a PNG or JPEG image; drawn white"));
            }
            Image { name: raw.name, mime, bytes: bytes.unwrap_or(0), size: header.map(|h| (h.width, h.height)) }
        })
        .collect()
}

/// The bytes of a view of the file's own buffer.
pub(super) fn view_bytes<'a>(view: &RawBufferView, binary: &'a [u8]) -> Option<&'a [u8]> {
    if view.buffer != 0 {
        return None;
    }
    let start = usize::try_from(view.byte_offset).ok()?;
    binary.get(start..start.checked_add(usize::try_from(view.byte_length).ok()?)?)
}
