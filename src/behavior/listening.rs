//! Listening: when to nod. At the end of what the customer said, in the pauses, and now and then meanwhile.

use super::{dice::Dice, nod::Nods};
use crate::affect::Stance;

/// Somebody who typed this lately has the floor: nods wait for the pause.
const TYPING_SECS: f32 = 0.7;
/// Least pause between two back-channel nods: in Mandarin they are sparse.
const PAUSE_SECS: f32 = 2.8;
/// Someone who has been silent this long is not being listened to any more.
const ATTENTIVE_SECS: f32 = 25.0;

/// Gives back-channel nods.
#[derive(Debug, Clone)]
pub(super) struct Listening {
    dice: Dice,
    /// Nods owed: seconds until each.
    owed_secs: Vec<f32>,
    since_customer_secs: f32,
    next_secs: f32,
    typing_secs: f32,
}

impl Listening {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed, 51),
            owed_secs: Vec::new(),
            since_customer_secs: f32::MAX,
            next_secs: 6.0,
            typing_secs: 0.0,
        }
    }

    /// The customer finished a turn of so many clauses.
    pub(super) fn heard(&mut self, clause_ends: usize, stance: &Stance) {
        self.since_customer_secs = 0.0;
        self.typing_secs = 0.0;
        self.owed_secs.clear();
        let receipt = self.dice.between(0.40, 0.48);
        self.next_secs = self.next_secs.max(2.3);
        self.owed_secs.push(receipt);
        if stance.level.upset() {
            // One more for what weighs on them, after the words had time to sink in.
            for nth in 1..clause_ends.min(3) {
                self.owed_secs.push(receipt + 4.2 * nth as f32 + self.dice.between(0.0, 0.8));
            }
        }
    }

    /// The customer is composing.
    pub(super) fn typing(&mut self) {
        self.since_customer_secs = 0.0;
        self.typing_secs = TYPING_SECS;
    }

    /// The customer turned out to be upset.
    pub(super) fn upset(&mut self) {
        self.since_customer_secs = 0.0;
        self.owed_secs.push(self.dice.between(2.1, 2.5));
    }

    /// Lets time pass and starts nods; says whether one started.
    pub(super) fn advance(
        &mut self,
        dt_secs: f32,
        stance: &Stance,
        speaking: bool,
        clause_ended: bool,
        nods: &mut Nods,
    ) -> bool {
        self.since_customer_secs = (self.since_customer_secs + dt_secs).min(f32::MAX);
        self.next_secs -= dt_secs;
        self.typing_secs -= dt_secs;
        let mut wanted = false;
        self.owed_secs.retain_mut(|left| {
            *left -= dt_secs;
            // Late, it would answer nothing.
            wanted |= *left <= 0.0 && *left > -0.2;
            *left > -0.2
        });
        if speaking {
            self.next_secs = self.next_secs.max(1.0);
            let chance = if stance.level.upset() { 0.55 } else { 0.3 };
            wanted |= clause_ended && nods.since_end_secs() > 3.5 && self.dice.chance(chance);
        } else if self.next_secs <= 0.0 && self.typing_secs <= 0.0 {
            let mean_secs = 60.0 / stance.nod.per_minute.max(1.0);
            self.next_secs = mean_secs * self.dice.between(0.75, 1.3);
            wanted |= self.since_customer_secs < ATTENTIVE_SECS && nods.since_end_secs() > PAUSE_SECS;
        }
        if !wanted || nods.since_end_secs() < PAUSE_SECS {
            return false;
        }
        let span = f32::from(stance.nod.max_cycles - stance.nod.min_cycles) + 0.999;
        let cycles = stance.nod.min_cycles + self.dice.between(0.0, span) as u8;
        let amount = self.dice.between(0.94, 1.05);
        nods.start(stance.nod, cycles, amount)
    }
}
