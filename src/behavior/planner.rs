//! The planner: act × stance × what is there → a block, timed to its words.

use glam::Vec3;

use super::{
    SyncTimes,
    block::{Behavior, Block, BlockId, FaceMove, LookAt, Move},
    cue::Surroundings,
    dice::Dice,
    lexicon::{Arms, Choice, GazeWord, GestureKind, GestureWord, HeadWord, Lexicon},
    library::PoseLibrary,
    realizer::BEAT_SECS,
    skeleton::Side,
};
use crate::{
    affect::Stance,
    protocol::{Act, ActTarget, Affect, Emotion, Issue, MessageId},
};

/// The eyes set out this long before the hand, and so much longer for each radian to the side: the head must come
/// along.
const LOOK_LEAD_SECS: (f32, f32) = (0.11, 0.18);

/// How far an arm is behind its plan, and how far its stroke is ahead of its syllable.
const ARM_LAG_SECS: f32 = 0.05;
const BEFORE_SECS: f32 = 0.07;

/// The words of an act, in seconds from now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) message_id: MessageId,
    pub(super) start_secs: f32,
    pub(super) end_secs: f32,
    /// Syllables on which a beat may fall.
    pub(super) accents_secs: Vec<f32>,
}

/// What the planner looks at.
pub(super) struct Scene<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) library: &'a PoseLibrary,
    pub(super) stance: &'a Stance,
    pub(super) emotion: &'a Emotion,
    pub(super) issue: &'a Issue,
    pub(super) surroundings: &'a Surroundings,
    /// Between the eyes, and where they look now.
    pub(super) eyes: Vec3,
    pub(super) gaze: Vec3,
}

impl Scene<'_> {
    /// How far the eyes turn to a target from where they look, radians; 0 where there is no such target.
    fn turn_to(&self, target: &ActTarget) -> f32 {
        self.surroundings.place_of(target).map_or(0.0, |place| (place - self.eyes).angle_between(self.gaze))
    }
}

/// Plans blocks and keeps the rate of gestures.
#[derive(Debug, Clone)]
pub(super) struct Planner {
    dice: Dice,
    next_block: u64,
    since_gesture_secs: f32,
}

impl Planner {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, 11), next_block: 1, since_gesture_secs: f32::MAX }
    }

    pub(super) fn advance(&mut self, dt_secs: f32) {
        self.since_gesture_secs = (self.since_gesture_secs + dt_secs).min(f32::MAX);
    }

    pub(super) fn plan(&mut self, act: &Act, words: Option<Words>, scene: &Scene<'_>) -> Block {
        let id = BlockId(self.next_block);
        self.next_block += 1;
        let choice = scene.lexicon.choose(&act.act, scene.emotion, scene.issue, &mut self.dice).cloned();
        let intensity = if act.intensity.is_finite() { act.intensity.clamp(0.0, 1.0) } else { 1.0 };
        let mut behaviors = Vec::new();
        if let Some(choice) = choice {
            let from = words.as_ref().map_or(0.0, |w| w.start_secs.max(0.0));
            let until = words.as_ref().map_or(from + 1.2, |w| w.end_secs.max(from + 0.6));
            let span = Span { from, until, intensity };
            self.gesture(&choice, act, words.as_ref(), &span, scene, &mut behaviors);
            face(&choice, act, &span, &mut behaviors);
            if let Some(head) = choice.head {
                self.head(head, &span, scene.stance, &mut behaviors);
            }
            if let Some(posture) = choice.posture {
                let times = SyncTimes::phased(span.from, 0.0, posture.in_secs, posture.hold_secs, posture.out_secs);
                let pitch_rad = posture.pitch_deg.to_radians() * intensity;
                behaviors.push(Behavior { what: Move::Bend { pitch_rad }, times });
            }
            look(&choice, &span, &mut behaviors);
        }
        Block {
            id,
            act: act.act.clone(),
            target: act.target.clone(),
            message_id: words.map(|w| w.message_id),
            priority: act.priority,
            behaviors,
        }
    }

    fn gesture(
        &mut self,
        choice: &Choice,
        act: &Act,
        words: Option<&Words>,
        span: &Span,
        scene: &Scene<'_>,
        out: &mut Vec<Behavior>,
    ) {
        let Some(gesture) = &choice.gesture else { return };
        let rest_secs = 60.0 / scene.stance.gestures_per_minute.max(0.5);
        if !gesture.essential && self.since_gesture_secs < 0.6 * rest_secs {
            return;
        }
        let slower = 1.0 / scene.stance.gesture_speed.clamp(0.5, 1.5);
        let rise_secs = (gesture.prepare_secs + gesture.stroke_secs) * slower;
        let target = act.target.as_ref().filter(|target| scene.surroundings.place_of(target).is_some());
        self.since_gesture_secs = 0.0;
        if let (GestureKind::Point, Some(target)) = (gesture.kind, target) {
            // Gaze first: people look where they are about to point.
            let lead_secs = scene.turn_to(target).mul_add(LOOK_LEAD_SECS.1, LOOK_LEAD_SECS.0);
            let lead_secs = lead_secs + self.dice.between(0.01, 0.04);
            let start_secs = on_word(words, span.from, rise_secs, lead_secs);
            let look_start = start_secs - lead_secs;
            let times = phases(start_secs, gesture, slower).held_until(span.until + 0.3);
            let arrived = times.at(super::SyncPoint::StrokeEnd);
            let seen_secs = self.dice.between(0.35, 0.6);
            let looks = SyncTimes::phased(look_start, 0.0, 0.1, arrived + seen_secs - look_start - 0.1, 0.0);
            out.push(Behavior { what: Move::Point { target: target.clone() }, times });
            out.push(Behavior { what: Move::Look(LookAt::Target(target.clone())), times: looks });
            // In a long explanation the eyes go back to the card now and then.
            let relax = times.at(super::SyncPoint::Relax);
            let mut again = arrived + seen_secs + self.dice.between(2.0, 2.8);
            while again + 1.0 < relax {
                let times = SyncTimes::phased(again, 0.0, 0.1, self.dice.between(0.7, 1.1), 0.0);
                out.push(Behavior { what: Move::Look(LookAt::Target(target.clone())), times });
                again += self.dice.between(2.8, 3.8);
            }
            return;
        }
        let counted = act.target.as_ref().and_then(|target| target.item).filter(|item| *item < 5);
        let counts = matches!(gesture.kind, GestureKind::Count | GestureKind::Point);
        // Where the item is not to be seen, fingers tell which it is.
        let count = counted.filter(|_| counts).and_then(|item| scene.library.find(&format!("count{}", item + 1)));
        let Some(pose) = count.or_else(|| scene.library.find(gesture.pose.get_ref())) else { return };
        let left = self.dice.chance(0.5);
        let side = if count.is_some() { Arms::Either.side(left) } else { gesture.arms.side(left) };
        let pose = scene.library.on_side(pose, side);
        let amount = gesture.amount * (0.6 + 0.4 * span.intensity);
        let times = phases(on_word(words, span.from, rise_secs, 0.0), gesture, slower);
        match gesture.kind {
            GestureKind::Beat => {
                let times = times.held_until(span.until);
                // After the hands have come to rest: a beat within the stroke would be none of either.
                let from = times.at(super::SyncPoint::StrokeEnd) + 0.25 + 0.5 * BEAT_SECS;
                let at_secs = self.beats(words, from, times.at(super::SyncPoint::Relax));
                let swing_rad = gesture.swing_deg.to_radians() * scene.stance.gesture_amount * span.intensity;
                out.push(Behavior { what: Move::Beat { side, pose, amount, swing_rad, at_secs }, times });
            }
            GestureKind::Wave => {
                let side = side.unwrap_or(Side::Right);
                let swing_rad = gesture.swing_deg.to_radians() * scene.stance.gesture_amount;
                out.push(Behavior { what: Move::Wave { side, pose, amount, swing_rad }, times });
            }
            GestureKind::Hold | GestureKind::Point | GestureKind::Count => {
                let times = times.held_until(span.until.min(span.from + 3.0));
                out.push(Behavior { what: Move::Hold { pose, side, amount }, times });
            }
        }
    }

    /// Beats on some of the accents: never closer than a person would.
    fn beats(&mut self, words: Option<&Words>, from_secs: f32, until_secs: f32) -> Vec<f32> {
        let mut beats = Vec::new();
        let mut free_from = from_secs;
        for accent in words.map_or(&[][..], |w| &w.accents_secs) {
            if *accent >= free_from && *accent < until_secs {
                beats.push(*accent);
                free_from = accent + self.dice.between(BEAT_SECS, 1.4);
            }
        }
        beats
    }

    fn head(&mut self, head: HeadWord, span: &Span, stance: &Stance, out: &mut Vec<Behavior>) {
        if head.nod_cycles > 0 {
            let times = SyncTimes::phased(span.from + 0.1, 0.0, 0.5, 0.0, 0.5);
            let cycles = head.nod_cycles.min(stance.nod.max_cycles);
            out.push(Behavior { what: Move::Nod { style: stance.nod, cycles }, times });
        }
        if head.tilt_deg != 0.0 || head.dip_deg != 0.0 {
            let side = if self.dice.chance(0.5) { 1.0 } else { -1.0 };
            let hold_secs = if head.dip_deg > 6.0 { 0.5 } else { (span.until - span.from - 0.8).clamp(0.8, 3.5) };
            let what = Move::Tilt {
                roll_rad: head.tilt_deg.to_radians() * side * span.intensity,
                dip_rad: head.dip_deg.to_radians() * span.intensity,
            };
            out.push(Behavior { what, times: SyncTimes::phased(span.from, 0.0, 0.8, hold_secs, 1.0) });
        }
    }
}

/// When a gesture sets out, `least_secs` from now or later: so that it is at its fastest just before a syllable of its
/// words, or over when they begin, where none can be met.
fn on_word(words: Option<&Words>, from_secs: f32, rise_secs: f32, least_secs: f32) -> f32 {
    let peak = 0.5 * rise_secs + ARM_LAG_SECS;
    let accents = words.map_or(&[][..], |words| &words.accents_secs);
    let free = |at: &&f32| **at >= from_secs - 1e-3 && **at - BEFORE_SECS - peak >= least_secs;
    accents.iter().find(free).map_or((from_secs - rise_secs).max(least_secs), |at| at - BEFORE_SECS - peak)
}

/// When and how strongly an act is performed.
struct Span {
    from: f32,
    until: f32,
    intensity: f32,
}

fn phases(start_secs: f32, gesture: &GestureWord, slower: f32) -> SyncTimes {
    SyncTimes::phased(
        start_secs,
        gesture.prepare_secs * slower,
        gesture.stroke_secs * slower,
        gesture.hold_secs,
        gesture.retract_secs * slower,
    )
}

fn face(choice: &Choice, act: &Act, span: &Span, out: &mut Vec<Behavior>) {
    let mut face = choice.face.clone().unwrap_or_default();
    match &act.affect {
        Some(Affect::Neutral) => face = FaceMove::default(),
        Some(Affect::Warm) => face = FaceMove { smile: 0.28, concern: 0.0, ..face },
        Some(Affect::Concerned) => face = FaceMove { smile: 0.0, concern: face.concern.max(0.8), ..face },
        Some(Affect::Interested) => face.interest = face.interest.max(0.8),
        Some(Affect::Other(_)) | None => {}
    }
    if face == FaceMove::default() {
        return;
    }
    face.smile *= span.intensity;
    face.concern *= span.intensity;
    face.interest *= span.intensity;
    let hold_secs = (span.until - span.from - 0.4).clamp(0.8, 4.0);
    let start_secs = (span.from - 0.2).max(0.0);
    out.push(Behavior { what: Move::Face(face), times: SyncTimes::phased(start_secs, 0.0, 0.6, hold_secs, 0.9) });
}

fn look(choice: &Choice, span: &Span, out: &mut Vec<Behavior>) {
    let (at, secs) = match choice.gaze {
        Some(GazeWord::Customer) => (LookAt::Customer, 1.6),
        Some(GazeWord::Up) => (LookAt::Up, 1.2),
        Some(GazeWord::Down) => (LookAt::Down, 1.0),
        // With the hand, or not at all.
        Some(GazeWord::Target) | None => return,
    };
    out.push(Behavior { what: Move::Look(at), times: SyncTimes::phased(span.from, 0.0, 0.1, secs, 0.0) });
}
