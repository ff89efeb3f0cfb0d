//! From characters to mouth shapes, as far as text alone tells.

use crate::behavior::Visemes;

/// The widest that any mouth shape opens in conversation.
pub(super) const FULL: f32 = 0.46;

/// How a character sounds, for timing and mouth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sound {
    /// A whole syllable by itself: Han characters, digits.
    Syllable,
    /// A vowel letter.
    Vowel,
    /// A consonant for which the lips close.
    Lips,
    /// Any other letter.
    Consonant,
    /// Space between words.
    Space,
    /// A short break such as a comma.
    Comma,
    /// The end of a sentence.
    Stop,
    /// Nothing is said: quotes, brackets, emoji.
    Silent,
}

pub(super) fn sound(c: char) -> Sound {
    match c {
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'A' | 'E' | 'I' | 'O' | 'U' | 'Y' => Sound::Vowel,
        'b' | 'm' | 'p' | 'B' | 'M' | 'P' => Sound::Lips,
        c if c.is_ascii_digit() || is_han(c) => Sound::Syllable,
        '，' | '、' | ',' | '；' | ';' | '：' | ':' | '—' | '–' => Sound::Comma,
        '。' | '！' | '？' | '.' | '!' | '?' | '\n' | '…' => Sound::Stop,
        c if c.is_whitespace() => Sound::Space,
        c if c.is_alphabetic() => Sound::Consonant,
        _ => Sound::Silent,
    }
}

/// The mouth of a character: vowels by letter; Han characters by a fixed scatter over the vowels, since the sound
/// is not in the character, with the open ones more often.
pub(super) fn mouth(c: char) -> Visemes {
    let mut shape = [0.0; 5];
    let (main, second, amount) = match c.to_ascii_lowercase() {
        'a' => (0, 3, 0.95),
        'i' | 'y' => (1, 3, 0.8),
        'u' => (2, 4, 0.85),
        'e' => (3, 1, 0.8),
        'o' => (4, 2, 0.9),
        _ => {
            let h = (c as u32).wrapping_mul(0x9E37_79B1) >> 16;
            let main = [0, 0, 3, 1, 4, 2, 0, 3][(h & 7) as usize];
            (main, ((h >> 3) % 5) as usize, 0.7 + 0.3 * ((h >> 6) & 7) as f32 / 7.0)
        }
    };
    shape[main] += FULL * amount * 0.8;
    shape[second] += FULL * amount * 0.2;
    shape
}

/// Whether the lips close before a Han character: about one initial in six is b, p or m.
pub(super) fn closes(c: char) -> bool {
    matches!(sound(c), Sound::Lips) || (is_han(c) && (c as u32).wrapping_mul(0x85EB_CA6B) >> 29 == 0)
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}'
        | '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7AF}' | '〇')
}
