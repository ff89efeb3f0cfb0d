//! Textures of the avatar on their way to the GPU: mipmaps, filters, and which of them hold numbers.

use std::collections::BTreeMap;

use bevy::image::ImageFilterMode;
use bevy::prelude::*;
use bevy::render::render_resource::{TextureDimension, TextureFormat};
use bevy::tasks::{ComputeTaskPool, TaskPool};

use super::mipmap::{self, Meaning};

/// What a texture is used for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Use {
    pub(super) meaning: Meaning,
    /// Alpha below this is cut off.
    pub(super) cutoff: Option<f32>,
}

impl Use {
    pub(super) const COLOR: Self = Self { meaning: Meaning::Color, cutoff: None };
    pub(super) const NORMAL: Self = Self { meaning: Meaning::Normal, cutoff: None };
    pub(super) const DATA: Self = Self { meaning: Meaning::Data, cutoff: None };
}

/// The textures of an avatar with their uses; of several uses the first counts.
#[derive(Default)]
pub(super) struct Textures {
    uses: BTreeMap<AssetId<Image>, Use>,
}

impl Textures {
    pub(super) fn note(&mut self, texture: Option<&Handle<Image>>, used: Use) {
        if let Some(texture) = texture {
            self.uses.entry(texture.id()).or_insert(used);
        }
    }

    /// Gives every texture its smaller levels and smooth filters; `anisotropy` is how many samples a texture seen at
    /// a grazing angle may take.
    pub(super) fn finish(&self, images: &mut Assets<Image>, anisotropy: u16) {
        let mut work = Vec::new();
        for (id, used) in &self.uses {
            let Some(mut image) = images.get_mut(*id) else { continue };
            let descriptor = image.sampler.get_or_init_descriptor();
            descriptor.set_filter(ImageFilterMode::Linear);
            descriptor.anisotropy_clamp = anisotropy.max(1);
            let format = &mut image.texture_descriptor.format;
            // The loader takes a texture that no glTF material names for colors.
            if used.meaning != Meaning::Color && *format == TextureFormat::Rgba8UnormSrgb {
                *format = TextureFormat::Rgba8Unorm;
            }
            let eight_bit = matches!(format, TextureFormat::Rgba8Unorm | TextureFormat::Rgba8UnormSrgb);
            let descriptor = &image.texture_descriptor;
            let flat = descriptor.dimension == TextureDimension::D2 && descriptor.size.depth_or_array_layers == 1;
            if eight_bit && flat && descriptor.mip_level_count == 1 {
                let (width, height) = (descriptor.size.width as usize, descriptor.size.height as usize);
                // A color that is stored linear is averaged as the numbers it is.
                let meaning = match image.texture_descriptor.format {
                    TextureFormat::Rgba8Unorm if used.meaning == Meaning::Color => Meaning::Data,
                    _ => used.meaning,
                };
                if let Some(texels) = image.data.take() {
                    work.push((*id, texels, width, height, Use { meaning, cutoff: used.cutoff }));
                }
            }
        }
        let chains = ComputeTaskPool::get_or_init(TaskPool::default).scope(|scope| {
            for (_, texels, width, height, Use { meaning, cutoff }) in &work {
                let texture =
                    mipmap::Texture { texels, width: *width, height: *height, meaning: *meaning, cutoff: *cutoff };
                scope.spawn(async move { mipmap::chain(&texture) });
            }
        });
        for ((id, texels, ..), chain) in work.into_iter().zip(chains) {
            let Some(mut image) = images.get_mut(id) else { continue };
            let (bytes, levels) = chain.unwrap_or((texels, 1));
            image.data = Some(bytes);
            image.texture_descriptor.mip_level_count = levels;
        }
    }
}
