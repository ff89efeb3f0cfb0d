//! The cut of a suit: where its edges run.

use super::curve::lerp;
use super::neck::Neck;
use super::trunk::Trunk;
use super::wearer::Side;

/// Lengths in decimeters, heights in space.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) female: bool,
    /// Whether the wings of a shirt's collar lie below the fronts.
    pub(super) has_wings: bool,
    /// Size against a medium woman.
    pub(super) scale: f32,
    /// Upper button: the V ends here.
    pub(super) button: f32,
    /// Lower button: the fronts part below it.
    pub(super) second_button: f32,
    pub(super) hem: f32,
    /// Where collar and lapel meet.
    pub(super) gorge: f32,
    pub(super) lapel_width: f32,
    pub(super) collar_width: f32,
    /// Distance of the jacket from the drape.
    pub(super) ease: f32,
    /// The front that lies above.
    pub(super) over: Side,
    /// Half width and height of the V at the neck.
    pub(super) v_top: (f32, f32),
}

/// How far each front crosses the middle.
const LAP: f32 = 0.10;

impl Cut {
    /// The cut for a body.
    pub(super) fn new(female: bool, has_wings: bool, trunk: &Trunk, neck: &Neck) -> Self {
        let side = neck.at(75_f32.to_radians(), -0.03, 0.10);
        let scale = trunk.scale;
        let levels = if female { [0.40, 0.24, -0.20, 0.865] } else { [0.385, 0.215, -0.27, 0.86] };
        let [button, second_button, hem, gorge] = levels.map(|t| trunk.level(t));
        Self {
            female,
            has_wings,
            scale,
            button,
            second_button,
            hem,
            gorge,
            lapel_width: if female { 0.52 } else { 0.66 } * scale,
            collar_width: if female { 0.38 } else { 0.42 } * scale,
            ease: if female { 0.065 } else { 0.085 },
            over: if female { Side::Right } else { Side::Left },
            v_top: (side.x, side.y),
        }
    }

    /// How far from the middle a front's edge runs, toward its own side.
    pub(super) fn edge(&self, y: f32) -> f32 {
        if y >= self.button {
            let t = (y - self.button) / (self.v_top.1 - self.button);
            return lerp(-LAP, self.v_top.0, t);
        }
        let below = ((self.second_button - 0.15 - y) / (self.second_button - self.hem)).clamp(0.0, 1.2);
        -LAP + 0.55 * self.scale * below.powf(1.7)
    }
}
