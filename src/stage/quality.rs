//! Quality tiers: what is drawn at all, chosen by the adapter or by the settings.

use bevy::light::{DirectionalLightShadowMap, EnvironmentMapLight};
use bevy::prelude::*;
use bevy::render::renderer::RenderAdapterInfo;

use super::camera::CustomerView;
use super::environment::room_light;
use super::light::{AMBIENT_LUMINANCE, ShadowCaster};
use crate::settings::QualityChoice;

/// What the settings ask for.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QualitySetting(pub(super) QualityChoice);

/// The tier in force.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// No shadows, no multisampling: a processor draws.
    Software,
    /// One shadow map, multisampling: integrated graphics.
    Low,
    /// A fine shadow map, multisampling.
    High,
}

impl Quality {
    /// Side of the key light's shadow map in texels; 0 means no shadows.
    #[must_use]
    pub fn shadow_texels(self) -> usize {
        match self {
            Self::Software => 0,
            Self::Low => 1024,
            Self::High => 2048,
        }
    }

    /// Multisampling of the customer's view.
    #[must_use]
    pub fn msaa(self) -> Msaa {
        match self {
            Self::Software => Msaa::Off,
            Self::Low | Self::High => Msaa::Sample4,
        }
    }

    /// Samples that a texture seen at a grazing angle may take.
    #[must_use]
    pub fn anisotropy(self) -> u16 {
        match self {
            Self::Software => 1,
            Self::Low => 4,
            Self::High => 16,
        }
    }

    /// Whether surfaces reflect the room.
    #[must_use]
    pub fn reflects(self) -> bool {
        self != Self::Software
    }
}

/// Picks the tier once, when the adapter is known. Without a renderer (tests) the cheapest tier stands.
pub(super) fn choose_quality(
    mut commands: Commands<'_, '_>,
    setting: Res<'_, QualitySetting>,
    adapter: Option<Res<'_, RenderAdapterInfo>>,
) {
    let quality = match setting.0 {
        QualityChoice::Software => Quality::Software,
        QualityChoice::Low => Quality::Low,
        QualityChoice::High => Quality::High,
        QualityChoice::Auto => match adapter.as_ref().map(|info| format!("{:?}", info.device_type)).as_deref() {
            Some("DiscreteGpu") => Quality::High,
            Some("IntegratedGpu" | "VirtualGpu") => Quality::Low,
            _ => Quality::Software,
        },
    };
    if let Some(adapter) = adapter {
        info!("graphics: {} ({:?}), quality {quality:?}", adapter.name, adapter.device_type);
    }
    commands.insert_resource(quality);
}

/// Brings light and camera to the tier.
pub(super) fn apply_quality(
    quality: Res<'_, Quality>,
    mut shadow_map: ResMut<'_, DirectionalLightShadowMap>,
    mut ambient: ResMut<'_, GlobalAmbientLight>,
    mut images: ResMut<'_, Assets<Image>>,
    mut casters: Query<'_, '_, (&mut DirectionalLight, &ShadowCaster)>,
    mut views: Query<'_, '_, (Entity, &mut Msaa), With<CustomerView>>,
    mut commands: Commands<'_, '_>,
) {
    let texels = quality.shadow_texels();
    if texels > 0 {
        shadow_map.size = texels;
    }
    for (mut light, caster) in &mut casters {
        light.shadow_maps_enabled = texels > 0;
        light.illuminance = if texels > 0 { caster.shadowed } else { caster.bare };
    }
    // What the room throws back comes from its map, or else evenly from everywhere.
    ambient.brightness = if quality.reflects() { 0.0 } else { AMBIENT_LUMINANCE };
    let room = quality.reflects().then(|| room_light(&mut images));
    for (view, mut msaa) in &mut views {
        *msaa = quality.msaa();
        match &room {
            Some(room) => commands.entity(view).insert(room.clone()),
            None => commands.entity(view).remove::<EnvironmentMapLight>(),
        };
    }
}

/// Seconds between two reports of the pace.
const REPORT_SECS: f64 = 5.0;

/// Says how many frames a second are drawn, for those who choose a tier: `--log visavis::stage=debug`.
pub(super) fn report_pace(time: Res<'_, Time<Real>>, mut since: Local<'_, (u32, f64)>) {
    let (frames, start) = &mut *since;
    *frames += 1;
    let now = time.elapsed_secs_f64();
    if now - *start >= REPORT_SECS {
        debug!("{:.1} frames/s", f64::from(*frames) / (now - *start));
        (*frames, *start) = (0, now);
    }
}
