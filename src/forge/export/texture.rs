//! Textures, encoded on all cores.

use std::collections::BTreeMap;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::buffer::Buffer;
use crate::forge::part::{Encoding, Texture};

/// Images, textures, and the index of each texture by name.
pub(super) fn write(
    textures: &[Texture],
    buffer: &mut Buffer,
) -> Result<(Vec<Value>, Vec<Value>, BTreeMap<String, usize>), String> {
    let encoded: Vec<Vec<u8>> = textures.par_iter().map(encode).collect::<Result<_, String>>()?;
    let mut names = BTreeMap::new();
    let (mut images, mut entries) = (Vec::new(), Vec::new());
    for (index, (texture, bytes)) in textures.iter().zip(&encoded).enumerate() {
        if names.insert(texture.name.clone(), index).is_some() {
            return Err(format!("two textures are named {}", texture.name));
        }
        let mime = match texture.encoding {
            Encoding::Jpeg(_) => "image/jpeg",
            Encoding::Png => "image/png",
        };
        images.push(json!({"name": texture.name, "bufferView": buffer.view(bytes, None), "mimeType": mime}));
        entries.push(json!({"name": texture.name, "source": index, "sampler": 0}));
    }
    Ok((images, entries, names))
}

fn encode(texture: &Texture) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let result = match texture.encoding {
        Encoding::Jpeg(quality) => {
            texture.image.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100)))
        }
        Encoding::Png => texture.image.write_with_encoder(PngEncoder::new_with_quality(
            &mut bytes,
            CompressionType::Best,
            FilterType::Adaptive,
        )),
    };
    result.map_err(|error| format!("texture {}: {error}", texture.name))?;
    Ok(bytes)
}
