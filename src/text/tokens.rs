//! Where the words of a text are: byte ranges and sentence numbers, the same for every language.
//!
//! A word is a run of letters, digits and the marks on them. Inside it stay an apostrophe between letters (`don't`), the
//! full stops of an acronym (`U.S.`) and the point or comma of a number (`1,000.5`). A possessive `'s` and an elided
//! article (`l'`, `d'`) are cut off, hyphens divide. Scripts written without spaces give one token for each character.

use super::sentence::{self, Before};
use unicode_normalization::char::is_combining_mark;

/// A word of a text. Its position is its place in the list of tokens, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it starts, in bytes of the text.
    pub start: u32,
    /// Where it ends, in bytes of the text.
    pub end: u32,
    /// The sentence it stands in, from 0.
    pub sentence: u32,
    /// Its entry in the lexicon it was analysed with.
    pub(super) entry: u32,
}

impl Token {
    /// The token's bytes in its text.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A word before it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sentence: u32,
    /// Whether it is one character of a script written without spaces.
    pub(super) continuous: bool,
}

/// The byte ranges of the words of a text, in order.
///
/// ```
/// use nutgraf::text::words;
///
/// let text = "L’Ukraine, the U.S. and Putin's open-door 1,000";
/// let words: Vec<&str> = words(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(words, ["L", "Ukraine", "the", "U.S", "and", "Putin", "open", "door", "1,000"]);
/// ```
pub fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    each_word(text, false, |raw| ranges.push(raw.start..raw.end));
    ranges
}

/// The byte ranges of the sentences of a text, in order; together they are the whole text. White space belongs to the
/// sentence before it.
///
/// ```
/// use nutgraf::text::sentences;
///
/// let text = "The U.S. troops left. “Go.” They went";
/// let sentences: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(sentences, ["The U.S. troops left. ", "“Go.” ", "They went"]);
/// ```
pub fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    let (mut start, mut last_end, mut sentence) = (0, 0, 0);
    each_word(text, false, |raw| {
        if raw.sentence != sentence {
            sentence = raw.sentence;
            // Between the words stand a mark, what closes behind it, white space, and what opens before the next word.
            let between = &text[last_end..raw.start];
            let mark = between.find(sentence::is_mark).unwrap_or(0);
            let space = between[mark..].find(char::is_whitespace).map(|at| mark + at);
            let rest = space.map_or(between, |at| between[at..].trim_start());
            let end = if space.is_some() { raw.start - rest.len() } else { raw.start };
            ranges.push(start..end);
            start = end;
        }
        last_end = raw.end;
    });
    if start < text.len() {
        ranges.push(start..text.len());
    }
    ranges
}

/// Articles and particles that are written onto the next word with an apostrophe, folded and sorted.
const ELISIONS: &[&str] = &[
    "all", "c", "d", "dall", "dell", "gl", "j", "jusqu", "l", "lorsqu", "m", "n", "nell", "puisqu", "qu", "quest",
    "quoiqu", "s", "sull", "t", "un",
];

/// Calls `each` with every word of the text, in order. With `cut`, every apostrophe ends a word.
pub(super) fn each_word(text: &str, cut: bool, mut each: impl FnMut(Raw)) {
    let mut at = 0;
    let mut sentence = 0;
    let mut previous: Option<(usize, usize)> = None;
    // The last sentence mark since the previous word, and whether white space follows it.
    let mut mark: Option<(char, bool)> = None;
    while let Some(c) = char_at(text, at) {
        let continuous = is_continuous(c);
        if !continuous && !starts_word(c) {
            if sentence::is_mark(c) {
                mark = Some((c, false));
            } else if let Some((_, spaced)) = &mut mark
                && c.is_whitespace()
            {
                *spaced = true;
            }
            at += c.len_utf8();
            continue;
        }
        let (end, next) = if continuous { (at + c.len_utf8(), at + c.len_utf8()) } else { scan(text, at, cut) };
        if let (Some((mark, spaced)), Some((start, stop))) = (mark.take(), previous)
            && sentence::ends(before(&text[start..stop]), mark, spaced, &text[at..end])
        {
            sentence += 1;
        }
        previous = Some((at, end));
        each(Raw { start: at, end, sentence, continuous });
        at = next;
    }
}

/// The end of the word that starts at `start`, and where to go on reading.
fn scan(text: &str, start: usize, cut: bool) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mut at = start;
    // Where the letters since the last full stop of an acronym begin.
    let mut segment = start;
    // A word ends before trailing format characters, so the end lags behind.
    let mut end = start;
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
            at += 1;
            end = at;
        }
        let Some(c) = char_at(text, at) else { break };
        let after = at + c.len_utf8();
        if !c.is_ascii() && !is_continuous(c) && is_letter(c) {
            at = after;
            end = at;
        } else if is_format(c) {
            at = after;
        } else if is_apostrophe(c) && end == at && joins_letters(text, at, after) {
            if cut || sentence::is(&text[segment..at], ELISIONS) {
                return (end, after);
            }
            at = after;
        } else if c == '.' && end == at && (joins_digits(bytes, at) || joins_acronym(text, segment, at)) {
            at = after;
            segment = after;
        } else if c == ',' && end == at && joins_digits(bytes, at) {
            at = after;
        } else {
            break;
        }
    }
    (without_possessive(text, start, end), at.max(end))
}

/// The end of a word without `'s`.
fn without_possessive(text: &str, start: usize, end: usize) -> usize {
    let word = &text[start..end];
    let Some(stem) = word.strip_suffix(['s', 'S']) else { return end };
    match stem.chars().next_back() {
        Some(c) if is_apostrophe(c) && stem.len() > c.len_utf8() => end - 1 - c.len_utf8(),
        _ => end,
    }
}

/// Whether letters stand on both sides of the character at `at`.
fn joins_letters(text: &str, at: usize, after: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(|c| c.is_alphabetic() || is_combining_mark(c));
    before && char_at(text, after).is_some_and(|c| c.is_alphabetic() && !is_continuous(c))
}

fn joins_digits(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// Whether the full stop at `at` stands between two single letters.
fn joins_acronym(text: &str, segment: usize, at: usize) -> bool {
    let mut left = text[segment..at].chars();
    let mut right = text[at + 1..].chars();
    let single_before = left.next().is_some_and(char::is_alphabetic) && left.next().is_none();
    single_before
        && right.next().is_some_and(|c| c.is_alphabetic() && !is_continuous(c))
        && !right.next().is_some_and(is_letter)
}

fn before(word: &str) -> Before {
    let mut chars = word.chars();
    let first = chars.next();
    if word.contains('.') && first.is_some_and(char::is_alphabetic) {
        return Before::Initials;
    }
    match (first, chars.next()) {
        (Some(c), None) if c.is_alphabetic() && !is_continuous(c) => Before::Initials,
        _ => Before::Word { abbreviation: sentence::is_abbreviation(word) },
    }
}

fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(*byte as char),
        _ => text[at..].chars().next(),
    }
}

fn starts_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

/// Whether a word goes on with it: letters, digits and the marks on them.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// The apostrophes that writers and typesetters use inside words.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇' | '‘')
}

/// Characters that stand inside words and are not seen: soft hyphens, joiners, direction marks.
pub(super) fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character of a script written without spaces starts at this byte of the text.
pub(super) fn is_continuous_at(text: &str, at: usize) -> bool {
    char_at(text, at).is_some_and(is_continuous)
}

/// Whether a character belongs to a script that is written without spaces between words.
fn is_continuous(c: char) -> bool {
    match c {
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => {
            c.is_alphabetic() || is_combining_mark(c)
        }
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3fffd}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Words joined by spaces, sentences by ` | `.
    fn shown(text: &str) -> String {
        let mut shown = String::new();
        let mut sentence = 0;
        each_word(text, false, |raw| {
            if !shown.is_empty() {
                shown.push_str(if raw.sentence > sentence { " | " } else { " " });
            }
            sentence = raw.sentence;
            shown.push_str(&text[raw.start..raw.end]);
        });
        shown
    }

    #[test]
    fn words_and_sentences() {
        for (text, expected) in [
            ("", ""),
            (" — ... !", ""),
            ("Frozen assets. Others too.", "Frozen assets | Others too"),
            ("U.S. troops left. They won.", "U.S troops left | They won"),
            ("in the U.S. The troops", "in the U.S | The troops"),
            ("by the U.S. Senate", "by the U.S Senate"),
            ("Mr. Smith met Dr. Who. No one saw.", "Mr Smith met Dr Who | No one saw"),
            ("J. K. Rowling", "J K Rowling"),
            ("at 5 p.m. on Monday", "at 5 p.m on Monday"),
            ("worth 3.5 billion. More", "worth 3.5 billion | More"),
            ("1,000,000 and 1, 2", "1,000,000 and 1 2"),
            ("don't can’t rock'n'roll", "don't can’t rock'n'roll"),
            ("Putin’s men, the Times' view", "Putin men the Times view"),
            ("l'Ukraine d’Europe aujourd'hui qu'il", "l Ukraine d Europe aujourd'hui qu il"),
            ("об'єкт м’ята", "об'єкт м’ята"),
            ("open-door F-16 AT&T 9/11", "open door F 16 AT T 9 11"),
            ("reuters.com a_b", "reuters com a b"),
            ("soft\u{ad}hyphen\u{200f} end", "soft\u{ad}hyphen end"),
            ("e\u{301}tat", "e\u{301}tat"),
            ("制裁资产。北京", "制 裁 资 产 | 北 京"),
            ("Really? Yes! Sure… And", "Really | Yes | Sure | And"),
            ("\"Go.\" He went", "Go | He went"),
            ("الأصول المجمدة؟ نعم", "الأصول المجمدة | نعم"),
            ("Замороженные активы. Их 300 млрд. долларов.", "Замороженные активы | Их 300 млрд долларов"),
            ("'s 's", "s s"),
            ("x.y.z.", "x.y.z"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn lists_are_sorted() {
        assert!(ELISIONS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    proptest! {
        #[test]
        fn any_text_gives_ascending_words(text in "\\PC*|[a-c.,'’ \u{ad}制й1]{0,30}") {
            let mut last = 0;
            each_word(&text, false, |raw| {
                assert!(raw.start >= last && raw.end > raw.start, "{raw:?} after {last}");
                assert!(text.is_char_boundary(raw.start) && text.is_char_boundary(raw.end));
                last = raw.end;
            });
        }
    }
}
