//! Cards without words: paper with a title bar and lines, for pictures of scenes that only know how many lines a card
//! has and where it stands.

use bevy::asset::RenderAssetUsages;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};

use super::panel::{self, PanelMaterial, PanelMesh};
use super::theme::{ACCENT, INK, INK_SOFT, PAPER, PAPER_SOFT};
use crate::behavior::CardAnchor;

/// Pixels of a card's picture for each of its meters.
const PX_PER_METER: f32 = 1200.0;

/// A card that stands.
#[derive(Component)]
struct Blank;

/// Lets [`lay`] draw.
pub fn plugin(app: &mut App) {
    app.add_plugins(panel::plugin);
}

/// Puts up these cards, and takes down those that stood before.
pub fn lay(world: &mut World, cards: &[CardAnchor]) {
    let gone: Vec<Entity> = world.query_filtered::<Entity, With<Blank>>().iter(world).collect();
    for entity in gone {
        world.despawn(entity);
    }
    for card in cards {
        let texture = world.resource_mut::<Assets<Image>>().add(picture(card));
        let material = world.resource_mut::<Assets<PanelMaterial>>().add(PanelMaterial::still(texture));
        let mesh = world.resource::<PanelMesh>().handle();
        let place = Transform::from_translation(card.center)
            .with_rotation(Quat::from_rotation_y(card.yaw_rad))
            .with_scale(card.size.extend(1.0));
        world.spawn((Blank, Mesh3d(mesh), MeshMaterial3d(material), place));
    }
}

/// A rectangle with round corners: middle, half of its size, radius, in pixels, and its color.
struct Patch(Vec2, Vec2, f32, Color);

impl Patch {
    /// How much of the pixel with this middle it covers, 0..=1.
    fn covers(&self, pixel: Vec2) -> f32 {
        let Self(middle, half, radius, _) = self;
        let off = (pixel - middle).abs() - (half - Vec2::splat(*radius));
        let distance = off.max(Vec2::ZERO).length() + off.max_element().min(0.0) - radius;
        (0.5 - distance).clamp(0.0, 1.0)
    }
}

fn picture(card: &CardAnchor) -> Image {
    let size = (card.size * PX_PER_METER).round().clamp(Vec2::ONE, Vec2::splat(2048.0));
    let unit = size.x / 100.0;
    let mut patches = vec![
        Patch(0.5 * size, 0.5 * size, 5.0 * unit, PAPER),
        Patch(Vec2::new(26.0, 9.5) * unit, Vec2::new(20.0, 2.2) * unit, 1.5 * unit, INK),
    ];
    for item in &card.items {
        let local = Quat::from_rotation_y(-card.yaw_rad) * (*item - card.center);
        let y = 0.5 * size.y - local.y * PX_PER_METER;
        patches.push(Patch(Vec2::new(0.5 * size.x, y), Vec2::new(45.0, 7.5) * unit, 2.5 * unit, PAPER_SOFT));
        patches.push(Patch(Vec2::new(14.0 * unit, y), Vec2::splat(4.0 * unit), 4.0 * unit, ACCENT));
        patches.push(Patch(Vec2::new(52.0 * unit, y), Vec2::new(29.0, 1.6) * unit, 1.6 * unit, INK_SOFT));
    }
    let (width, height) = (size.x as u32, size.y as u32);
    let mut data = Vec::with_capacity((width * height * 4) as usize);
    for at in 0..width * height {
        let pixel = Vec2::new((at % width) as f32 + 0.5, (at / width) as f32 + 0.5);
        // Nothing is black and clear, so that what is laid over it comes out premultiplied, as panels want it.
        let laid = |below: Vec4, patch: &Patch| below.lerp(patch.3.to_linear().to_vec4(), patch.covers(pixel));
        let [r, g, b, alpha] = patches.iter().fold(Vec4::ZERO, laid).to_array();
        data.extend(Srgba::from(LinearRgba::new(r, g, b, alpha)).to_u8_array());
    }
    let extent = Extent3d { width, height, depth_or_array_layers: 1 };
    Image::new(extent, TextureDimension::D2, data, TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::RENDER_WORLD)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_line_is_where_the_hand_will_point() {
        let center = Vec3::new(0.6, 1.3, 0.2);
        let lines = [0.08f32, 0.0, -0.08];
        let card = CardAnchor {
            card_id: "c".into(),
            center,
            size: Vec2::new(0.4, 0.35),
            yaw_rad: -0.4,
            items: lines.map(|y| center + Vec3::Y * y).to_vec(),
        };
        let picture = picture(&card);
        let (width, height) = (picture.width(), picture.height());
        let at = |x: u32, y: u32| picture.get_color_at(x, y).unwrap().to_srgba();
        assert_eq!(at(0, 0).alpha, 0.0, "corners are round");
        for y in lines {
            let row = ((0.5 - y / card.size.y) * height as f32) as u32;
            let mark = at((0.14 * width as f32) as u32, row);
            assert!((mark.to_vec4() - ACCENT.to_srgba().to_vec4()).length() < 0.02, "{y}: {mark:?}");
        }
        let between = at((0.14 * width as f32) as u32, (0.5 * height as f32 + 0.04 * PX_PER_METER) as u32);
        assert!(between.red > 0.9, "{between:?}");
    }
}
