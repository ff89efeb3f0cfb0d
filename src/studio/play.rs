//! Plays a script through the real engine and the real runtime, frame by frame, on a manual clock.

use std::sync::Arc;

use glam::{Quat, Vec3};

use super::script::{Doing, Script};
use super::table::Table;
use super::track::{Event, Frame, Joint, Talk, Track, What};
use crate::affect::Level;
use crate::behavior::{Cue, Engine, Feedback, Pose, Skeleton, Surroundings, SyncPoint};
use crate::manner::Manner;
use crate::problem::Problem;
use crate::protocol::ActTarget;
use crate::speech::Timeline;
use crate::vrm::{Document, FaceMap, HumanBone, Input, Preset, Root, Runtime};

/// Frames of one track: longer scenes come in parts, so that an hour needs no more memory than five minutes.
const PART_SECS: f32 = 300.0;
/// How far in front of the avatar the customer's eyes are at first, meters.
const CUSTOMER: f32 = 1.5;

/// A scene being played.
#[derive(Debug, Clone)]
pub struct Player {
    engine: Engine,
    body: Body,
    script: Script,
    rate_hz: f32,
    /// Frames played, and how many there are.
    frame: u64,
    frames: u64,
    next_cue: usize,
    around: Surroundings,
    table: Table,
    waiting: bool,
    acts: usize,
    accents: Vec<f32>,
    texts: Vec<(String, String)>,
    /// Room for the frames of parts to come.
    spare: Vec<Vec<Frame>>,
}

impl Player {
    /// Puts an avatar at the start of a scene.
    ///
    /// # Errors
    /// A lexicon that cannot be read.
    pub fn new(script: Script, document: Arc<Document>, manner: &Manner, rate_hz: f32) -> Result<Self, Problem> {
        let frames = (f64::from(script.secs) * f64::from(rate_hz)).round() as u64;
        let mut engine = manner.engine()?;
        engine.fit(Skeleton::of(&document));
        let body = Body::new(document);
        // Face to face.
        let customer_eyes = Vec3::new(0.0, body.eyes.y, CUSTOMER);
        Ok(Self {
            engine,
            body,
            script,
            rate_hz,
            frame: 0,
            frames,
            next_cue: 0,
            around: Surroundings { customer_eyes, ..Surroundings::default() },
            table: Table::default(),
            waiting: false,
            acts: 0,
            accents: Vec::new(),
            texts: Vec::new(),
            spare: Vec::new(),
        })
    }

    /// Takes back the room of a part that nobody looks at any more: fresh memory costs more than playing.
    pub fn reuse(&mut self, mut frames: Vec<Frame>) {
        frames.clear();
        self.spare.push(frames);
    }

    /// Plays the next part; `None` after the last.
    pub fn part(&mut self) -> Option<Track> {
        let count = (self.frames - self.frame).min((PART_SECS * self.rate_hz) as u64);
        if count == 0 {
            return None;
        }
        let start = self.frame as f64 / f64::from(self.rate_hz);
        let mut track = Track {
            rate_hz: self.rate_hz,
            start_secs: start as f32,
            trunk: self.body.trunk,
            frames: self.spare.pop().unwrap_or_else(|| Vec::with_capacity(count as usize)),
            events: Vec::new(),
            tables: vec![(0.0, self.around.cards.clone())],
        };
        for nth in 0..count {
            let secs = nth as f32 / self.rate_hz;
            if self.cues(start as f32 + secs, secs, &mut track.events) {
                track.tables.push((secs, self.around.cards.clone()));
            }
            self.engine.update(1.0 / self.rate_hz, &self.around);
            self.hear(secs, &mut track.events);
            let talk = if self.engine.speaking().is_some() {
                Talk::Speaking
            } else if self.waiting {
                Talk::Thinking
            } else {
                Talk::Listening
            };
            let level = self.engine.stance().level;
            let customer = self.around.customer_eyes;
            track.frames.push(self.body.frame(self.engine.pose(), 1.0 / self.rate_hz, |frame| Frame {
                customer,
                talk,
                level,
                acts: self.acts,
                ..frame
            }));
            self.frame += 1;
        }
        track.events.sort_by(|a, b| a.secs.total_cmp(&b.secs));
        Some(track)
    }

    /// Tells the engine what the scene holds for this moment; whether cards came, went or moved.
    fn cues(&mut self, now: f32, secs: f32, events: &mut Vec<Event>) -> bool {
        let mut laid = false;
        while let Some(cue) = self.script.cues.get(self.next_cue).filter(|cue| cue.secs <= now + 1e-4).cloned() {
            self.next_cue += 1;
            let mut note = |what| events.push(Event { secs, what });
            let cue = match cue.doing {
                Doing::Tell(cue) => cue,
                Doing::Show(card) => {
                    let id = card.id.clone();
                    self.table.show(card);
                    self.lay();
                    laid = true;
                    if let Some(stands) = self.around.cards.iter().find(|stands| stands.card_id == id) {
                        note(What::Card { id: id.as_str().to_owned(), center: stands.center });
                    }
                    Cue::CardShown(id)
                }
                Doing::Move(place) => {
                    self.around.customer_eyes = place;
                    self.lay();
                    laid = true;
                    continue;
                }
            };
            match &cue {
                Cue::CustomerSpoke { .. } => note(What::CustomerSpoke),
                Cue::CustomerTyping => note(What::Typing),
                Cue::TriageUpdated(triage) => note(What::Level(Level::of(triage))),
                Cue::Interrupt => note(What::Interrupt),
                Cue::Say { message_id, text, .. } => {
                    self.texts.push((message_id.as_str().to_owned(), text.clone()));
                    note(What::Cue("say"));
                }
                Cue::WaitingForDesk(waiting) => {
                    self.waiting = *waiting;
                    note(What::Cue(if *waiting { "waiting" } else { "answer" }));
                }
                Cue::OwnerChanged(_) => note(What::Cue("owner")),
                Cue::CardDismissed(card_id) => {
                    self.table.dismiss(card_id);
                    self.lay();
                    laid = true;
                    note(What::Cue("card dismissed"));
                }
                Cue::Perform(_) => note(What::Cue("perform")),
                Cue::CardShown(_) => {}
            }
            self.engine.tell(cue);
        }
        laid
    }

    fn lay(&mut self) {
        self.around.cards = self.table.anchors(self.around.customer_eyes, self.body.eyes);
    }

    /// Writes down what the engine tells back.
    fn hear(&mut self, secs: f32, events: &mut Vec<Event>) {
        let rate = self.engine.stance().speech_rate;
        let heard: Vec<Feedback> = self.engine.drain_feedback().collect();
        for feedback in heard {
            let mut note = |what| events.push(Event { secs, what });
            let place = |target: &Option<ActTarget>| target.as_ref().and_then(|target| self.around.place_of(target));
            match feedback {
                Feedback::BlockStarted { block, act } => {
                    self.acts += 1;
                    note(What::ActStarted(block.0, act.as_str().to_owned()));
                }
                Feedback::SyncReached { block, target, point, .. } => match point {
                    SyncPoint::Start => note(What::GestureStarted(block.0, place(&target))),
                    SyncPoint::StrokeEnd => note(What::StrokeEnded(block.0, place(&target))),
                    SyncPoint::Relax => note(What::Relaxed(block.0)),
                    _ => {}
                },
                Feedback::BlockEnded { block, .. } => {
                    self.acts = self.acts.saturating_sub(1);
                    note(What::ActEnded(block.0));
                }
                Feedback::Holding { message_id, text } => {
                    note(What::Cue("holding"));
                    self.texts.push((message_id.as_str().to_owned(), text));
                }
                Feedback::SpeechStarted(message_id) => {
                    let known = self.texts.iter().position(|(id, _)| id == message_id.as_str());
                    let Some((_, text)) = known.map(|at| self.texts.swap_remove(at)) else { continue };
                    let timeline = Timeline::new(&text, rate);
                    note(What::SpeechStarted(timeline.duration_secs()));
                    self.accents.extend(timeline.accents_secs(0.0, f32::MAX).map(|at| secs + at));
                }
                Feedback::SpeechEnded { .. } => {
                    self.accents.clear();
                    note(What::SpeechEnded);
                }
            }
        }
        self.accents.retain(|at| {
            if *at <= secs {
                events.push(Event { secs: *at, what: What::Accent });
            }
            *at > secs
        });
    }
}

/// An avatar's body: poses in, joints in model space out.
#[derive(Debug, Clone)]
struct Body {
    runtime: Runtime,
    face: FaceMap,
    bones: Vec<(HumanBone, usize)>,
    /// Bones that the avatar lacks, each with the one that stands for it and where it would be, seen from that.
    stand_ins: Vec<(HumanBone, HumanBone, Vec3)>,
    trunk: [(HumanBone, f32); 4],
    /// Nodes from the roots on, with those on the way to bones only: node, place of its parent in this list.
    chain: Vec<(usize, Option<usize>)>,
    world: Vec<(Vec3, Quat)>,
    eyes: Vec3,
    eyes_in_head: Vec3,
    pupils: f32,
    angry: Option<usize>,
}

impl Body {
    fn new(document: Arc<Document>) -> Self {
        let mut runtime = Runtime::new(document.clone());
        runtime.reset_springs();
        let humanoid = &document.humanoid;
        let mut wanted = vec![false; document.nodes.len()];
        for bone in humanoid.bones() {
            let mut at = humanoid.node(bone);
            while let Some(node) = at.filter(|node| !wanted[*node]) {
                wanted[node] = true;
                at = document.nodes[node].parent;
            }
        }
        let mut slots = vec![None; document.nodes.len()];
        let mut chain = Vec::new();
        for node in document.order.iter().copied().filter(|node| wanted[*node]) {
            slots[node] = Some(chain.len());
            chain.push((node, document.nodes[node].parent.and_then(|parent| slots[parent])));
        }
        let between = |left, right| humanoid.rest_position(left).distance(humanoid.rest_position(right));
        let bones = humanoid.bones().filter_map(|bone| Some((bone, slots[humanoid.node(bone)?]?))).collect();
        let stand_ins = HumanBone::ALL.iter().filter(|bone| !humanoid.has(**bone)).filter_map(|bone| {
            let above = std::iter::successors(bone.parent(), |above| above.parent()).find(|a| humanoid.has(*a))?;
            Some((*bone, above, knuckles(&document, *bone)))
        });
        let stand_ins = stand_ins.collect();
        let name = crate::vrm::ExpressionName::Preset(Preset::Angry);
        let angry = runtime.expression_handle(&name).map(crate::vrm::ExpressionHandle::index);
        Self {
            face: FaceMap::for_document(&document),
            bones,
            stand_ins,
            trunk: *Skeleton::of(&document).trunk(),
            world: vec![(Vec3::ZERO, Quat::IDENTITY); chain.len()],
            chain,
            eyes: document.eyes_at_rest(),
            eyes_in_head: document.eyes_at_rest() - humanoid.rest_position(HumanBone::Head),
            pupils: between(HumanBone::LeftEye, HumanBone::RightEye),
            angry,
            runtime,
        }
    }

    fn frame(&mut self, pose: &Pose, dt_secs: f32, fill: impl FnOnce(Frame) -> Frame) -> Frame {
        self.face.drive(&pose.face, &pose.visemes, &mut self.runtime);
        self.runtime.update(&Input {
            bones: &pose.bones,
            hips_offset: pose.hips_offset,
            eyes: pose.eyes(),
            root: Root::IDENTITY,
            dt_secs,
        });
        for (slot, (node, parent)) in self.chain.iter().enumerate() {
            let local = self.runtime.local(*node);
            self.world[slot] = match parent.and_then(|parent| self.world.get(parent)) {
                Some((place, turn)) => (*place + *turn * local.translation, *turn * local.rotation),
                None => (local.translation, local.rotation),
            };
        }
        let humanoid = &self.runtime.document().humanoid;
        let mut joints = [Joint::REST; HumanBone::COUNT];
        for (bone, slot) in &self.bones {
            let (place, turn) = self.world[*slot];
            joints[bone.index()] = Joint { place, turn: turn * humanoid.rest_world(*bone).inverse() };
        }
        for (bone, above, offset) in &self.stand_ins {
            let Joint { place, turn } = joints[above.index()];
            joints[bone.index()] = Joint { place: place + turn * *offset, turn };
        }
        let head = joints[HumanBone::Head.index()];
        let eye = |bone: HumanBone| humanoid.has(bone).then(|| joints[bone.index()].turn * Vec3::Z);
        let (left, right) = (eye(HumanBone::LeftEye), eye(HumanBone::RightEye));
        let looked = Quat::from_rotation_y(pose.gaze_yaw_rad) * Quat::from_rotation_x(pose.gaze_pitch_rad);
        let gaze = match (left, right) {
            (Some(left), Some(right)) => (left + right).normalize_or(Vec3::Z),
            _ => head.turn * looked * Vec3::Z,
        };
        let vergence_rad = left.zip(right).map(|(left, right)| {
            let across = head.turn * Vec3::X;
            left.angle_between(right) * (right - left).dot(across).signum()
        });
        let angry = self.angry.and_then(|at| self.runtime.output().weights.get(at).copied()).unwrap_or(0.0);
        fill(Frame {
            pose: pose.clone(),
            joints,
            eyes: head.place + head.turn * self.eyes_in_head,
            gaze,
            vergence_rad,
            pupils: self.pupils,
            angry,
            customer: Vec3::ZERO,
            talk: Talk::Listening,
            level: Level::CalmInquiry,
            acts: 0,
        })
    }
}

/// Where the fingers of a hand without any begin, seen from the wrist; nothing for other bones, which lie where the one
/// above them does.
fn knuckles(document: &Document, bone: HumanBone) -> Vec3 {
    use HumanBone as B;
    let [hand, elbow] = match bone {
        B::LeftMiddleProximal => [B::LeftHand, B::LeftLowerArm],
        B::RightMiddleProximal => [B::RightHand, B::RightLowerArm],
        _ => return Vec3::ZERO,
    };
    0.4 * (document.humanoid.rest_position(hand) - document.humanoid.rest_position(elbow))
}
