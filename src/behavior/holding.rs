//! Holding the line: what the agent says while the desk works, so that nobody waits in silence.

use super::dice::Dice;
use crate::affect::Level;

/// After the customer's turn the words set out, so that their first sound falls before the fourth second.
const FIRST_SECS: f32 = 3.1;
/// From the end of one line to the next.
const AGAIN_SECS: f32 = 7.0;
/// Whoever still waits then has heard enough of it.
const MOST: usize = 3;

/// A line for while the desk works.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HoldingLine {
    /// Only for customers who are upset (true) or who are not (false); for all where absent.
    pub(super) upset: Option<bool>,
    /// What is said, with the language of each as a BCP 47 primary tag.
    pub(super) text: Vec<(String, String)>,
}

impl HoldingLine {
    /// The words in a language, or else in the first that there is.
    pub(super) fn in_language(&self, tag: &str) -> Option<&str> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let known = self.text.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(primary));
        known.or(self.text.first()).map(|(_, text)| text.as_str())
    }
}

/// Decides when to say which line.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    dice: Dice,
    left_secs: f32,
    /// Lines said in this wait, by position: never the same twice.
    said: Vec<usize>,
}

impl Holding {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, 71), left_secs: FIRST_SECS, said: Vec::with_capacity(MOST) }
    }

    /// A wait begins, or is over.
    pub(super) fn restart(&mut self) {
        self.left_secs = FIRST_SECS;
        self.said.clear();
    }

    /// Lets time pass while the customer waits; the position of the line that is due.
    pub(super) fn advance(
        &mut self,
        dt_secs: f32,
        speaking: bool,
        level: Level,
        lines: &[HoldingLine],
    ) -> Option<usize> {
        if speaking {
            self.left_secs = self.left_secs.max(AGAIN_SECS);
            return None;
        }
        self.left_secs -= dt_secs;
        if self.left_secs > 0.0 || self.said.len() >= MOST {
            return None;
        }
        let fits = |at: usize, line: &HoldingLine| {
            !self.said.contains(&at) && line.upset.is_none_or(|upset| upset == level.upset())
        };
        let weights = lines.iter().enumerate().map(|(at, line)| f32::from(u8::from(fits(at, line))));
        if !weights.clone().any(|weight| weight > 0.0) {
            return None;
        }
        let line = self.dice.pick(weights);
        self.said.push(line);
        self.left_secs = AGAIN_SECS;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<HoldingLine> {
        let line =
            |upset| HoldingLine { upset, text: vec![("zh".into(), "稍等".into()), ("en".into(), "wait".into())] };
        vec![line(None), line(Some(true)), line(Some(false)), line(None)]
    }

    fn waited(level: Level, secs: f32) -> Vec<(f32, usize)> {
        let (mut holding, lines) = (Holding::new(3), lines());
        let mut said = Vec::new();
        for step in 0..(secs * 10.0) as usize {
            if let Some(line) = holding.advance(0.1, false, level, &lines) {
                said.push((step as f32 * 0.1, line));
            }
        }
        said
    }

    #[test]
    fn nobody_waits_four_seconds_in_silence() {
        let said = waited(Level::CalmInquiry, 6.0);
        assert_eq!(said.len(), 1);
        assert!((2.5..3.3).contains(&said[0].0), "{said:?}");
    }

    #[test]
    fn no_line_twice_and_not_for_ever() {
        for (level, wrong) in [(Level::CalmInquiry, 1), (Level::Furious, 2)] {
            let said = waited(level, 120.0);
            assert_eq!(said.len(), MOST);
            assert!(said.iter().all(|(_, line)| *line != wrong));
            assert!(said.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 6.0 && pair[0].1 != pair[1].1));
        }
    }

    #[test]
    fn lines_are_in_the_customers_language() {
        let line = &lines()[0];
        assert_eq!(line.in_language("en-US"), Some("wait"));
        assert_eq!(line.in_language("zh-CN"), Some("稍等"));
        assert_eq!(line.in_language("de"), Some("稍等"));
    }
}
