//! Markup of a line: words with the acts that go with them.
//!
//! `[empathize]非常理解您现在的着急[/]，换作…` ties the act *empathize* to the words up to `[/]`. The tag is
//! `[act]`, `[act card]` or `[act card#item]`, then any of `intensity=0.6`, `affect=warm`, `priority=1`.
//! `{name}` is filled in when the line is said; `[[` and `{{` stand for the characters themselves. Tags do not nest.

use std::collections::BTreeMap;

use crate::protocol::{Act, ActKind, Affect, CardId};

/// What `{name}`s in a line become.
pub(crate) type Vars = BTreeMap<&'static str, String>;

/// Words ready to be said.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Said {
    /// The text.
    pub(crate) text: String,
    /// The acts with their spans in the text.
    pub(crate) acts: Vec<Act>,
}

impl Said {
    /// Adds words after these; their acts move along.
    pub(crate) fn join(mut self, next: Said, separator: &str) -> Self {
        if !self.text.is_empty() && !next.text.is_empty() {
            self.text.push_str(separator);
        }
        let offset = length(&self.text);
        self.text.push_str(&next.text);
        self.acts.extend(next.acts.into_iter().map(|mut act| {
            if let Some(at) = &mut act.at {
                at.span = at.span.map(|end| end + offset);
            }
            act
        }));
        self
    }
}

/// A parsed line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    pieces: Vec<Piece>,
    act: Option<Act>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    Var(String),
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// A sentence about what is wrong with the markup.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut act = None;
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("[[").or_else(|| rest.strip_prefix("{{")) {
                text.push(c);
                rest = after;
            } else if c == '[' {
                let (tag, after) = rest[1..].split_once(']').ok_or("a tag is not closed with `]`")?;
                flush(&mut text, &mut pieces);
                close(&mut parts, &mut pieces, act.clone());
                act = match (tag, &act) {
                    ("/", Some(_)) => None,
                    ("/", None) => return Err("`[/]` without an open tag".to_owned()),
                    (_, Some(_)) => return Err(format!("`[{tag}]` inside another tag; tags do not nest")),
                    (tag, None) => Some(parse_tag(tag)?),
                };
                rest = after;
            } else if c == '{' {
                let (name, after) = rest[1..].split_once('}').ok_or("a placeholder is not closed with `}`")?;
                if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                    return Err(format!("`{{{name}}}` is not a placeholder name"));
                }
                flush(&mut text, &mut pieces);
                pieces.push(Piece::Var(name.to_owned()));
                rest = after;
            } else {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        if act.is_some() {
            return Err("a tag is not ended with `[/]`".to_owned());
        }
        flush(&mut text, &mut pieces);
        close(&mut parts, &mut pieces, None);
        Ok(Self { parts })
    }

    /// The names of all placeholders.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| &part.pieces).filter_map(|piece| match piece {
            Piece::Var(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Fills in the placeholders and measures the spans. A placeholder without a value becomes nothing.
    pub(crate) fn say(&self, vars: &Vars) -> Said {
        let mut said = Said::default();
        for part in &self.parts {
            let start = length(&said.text);
            for piece in &part.pieces {
                match piece {
                    Piece::Text(text) => said.text.push_str(text),
                    Piece::Var(name) => said.text.push_str(vars.get(name.as_str()).map_or("", String::as_str)),
                }
            }
            let end = length(&said.text);
            if let Some(act) = part.act.as_ref().filter(|_| end > start) {
                said.acts.push(act.clone().over(start, end));
            }
        }
        said
    }
}

/// Length in characters, the unit of spans.
pub(crate) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn flush(text: &mut String, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Text(std::mem::take(text)));
    }
}

fn close(parts: &mut Vec<Part>, pieces: &mut Vec<Piece>, act: Option<Act>) {
    if !pieces.is_empty() {
        parts.push(Part { pieces: std::mem::take(pieces), act });
    }
}

fn parse_tag(tag: &str) -> Result<Act, String> {
    let mut words = tag.split_whitespace();
    let kind = ActKind::from(words.next().unwrap_or_default());
    if matches!(kind, ActKind::Other(_)) {
        // The set is open on the wire, but a slip of the pen in our own file must not become an act.
        return Err(format!("`{kind}` is not an act"));
    }
    let mut act = Act::new(kind);
    for word in words {
        match word.split_once('=') {
            Some(("intensity", value)) => {
                act.intensity = value
                    .parse()
                    .ok()
                    .filter(|value| (0.0..=1.0).contains(value))
                    .ok_or_else(|| format!("intensity `{value}` is not within 0..=1"))?;
            }
            Some(("priority", value)) => {
                act.priority = value.parse().map_err(|_| format!("priority `{value}` is not a whole number"))?;
            }
            Some(("affect", value)) => {
                let affect = Affect::from(value);
                if matches!(affect, Affect::Other(_)) {
                    return Err(format!("`{value}` is not an affect"));
                }
                act.affect = Some(affect);
            }
            Some((key, _)) => return Err(format!("`{key}` is not an attribute of an act")),
            None if act.target.is_some() => return Err(format!("`{word}`: an act has one target")),
            None => {
                let (card, item) = match word.split_once('#') {
                    Some((card, item)) => {
                        (card, Some(item.parse().map_err(|_| format!("item `{item}` is not a whole number"))?))
                    }
                    None => (word, None),
                };
                act = act.about(CardId::from(card), item);
            }
        }
    }
    Ok(act)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn spans(said: &Said) -> Vec<(String, String)> {
        said.acts
            .iter()
            .map(|act| {
                let [start, end] = act.at.as_ref().unwrap().span;
                let words = said.text.chars().skip(start as usize).take((end - start) as usize).collect();
                (act.act.to_string(), words)
            })
            .collect()
    }

    #[test]
    fn acts_cover_their_words() {
        let line = Line::parse("[empathize]非常理解您现在的着急[/]，[hand_over intensity=0.5]我转{who}[/]。").unwrap();
        let said = line.say(&Vars::from([("who", "人工😀".to_owned())]));
        assert_eq!(said.text, "非常理解您现在的着急，我转人工😀。");
        assert_eq!(
            spans(&said),
            [("empathize".into(), "非常理解您现在的着急".into()), ("hand_over".into(), "我转人工😀".into())]
        );
        assert_eq!(said.acts[1].intensity, 0.5);
    }

    #[test]
    fn joined_lines_keep_their_spans() {
        let said = Line::parse("[thank]谢谢[/]！").unwrap().say(&Vars::new());
        let said = said.join(Line::parse("[point order#1 affect=warm]看这里[/]").unwrap().say(&Vars::new()), "");
        assert_eq!(spans(&said), [("thank".into(), "谢谢".into()), ("point".into(), "看这里".into())]);
        let target = said.acts[1].target.as_ref().unwrap();
        assert_eq!((target.card_id.as_str(), target.item), ("order", Some(1)));
        assert_eq!(said.acts[1].affect, Some(Affect::Warm));
    }

    #[test]
    fn escapes_stand_for_themselves_and_values_are_no_markup() {
        let line = Line::parse("[[a] {{b} {model}").unwrap();
        assert_eq!(line.say(&Vars::from([("model", "[thank]x[/]".to_owned())])).text, "[a] {b} [thank]x[/]");
        assert_eq!(line.names().collect::<Vec<_>>(), ["model"]);
    }

    #[test]
    fn bad_markup_is_told() {
        for (source, part) in [
            ("[thank", "not closed with `]`"),
            ("[thank]a", "not ended"),
            ("a[/]", "without an open tag"),
            ("[thank]a[ask]b[/]", "do not nest"),
            ("[thnak]a[/]", "`thnak` is not an act"),
            ("[thank intensity=2]a[/]", "0..=1"),
            ("[point a#x]a[/]", "item `x`"),
            ("[point a b]a[/]", "one target"),
            ("[thank mood=x]a[/]", "`mood`"),
            ("{na", "placeholder"),
            ("{Na}", "placeholder name"),
        ] {
            let error = Line::parse(source).unwrap_err();
            assert!(error.contains(part), "{source}: {error}");
        }
    }
}
