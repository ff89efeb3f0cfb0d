//! Portraits: the avatar alone, held still, in the room, light and materials of the product.

use std::sync::Arc;
use std::time::Duration;

use bevy::prelude::*;

use super::headless::Stepper;
use super::look::Look;
use crate::avatar::{AvatarFile, AvatarPlugin, HeldExpressions, PoseNow, seat};
use crate::behavior::{CardAnchor, Pose, PoseLibrary, Skeleton};
use crate::cards::blank;
use crate::cards::theme::{Fonts, INK};
use crate::desktop::InterfaceView;
use crate::encounter::{Surface, bare_app};
use crate::problem::Problem;
use crate::schedule;
use crate::settings::QualityChoice;
use crate::stage::{CustomerView, StagePlugin, ViewTarget};
use crate::vrm::Document;

/// Step of the clock, and how many of them hair and cloth get to come to rest in a new pose.
const STEP: Duration = Duration::from_nanos(16_666_667);
const SETTLE_STEPS: usize = 60;

/// How much of the avatar a portrait shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shot {
    /// Chin to hairline.
    Face,
    /// Head and shoulders.
    Bust,
    /// Down to the hips, with the hands.
    Half,
    /// Down to the hips, from a little farther, with the cards at its sides.
    Table,
    /// All of it.
    Full,
}

/// What a portrait is made of.
pub struct PortraitConfig {
    /// The avatar.
    pub avatar: AvatarFile,
    /// How much is drawn.
    pub quality: QualityChoice,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Turn of the avatar to its left, radians.
    pub yaw_rad: f32,
    /// Height of the letters under the picture, logical pixels; `None` where nothing is written.
    pub label_px: Option<f32>,
}

/// A sitting: one avatar, any number of pictures.
pub struct Portrait {
    stepper: Stepper,
    poses: PoseLibrary,
    document: Arc<Document>,
    seat: Entity,
    eyes: Vec3,
    /// Width of the picture to its height.
    aspect: f32,
}

/// The text under the picture.
#[derive(Component)]
struct Label;

impl Portrait {
    /// Sets the avatar up.
    ///
    /// # Errors
    /// A [`Problem`] where nothing can be drawn, or the avatar cannot be loaded.
    pub fn open(config: PortraitConfig) -> Result<Self, Problem> {
        let poses = PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "assets/behavior/poses.json")?;
        let document = config.avatar.document.clone();
        let surface = Surface::Image { width: config.width, height: config.height, step: STEP };
        let aspect = config.width as f32 / config.height.max(1) as f32;
        let (avatar, quality, label_px) = (config.avatar, config.quality, config.label_px);
        let turn = Quat::from_rotation_y(config.yaw_rad);
        let (app, seat) = Problem::contain("cannot draw", "graphics driver", "run `visavis doctor`", move || {
            let mut app = bare_app(surface, String::new());
            app.add_plugins(schedule::plugin).add_plugins((StagePlugin { quality }, AvatarPlugin, blank::plugin));
            if let Some(px) = label_px {
                app.init_resource::<Fonts>().insert_resource(LabelPx(px)).add_systems(Startup, spawn_label);
            }
            let seat = seat(app.world_mut(), Transform::from_rotation(turn), avatar);
            (app, seat)
        })?;
        let eyes = turn * document.eyes_at_rest();
        Ok(Self { stepper: Stepper::start(app)?, poses, document, seat, eyes, aspect })
    }

    /// Takes a picture.
    ///
    /// # Errors
    /// A [`Problem`] for an unknown pose or expression, or where no picture comes back.
    pub fn take(&mut self, look: &Look, pose: &str, shot: Shot, label: &str) -> Result<image::RgbaImage, Problem> {
        let pose = self.pose(look, pose)?;
        let held = HeldExpressions(look.held.clone());
        held.check(&self.document)?;
        self.draw(pose, held, &[], shot, label)
    }

    /// Takes a picture of a moment of a recording, with the cards that stand.
    ///
    /// # Errors
    /// A [`Problem`] where no picture comes back.
    pub fn still(
        &mut self,
        pose: &Pose,
        cards: &[CardAnchor],
        shot: Shot,
        label: &str,
    ) -> Result<image::RgbaImage, Problem> {
        self.draw(pose.clone(), HeldExpressions::default(), cards, shot, label)
    }

    fn draw(
        &mut self,
        pose: Pose,
        held: HeldExpressions,
        cards: &[CardAnchor],
        shot: Shot,
        label: &str,
    ) -> Result<image::RgbaImage, Problem> {
        let (place, fov) = frame(shot, self.eyes, self.aspect);
        let world = self.stepper.world_mut();
        if let Ok(mut seat) = world.get_entity_mut(self.seat) {
            seat.insert((held, PoseNow(pose)));
        }
        blank::lay(world, cards);
        let mut views = world.query_filtered::<(&mut Transform, &mut Projection), With<CustomerView>>();
        for (mut transform, mut projection) in views.iter_mut(world) {
            *transform = place;
            if let Projection::Perspective(perspective) = &mut *projection {
                perspective.fov = fov;
            }
        }
        let mut labels = world.query_filtered::<&mut Text, With<Label>>();
        for mut text in labels.iter_mut(world) {
            label.clone_into(&mut text.0);
        }
        for _ in 0..SETTLE_STEPS {
            self.stepper.step();
        }
        self.stepper.picture()
    }

    /// Names of the poses.
    pub fn pose_names(&self) -> impl Iterator<Item = &str> {
        self.poses.names()
    }

    fn pose(&self, look: &Look, name: &str) -> Result<Pose, Problem> {
        let id = self.poses.find(name).ok_or_else(|| {
            let names: Vec<&str> = self.poses.names().collect();
            Problem::new(
                "cannot draw portrait",
                format!("--pose {name}"),
                format!("there is no such pose; there are {}", names.join(", ")),
                "choose one of them",
            )
        })?;
        Ok(Pose { face: look.face, ..self.poses.held(id, &Skeleton::of(&self.document)) })
    }
}

/// Where the camera stands for a shot and its vertical field of view. It stands as far away as a customer does: closer
/// up a face would look swollen.
fn frame(shot: Shot, eyes: Vec3, aspect: f32) -> (Transform, f32) {
    // An avatar whose eyes lie at its feet still gets a picture.
    let stature = eyes.y.max(0.5);
    // Height of what is shown, how far its middle lies below the eyes, distance; meters.
    let (height, below, distance) = match shot {
        Shot::Face => (0.27, 0.035, 1.3),
        Shot::Bust => (0.46, 0.075, 1.46),
        Shot::Half => {
            // Hands hang lower on taller people, and in a narrow picture both of them decide, held out.
            let height = stature * (0.71 / aspect.max(0.1)).max(0.755);
            (height, 0.5 * height - 0.1225 * stature, 1.25 * stature)
        }
        Shot::Table => (1.28, 0.30, 1.8),
        Shot::Full => (stature + 0.30, 0.5 * stature - 0.06, 3.6),
    };
    let middle = Vec3::new(eyes.x, eyes.y - below, 0.0);
    let camera = Vec3::new(eyes.x, eyes.y - 0.3 * below, distance);
    (Transform::from_translation(camera).looking_at(middle, Vec3::Y), 2.0 * (0.5 * height / distance).atan())
}

/// Height of the letters.
#[derive(Resource)]
struct LabelPx(f32);

fn spawn_label(
    mut commands: Commands<'_, '_>,
    fonts: Res<'_, Fonts>,
    px: Res<'_, LabelPx>,
    target: Res<'_, ViewTarget>,
) {
    commands.spawn((
        InterfaceView,
        Camera2d,
        Camera { order: 10, clear_color: ClearColorConfig::None, ..default() },
        Msaa::Off,
        target.0.clone(),
        IsDefaultUiCamera,
    ));
    commands
        .spawn(Node {
            position_type: PositionType::Absolute,
            // In the middle, where it stays when the sides of a picture are cut off.
            width: Val::Percent(100.0),
            justify_content: JustifyContent::Center,
            bottom: Val::Px(0.0),
            ..default()
        })
        .with_child((Label, fonts.bold("", px.0, INK), BackgroundColor(Color::srgba(1.0, 1.0, 1.0, 0.85))));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_shot_holds_the_face() {
        let eyes = AvatarFile::built_in().unwrap().document.eyes_at_rest();
        assert!((1.2..1.8).contains(&eyes.y), "{eyes}");
        for shot in [Shot::Face, Shot::Bust, Shot::Half, Shot::Table, Shot::Full] {
            let (camera, fov) = frame(shot, eyes, 0.8);
            for point in [eyes, eyes - Vec3::Y * 0.12] {
                let seen = camera.compute_affine().inverse().transform_point3(point);
                let up = (seen.y / -seen.z).atan();
                assert!(up.abs() < 0.5 * fov, "{shot:?}: {point} is out of the picture");
            }
        }
    }
}
