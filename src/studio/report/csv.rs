//! Curves as CSV: one row a moment, one column a channel, for every take of a run.

use std::fmt::Write as _;

use super::Take;
use crate::studio::track::Frame;
use crate::vrm::{BlendShape, HumanBone as B};

/// Bones whose place and turn are curves of their own.
const BONES: [B; 7] = [B::Hips, B::UpperChest, B::Head, B::LeftHand, B::RightHand, B::LeftFoot, B::RightFoot];
const VISEMES: [&str; 5] = ["aa", "ih", "ou", "ee", "oh"];

/// Names of the curves, in the order of [`row`].
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = BlendShape::ALL.iter().map(|shape| shape.name().to_owned()).collect();
    names.extend(VISEMES.map(str::to_owned));
    names.extend(["gazeYaw_deg", "gazePitch_deg", "lean_deg", "headPitch_deg", "headYaw_deg"].map(str::to_owned));
    for bone in BONES {
        names.extend(["x_m", "y_m", "z_m", "rx_deg", "ry_deg", "rz_deg"].map(|axis| format!("{}_{axis}", bone.name())));
    }
    names
}

/// The values of a frame.
pub(super) fn row(frame: &Frame) -> Vec<f32> {
    let mut row: Vec<f32> = frame.pose.face.to_vec();
    row.extend(frame.pose.visemes);
    let pose = [
        frame.pose.gaze_yaw_rad,
        frame.pose.gaze_pitch_rad,
        frame.lean_rad(),
        frame.head_pitch_rad(),
        frame.head_yaw_rad(),
    ];
    row.extend(pose.map(f32::to_degrees));
    for bone in BONES {
        let joint = frame.joint(bone);
        row.extend(joint.place.to_array());
        row.extend(joint.turn.to_scaled_axis().to_array().map(f32::to_degrees));
    }
    row
}

/// All curves of a run. Numbers are rounded to what can be seen.
#[must_use]
pub fn curves_csv(takes: &[Take]) -> String {
    let columns = takes.first().map_or(0, |take| take.curves.columns.len());
    let mut text = String::from("take,secs");
    for (name, _) in takes.iter().flat_map(|take| &take.curves.columns).take(columns) {
        text.push(',');
        text.push_str(name);
    }
    text.push('\n');
    for take in takes {
        let key = take.key();
        for (at, secs) in take.curves.secs.iter().enumerate() {
            let _ = write!(text, "{key},{secs:.2}");
            for (_, values) in &take.curves.columns {
                let value = values.get(at).copied().unwrap_or(0.0);
                let _ = if value == 0.0 { write!(text, ",0") } else { write!(text, ",{value:.4}") };
            }
            text.push('\n');
        }
    }
    text
}
