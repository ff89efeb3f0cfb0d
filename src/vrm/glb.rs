//! The GLB container: header and chunks, with strict bounds. The binary chunk is only borrowed.

use serde_json::Value;

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 512 << 20;
/// The largest JSON chunk that is read, in bytes.
pub const MAX_JSON_BYTES: usize = 64 << 20;

const MAGIC: u32 = 0x4654_6C67;
const CHUNK_JSON: u32 = 0x4E4F_534A;
const CHUNK_BIN: u32 = 0x004E_4942;

/// Why bytes are not a readable GLB file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GlbError {
    /// The file does not begin with `glTF`.
    #[error("the file does not begin with `glTF`, so it is not a GLB or VRM file")]
    NotGlb,
    /// Another container version than 2.
    #[error("GLB container version {0} is not 2")]
    Version(u32),
    /// More bytes than this build reads.
    #[error("{part} has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file or the chunk.
        part: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Something reaches beyond the end.
    #[error("the file ends at byte {end}, but {part} needs {needed} bytes: it is cut off or its lengths are wrong")]
    Truncated {
        /// Header, chunk header or chunk.
        part: &'static str,
        /// Where the data ends.
        end: usize,
        /// Where the part would end.
        needed: usize,
    },
    /// The first chunk is not JSON.
    #[error("the first chunk is not JSON")]
    NoJson,
    /// The JSON chunk does not parse.
    #[error("the JSON chunk is broken: {0}")]
    Json(String),
}

/// A GLB file taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Glb<'a> {
    /// The glTF document; always a JSON object.
    pub json: Value,
    /// The binary chunk; empty where the file has none.
    pub binary: &'a [u8],
}

impl<'a> Glb<'a> {
    /// Takes a file apart.
    ///
    /// # Errors
    /// When the container or its JSON is broken or too large.
    pub fn read(bytes: &'a [u8]) -> Result<Self, GlbError> {
        limit("the file", bytes.len(), MAX_FILE_BYTES)?;
        if word(bytes, 0) != Some(MAGIC) {
            return Err(GlbError::NotGlb);
        }
        let (Some(version), Some(length)) = (word(bytes, 4), word(bytes, 8)) else {
            return Err(GlbError::Truncated { part: "the header", end: bytes.len(), needed: 12 });
        };
        if version != 2 {
            return Err(GlbError::Version(version));
        }
        let length = length as usize;
        // Trailing bytes beyond the stated length are allowed and ignored; a stated length beyond the file is not.
        let Some(bytes) = bytes.get(..length) else {
            return Err(GlbError::Truncated { part: "the file by its header", end: bytes.len(), needed: length });
        };
        let (kind, json, mut next) = chunk(bytes, 12)?;
        if kind != CHUNK_JSON {
            return Err(GlbError::NoJson);
        }
        limit("the JSON chunk", json.len(), MAX_JSON_BYTES)?;
        let json: Value = serde_json::from_slice(json).map_err(|e| GlbError::Json(e.to_string()))?;
        if !json.is_object() {
            return Err(GlbError::Json("the document is not an object".into()));
        }
        let mut binary: &[u8] = &[];
        while next < bytes.len() {
            let (kind, data, after) = chunk(bytes, next)?;
            if kind == CHUNK_BIN {
                binary = data;
                break;
            }
            next = after;
        }
        Ok(Self { json, binary })
    }
}

fn limit(part: &'static str, bytes: usize, limit: usize) -> Result<(), GlbError> {
    if bytes > limit { Err(GlbError::TooLarge { part, bytes, limit }) } else { Ok(()) }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Kind, data and end of the chunk at `at`.
fn chunk(bytes: &[u8], at: usize) -> Result<(u32, &[u8], usize), GlbError> {
    let (Some(length), Some(kind)) = (word(bytes, at), word(bytes, at.saturating_add(4))) else {
        return Err(GlbError::Truncated { part: "a chunk header", end: bytes.len(), needed: at.saturating_add(8) });
    };
    let start = at.saturating_add(8);
    let end = start.saturating_add(length as usize);
    match bytes.get(start..end) {
        Some(data) => Ok((kind, data, end)),
        None => Err(GlbError::Truncated { part: "a chunk", end: bytes.len(), needed: end }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::super::fixture;
    use super::*;

    #[test]
    fn reads_json_and_binary() {
        let bytes = fixture::glb(&json!({"asset": {"version": "2.0"}}), &[1, 2, 3, 4]);
        let glb = Glb::read(&bytes).unwrap();
        assert_eq!(glb.json["asset"]["version"], "2.0");
        assert_eq!(glb.binary, [1, 2, 3, 4]);
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(Glb::read(b"").unwrap_err(), GlbError::NotGlb);
        assert_eq!(Glb::read(b"PNG 12345678").unwrap_err(), GlbError::NotGlb);
        let mut bytes = fixture::glb(&json!({}), &[]);
        bytes[4] = 1;
        assert_eq!(Glb::read(&bytes).unwrap_err(), GlbError::Version(1));
        let bytes = fixture::glb(&json!({}), &[]);
        let cut = &bytes[..bytes.len() - 1];
        assert!(matches!(Glb::read(cut).unwrap_err(), GlbError::Truncated { .. }));
        let mut bytes = fixture::glb(&json!({}), &[]);
        bytes[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(Glb::read(&bytes).unwrap_err(), GlbError::Truncated { part: "a chunk", .. }));
        assert!(matches!(Glb::read(&fixture::glb(&json!([1]), &[])).unwrap_err(), GlbError::Json(_)));
    }
}
