//! Incremental parser of server-sent events, after the `text/event-stream` section of the HTML standard.
//!
//! Sans-I/O: bytes in, items out, and the items do not depend on how the bytes were cut. Lines are joined
//! as bytes before they are read as text, so a cut inside a 汉字 does no harm. What is kept is bounded.

use std::time::Duration;

/// The most bytes that one event may hold.
pub const MAX_EVENT_BYTES: usize = 1 << 20;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Something that a stream said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SseItem {
    /// A dispatched event.
    Event(SseEvent),
    /// The server's wish for the time before the next connection.
    Retry(Duration),
    /// A comment, which is how a server says that it is alive.
    Comment,
}

/// A dispatched event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// The id that this event set; the standing one is [`SseParser::last_event_id`].
    pub id: Option<String>,
    /// The event's type; `message` where it set none.
    pub event: String,
    /// The data lines, joined by line feeds.
    pub data: String,
}

/// An event did not fit in [`MAX_EVENT_BYTES`]; the stream cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {MAX_EVENT_BYTES} bytes")]
pub struct SseTooLarge;

/// The parser of one stream.
#[derive(Debug, Clone, Default)]
pub struct SseParser {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it belongs to the same line end.
    after_cr: bool,
    /// The first line, which may begin with a byte order mark, is done.
    past_first_line: bool,
    id: Option<String>,
    last_event_id: String,
    event: String,
    data: String,
    too_large: bool,
}

impl SseParser {
    /// A parser at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The id to resume from.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Reads more of the stream and puts what it says at the end of `items`.
    ///
    /// # Errors
    /// [`SseTooLarge`], now and for ever after; items before the large event are in `items`.
    pub fn feed(&mut self, bytes: &[u8], items: &mut Vec<SseItem>) -> Result<(), SseTooLarge> {
        if self.too_large {
            return Err(SseTooLarge);
        }
        for &byte in bytes {
            let second_half = std::mem::replace(&mut self.after_cr, byte == b'\r') && byte == b'\n';
            match byte {
                _ if second_half => {}
                b'\r' | b'\n' => self.end_line(items),
                _ => {
                    if self.line.len() + self.data.len() + self.event.len() >= MAX_EVENT_BYTES {
                        self.too_large = true;
                        return Err(SseTooLarge);
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(())
    }

    fn end_line(&mut self, items: &mut Vec<SseItem>) {
        let bytes = std::mem::take(&mut self.line);
        let mut line = bytes.as_slice();
        if !std::mem::replace(&mut self.past_first_line, true) {
            line = line.strip_prefix(BOM).unwrap_or(line);
        }
        if line.is_empty() {
            self.dispatch(items);
        } else {
            let text = String::from_utf8_lossy(line);
            let (field, value) = text.split_once(':').unwrap_or((&text, ""));
            self.field(field, value.strip_prefix(' ').unwrap_or(value), items);
        }
        // Keeps the allocation for the next line.
        self.line = bytes;
        self.line.clear();
    }

    fn field(&mut self, field: &str, value: &str, items: &mut Vec<SseItem>) {
        match field {
            "" => items.push(SseItem::Comment),
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                if let Ok(millis) = value.parse() {
                    items.push(SseItem::Retry(Duration::from_millis(millis)));
                }
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, items: &mut Vec<SseItem>) {
        let id = self.id.take();
        if let Some(id) = &id {
            self.last_event_id.clone_from(id);
        }
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        // No data line at all: nothing to tell. An empty data line is an event with empty data.
        if data.is_empty() {
            return;
        }
        data.pop();
        let event = if event.is_empty() { "message".to_owned() } else { event };
        items.push(SseItem::Event(SseEvent { id, event, data }));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;
    use proptest::prelude::*;

    fn parse(chunks: &[&[u8]]) -> (Vec<SseItem>, Result<(), SseTooLarge>) {
        let mut parser = SseParser::new();
        let mut items = Vec::new();
        for chunk in chunks {
            if let Err(error) = parser.feed(chunk, &mut items) {
                return (items, Err(error));
            }
        }
        (items, Ok(()))
    }

    fn events(text: &str) -> Vec<(Option<String>, String, String)> {
        let (items, result) = parse(&[text.as_bytes()]);
        result.unwrap();
        items
            .into_iter()
            .filter_map(|item| match item {
                SseItem::Event(event) => Some((event.id, event.event, event.data)),
                _ => None,
            })
            .collect()
    }

    fn event(id: Option<&str>, event: &str, data: &str) -> (Option<String>, String, String) {
        (id.map(str::to_owned), event.to_owned(), data.to_owned())
    }

    #[test]
    fn fields_of_the_standard() {
        assert_eq!(events("data: YHOO\ndata: +2\ndata: 10\n\n"), [event(None, "message", "YHOO\n+2\n10")]);
        assert_eq!(
            events("id: 7\nevent: a\ndata:x\n\ndata: y\n\n"),
            [event(Some("7"), "a", "x"), event(None, "message", "y")]
        );
        assert_eq!(events("data\n\ndata\ndata\n\ndata:"), [event(None, "message", ""), event(None, "message", "\n")]);
        assert_eq!(events("data:  two spaces\n\n"), [event(None, "message", " two spaces")]);
        assert_eq!(events("event: nothing\nid: 3\n\n"), []);
        assert_eq!(events("data: no end"), []);
    }

    #[test]
    fn line_ends_and_byte_order_mark() {
        for text in ["data: a\n\n", "data: a\r\n\r\n", "data: a\r\r", "\u{feff}data: a\n\n", "\u{feff}\ndata: a\r\n\n"]
        {
            assert_eq!(events(text), [event(None, "message", "a")], "{text:?}");
        }
        // Only the very first one is a mark.
        assert_eq!(events("\n\u{feff}data: a\n\n"), []);
    }

    #[test]
    fn odd_lines_are_ignored() {
        assert_eq!(
            events("id: a\0b\nretry: soon\nretry:\nretry: 99999999999999999999\nwhat\nwhat: x\ndata: 1\n\n"),
            [event(None, "message", "1")]
        );
    }

    #[test]
    fn comments_and_retry_come_out_at_once() {
        let (items, _) = parse(&[b": beat\n:\nretry: 1500\n"]);
        assert_eq!(items, [SseItem::Comment, SseItem::Comment, SseItem::Retry(Duration::from_millis(1500))]);
    }

    #[test]
    fn the_id_to_resume_from_stands_until_replaced() {
        let mut parser = SseParser::new();
        let mut items = Vec::new();
        parser.feed(b"id: 4\ndata: a\n\ndata: b\n\nid: 5\ndata: c", &mut items).unwrap();
        assert_eq!(parser.last_event_id(), "4");
        parser.feed(b"\n\n", &mut items).unwrap();
        assert_eq!(parser.last_event_id(), "5");
    }

    #[test]
    fn a_large_event_is_refused_and_stays_refused() {
        let mut parser = SseParser::new();
        let mut items = Vec::new();
        parser.feed(b"data: small\n\n", &mut items).unwrap();
        let large = vec![b'x'; MAX_EVENT_BYTES + 1];
        assert_eq!(parser.feed(&large, &mut items), Err(SseTooLarge));
        assert_eq!(parser.feed(b"\n\ndata: late\n\n", &mut items), Err(SseTooLarge));
        assert_eq!(items.len(), 1);
        // Many lines of one event count together.
        let mut parser = SseParser::new();
        let line = format!("data: {}\n", "y".repeat(1000));
        let refused = (0..2000).any(|_| parser.feed(line.as_bytes(), &mut items).is_err());
        assert!(refused);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        let (items, _) = parse(&[b"data: a\xffb\n\n"]);
        assert!(matches!(&items[..], [SseItem::Event(event)] if event.data == "a\u{fffd}b"));
    }

    proptest! {
        #[test]
        fn items_do_not_depend_on_the_cuts(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "data: 投诉处理中", "data", "data:x", "id: 12", "id: \0", "event: message.created", "retry: 10",
                "retry: x", ": beat", ":", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\u{feff}", "odd", "é: ü",
            ]), 0..40),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let bytes = pieces.concat().into_bytes();
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            places.extend([0, bytes.len()]);
            places.sort_unstable();
            let chunks: Vec<&[u8]> = places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            let whole = parse(&[&bytes]);
            prop_assert_eq!(&parse(&chunks), &whole);
            prop_assert_eq!(&parse(&single), &whole);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(parse(&single), parse(&[&bytes]));
        }
    }
}
