//! The bytes of an avatar for an engine's glTF loader: VRM 1.0 whatever the file was, and nothing in it that makes
//! loaders refuse, shift or panic. Node, mesh, material and primitive indices are those of [`super::Document`].

mod images;
mod tidy;
mod zeros;

#[cfg(all(test, feature = "desktop"))]
mod loader_tests;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::{Value, json};

use super::accessor;
use super::document::Refusal;
use super::finding::Findings;
use super::glb::{Glb, MAX_FILE_BYTES};
use super::source::{self, Format};
use crate::problem::Problem;

/// The file for the engine; the bytes themselves where nothing had to change. `file` is the name that a person knows
/// it by, for the message.
///
/// # Errors
/// Where [`super::Document::read`] refuses the file for its container, its form or its accessors.
pub fn prepare<'a>(bytes: &'a [u8], file: &str) -> Result<Cow<'a, [u8]>, Problem> {
    let glb = Glb::read(bytes).map_err(|error| {
        Problem::new("cannot load avatar", file, error, "export the avatar again as a VRM 1.0 file (.vrm)")
    })?;
    rewrite(bytes, glb).map_err(|refusal| {
        Problem::new("cannot load avatar", format!("{file}: {}", refusal.place), refusal.why, refusal.mend)
    })
}

fn rewrite<'a>(bytes: &'a [u8], glb: Glb<'a>) -> Result<Cow<'a, [u8]>, Refusal> {
    let findings = &mut Findings::default();
    let (json, format) = source::unify(glb.json, findings)?;
    accessor::read(&json, glb.binary.len() as u64, findings)?;
    let mut file = Parts { json, binary: Cow::Borrowed(glb.binary), changed: format != Format::Vrm1 };
    tidy::tidy(&mut file);
    zeros::fill(&mut file)?;
    images::mend(&mut file);
    // Loaders differ in what they make of bytes behind the stated end.
    let stated = bytes.get(8..12).and_then(|four| Some(u32::from_le_bytes(four.try_into().ok()?) as usize));
    if !file.changed && stated == Some(bytes.len()) {
        return Ok(Cow::Borrowed(bytes));
    }
    file.write().map(Cow::Owned)
}

/// A file taken apart, on its way to the engine.
struct Parts<'a> {
    json: Value,
    binary: Cow<'a, [u8]>,
    /// Whether anything differs from the file.
    changed: bool,
}

impl Parts<'_> {
    /// Appends bytes to the file's own buffer and returns the index of a view of them; `None` where the first buffer
    /// lies outside the file.
    fn append(&mut self, bytes: &[u8]) -> Option<usize> {
        let root = self.json.as_object_mut()?;
        for key in ["buffers", "bufferViews"] {
            root.entry(key).or_insert_with(|| json!([]));
        }
        let view = root.get("bufferViews")?.as_array()?.len();
        let buffers = root.get_mut("buffers")?.as_array_mut()?;
        if buffers.is_empty() {
            buffers.push(json!({"byteLength": 0}));
        }
        let buffer = buffers[0].as_object_mut().filter(|buffer| !buffer.contains_key("uri"))?;
        let binary = self.binary.to_mut();
        binary.resize(binary.len().next_multiple_of(4), 0);
        let offset = binary.len();
        binary.extend(bytes);
        buffer.insert("byteLength".into(), json!(binary.len()));
        let added = json!({"buffer": 0, "byteOffset": offset, "byteLength": bytes.len()});
        root.get_mut("bufferViews")?.as_array_mut()?.push(added);
        self.changed = true;
        Some(view)
    }

    fn write(&self) -> Result<Vec<u8>, Refusal> {
        let mut json = self.json.to_string().into_bytes();
        json.resize(json.len().next_multiple_of(4), b' ');
        let binary = self.binary.len().next_multiple_of(4);
        let tail = if binary == 0 { 0 } else { 8 + binary };
        let length = 20 + json.len() + tail;
        let word = |number: usize| {
            let fits = u32::try_from(number).ok().filter(|_| length <= MAX_FILE_BYTES);
            let too_large = || Refusal::new("file", "is too large after its conversion", "reduce the avatar");
            fits.map(u32::to_le_bytes).ok_or_else(too_large)
        };
        let mut out = Vec::with_capacity(length);
        out.extend(b"glTF\x02\0\0\0");
        out.extend(word(length)?);
        out.extend(word(json.len())?);
        out.extend(b"JSON");
        out.extend(json);
        if tail > 0 {
            out.extend(word(binary)?);
            out.extend(b"BIN\0");
            out.extend(&*self.binary);
            out.resize(length, 0);
        }
        Ok(out)
    }
}
