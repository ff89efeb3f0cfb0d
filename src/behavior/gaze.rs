//! Gaze: when the eyes meet the customer and when they leave, saccades, and how much the head goes along.

use glam::{Vec2, Vec3};

use super::{
    dice::Dice,
    motion::{Spring, min_jerk},
    noise::Noise,
    realizer::Look,
    skeleton::yaw_pitch_rad,
};
use crate::affect::Stance;

/// What the agent is doing, as far as the eyes are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Listening,
    Speaking,
    Thinking,
}

/// What the eyes answer to in a frame.
pub(super) struct Sight<'a> {
    pub(super) mode: Mode,
    pub(super) look: Option<Look>,
    /// The turn is about to end: look at the customer.
    pub(super) yielding: bool,
    pub(super) customer: Vec3,
    pub(super) eyes: Vec3,
    pub(super) stance: &'a Stance,
    pub(super) time_secs: f64,
}

/// Where eyes and head aim in avatar space: (yaw, pitch) in radians.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Aim {
    pub(super) eyes: Vec2,
    pub(super) head: Vec2,
    /// How far the trunk turns along.
    pub(super) trunk_yaw_rad: f32,
    /// A saccade of this size began in this frame.
    pub(super) shift_rad: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Focus {
    Customer,
    Away(Vec2),
    Place(Vec3),
}

/// Moves attention.
#[derive(Debug, Clone)]
pub(super) struct Attention {
    dice: Dice,
    drift: [Noise; 2],
    focus: Focus,
    left_secs: f32,
    bout_secs: f32,
    look: Option<Look>,
    fixation: Vec2,
    fixation_left_secs: f32,
    /// What is left of the running saccade: its start relative to its goal, and its clock.
    saccade_from: Vec2,
    saccade_secs: f32,
    saccade_clock_secs: f32,
    goal: Option<Vec2>,
    /// Three springs in a row: a head starts to turn without a jerk.
    head: [[Spring; 3]; 2],
    away_secs: f32,
    trunk: Spring,
}

impl Attention {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed, 31),
            drift: [Noise::new(seed, 31), Noise::new(seed, 32)],
            focus: Focus::Customer,
            left_secs: 2.0,
            bout_secs: 2.0,
            look: None,
            fixation: Vec2::ZERO,
            fixation_left_secs: 0.5,
            saccade_from: Vec2::ZERO,
            saccade_secs: 0.0,
            saccade_clock_secs: 0.0,
            goal: None,
            head: [[Spring::new(0.0, 0.075); 3]; 2],
            away_secs: f32::MAX,
            trunk: Spring::new(0.0, 0.4),
        }
    }

    /// Something calls for the customer: look up now.
    pub(super) fn attend(&mut self, stance: &Stance) {
        // Eyes that have only just left go on: coming back at once would make one long stare of two looks.
        if self.focus != Focus::Customer && self.away_secs > 0.3 {
            self.meet(Mode::Listening, stance);
        }
    }

    pub(super) fn advance(&mut self, dt_secs: f32, sight: &Sight<'_>) -> Aim {
        self.shift_focus(dt_secs, sight);
        let customer = angles(sight.customer - sight.eyes);
        let goal = match self.focus {
            Focus::Customer => customer + self.fixation,
            Focus::Away(offset) => customer + offset,
            Focus::Place(place) => angles(place - sight.eyes) + 0.5 * self.fixation,
        };
        let shift_rad = self.saccade(dt_secs, goal);
        let left = if self.saccade_clock_secs < self.saccade_secs {
            1.0 - min_jerk(self.saccade_clock_secs / self.saccade_secs)
        } else {
            0.0
        };
        let drift = Vec2::new(self.drift[0].at(sight.time_secs, 1.1), self.drift[1].at(sight.time_secs, 1.1)) * 0.005;
        let head_goal = match self.focus {
            Focus::Customer => customer,
            Focus::Away(offset) => customer + offset * 0.2,
            Focus::Place(_) => customer + head_share(goal - customer),
        };
        let aim = [head_goal.x, head_goal.y];
        let turned: [f32; 2] =
            std::array::from_fn(|i| self.head[i].iter_mut().fold(aim[i], |goal, spring| spring.follow(goal, dt_secs)));
        let head = Vec2::from_array(turned);
        let trunk_goal = if matches!(self.focus, Focus::Place(_)) { 0.18 * head_goal.x } else { 0.25 * customer.x };
        let trunk_yaw_rad = self.trunk.follow(trunk_goal.clamp(-0.2, 0.2), dt_secs);
        Aim { eyes: goal + self.saccade_from * left + drift, head, trunk_yaw_rad, shift_rad }
    }

    fn shift_focus(&mut self, dt_secs: f32, sight: &Sight<'_>) {
        let new_look = sight.look != self.look;
        let was_place = matches!(self.focus, Focus::Place(_));
        self.look = sight.look;
        self.left_secs -= dt_secs;
        self.bout_secs += dt_secs;
        self.away_secs += dt_secs;
        match sight.look {
            Some(Look::Place(place)) => {
                self.focus = Focus::Place(place);
                self.left_secs = 0.1;
            }
            _ if was_place => self.meet(sight.mode, sight.stance),
            Some(Look::Customer) if new_look => self.attend(sight.stance),
            Some(Look::Up) if new_look => {
                let side = self.side();
                self.leave(Vec2::new(0.6 * side, -0.8), sight, 1.2);
            }
            Some(Look::Down) if new_look => {
                let side = self.side();
                self.leave(Vec2::new(0.25 * side, 1.0), sight, 0.9);
            }
            _ => {}
        }
        let must_leave = self.focus == Focus::Customer && self.bout_secs >= sight.stance.max_gaze_secs - 0.15;
        if sight.yielding && !must_leave && !matches!(self.focus, Focus::Place(_)) {
            self.attend(sight.stance);
        } else if self.left_secs <= 0.0 || must_leave {
            match self.focus {
                Focus::Customer => {
                    let secs = self.aversion_secs(sight);
                    let way = self.aversion_way(sight);
                    self.leave(way, sight, secs);
                }
                Focus::Away(_) => self.meet(sight.mode, sight.stance),
                Focus::Place(_) => {}
            }
        }
        self.fixation_left_secs -= dt_secs;
        // Not in the middle of a jump: two jumps in one would be slower than any eye.
        if self.fixation_left_secs <= 0.0 && self.saccade_clock_secs > self.saccade_secs + 0.12 {
            self.fixation_left_secs = self.dice.between(0.35, 1.1);
            // From eye to eye, now and then the mouth; within the cone that is felt as eye contact.
            let soft = if sight.stance.level.upset() { 0.3 } else { 0.15 };
            self.fixation = if self.dice.chance(soft) {
                Vec2::new(self.dice.between(-0.006, 0.006), 0.022)
            } else {
                Vec2::new(self.dice.between(0.004, 0.014) * self.side(), self.dice.between(-0.008, 0.008))
            };
        }
    }

    fn meet(&mut self, mode: Mode, stance: &Stance) {
        let mean_secs = match mode {
            Mode::Listening => 2.2,
            Mode::Speaking => 1.7,
            Mode::Thinking => 0.9,
        };
        self.focus = Focus::Customer;
        self.bout_secs = 0.0;
        self.left_secs = self.dice.log_normal(mean_secs, 0.3).clamp(0.9, stance.max_gaze_secs - 0.2);
    }

    fn leave(&mut self, way: Vec2, sight: &Sight<'_>, secs: f32) {
        let cap_deg = if sight.mode == Mode::Listening { 10.0 } else { 12.0 };
        // The distribution of natural saccades, without those too small to count as looking away.
        let drawn_deg = -6.9 * (self.dice.between(0.3, 15.0) / 15.7).ln();
        let size_rad = drawn_deg.clamp(5.0, cap_deg).to_radians();
        self.focus = Focus::Away(way.normalize_or(Vec2::X) * size_rad);
        self.left_secs = secs;
        self.away_secs = 0.0;
    }

    fn aversion_secs(&mut self, sight: &Sight<'_>) -> f32 {
        let (share, cap_secs) = match sight.mode {
            Mode::Listening => (sight.stance.gaze_listening, sight.stance.max_aversion_secs),
            Mode::Speaking => (sight.stance.gaze_speaking, 2.2),
            Mode::Thinking => (0.24, 2.8),
        };
        let share = share.clamp(0.2, 0.9);
        (self.bout_secs * (1.0 - share) / share * self.dice.between(0.8, 1.2)).clamp(0.4, cap_secs)
    }

    /// Away from the customer: down and aside with the upset, aside in talk, up in thought.
    fn aversion_way(&mut self, sight: &Sight<'_>) -> Vec2 {
        let side = self.side();
        if sight.stance.level.upset() {
            return Vec2::new(side * 0.7, self.dice.between(0.5, 1.0));
        }
        match sight.mode {
            Mode::Thinking => Vec2::new(side, self.dice.between(-0.9, -0.3)),
            Mode::Speaking if self.dice.chance(0.35) => Vec2::new(side, -0.5),
            _ => Vec2::new(side, self.dice.between(0.0, 0.7)),
        }
    }

    fn side(&mut self) -> f32 {
        if self.dice.chance(0.5) { 1.0 } else { -1.0 }
    }

    /// Jumps where the goal jumps, follows smoothly where it moves.
    fn saccade(&mut self, dt_secs: f32, goal: Vec2) -> Option<f32> {
        let before = *self.goal.get_or_insert(goal);
        self.saccade_clock_secs += dt_secs;
        self.goal = Some(goal);
        let jump = before - goal;
        if jump.length() < 0.003 {
            return None;
        }
        let left = if self.saccade_clock_secs < self.saccade_secs {
            1.0 - min_jerk(self.saccade_clock_secs / self.saccade_secs)
        } else {
            0.0
        };
        self.saccade_from = self.saccade_from * left + jump;
        // The main sequence of human saccades; never faster than an eye turns.
        let size_deg = self.saccade_from.length().to_degrees();
        self.saccade_secs = (0.025 + 0.0024 * size_deg).max(1.875 * size_deg / 580.0);
        self.saccade_clock_secs = 0.0;
        Some(jump.length())
    }
}

/// How far the head goes along to a place off to the side: the eyes keep about ten degrees.
fn head_share(offset: Vec2) -> Vec2 {
    let size = offset.length();
    let eyes = 0.17f32;
    let share = if size < eyes { 0.35 } else { ((size - eyes) + 0.35 * eyes) / size };
    Vec2::new((offset.x * share).clamp(-1.2, 1.2), (offset.y * share * 0.9).clamp(-0.4, 0.4))
}

fn angles(direction: Vec3) -> Vec2 {
    let direction = if direction.is_finite() && direction.length_squared() > 1e-6 { direction } else { Vec3::Z };
    let (yaw, pitch) = yaw_pitch_rad(direction);
    Vec2::new(yaw.clamp(-1.4, 1.4), pitch.clamp(-0.9, 0.9))
}
