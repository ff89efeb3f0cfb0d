//! Gaze: when the eyes meet the customer and when they leave, saccades, and how much the head goes along.

use glam::{Vec2, Vec3};

use super::{
    dice::Dice,
    motion::{Spring, min_jerk},
    noise::Noise,
    realizer::Look,
    skeleton::{direction, yaw_pitch_rad},
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
    /// How far away the eyes look, meters.
    pub(super) distance: f32,
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

/// Eyes rest at least this long between two jumps.
const REST_SECS: f32 = 0.12;
/// The eyes follow what moves less than this in a frame.
const LEAP_RAD: f32 = 0.06;
/// The most that looking and looking away may owe each other, seconds: what was long ago is settled.
const BALANCE_SECS: f32 = 3.0;
/// Who owes more time away than this is not called back to the customer for politeness, seconds.
const MOST_OWED_SECS: f32 = 1.0;

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
    /// What the eyes are at, or on their way to: the focus and the fixation within it.
    seen: (Focus, Vec2),
    goal: Option<Vec2>,
    /// Three springs in a row: a head starts to turn without a jerk.
    head: [[Spring; 3]; 2],
    away_secs: f32,
    /// How long the eyes should yet look away for their share, by mode; below 0 they were away too long.
    owed_secs: [f32; 3],
    mode: Mode,
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
            seen: (Focus::Customer, Vec2::ZERO),
            goal: None,
            head: [[Spring::new(0.0, 0.075); 3]; 2],
            away_secs: f32::MAX,
            owed_secs: [0.0; 3],
            mode: Mode::Listening,
            trunk: Spring::new(0.0, 0.4),
        }
    }

    /// Where the eyes look, or are on their way to, avatar space.
    pub(super) fn gaze(&self) -> Vec3 {
        self.goal.map_or(Vec3::Z, |goal| direction(goal.x, goal.y))
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
        let direction = |(focus, fixation): (Focus, Vec2)| match focus {
            Focus::Customer => customer + fixation,
            Focus::Away(offset) => customer + offset + 0.7 * fixation,
            Focus::Place(place) => angles(place - sight.eyes) + 0.5 * fixation,
        };
        let shift_rad = self.saccade(dt_secs, direction);
        let goal = direction(self.seen);
        let left = if self.saccade_clock_secs < self.saccade_secs {
            1.0 - min_jerk(self.saccade_clock_secs / self.saccade_secs)
        } else {
            0.0
        };
        let drift = Vec2::new(self.drift[0].at(sight.time_secs, 1.1), self.drift[1].at(sight.time_secs, 1.1)) * 0.005;
        let head_goal = match self.seen.0 {
            Focus::Customer => customer,
            Focus::Away(offset) => customer + offset * 0.2,
            Focus::Place(_) => customer + head_share(goal - customer),
        };
        let aim = [head_goal.x, head_goal.y];
        let turned: [f32; 2] =
            std::array::from_fn(|i| self.head[i].iter_mut().fold(aim[i], |goal, spring| spring.follow(goal, dt_secs)));
        let head = Vec2::from_array(turned);
        let trunk_goal = if matches!(self.seen.0, Focus::Place(_)) { 0.18 * head_goal.x } else { 0.25 * customer.x };
        let trunk_yaw_rad = self.trunk.follow(trunk_goal.clamp(-0.2, 0.2), dt_secs);
        // Someone who looks past the customer still sees as far as the customer stands.
        let seen = if let Focus::Place(place) = self.seen.0 { place } else { sight.customer };
        let distance = seen.distance(sight.eyes);
        Aim { eyes: goal + self.saccade_from * left + drift, head, distance, trunk_yaw_rad, shift_rad }
    }

    fn shift_focus(&mut self, dt_secs: f32, sight: &Sight<'_>) {
        let new_look = sight.look != self.look;
        let was_place = matches!(self.focus, Focus::Place(_));
        self.look = sight.look;
        self.left_secs -= dt_secs;
        self.bout_secs += dt_secs;
        self.away_secs += dt_secs;
        self.balance(dt_secs, sight);
        match sight.look {
            Some(Look::Place(place)) => {
                self.focus = Focus::Place(place);
                self.left_secs = 0.1;
            }
            _ if was_place => self.meet(sight.mode, sight.stance),
            // Who has looked much already goes on as it was.
            Some(Look::Customer) if new_look && self.owed_secs[sight.mode as usize] < MOST_OWED_SECS => {
                self.attend(sight.stance)
            }
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
        if self.mode != sight.mode {
            self.mode = sight.mode;
            // People gather their words with the eyes elsewhere.
            if sight.mode != Mode::Listening && self.focus == Focus::Customer && self.bout_secs > 0.5 {
                self.left_secs = self.left_secs.min(0.25);
            }
        }
        let must_leave = self.focus == Focus::Customer && self.bout_secs >= sight.stance.max_gaze_secs - 0.15;
        let settled = self.owed_secs[sight.mode as usize] < MOST_OWED_SECS;
        if sight.yielding && settled && !must_leave && !matches!(self.focus, Focus::Place(_)) {
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
            self.fixation_left_secs = self.dice.between(0.35, 0.68);
            // From eye to eye, now and then the mouth; within the cone that is felt as eye contact.
            let soft = if sight.stance.level.upset() { 0.3 } else { 0.15 };
            let next = if self.dice.chance(soft) {
                Vec2::new(self.dice.between(-0.006, 0.006), 0.022)
            } else {
                Vec2::new(self.dice.between(0.004, 0.014) * self.side(), self.dice.between(-0.008, 0.008))
            };
            // A jump to where the eyes are would be none.
            let near = next.distance(self.fixation) < 0.005;
            self.fixation = if near { Vec2::new(-next.x, next.y) } else { next };
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
        // Who owes much time away looks more briefly, and the other way round.
        let mean_secs = mean_secs * (1.0 - 0.25 * self.owed_secs[mode as usize]).clamp(0.6, 1.4);
        self.left_secs = self.dice.log_normal(mean_secs, 0.3).clamp(0.7, stance.max_gaze_secs - 0.2);
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
        let cap_secs = match sight.mode {
            Mode::Listening => sight.stance.max_aversion_secs,
            Mode::Speaking => 2.2,
            Mode::Thinking => 2.8,
        };
        (self.owed_secs[sight.mode as usize] * self.dice.between(0.8, 1.2)).clamp(0.4, cap_secs)
    }

    /// Keeps the account of looking at the customer and away, whatever the reason.
    fn balance(&mut self, dt_secs: f32, sight: &Sight<'_>) {
        let share = share(sight);
        let met = self.focus == Focus::Customer;
        // What is shown has its own time.
        if sight.mode == Mode::Listening && matches!(self.focus, Focus::Place(_)) {
            return;
        }
        let owed_secs = &mut self.owed_secs[sight.mode as usize];
        *owed_secs += if met { dt_secs * (1.0 - share) / share } else { -dt_secs };
        *owed_secs = owed_secs.clamp(-BALANCE_SECS, BALANCE_SECS);
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

    /// Jumps to what is looked at next, follows smoothly what is looked at.
    fn saccade(&mut self, dt_secs: f32, direction: impl Fn((Focus, Vec2)) -> Vec2) -> Option<f32> {
        self.saccade_clock_secs += dt_secs;
        let next = (self.focus, self.fixation);
        let mut before = direction(self.seen);
        // What a hand is about to show cannot wait.
        let urgent = matches!(self.focus, Focus::Place(_)) && !matches!(self.seen.0, Focus::Place(_));
        let rested = self.saccade_clock_secs >= self.saccade_secs + REST_SECS;
        if next != self.seen && (urgent || rested) {
            self.seen = next;
        } else if self.goal.is_some_and(|goal| goal.distance(before) > LEAP_RAD) {
            // What was looked at is somewhere else all at once.
            before = self.goal.unwrap_or(before);
        }
        let goal = direction(self.seen);
        self.goal = Some(goal);
        let jump = before - goal;
        if jump.length() < 1e-4 {
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

/// The share of the time with the eyes at the customer.
fn share(sight: &Sight<'_>) -> f32 {
    let share = match sight.mode {
        Mode::Listening => sight.stance.gaze_listening,
        Mode::Speaking => sight.stance.gaze_speaking,
        Mode::Thinking => 0.10,
    };
    share.clamp(0.1, 0.9)
}

/// How far the head goes along to a place off to the side: the eyes keep six degrees, and fourteen of a far way, so that
/// the customer sees more of the face than its profile.
fn head_share(offset: Vec2) -> Vec2 {
    /// From here on the head takes all: of a short way and, in addition, of a far one. Before, it takes 35 percent.
    const EYES_RAD: [f32; 2] = [0.17, 0.20];
    /// Where a far way begins, and where it is one altogether.
    const FAR_RAD: [f32; 2] = [0.45, 1.0];
    let size = offset.length();
    let far = ((size - FAR_RAD[0]) / (FAR_RAD[1] - FAR_RAD[0])).clamp(0.0, 1.0);
    let eyes = EYES_RAD[0] + EYES_RAD[1] * far * far * (3.0 - 2.0 * far);
    let share = if size < eyes { 0.35 } else { ((size - eyes) + 0.35 * eyes) / size };
    Vec2::new((offset.x * share).clamp(-1.2, 1.2), (offset.y * share * 0.9).clamp(-0.4, 0.4))
}

fn angles(direction: Vec3) -> Vec2 {
    let direction = if direction.is_finite() && direction.length_squared() > 1e-6 { direction } else { Vec3::Z };
    let (yaw, pitch) = yaw_pitch_rad(direction);
    Vec2::new(yaw.clamp(-1.4, 1.4), pitch.clamp(-0.9, 0.9))
}
