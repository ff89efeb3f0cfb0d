//! Scripts of inputs: strict, so that a misspelled name is told instead of doing nothing.

use glam::{Quat, Vec3};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::vrm::bone::HumanBone;
use crate::vrm::document::unit;
use crate::vrm::expression::ExpressionName;
use crate::vrm::look_at::EyeDrive;

const MAX_FPS: f64 = 10_000.0;
/// More frames than any comparison needs: a day at 60 frames a second is about half of it.
const MAX_FRAMES: u64 = 10_000_000;
const MEND: &str = r#"write it like {"fps": 60, "steps": [{"frames": 30, "expressions": {"happy": 0.5}}]}"#;

/// Inputs over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Updates per second.
    pub fps: f64,
    /// What is set when, in order.
    pub steps: Vec<Step>,
}

/// Inputs that are set at once, and for how long they run. What a step does not name stays as it was.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// How many updates it lasts, at least one.
    pub frames: u64,
    /// Input weights, 0..=1.
    pub expressions: Vec<(ExpressionName, f32)>,
    /// What the eyes do; `None` leaves it.
    pub eyes: Option<EyeDrive>,
    /// Normalized rotations.
    pub bones: Vec<(HumanBone, Quat)>,
    /// Position of the avatar in the world, meters.
    pub root: Option<Vec3>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    frames: u64,
    #[serde(default)]
    expressions: Map<String, Value>,
    #[serde(default, deserialize_with = "nullable")]
    look_at: Option<Option<[f32; 3]>>,
    #[serde(default, deserialize_with = "nullable")]
    yaw_pitch_deg: Option<Option<[f32; 2]>>,
    #[serde(default)]
    bones: Map<String, Value>,
    #[serde(default)]
    move_root: Option<[f32; 3]>,
}

/// Tells a field that is null from one that is not there.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Place and reason.
type Wrong = (String, String);

fn wrong(place: impl Into<String>, why: impl std::fmt::Display) -> Wrong {
    (place.into(), why.to_string())
}

impl Script {
    /// Reads a script. `file` is the name that a person knows it by, for the message.
    ///
    /// # Errors
    /// Where it is no script, with the place and the reason.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problem> {
        read(text).map_err(|(place, why)| {
            let place = if place.is_empty() { file.to_owned() } else { format!("{file}: {place}") };
            Problem::new("cannot read script", place, why, MEND)
        })
    }

    /// How many updates it makes.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.steps.iter().map(|step| step.frames).sum()
    }
}

fn read(text: &str) -> Result<Script, Wrong> {
    let root: Value = serde_json::from_str(text).map_err(|error| wrong("", error))?;
    let root = root.as_object().ok_or_else(|| wrong("", "it is no JSON object"))?;
    if let Some(unknown) = root.keys().find(|key| !["fps", "steps"].contains(&key.as_str())) {
        return Err(wrong(unknown, "is unknown; expected `fps` and `steps`"));
    }
    let fps = match root.get("fps") {
        None => 60.0,
        Some(fps) => fps
            .as_f64()
            .filter(|fps| *fps > 0.0 && *fps <= MAX_FPS)
            .ok_or_else(|| wrong("fps", format!("{fps} is no number above 0 and up to {MAX_FPS}")))?,
    };
    let steps = root.get("steps").and_then(Value::as_array).ok_or_else(|| wrong("steps", "is no list"))?;
    let steps: Vec<Step> =
        steps.iter().enumerate().map(|(at, raw)| step(raw, &format!("steps[{at}]"))).collect::<Result<_, _>>()?;
    let frames = steps.iter().fold(0_u64, |sum, step| sum.saturating_add(step.frames));
    if frames > MAX_FRAMES {
        return Err(wrong("steps", format!("last {frames} frames together, more than {MAX_FRAMES}")));
    }
    Ok(Script { fps, steps })
}

fn step(value: &Value, place: &str) -> Result<Step, Wrong> {
    let raw = RawStep::deserialize(value).map_err(|error| wrong(place, error))?;
    if raw.frames == 0 {
        return Err(wrong(format!("{place}.frames"), "is 0; a step lasts at least one frame"));
    }
    let mut expressions = Vec::with_capacity(raw.expressions.len());
    for (name, weight) in &raw.expressions {
        let weight = weight.as_f64().ok_or_else(|| wrong(format!("{place}.expressions.{name}"), "is no number"))?;
        expressions.push((ExpressionName::parse(name), weight as f32));
    }
    let mut bones = Vec::with_capacity(raw.bones.len());
    for (name, value) in &raw.bones {
        let place = format!("{place}.bones.{name}");
        let bone = HumanBone::from_name(name).ok_or_else(|| wrong(&place, "is no humanoid bone of VRM 1.0"))?;
        let rotation = <[f32; 4]>::deserialize(value).map_err(|error| wrong(&place, error))?;
        let rotation = unit(Quat::from_array(rotation)).ok_or_else(|| wrong(&place, "is no rotation [x, y, z, w]"))?;
        bones.push((bone, rotation));
    }
    let finite = |point: Vec3, key: &str| {
        if point.is_finite() { Ok(point) } else { Err(wrong(format!("{place}.{key}"), "is no usable position")) }
    };
    let eyes = match (raw.look_at, raw.yaw_pitch_deg) {
        (Some(Some(_)), Some(Some(_))) => {
            return Err(wrong(place, "has both `look_at` and `yaw_pitch_deg`; the eyes can do one"));
        }
        (Some(Some(target)), _) => Some(EyeDrive::Target(finite(Vec3::from(target), "look_at")?)),
        (_, Some(Some([yaw, pitch]))) => {
            Some(EyeDrive::Angles { yaw_rad: yaw.to_radians(), pitch_rad: pitch.to_radians() })
        }
        (None, None) => None,
        (_, _) => Some(EyeDrive::Keep),
    };
    let root = raw.move_root.map(|root| finite(Vec3::from(root), "move_root")).transpose()?;
    Ok(Step { frames: raw.frames, expressions, eyes, bones, root })
}
