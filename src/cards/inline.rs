//! Text of a card: the little Markdown that Adaptive Cards allow, as spans.

/// A run of text of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// The text, without marks.
    pub text: String,
    /// Whether it was marked strong (`**so**`).
    pub strong: bool,
    /// Whether it was emphasized (`*so*` or `_so_`).
    pub emphasis: bool,
}

/// Text as spans.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The spans in order; none is empty.
    pub spans: Vec<Span>,
}

impl Text {
    /// Reads Markdown emphasis; links keep their words only. What is not closed stays as it is written.
    #[must_use]
    pub fn parse(source: &str) -> Self {
        let chars: Vec<char> = source.chars().collect();
        let closings = Closings::of(&chars);
        let mut out = Self::default();
        let (mut strong, mut emphasis) = (false, false);
        let mut at = 0;
        while at < chars.len() {
            match mark(&chars, at) {
                Mark::Escaped(c) => {
                    out.push(c, strong, emphasis);
                    at += 2;
                }
                Mark::Strong if strong || closings.strong > at => {
                    strong = !strong;
                    at += 2;
                }
                Mark::Emphasis(c) if emphasis || closings.emphasis(c) > at => {
                    emphasis = !emphasis;
                    at += 1;
                }
                Mark::Link => match link(&chars, at) {
                    Some((words, after)) => {
                        words.iter().for_each(|c| out.push(*c, strong, emphasis));
                        at = after;
                    }
                    None => {
                        out.push('[', strong, emphasis);
                        at += 1;
                    }
                },
                _ => {
                    out.push(chars[at], strong, emphasis);
                    at += 1;
                }
            }
        }
        out
    }

    /// Text without any marks.
    #[must_use]
    pub fn plain(&self) -> String {
        self.spans.iter().map(|s| s.text.as_str()).collect()
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.iter().all(|s| s.text.trim().is_empty())
    }

    fn push(&mut self, c: char, strong: bool, emphasis: bool) {
        match self.spans.last_mut() {
            Some(last) if last.strong == strong && last.emphasis == emphasis => last.text.push(c),
            _ => self.spans.push(Span { text: c.to_string(), strong, emphasis }),
        }
    }
}

enum Mark {
    None,
    Escaped(char),
    Strong,
    Emphasis(char),
    Link,
}

fn mark(chars: &[char], at: usize) -> Mark {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '\\' => match next {
            Some(c) if c.is_ascii_punctuation() => Mark::Escaped(c),
            _ => Mark::None,
        },
        '*' if next == Some('*') => Mark::Strong,
        c @ ('*' | '_') => {
            let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
            let before = at.checked_sub(1).and_then(|b| chars.get(b));
            let lonely = before.is_none_or(|c| c.is_whitespace()) && next.is_none_or(char::is_whitespace);
            // `order_number` and `3 * 4` are no emphasis.
            let inside = c == '_' && word(before) && word(next.as_ref());
            if lonely || inside { Mark::None } else { Mark::Emphasis(c) }
        }
        '[' => Mark::Link,
        _ => Mark::None,
    }
}

/// Where the last mark of each kind stands: an opening mark needs one behind it.
#[derive(Default)]
struct Closings {
    strong: usize,
    star: usize,
    underscore: usize,
}

impl Closings {
    fn of(chars: &[char]) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        while at < chars.len() {
            match mark(chars, at) {
                Mark::Escaped(_) => at += 1,
                Mark::Strong => {
                    out.strong = at;
                    at += 1;
                }
                Mark::Emphasis('_') => out.underscore = at,
                Mark::Emphasis(_) => out.star = at,
                _ => {}
            }
            at += 1;
        }
        out
    }

    fn emphasis(&self, c: char) -> usize {
        if c == '_' { self.underscore } else { self.star }
    }
}

/// The words of `[words](address)` and where it ends.
fn link(chars: &[char], at: usize) -> Option<(&[char], usize)> {
    /// No link is longer; the bound keeps hostile text from being read over and over.
    const LONGEST: usize = 600;
    let until = chars.len().min(at + LONGEST);
    let close = (at + 1..until).find(|i| chars[*i] == ']')?;
    if chars.get(close + 1) != Some(&'(') {
        return None;
    }
    let end = (close + 2..until).find(|i| chars[*i] == ')')?;
    Some((&chars[at + 1..close], end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_spans() {
        let text = Text::parse("Hold **power** for *10* s");
        assert_eq!(text.plain(), "Hold power for 10 s");
        assert!(text.spans[1].strong && text.spans[3].emphasis);
    }

    #[test]
    fn what_is_no_emphasis_stays() {
        for same in ["order_number_7", "3 * 4 * 5", "5* hotel", "a ** b", "[note] here", "**", "温度 *"] {
            assert_eq!(Text::parse(same).plain(), same);
        }
        assert_eq!(Text::parse(r"\*kept\*").plain(), "*kept*");
        assert_eq!(Text::parse("see [our page](https://example.com) now").plain(), "see our page now");
        assert_eq!(Text::parse("_really_ **good**").plain(), "really good");
    }
}
