//! The timeline of an utterance: when each character is said, where clauses end, how the mouth moves.

use super::viseme::{self, Sound};
use crate::{behavior::Visemes, motion::min_jerk};

/// Mandarin syllables per second at rate 1.
const SYLLABLES_PER_SEC: f32 = 4.3;
/// English characters per second at rate 1.
const LETTERS_PER_SEC: f32 = 14.0;
const COMMA_SECS: f32 = 0.22;
const STOP_SECS: f32 = 0.45;

/// How many syllables may still be fading at once, in the fastest speech.
const OVERLAP: usize = 12;

/// One opening of the mouth.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Syllable {
    start_secs: f32,
    end_secs: f32,
    mouth: Visemes,
    closes: bool,
}

/// When each character of a text is said. Characters are Unicode scalar values, as in act spans.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    starts_secs: Vec<f32>,
    clause_ends_secs: Vec<f32>,
    syllables: Vec<Syllable>,
    duration_secs: f32,
}

impl Timeline {
    /// Estimates a text's timeline; `rate` 1 is normal speed.
    #[must_use]
    pub fn new(text: &str, rate: f32) -> Self {
        let rate = if rate.is_finite() { rate.clamp(0.3, 3.0) } else { 1.0 };
        let mut line = Self::default();
        let mut now = 0.0;
        let mut after_vowel = false;
        let mut pause_open = false;
        for c in text.chars() {
            line.starts_secs.push(now);
            let sound = viseme::sound(c);
            let secs = match sound {
                Sound::Syllable => 1.0 / SYLLABLES_PER_SEC,
                Sound::Vowel | Sound::Lips | Sound::Consonant | Sound::Space => 1.0 / LETTERS_PER_SEC,
                // A run of marks such as ?! or ... is one pause.
                Sound::Comma if !pause_open => COMMA_SECS,
                Sound::Stop if !pause_open => STOP_SECS,
                Sound::Comma | Sound::Stop | Sound::Silent => 0.0,
            } / rate;
            match sound {
                Sound::Vowel if after_vowel => {
                    if let Some(last) = line.syllables.last_mut() {
                        last.end_secs = now + secs;
                    }
                }
                Sound::Syllable | Sound::Vowel => {
                    let closes = viseme::closes(c);
                    // A vowel borrows half of the consonant before it: mouths open early.
                    let lead = if sound == Sound::Vowel { 0.5 * secs } else { 0.0 };
                    let start_secs = (now - lead).max(0.0);
                    let mouth = viseme::mouth(c);
                    line.syllables.push(Syllable { start_secs, end_secs: now + secs, mouth, closes });
                }
                Sound::Consonant | Sound::Lips => {
                    if let Some(last) = line.syllables.last_mut() {
                        last.end_secs = last.end_secs.max(now + 0.5 * secs);
                    }
                }
                Sound::Comma | Sound::Stop if secs > 0.0 => line.clause_ends_secs.push(now),
                _ => {}
            }
            after_vowel = sound == Sound::Vowel;
            pause_open = match sound {
                Sound::Comma | Sound::Stop => true,
                Sound::Space | Sound::Silent => pause_open,
                _ => false,
            };
            now += secs;
        }
        line.duration_secs = now;
        line
    }

    /// Seconds from the first character to the last sound.
    #[must_use]
    pub fn duration_secs(&self) -> f32 {
        self.duration_secs
    }

    /// How many characters there are.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.starts_secs.len()
    }

    /// When a character starts to be said; the end of the speech for positions past the text.
    #[must_use]
    pub fn time_of_char(&self, index: usize) -> f32 {
        self.starts_secs.get(index).copied().unwrap_or(self.duration_secs)
    }

    /// The character that is being said at a time; the number of characters after the end.
    #[must_use]
    pub fn char_at(&self, secs: f32) -> usize {
        if secs >= self.duration_secs {
            return self.chars();
        }
        self.starts_secs.partition_point(|start| *start <= secs).saturating_sub(1)
    }

    /// When clauses end: the start of each pause.
    #[must_use]
    pub fn clause_ends_secs(&self) -> &[f32] {
        &self.clause_ends_secs
    }

    /// Starts of syllables within a range of time: where beats and brow flashes may fall.
    pub fn accents_secs(&self, from_secs: f32, to_secs: f32) -> impl Iterator<Item = f32> + '_ {
        self.syllables.iter().map(|s| s.start_secs).filter(move |s| (from_secs..to_secs).contains(s))
    }

    /// The mouth at a time, each weight 0..=0.5.
    #[must_use]
    pub fn visemes_at(&self, secs: f32) -> Visemes {
        let mut mouth = [0.0f32; 5];
        let next = self.syllables.partition_point(|s| s.start_secs <= secs);
        for syllable in self.syllables[next.saturating_sub(OVERLAP)..(next + 1).min(self.syllables.len())].iter() {
            let open = syllable.openness(secs);
            for (sum, weight) in mouth.iter_mut().zip(syllable.mouth) {
                *sum += open * weight;
            }
        }
        mouth.map(|weight| weight.min(0.5))
    }
}

impl Syllable {
    /// Opens over the first part, closes over the last; lips that close before it keep it shut a moment longer.
    fn openness(&self, secs: f32) -> f32 {
        let length = (self.end_secs - self.start_secs).max(0.06);
        let closed = if self.closes { 0.22 * length } else { 0.0 };
        let rise = (0.5 * length).clamp(0.06, 0.12);
        let fall = (0.55 * length).clamp(0.08, 0.16);
        let up = min_jerk((secs - self.start_secs - closed) / rise);
        let down = min_jerk((secs - (self.start_secs + length + 0.02 - 0.5 * fall)) / fall);
        up * (1.0 - down)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mandarin_and_english_take_their_time() {
        let zh = Timeline::new("非常理解您现在的着急", 1.0);
        assert!((zh.duration_secs() - 10.0 / 4.3).abs() < 0.01);
        assert!((zh.time_of_char(5) - 5.0 / 4.3).abs() < 0.01);
        let en = Timeline::new("I understand.", 1.0);
        assert!((en.duration_secs() - (12.0 / 14.0 + 0.45)).abs() < 0.01);
        assert_eq!(en.clause_ends_secs().len(), 1);
        assert_eq!(zh.char_at(99.0), 10);
        assert_eq!(zh.char_at(0.3), 1);
    }

    #[test]
    fn mouth_opens_in_speech_and_is_shut_in_pauses() {
        let line = Timeline::new("请稍等。马上", 1.0);
        let widest = |from: f32, to: f32| {
            (0..100)
                .map(|i| line.visemes_at(from + (to - from) * i as f32 / 100.0).iter().sum::<f32>())
                .fold(0.0, f32::max)
        };
        let stop = line.time_of_char(3);
        assert!(widest(0.0, stop) > 0.25);
        assert!(widest(stop + 0.2, stop + 0.4) < 0.02);
    }

    proptest! {
        #[test]
        fn any_text_gives_an_ordered_line_and_small_mouths(text in ".{0,60}", rate in 0.1f32..4.0) {
            let line = Timeline::new(&text, rate);
            prop_assert_eq!(line.chars(), text.chars().count());
            let mut before = [0.0; 5];
            let dt = 1.0 / 120.0;
            let mut t = 0.0;
            while t < line.duration_secs() + 0.3 {
                let mouth = line.visemes_at(t);
                for (a, b) in mouth.iter().zip(before) {
                    prop_assert!((0.0..=0.5).contains(a) && (a - b).abs() < 0.3);
                }
                before = mouth;
                t += dt;
            }
            for i in 1..line.chars() {
                prop_assert!(line.time_of_char(i) >= line.time_of_char(i - 1));
            }
        }
    }
}
