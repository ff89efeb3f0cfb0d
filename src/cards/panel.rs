//! A card in space: its interface is drawn into an image by a camera of its own, and the image hangs on a quad.
//!
//! The image is drawn only for some frames after a change, at the resolution that the customer's view needs.

use bevy::asset::{RenderAssetUsages, embedded_asset};
use bevy::camera::{ImageRenderTarget, RenderTarget};
use bevy::prelude::*;
use bevy::reflect::TypePath;
use bevy::render::render_resource::{
    AsBindGroup, Extent3d, ShaderType, TextureDimension, TextureFormat, TextureUsages,
};
use bevy::shader::ShaderRef;

use super::CARD_WIDTH_M;
use crate::protocol::CardId;
use crate::stage::{CustomerView, FOV_Y_RAD};

/// Width of every card's interface in logical pixels.
pub(super) const CARD_WIDTH_PX: f32 = 300.0;
/// Tallest card interface in logical pixels; what is beyond is cut.
pub(super) const CARD_MAX_HEIGHT_PX: f32 = 640.0;
/// How long a card fades in or out, seconds.
const FADE_SECS: f32 = 0.25;
/// Frames that a changed interface is drawn for: layout, glyphs and images settle within them.
const SETTLE_FRAMES: u8 = 6;

/// A card's quad.
#[derive(Component)]
pub struct CardPanel {
    /// Which card.
    pub card_id: CardId,
    /// Root of its interface.
    pub(super) root: Entity,
    /// Camera that draws its interface.
    pub(super) view: Entity,
    /// Where its interface is drawn.
    pub(super) target: ImageRenderTarget,
    /// Frames left to draw.
    pub(super) settle: u8,
    /// 0 = gone, 1 = here.
    pub(super) presence: f32,
    /// Whether it is on its way out.
    pub(super) leaving: bool,
    /// Size in space in meters; zero until the first layout.
    pub size_m: Vec2,
}

impl CardPanel {
    /// Draws the interface again.
    pub(super) fn refresh(&mut self) {
        self.settle = SETTLE_FRAMES;
    }
}

#[derive(Debug, Clone, Copy, ShaderType)]
struct PanelUniform {
    filled: Vec2,
    opacity: f32,
    pad: f32,
}

/// Shows the interface of a card.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
pub(super) struct PanelMaterial {
    #[uniform(0)]
    panel: PanelUniform,
    #[texture(1)]
    #[sampler(2)]
    texture: Handle<Image>,
}

impl PanelMaterial {
    /// Shows a picture as it is.
    pub(super) fn still(texture: Handle<Image>) -> Self {
        Self { panel: PanelUniform { filled: Vec2::ONE, opacity: 1.0, pad: 0.0 }, texture }
    }
}

impl Material for PanelMaterial {
    fn fragment_shader() -> ShaderRef {
        "embedded://visavis/cards/panel.wgsl".into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        AlphaMode::Premultiplied
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }
}

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "panel.wgsl");
    app.add_plugins(MaterialPlugin::<PanelMaterial>::default()).init_resource::<PanelMesh>();
}

/// The unit quad that all cards share.
#[derive(Resource)]
pub(super) struct PanelMesh(Handle<Mesh>);

impl PanelMesh {
    pub(super) fn handle(&self) -> Handle<Mesh> {
        self.0.clone()
    }
}

impl FromWorld for PanelMesh {
    fn from_world(world: &mut World) -> Self {
        Self(world.resource_mut::<Assets<Mesh>>().add(Rectangle::new(1.0, 1.0)))
    }
}

/// What a new panel needs.
#[derive(bevy::ecs::system::SystemParam)]
pub(super) struct PanelSpawner<'w, 's> {
    pub(super) commands: Commands<'w, 's>,
    images: ResMut<'w, Assets<Image>>,
    materials: ResMut<'w, Assets<PanelMaterial>>,
    mesh: Res<'w, PanelMesh>,
    views: Query<'w, 's, &'static Camera, With<CustomerView>>,
}

impl PanelSpawner<'_, '_> {
    /// Spawns quad, camera and an empty interface root; returns the root.
    pub(super) fn spawn(&mut self, card_id: &CardId) -> Entity {
        let scale = self.texture_scale();
        let size = Extent3d {
            width: (CARD_WIDTH_PX * scale).round() as u32,
            height: (CARD_MAX_HEIGHT_PX * scale).round() as u32,
            depth_or_array_layers: 1,
        };
        let mut image = Image::new_fill(
            size,
            TextureDimension::D2,
            &[0, 0, 0, 0],
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::default(),
        );
        image.texture_descriptor.usage =
            TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST | TextureUsages::RENDER_ATTACHMENT;
        let texture = self.images.add(image);
        let target = ImageRenderTarget { handle: texture.clone(), scale_factor: scale };
        let view = self
            .commands
            .spawn((
                Name::new(format!("Card view {card_id}")),
                Camera2d,
                Camera { order: -1, clear_color: ClearColorConfig::Custom(Color::NONE), ..default() },
                Msaa::Off,
                RenderTarget::Image(target.clone()),
            ))
            .id();
        let root = self
            .commands
            .spawn((
                Name::new(format!("Card interface {card_id}")),
                UiTargetCamera(view),
                Node {
                    width: Val::Px(CARD_WIDTH_PX),
                    max_height: Val::Px(CARD_MAX_HEIGHT_PX),
                    flex_direction: FlexDirection::Column,
                    ..default()
                },
            ))
            .id();
        let material = self
            .materials
            .add(PanelMaterial { panel: PanelUniform { filled: Vec2::ONE, opacity: 0.0, pad: 0.0 }, texture });
        self.commands.spawn((
            Name::new(format!("Card {card_id}")),
            CardPanel {
                card_id: card_id.clone(),
                root,
                view,
                target,
                settle: SETTLE_FRAMES,
                presence: 0.0,
                leaving: false,
                size_m: Vec2::ZERO,
            },
            Mesh3d(self.mesh.0.clone()),
            MeshMaterial3d(material),
            Transform::from_scale(Vec3::splat(1e-3)),
        ));
        root
    }

    /// Texels per logical pixel so that a card at 1.7 m is drawn about one texel per pixel of the view.
    fn texture_scale(&self) -> f32 {
        const CARD_DISTANCE_M: f32 = 1.7;
        let height = self.views.iter().find_map(|camera| camera.physical_viewport_size()).map_or(720, |size| size.y);
        let pixels_per_meter = height as f32 / (2.0 * CARD_DISTANCE_M * (FOV_Y_RAD / 2.0).tan());
        (pixels_per_meter * CARD_WIDTH_M / CARD_WIDTH_PX * 1.25).clamp(0.75, 4.0)
    }
}

/// Takes the interface's size into space, and lets its camera rest when nothing changes.
pub(super) fn settle_panels(
    mut panels: Query<'_, '_, (&mut CardPanel, &MeshMaterial3d<PanelMaterial>)>,
    nodes: Query<'_, '_, &ComputedNode>,
    mut cameras: Query<'_, '_, &mut Camera>,
    mut materials: ResMut<'_, Assets<PanelMaterial>>,
) {
    for (mut panel, material) in &mut panels {
        let drawing = panel.settle > 0;
        if let Ok(mut camera) = cameras.get_mut(panel.view)
            && camera.is_active != drawing
        {
            camera.is_active = drawing;
        }
        if !drawing {
            continue;
        }
        panel.settle -= 1;
        let Ok(node) = nodes.get(panel.root) else { continue };
        let size_px = node.size() * node.inverse_scale_factor;
        if size_px.y < 1.0 {
            continue;
        }
        let filled = Vec2::new(size_px.x / CARD_WIDTH_PX, size_px.y / CARD_MAX_HEIGHT_PX).min(Vec2::ONE);
        panel.size_m = Vec2::new(CARD_WIDTH_M, CARD_WIDTH_M * size_px.y / size_px.x);
        if let Some(mut material) = materials.get_mut(&material.0) {
            material.panel.filled = filled;
        }
    }
}

/// Fades cards in and out, and removes those that are gone.
pub(super) fn fade_panels(
    time: Res<'_, Time>,
    mut panels: Query<'_, '_, (Entity, &mut CardPanel, &MeshMaterial3d<PanelMaterial>)>,
    mut materials: ResMut<'_, Assets<PanelMaterial>>,
    mut commands: Commands<'_, '_>,
) {
    let step = time.delta_secs() / FADE_SECS;
    for (entity, mut panel, material) in &mut panels {
        let goal = if panel.leaving || panel.size_m == Vec2::ZERO { 0.0 } else { 1.0 };
        if panel.presence == goal {
            if panel.leaving {
                commands.entity(panel.root).despawn();
                commands.entity(panel.view).despawn();
                commands.entity(entity).despawn();
            }
            continue;
        }
        panel.presence =
            if goal > panel.presence { (panel.presence + step).min(1.0) } else { (panel.presence - step).max(0.0) };
        if let Some(mut material) = materials.get_mut(&material.0) {
            // Smoothstep: no visible start or stop.
            material.panel.opacity = panel.presence * panel.presence * (3.0 - 2.0 * panel.presence);
        }
    }
}
