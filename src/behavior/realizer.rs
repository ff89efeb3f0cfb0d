//! The realizer: blocks become proposals. Every part rises by a minimum-jerk stroke, holds, and goes back; an
//! interruption turns it around from where it is.

use std::collections::VecDeque;

use glam::{Quat, Vec3};

use super::{
    Feedback, SyncPoint,
    block::{Behavior, Block, FaceMove, LookAt, Move},
    channel::{Content, Proposals},
    cue::Surroundings,
    gesture::{Shown, aim_arm},
    library::PoseLibrary,
    motion::{Glide, min_jerk, swing},
    nod::Nods,
    skeleton::{Frame, Side, Skeleton},
};
use crate::{
    affect::Wish,
    protocol::{ActTarget, CardId},
};

/// Way back to rest after an interruption.
const ABORT_SECS: f32 = 0.65;
/// A shorter glance away from a card would be a twitch.
const KEEP_LOOKING_SECS: f32 = 1.2;
/// A beat's swing down and up: no hastier, or its start is a jerk.
pub(super) const BEAT_SECS: f32 = 0.76;
/// A wave to one side and back to the other, and how long it takes to swell and to die down.
const WAVE_SECS: f32 = 0.62;
const WAVE_SWELLS_SECS: f32 = 0.35;
/// The hand is up before it waves.
const WAVE_WAITS_SECS: f32 = 0.25;

/// What the running blocks ask of parts that have a mind of their own.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Requests {
    pub(super) look: Option<Look>,
    pub(super) wish: Wish,
    pub(super) interest: f32,
    /// Whether the arms are away from rest.
    pub(super) arms_busy: bool,
}

/// A resolved look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Look {
    Customer,
    Place(Vec3),
    Up,
    Down,
}

#[derive(Debug, Clone)]
struct Playing {
    block: Block,
    clock_secs: f32,
    parts: Vec<Part>,
    reached: usize,
    aborted: bool,
}

#[derive(Debug, Clone)]
struct Part {
    weight: Glide,
    started: bool,
    released: bool,
    side: Side,
    shown: Option<Shown>,
}

/// Plays blocks.
#[derive(Debug, Clone, Default)]
pub(super) struct Realizer {
    playing: Vec<Playing>,
    requests: Requests,
}

impl Realizer {
    pub(super) fn start(&mut self, block: Block, feedback: &mut VecDeque<Feedback>) {
        feedback.push_back(Feedback::BlockStarted { block: block.id, act: block.act.clone() });
        self.keep_looking(&block);
        let part = Part { weight: Glide::at(0.0), started: false, released: false, side: Side::Left, shown: None };
        let parts = vec![part; block.behaviors.len()];
        self.playing.push(Playing { block, clock_secs: 0.0, parts, reached: 0, aborted: false });
    }

    /// Eyes that are on a card stay there where they would be called back at once.
    fn keep_looking(&mut self, block: &Block) {
        let card = |what: &Move| match what {
            Move::Look(LookAt::Target(target)) => Some(target.card_id.clone()),
            _ => None,
        };
        let next = block.behaviors.iter().find_map(|b| Some((card(&b.what)?, b.times.at(SyncPoint::Start))));
        let Some((next, in_secs)) = next else { return };
        for playing in self.playing.iter_mut().filter(|playing| !playing.aborted) {
            let until = playing.clock_secs + in_secs;
            for behavior in &mut playing.block.behaviors {
                let (start, relax) = (behavior.times.at(SyncPoint::Start), behavior.times.at(SyncPoint::Relax));
                let on = start <= playing.clock_secs && playing.clock_secs < relax;
                if on && until - relax < KEEP_LOOKING_SECS && card(&behavior.what).as_ref() == Some(&next) {
                    behavior.times = behavior.times.held_until(until + 0.1);
                }
            }
        }
    }

    /// Everything goes back to rest.
    pub(super) fn interrupt(&mut self) {
        for playing in &mut self.playing {
            playing.abort();
        }
    }

    /// What is about a card that went away goes back to rest.
    pub(super) fn forget_card(&mut self, card_id: &CardId) {
        for playing in &mut self.playing {
            if playing.block.target.as_ref().is_some_and(|target| target.card_id == *card_id) {
                playing.abort();
            }
        }
    }

    /// Whether a running block points at a card.
    pub(super) fn points_at(&self, card_id: &CardId) -> bool {
        self.playing.iter().any(|p| !p.aborted && p.block.target.as_ref().is_some_and(|t| t.card_id == *card_id))
    }

    pub(super) fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Lets time pass, reports, starts nods.
    pub(super) fn advance(
        &mut self,
        dt_secs: f32,
        surroundings: &Surroundings,
        nods: &mut Nods,
        feedback: &mut VecDeque<Feedback>,
    ) {
        self.requests = Requests::default();
        // Of those that hold the arms only the newest keeps them; the others go back beneath it.
        let newest = self.playing.iter().rposition(|p| !p.aborted && p.arms_up());
        for (index, playing) in self.playing.iter_mut().enumerate() {
            playing.clock_secs += dt_secs;
            let overruled = newest.is_some_and(|newest| index < newest);
            for (behavior, part) in playing.block.behaviors.iter().zip(&mut playing.parts) {
                let live = !playing.aborted;
                part.advance(behavior, playing.clock_secs, dt_secs, live, overruled, nods);
                request(behavior, part, playing.clock_secs, live, surroundings, &mut self.requests);
            }
            playing.report(feedback);
        }
        self.playing.retain(|playing| {
            let done = playing.done();
            if done {
                feedback.push_back(Feedback::BlockEnded { block: playing.block.id, interrupted: playing.aborted });
            }
            !done
        });
    }

    /// Proposes for arms, trunk, head and face.
    pub(super) fn propose(&self, out: &mut Proposals, library: &PoseLibrary, skeleton: &Skeleton, chest: Frame) {
        for (order, playing) in self.playing.iter().enumerate() {
            let priority = playing.block.priority.clamp(-50, 50) * 100 + 1 + (order as i32).min(90);
            for (behavior, part) in playing.block.behaviors.iter().zip(&playing.parts) {
                let weight = part.weight.value().clamp(0.0, 1.0);
                match &behavior.what {
                    Move::Hold { pose, side, amount } => {
                        out.lay(Content::Arms(*pose, *side), weight * amount, priority);
                        if let Some(side) = side {
                            // A hand of two that were folded would be left hanging in the air.
                            out.lay(Content::Arms(library.stand, Some(side.other())), weight, priority);
                        }
                    }
                    Move::Beat { side, pose, amount, swing_rad, at_secs } => {
                        out.lay(Content::Arms(*pose, *side), weight * amount, priority);
                        if let Some(side) = side {
                            out.lay(Content::Arms(library.stand, Some(side.other())), weight, priority);
                        }
                        let swung: f32 = at_secs
                            .iter()
                            .map(|at| swing((playing.clock_secs - at + 0.5 * BEAT_SECS) / BEAT_SECS))
                            .sum::<f32>()
                            .min(1.0);
                        for arm in [Side::Left, Side::Right] {
                            if side.is_some_and(|side| side != arm) {
                                continue;
                            }
                            // Down and open: the elbow opens a little on the beat.
                            let turn = Quat::from_rotation_y(arm.sign() * swung * swing_rad * weight);
                            out.add(Content::Turn(arm.arm()[2], turn));
                        }
                    }
                    Move::Wave { side, pose, amount, swing_rad } => {
                        out.lay(Content::Arms(*pose, Some(*side)), weight * amount, priority);
                        out.lay(Content::Arms(library.stand, Some(side.other())), weight, priority);
                        let at = |point| playing.clock_secs - behavior.times.at(point);
                        let turned_rad = weight
                            * swing_rad
                            * wave(at(SyncPoint::StrokeEnd) - WAVE_WAITS_SECS, -at(SyncPoint::Relax));
                        // Mostly from the elbow, a little from the wrist.
                        let [_, _, lower, hand] = side.arm();
                        out.add(Content::Turn(lower, Quat::from_rotation_y(0.7 * turned_rad)));
                        out.add(Content::Turn(hand, Quat::from_rotation_y(0.5 * turned_rad)));
                    }
                    Move::Point { .. } => {
                        if let Some(shown) = &part.shown {
                            let collar = library.bone(library.offer, part.side.arm()[0]);
                            let turns = aim_arm(skeleton, chest, part.side, collar, shown);
                            // An open hand guides; a finger would accuse.
                            out.lay(Content::Arm(part.side, turns, library.offer), weight, priority);
                            out.lay(Content::Arms(library.stand, Some(part.side.other())), weight, priority);
                        }
                    }
                    Move::Face(face) => {
                        for (shape, value) in &face.shapes {
                            out.add(Content::Shape(*shape, value * weight));
                        }
                    }
                    Move::Tilt { roll_rad, dip_rad } => {
                        out.add(Content::HeadTurn(Vec3::new(dip_rad * weight, 0.0, -roll_rad * weight)));
                    }
                    Move::Bend { pitch_rad } => {
                        out.add(Content::Bend(Vec3::new(pitch_rad * weight, 0.0, 0.0)));
                        // In a bow the head goes with the trunk instead of holding its aim.
                        out.add(Content::HeadTurn(Vec3::new(0.6 * pitch_rad * weight, 0.0, 0.0)));
                    }
                    Move::Nod { .. } | Move::Look(_) => {}
                }
            }
        }
    }
}

/// Swing of a waving hand, -1..=1: so long since it came up, so long until it goes down.
fn wave(since_secs: f32, left_secs: f32) -> f32 {
    let swell = |secs: f32| min_jerk((secs / WAVE_SWELLS_SECS).clamp(0.0, 1.0));
    (since_secs * std::f32::consts::TAU / WAVE_SECS).sin() * swell(since_secs) * swell(left_secs)
}

impl Playing {
    fn abort(&mut self) {
        self.aborted = true;
        for part in &mut self.parts {
            part.released = true;
            part.weight.aim(0.0, ABORT_SECS);
        }
    }

    /// Whether it moves the arms and its stroke is over: what lies beneath is hidden.
    fn arms_up(&self) -> bool {
        self.block.behaviors.iter().zip(&self.parts).any(|(behavior, part)| {
            behavior.moves_arms()
                && part.started
                && !part.released
                && self.clock_secs >= behavior.times.at(SyncPoint::StrokeEnd)
        })
    }

    fn done(&self) -> bool {
        let over = |behavior: &Behavior| self.clock_secs >= behavior.times.at(SyncPoint::End);
        self.block.behaviors.iter().zip(&self.parts).all(|(behavior, part)| {
            (self.aborted || over(behavior)) && part.weight.arrived() && part.weight.target() == 0.0
        })
    }

    /// Sync points are those of the gesture, or else of the first behavior.
    fn report(&mut self, feedback: &mut VecDeque<Feedback>) {
        if self.aborted {
            return;
        }
        let behaviors = &self.block.behaviors;
        let Some(lead) = behaviors.iter().find(|b| b.moves_arms()).or(behaviors.first()) else { return };
        while let Some(point) = SyncPoint::ALL.get(self.reached).copied() {
            if self.clock_secs < lead.times.at(point) {
                break;
            }
            self.reached += 1;
            feedback.push_back(Feedback::SyncReached {
                block: self.block.id,
                act: self.block.act.clone(),
                target: self.block.target.clone(),
                point,
            });
        }
    }
}

impl Behavior {
    fn moves_arms(&self) -> bool {
        matches!(self.what, Move::Hold { .. } | Move::Beat { .. } | Move::Wave { .. } | Move::Point { .. })
    }
}

impl Part {
    fn advance(
        &mut self,
        behavior: &Behavior,
        clock_secs: f32,
        dt_secs: f32,
        live: bool,
        overruled: bool,
        nods: &mut Nods,
    ) {
        let at = |point| behavior.times.at(point);
        if live && !self.started && clock_secs >= at(SyncPoint::Start) {
            self.started = true;
            if let Move::Nod { style, cycles } = &behavior.what {
                nods.start(*style, *cycles, 1.0);
            } else if !matches!(behavior.what, Move::Look(_)) {
                self.weight.aim(1.0, at(SyncPoint::StrokeEnd) - at(SyncPoint::Start));
            }
        }
        let hidden = overruled && behavior.moves_arms();
        if self.started && !self.released && (clock_secs >= at(SyncPoint::Relax) || hidden) {
            self.released = true;
            self.weight.aim(0.0, at(SyncPoint::End) - at(SyncPoint::Relax));
        }
        self.weight.advance(dt_secs);
    }
}

fn request(
    behavior: &Behavior,
    part: &mut Part,
    clock_secs: f32,
    live: bool,
    surroundings: &Surroundings,
    requests: &mut Requests,
) {
    let weight = part.weight.value().clamp(0.0, 1.0);
    let place = |target: &ActTarget| surroundings.place_of(target);
    match &behavior.what {
        Move::Point { target } => {
            if let Some(now) = surroundings.shown(target).filter(|_| live) {
                // The side is chosen once: an arm must not change while it points.
                if part.shown.is_none() {
                    part.side = Side::of(now.place);
                }
                part.shown = Some(now);
            }
            requests.arms_busy |= weight > 0.0;
        }
        Move::Hold { .. } | Move::Beat { .. } | Move::Wave { .. } => requests.arms_busy |= weight > 0.0,
        // Wishes are given as goals; the display rules make the movement.
        Move::Face(FaceMove { smile, concern, interest, .. }) => {
            if part.started && !part.released {
                requests.wish.smile = requests.wish.smile.max(*smile);
                requests.wish.concern = requests.wish.concern.max(*concern);
            }
            requests.interest = requests.interest.max(interest * weight);
        }
        Move::Look(at) => {
            let now = behavior.times.at(SyncPoint::Start)..behavior.times.at(SyncPoint::Relax);
            if live && now.contains(&clock_secs) {
                let look = match at {
                    LookAt::Customer => Some(Look::Customer),
                    LookAt::Up => Some(Look::Up),
                    LookAt::Down => Some(Look::Down),
                    LookAt::Target(target) => place(target).map(Look::Place),
                };
                // A place outranks the rest: the customer must see what is meant.
                if !matches!(requests.look, Some(Look::Place(_))) || matches!(look, Some(Look::Place(_))) {
                    requests.look = look.or(requests.look);
                }
            }
        }
        Move::Nod { .. } | Move::Tilt { .. } | Move::Bend { .. } => {}
    }
}
