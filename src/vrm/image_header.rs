//! Type and size of an image by its first bytes: PNG and JPEG, the types of glTF.

/// What the header of an image says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ImageHeader {
    /// `image/png` or `image/jpeg`.
    pub(super) mime: &'static str,
    /// Pixels.
    pub(super) width: u32,
    /// Pixels.
    pub(super) height: u32,
}

/// Reads a header; `None` where the bytes are neither PNG nor JPEG.
pub(super) fn read(bytes: &[u8]) -> Option<ImageHeader> {
    png(bytes).or_else(|| jpeg(bytes)).filter(|header| header.width > 0 && header.height > 0)
}

fn png(bytes: &[u8]) -> Option<ImageHeader> {
    bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..)?.strip_prefix(b"IHDR")?;
    let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    Some(ImageHeader { mime: "image/png", width: word(16)?, height: word(20)? })
}

/// Walks the segments to the first frame header.
fn jpeg(bytes: &[u8]) -> Option<ImageHeader> {
    let word = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?));
    bytes.strip_prefix(&[0xFF, 0xD8])?;
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        match *bytes.get(at + 1)? {
            // Fill bytes, and markers without a segment.
            0xFF => at += 1,
            0x01 | 0xD0..=0xD7 => at += 2,
            // Frame headers; between them stand tables.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let (height, width) = (word(at + 5)?, word(at + 7)?);
                return Some(ImageHeader { mime: "image/jpeg", width: width.into(), height: height.into() });
            }
            _ => at += 2 + usize::from(word(at + 2)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_of_both_types() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(640_u32.to_be_bytes());
        png.extend(480_u32.to_be_bytes());
        assert_eq!(read(&png), Some(ImageHeader { mime: "image/png", width: 640, height: 480 }));
        assert_eq!(read(&png[..20]), None);
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x02\xff\xc2\0\x0b\x08\x01\xe0\x02\x80\x03";
        assert_eq!(read(jpeg), Some(ImageHeader { mime: "image/jpeg", width: 640, height: 480 }));
        assert_eq!(read(b"GIF89a"), None);
        assert_eq!(read(&[]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_safe(mut bytes in proptest::collection::vec(any::<u8>(), 0..64), jpeg in any::<bool>()) {
            if jpeg {
                bytes.splice(0..0, [0xFF, 0xD8, 0xFF]);
            }
            let _ = read(&bytes);
        }
    }
}
