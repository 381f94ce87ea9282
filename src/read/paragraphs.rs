//! Text enters, paragraphs leave: no line breaks in them, no runs of white space, no control characters, none empty.
//!
//! Nothing is dropped but lines without a single letter or digit, such as `* * *`, in which nothing can be found.

use std::borrow::Cow;

use super::sentences;

/// A passage cut out of a text without breaks has at least this many words, the last one aside.
const PASSAGE: usize = 120;
/// A rest shorter than this joins the passage before it.
const REST: usize = 40;
/// A paragraph with more words than this is cut into passages.
const LONGEST: usize = 400;
/// Lines of hard-wrapped text are no longer than this, in code points.
const WRAPPED: usize = 120;

/// Cuts a body into paragraphs: at blank lines where there are any, else at each line; where there are no breaks at
/// all, and in a paragraph of more than 400 words, at the ends of sentences into passages of about 120 words.
///
/// Lines between blank ones are joined, because they were wrapped by hand; but lines longer than anyone wraps are
/// paragraphs of their own.
pub(super) fn split(body: &str) -> Vec<String> {
    let text = with_plain_breaks(body);
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    let filled = |line: &&&str| !line.is_empty();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    let last = lines.iter().rposition(|line| !line.is_empty()).unwrap_or(0);
    let Some(lines) = lines.get(first..=last) else { return Vec::new() };
    if lines.iter().all(|line| !line.is_empty()) {
        return fitted(lines.iter().filter(filled).map(|line| clean(line)));
    }
    let blocks = lines.split(|line| line.is_empty()).filter(|block| !block.is_empty());
    fitted(blocks.flat_map(|block| {
        let long = block.iter().filter(|line| line.chars().nth(WRAPPED).is_some()).count();
        if block.len() > 1 && long * 2 >= block.len() {
            block.iter().map(|line| clean(line)).collect()
        } else {
            vec![clean(&block.join(" "))]
        }
    }))
}

/// Paragraphs already told apart and cleaned: the empty ones left out, the overlong ones cut, a lone one cut sooner.
pub(super) fn fitted(parts: impl Iterator<Item = String>) -> Vec<String> {
    let parts: Vec<String> = parts.filter(|part| part.contains(char::is_alphanumeric)).collect();
    let most = if parts.len() == 1 { PASSAGE + REST } else { LONGEST };
    let mut fitted = Vec::with_capacity(parts.len());
    for part in parts {
        // Counting words costs more than counting bytes, and no word is shorter than one byte and its space.
        if part.len() > 2 * most && words(&part) > most {
            fitted.extend(passages(&part));
        } else {
            fitted.push(part);
        }
    }
    fitted
}

/// Text on one line: white space and control characters become single spaces.
pub(super) fn clean(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut clean = String::with_capacity(text.len());
    // `text[run..at]` is sound and not yet copied. Most text needs no change, and whole runs are copied at once.
    let (mut run, mut at) = (0, 0);
    while at < bytes.len() {
        let gap = gap_at(text, at);
        if gap == 0 {
            at += 1;
            continue;
        }
        let single =
            bytes[at] == b' ' && at > run && bytes.get(at + 1).is_some_and(|next| (b'!'..=b'~').contains(next));
        if single {
            at += 1;
            continue;
        }
        clean.push_str(&text[run..at]);
        at += gap;
        loop {
            match gap_at(text, at) {
                0 => break,
                more => at += more,
            }
        }
        if !clean.is_empty() && at < bytes.len() {
            clean.push(' ');
        }
        run = at;
    }
    clean.push_str(&text[run..]);
    clean
}

/// The length in bytes of the white space or control character at a place; 0 if there is none.
fn gap_at(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        Some(0..=b' ' | 0x7f) => 1,
        // The first bytes of all the others.
        Some(0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef) => match text[at..].chars().next() {
            Some(c) if c.is_whitespace() || c.is_control() || c == '\u{feff}' => c.len_utf8(),
            _ => 0,
        },
        _ => 0,
    }
}

/// How many words a text has. Where a script writes no spaces, two ideographs count as a word.
pub(super) fn words(text: &str) -> usize {
    let spaced = text.bytes().filter(|byte| *byte == b' ').count() + 1;
    if text.is_ascii() {
        return spaced;
    }
    spaced + text.chars().filter(|c| matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{9fff}')).count() / 2
}

/// Cuts cleaned text at the ends of sentences into passages.
fn passages(text: &str) -> Vec<String> {
    let mut passages: Vec<String> = Vec::new();
    let mut passage = String::new();
    let mut count = 0;
    for sentence in sentences::split(text, LONGEST) {
        passage.push_str(sentence);
        count += words(sentence.trim());
        if count >= PASSAGE {
            passages.push(std::mem::take(&mut passage).trim().to_owned());
            count = 0;
        }
    }
    let rest = passage.trim();
    match passages.last_mut() {
        Some(last) if count < REST => {
            if !rest.is_empty() {
                last.push(' ');
                last.push_str(rest);
            }
        }
        _ => passages.push(rest.to_owned()),
    }
    passages
}

/// Text whose only line breaks are `\n`.
fn with_plain_breaks(text: &str) -> Cow<'_, str> {
    let is_break = |c| matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    match text.contains(is_break) {
        true => Cow::Owned(text.replace("\r\n", "\n").replace(is_break, "\n")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(split(body), expected, "{body:?}");
    }

    #[test]
    fn breaks_make_paragraphs() {
        check("", &[]);
        check("\n \n", &[]);
        check("one", &["one"]);
        check("one\ntwo\r\nthree\n", &["one", "two", "three"]);
        check("one\nstill one\n\n two\u{a0}\u{a0} x\n \nthree", &["one still one", "two x", "three"]);
        check("one\u{2029}two", &["one", "two"]);
        check("one\n\n* * *\n\ntwo", &["one", "two"]);
        check(" é\u{2003}\u{a0}б \u{feff} ", &["é б"]);
        check("a\0b\u{1b}[31mc\u{9b}d", &["a b [31mc d"]);
        let long = "word ".repeat(60);
        let long = long.trim();
        check(&format!("{long}\n{long}\n\n{long}"), &[long, long, long]);
    }

    #[test]
    fn a_body_without_breaks_is_cut_at_sentences() {
        let sentence = "The U.S. envoy met Mr. Lavrov in Geneva on Tuesday. ";
        let body = sentence.repeat(40);
        let passages = split(&body);
        assert_eq!(passages.join(" "), body.trim());
        assert!(passages.iter().all(|p| p.starts_with("The U.S.") && p.ends_with("Tuesday.")), "{passages:?}");
        assert_eq!(passages.iter().map(|p| words(p)).collect::<Vec<_>>(), [120, 120, 120, 40]);
        check(&sentence.repeat(15), &[sentence.repeat(15).trim()]);
    }

    #[test]
    fn an_overlong_paragraph_is_cut() {
        let long = "many words go on and on. ".repeat(100);
        let paragraphs = split(&format!("short\n{long}"));
        assert_eq!(paragraphs.len(), 6);
        assert_eq!(paragraphs[1..].join(" "), long.trim());
        let endless = "word ".repeat(2000);
        let paragraphs = split(&endless);
        assert!(paragraphs.iter().all(|p| words(p) <= LONGEST + REST));
        assert_eq!(paragraphs.join(" "), endless.trim());
        let ideographs = "新华社北京电。".repeat(200);
        assert!(split(&ideographs).len() > 3);
        assert_eq!(split(&ideographs).concat(), ideographs);
    }
}
