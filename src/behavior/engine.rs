//! The engine: cues in, a pose per step and feedback out.

use std::collections::VecDeque;

use glam::Vec3;

use super::{
    Cue, Feedback, Lexicon, Pose, PoseLibrary, SpeechProgress, Surroundings,
    blink::Blinks,
    breath::Breath,
    channel::{Content, Proposals},
    composer::{Composer, Ground},
    dice::Dice,
    feeling::Feeling,
    gaze::{Attention, Mode, Sight},
    holding::Holding,
    idle::Idle,
    listening::Listening,
    mimicry::Mimicry,
    motion::{Glide, bump},
    nod::Nods,
    planner::{Planner, Scene, Words},
    realizer::Realizer,
    skeleton::Skeleton,
    speaker::{Speaker, SpeechEvent},
};
use crate::{
    affect::{Appraiser, DisplayRules, Level, ServiceRole, Stance, Wish},
    problem::Problem,
    protocol::{Act, ActKind, ActTarget, CardId, Emotion, Issue, MessageId, Owner},
    vrm::BlendShape,
};

/// Longest step that is taken at once; longer ones are divided.
const MAX_STEP_SECS: f32 = 1.0 / 30.0;
/// News of the customer's feeling reaches the face after this: nobody answers sooner.
const REACTION_SECS: f32 = 0.18;
/// And this long after a turn the brows show that it was heard, even where no nod is due.
const RECEIPT_SECS: f32 = 0.16;
/// Longest time that one update lets pass: after a hang the body goes on, it does not catch up.
const MAX_UPDATE_SECS: f32 = 0.5;
/// How long a shown card may take to appear in the surroundings.
const CARD_PATIENCE_SECS: f32 = 1.5;
/// How long the brows take to another level's measure.
const BROWS_SECS: f32 = 0.9;
/// A brow flash.
const FLASH_SECS: f32 = 0.42;
/// Feedback that nobody drains is forgotten beyond this.
const MAX_FEEDBACK: usize = 1024;

/// The agent's body, as a function of what happens and of time.
#[derive(Debug, Clone)]
pub struct Engine {
    lexicon: Lexicon,
    library: PoseLibrary,
    skeleton: Skeleton,
    appraiser: Appraiser,
    display: DisplayRules,
    planner: Planner,
    realizer: Realizer,
    speaker: Speaker,
    attention: Attention,
    blinks: Blinks,
    breath: Breath,
    idle: Idle,
    nods: Nods,
    listening: Listening,
    holding: Holding,
    mimicry: Mimicry,
    /// Of the words that the agent has of itself.
    language: String,
    composer: Composer,
    proposals: Proposals,
    dice: Dice,
    emotion: Emotion,
    issue: Issue,
    time_secs: f64,
    waiting: bool,
    queued: bool,
    /// Whether a person answers, who speaks for themselves.
    with_person: bool,
    /// How many lines were said of itself.
    held: u64,
    /// What the face went on showing when the last news came, and for how long yet.
    before_news: (Wish, f32),
    news_left_secs: f32,
    /// How far concern raises and lowers the brows: a change of level must not tug at them.
    brows: [Glide; 2],
    new_cards: Vec<(CardId, f32)>,
    pending: Vec<Act>,
    flash_clock_secs: f32,
    flash_spacing_secs: f32,
    long_blink_wait_secs: f32,
    feedback: VecDeque<Feedback>,
    events: Vec<SpeechEvent>,
}

impl Engine {
    /// A body at rest, arms down. The same seed, cues and steps give the same poses on every machine of a kind.
    #[must_use]
    pub fn new(lexicon: Lexicon, poses: PoseLibrary, seed: u64) -> Self {
        let appraiser = Appraiser::default();
        let mut dice = Dice::new(seed, 61);
        let breath = Breath::new(dice.unit());
        let idle = Idle::new(seed, appraiser.stance().lean_rad);
        let brows = [appraiser.stance().brow_inner_up, appraiser.stance().brow_down].map(Glide::at);
        let mut engine = Self {
            lexicon,
            library: poses,
            skeleton: Skeleton::default(),
            appraiser,
            display: DisplayRules::default(),
            planner: Planner::new(seed),
            realizer: Realizer::default(),
            speaker: Speaker::default(),
            attention: Attention::new(seed),
            blinks: Blinks::new(seed),
            breath,
            idle,
            nods: Nods::default(),
            listening: Listening::new(seed),
            holding: Holding::new(seed),
            mimicry: Mimicry::default(),
            language: "zh".to_owned(),
            composer: Composer::new(),
            proposals: Proposals::default(),
            dice,
            emotion: Emotion::Calm,
            issue: Issue::Inquiry,
            time_secs: 0.0,
            waiting: false,
            queued: false,
            with_person: false,
            held: 0,
            before_news: (Wish::default(), 1.0),
            news_left_secs: 0.0,
            brows,
            new_cards: Vec::new(),
            pending: Vec::new(),
            flash_clock_secs: f32::MAX,
            flash_spacing_secs: 1.5,
            long_blink_wait_secs: 0.0,
            feedback: VecDeque::new(),
            events: Vec::new(),
        };
        engine.step(0.0, &Surroundings::default());
        engine
    }

    /// Takes the measures of the avatar that is moved: eyes meet eyes and hands point where they should only on the
    /// body they were reckoned for.
    pub fn fit(&mut self, skeleton: Skeleton) {
        self.skeleton = skeleton;
    }

    /// Speaks this language (a BCP 47 tag) of itself until the customer turns out to speak another.
    pub fn take_language(&mut self, tag: &str) {
        tag.clone_into(&mut self.language);
    }

    /// How acts look now.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Performs acts from another lexicon from now on; what is under way goes on.
    ///
    /// # Errors
    /// Where the lexicon uses a pose that the engine lacks: the old one stays.
    pub fn take_lexicon(&mut self, lexicon: Lexicon) -> Result<(), Problem> {
        lexicon.check(&self.library)?;
        self.lexicon = lexicon;
        Ok(())
    }

    /// Takes a part: how lively the body is.
    pub fn take_role(&mut self, role: ServiceRole) {
        self.appraiser.take_role(role);
    }

    /// Tells what happened. Nothing moves before the next [`Engine::update`].
    pub fn tell(&mut self, cue: Cue) {
        match cue {
            Cue::CustomerTyping => {
                self.listening.typing();
            }
            Cue::CustomerSpoke { chars, clause_ends } => {
                // Text without marks still has its clauses.
                let clauses = clause_ends.max(chars.div_ceil(24)).min(8);
                self.listening.heard(clauses, self.appraiser.stance());
                self.attention.attend(self.appraiser.stance());
                self.holding.restart();
                self.flash_clock_secs = -RECEIPT_SECS;
            }
            Cue::TriageUpdated(triage) => {
                let before = self.appraiser.stance().level;
                self.appraiser.hear(&triage);
                self.emotion = triage.emotion;
                self.issue = triage.issue;
                if !triage.language.is_empty() {
                    self.language = triage.language;
                }
                if self.appraiser.stance().level > before {
                    self.news_left_secs = REACTION_SECS;
                }
                let stance = self.appraiser.stance();
                if stance.level.upset() && stance.level > before {
                    self.listening.upset();
                    self.attention.attend(stance);
                }
            }
            Cue::Say { message_id, text, acts } => self.speaker.say(message_id, text, acts),
            Cue::Perform(act) => {
                if let Some(act) = self.speaker.tie(act) {
                    self.pending.push(act);
                }
            }
            Cue::OwnerChanged(owner) => {
                self.queued = matches!(owner, Owner::Queued { .. } | Owner::Other(_));
                self.with_person = matches!(owner, Owner::Human { .. });
            }
            Cue::WaitingForDesk(waiting) => {
                self.waiting = waiting;
                self.holding.restart();
            }
            Cue::CardShown(card_id) => self.new_cards.push((card_id, 0.0)),
            Cue::CardDismissed(card_id) => {
                self.new_cards.retain(|(id, _)| *id != card_id);
                self.realizer.forget_card(&card_id);
            }
            Cue::Interrupt => self.interrupt(),
        }
    }

    /// Lets `dt_secs` pass and gives the pose. A step that is no number or negative counts as none.
    pub fn update(&mut self, dt_secs: f32, surroundings: &Surroundings) -> &Pose {
        let dt_secs = if dt_secs.is_finite() { dt_secs.clamp(0.0, MAX_UPDATE_SECS) } else { 0.0 };
        if dt_secs > 0.0 {
            let steps = (dt_secs / MAX_STEP_SECS).ceil().max(1.0);
            for _ in 0..steps as u32 {
                self.step(dt_secs / steps, surroundings);
            }
        }
        self.composer.pose()
    }

    /// The pose of the last update.
    #[must_use]
    pub fn pose(&self) -> &Pose {
        self.composer.pose()
    }

    /// How the agent meets the customer now.
    #[must_use]
    pub fn stance(&self) -> &Stance {
        self.appraiser.stance()
    }

    /// What happened in the body since the last call, in order.
    pub fn drain_feedback(&mut self) -> impl Iterator<Item = Feedback> {
        self.feedback.drain(..)
    }

    /// How far the message being said has come.
    #[must_use]
    pub fn speaking(&self) -> Option<SpeechProgress> {
        self.speaker.progress()
    }

    fn interrupt(&mut self) {
        if let Some(message_id) = self.speaker.interrupt() {
            self.feedback.push_back(Feedback::SpeechEnded { message_id, interrupted: true });
        }
        self.pending.clear();
        self.new_cards.clear();
        self.realizer.interrupt();
        self.attention.attend(self.appraiser.stance());
    }

    fn step(&mut self, dt_secs: f32, surroundings: &Surroundings) {
        self.time_secs += f64::from(dt_secs);
        self.appraiser.advance(dt_secs);
        self.hold_the_line(dt_secs);
        let clause_ended = self.speak(dt_secs);
        self.plan(dt_secs, surroundings);
        self.realizer.advance(dt_secs, surroundings, &mut self.nods, &mut self.feedback);
        self.proposals.clear();
        self.look(dt_secs, surroundings);
        self.mimic(dt_secs, surroundings);
        self.live(dt_secs, clause_ended);
        let chest = self.skeleton.upper_chest(self.composer.pose());
        self.realizer.propose(&mut self.proposals, &self.library, &self.skeleton, chest);
        self.show(dt_secs);
        let ground = Ground {
            library: &self.library,
            skeleton: &self.skeleton,
            speaking: self.speaker.sounding(),
            smile_cap: self.appraiser.stance().smile_cap,
        };
        self.composer.compose(dt_secs, &self.proposals, &ground);
        let surplus = self.feedback.len().saturating_sub(MAX_FEEDBACK);
        self.feedback.drain(..surplus);
    }

    /// A customer who waits hears something.
    fn hold_the_line(&mut self, dt_secs: f32) {
        if !self.waiting || self.with_person {
            return;
        }
        let (level, lines) = (self.appraiser.stance().level, self.lexicon.holding());
        let due = self.holding.advance(dt_secs, self.speaker.busy(), level, lines);
        let Some(text) = due.and_then(|line| lines.get(line)).and_then(|line| line.in_language(&self.language)) else {
            return;
        };
        self.held += 1;
        let message_id = MessageId(format!("holding-{}", self.held));
        self.feedback.push_back(Feedback::Holding { message_id: message_id.clone(), text: text.to_owned() });
        self.speaker.say(message_id, text.to_owned(), vec![Act::new(ActKind::Wait)]);
    }

    fn speak(&mut self, dt_secs: f32) -> bool {
        let stance = self.appraiser.stance();
        self.events.clear();
        self.speaker.advance(dt_secs, stance.speech_rate, stance.answer_pause_secs, &mut self.events);
        let mut clause_ended = false;
        for event in self.events.drain(..) {
            match event {
                SpeechEvent::Started(message_id) => self.feedback.push_back(Feedback::SpeechStarted(message_id)),
                SpeechEvent::Ended(message_id) => {
                    self.feedback.push_back(Feedback::SpeechEnded { message_id, interrupted: false });
                }
                SpeechEvent::ClauseEnded => clause_ended = true,
            }
        }
        clause_ended
    }

    fn plan(&mut self, dt_secs: f32, surroundings: &Surroundings) {
        self.planner.advance(dt_secs);
        while let Some((act, words)) = self.speaker.due() {
            self.start(&act, Some(words), surroundings);
        }
        for act in std::mem::take(&mut self.pending) {
            self.start(&act, None, surroundings);
        }
        let mut shown = None;
        self.new_cards.retain_mut(|(card_id, age_secs)| {
            *age_secs += dt_secs;
            let known = surroundings.cards.iter().any(|card| card.card_id == *card_id);
            if known && shown.is_none() {
                shown = Some(card_id.clone());
                return false;
            }
            *age_secs < CARD_PATIENCE_SECS
        });
        // A card that the words will come to needs no presentation of its own; and a furious customer sees no arm
        // thrown up for a card that nobody speaks about.
        if let Some(card_id) = shown
            && self.appraiser.stance().level != Level::Furious
            && !self.realizer.points_at(&card_id)
            && !self.speaker.will_point_at(&card_id)
        {
            let act = Act { target: Some(ActTarget { card_id, item: None }), ..Act::new(ActKind::Point) };
            self.start(&act, None, surroundings);
        }
    }

    fn start(&mut self, act: &Act, words: Option<Words>, surroundings: &Surroundings) {
        let scene = Scene {
            lexicon: &self.lexicon,
            library: &self.library,
            stance: self.appraiser.stance(),
            emotion: &self.emotion,
            issue: &self.issue,
            surroundings,
            eyes: self.skeleton.eyes(self.composer.pose()).place,
            gaze: self.attention.gaze(),
        };
        let block = self.planner.plan(act, words, &scene);
        self.realizer.start(block, &mut self.feedback);
    }

    fn look(&mut self, dt_secs: f32, surroundings: &Surroundings) {
        let stance = self.appraiser.stance();
        let thinking = self.waiting && stance.level < Level::Furious;
        let mode = if self.speaker.busy() {
            Mode::Speaking
        } else if thinking {
            Mode::Thinking
        } else {
            Mode::Listening
        };
        let customer = surroundings.customer_eyes;
        let sight = Sight {
            mode,
            look: self.realizer.requests().look,
            yielding: self.speaker.busy() && self.speaker.left_secs() < 0.7,
            customer: if customer.is_finite() { customer } else { Surroundings::default().customer_eyes },
            eyes: self.skeleton.eyes(self.composer.pose()).place,
            stance,
            time_secs: self.time_secs,
        };
        let aim = self.attention.advance(dt_secs, &sight);
        if let Some(shift_rad) = aim.shift_rad {
            self.blinks.notice_shift(shift_rad);
        }
        self.proposals.add(Content::Gaze(aim.eyes.x, aim.eyes.y));
        self.proposals.add(Content::Vergence(self.skeleton.vergence_rad(aim.distance)));
        self.proposals.add(Content::HeadAim(aim.head.x, aim.head.y));
        self.proposals.add(Content::Bend(Vec3::new(0.0, aim.trunk_yaw_rad, 0.0)));
    }

    fn mimic(&mut self, dt_secs: f32, surroundings: &Surroundings) {
        let level = self.appraiser.stance().level;
        let turn = self.mimicry.advance(dt_secs, surroundings.customer_head, level, self.speaker.busy());
        self.proposals.add(Content::HeadTurn(Vec3::new(turn.y, turn.x, 0.0)));
    }

    fn live(&mut self, dt_secs: f32, clause_ended: bool) {
        let stance = *self.appraiser.stance();
        let speaking = self.speaker.busy();
        let nodded = self.listening.advance(dt_secs, &stance, speaking, clause_ended, &mut self.nods);
        self.long_blink_wait_secs -= dt_secs;
        if nodded && stance.level.upset() && self.long_blink_wait_secs <= 0.0 {
            self.long_blink_wait_secs = 30.0;
            self.blinks.long();
        }
        let per_minute = if speaking { stance.blinks_per_minute + 3.0 } else { stance.blinks_per_minute };
        let closed = self.blinks.advance(dt_secs, per_minute);
        self.proposals.add(Content::Blink(closed));
        let nod = self.nods.advance(dt_secs);
        self.proposals.add(Content::HeadTurn(Vec3::new(nod, 0.0, 0.0)));
        self.breath.advance(dt_secs, &stance, self.speaker.inhaling(), self.speaker.sounding());
        self.breath.propose(&mut self.proposals, &self.skeleton);
        let composed = self.queued || self.waiting;
        let busy = self.realizer.requests().arms_busy || speaking;
        self.idle.advance(dt_secs, self.time_secs, &stance, busy, composed);
        self.idle.propose(&mut self.proposals, &self.library);
        self.proposals.add(Content::Mouth(self.speaker.visemes()));
        if self.speaker.inhaling() {
            self.proposals.add(Content::Shape(BlendShape::JawOpen, 0.05));
        }
    }

    /// The face of the moment, through the display rules.
    fn show(&mut self, dt_secs: f32) {
        let stance = self.appraiser.stance();
        let requests = self.realizer.requests();
        let wish = Wish {
            smile: requests.wish.smile.max(stance.smile),
            // The concern of an act is shown in proportion to what the level calls for, but never hidden.
            concern: requests.wish.concern.max(stance.concern),
        };
        self.news_left_secs -= dt_secs;
        if self.news_left_secs <= 0.0 {
            self.before_news = (wish, stance.smile_cap);
        }
        let (wish, smile_cap) = self.before_news;
        self.display.advance(wish, smile_cap, dt_secs);
        for (brow, goal) in self.brows.iter_mut().zip([stance.brow_inner_up, stance.brow_down]) {
            // A face without concern takes the new measure at once, unseen.
            if self.display.concern() < 0.01 {
                *brow = Glide::at(goal);
            }
            brow.aim(goal, BROWS_SECS);
            brow.advance(dt_secs);
        }
        let (smile, concern) = (self.display.smile(), self.display.concern());
        let feeling = Feeling {
            smile,
            concern,
            interest: stance.interest.max(requests.interest) * (1.0 - concern),
            brow_inner_up: self.brows[0].value(),
            brow_down: self.brows[1].value(),
        };
        let flash = self.flash(dt_secs);
        for (shape, weight) in feeling.shapes() {
            self.proposals.add(Content::Shape(shape, weight));
        }
        use BlendShape as S;
        for (shape, weight) in [(S::BrowInnerUp, 0.06), (S::BrowOuterUpLeft, 0.14), (S::BrowOuterUpRight, 0.14)] {
            self.proposals.add(Content::MoreShape(shape, weight * flash));
        }
    }

    /// Brows go up on some accents: a talking face without that is a mask.
    fn flash(&mut self, dt_secs: f32) -> f32 {
        self.flash_clock_secs += dt_secs;
        if self.speaker.flash(dt_secs, self.flash_spacing_secs) {
            self.flash_clock_secs = 0.0;
            self.flash_spacing_secs = self.dice.between(1.0, 2.4);
        }
        let calmer = 1.0 - 0.5 * self.display.concern();
        calmer * bump(self.flash_clock_secs / FLASH_SECS)
    }
}
