//! Plain text: cut at its `(Source: host)` lines, then read as a head (headline, date, `Title:` lines) and a body.

use std::io::BufRead;
use std::ops::ControlFlow;

use super::cut::{Cutter, Line, read_line};
use super::draft::{Body, Draft};
use super::record::Piece;
use super::{date, sentences};

/// The longest headline, in code points.
const HEADLINE: usize = 160;
/// How many lines of a head are looked at.
const HEAD: usize = 16;
/// The longest line that may name a source, in bytes.
const SOURCE_LINE: usize = 300;

/// Cuts a text behind each line `(Source: host)`.
pub(super) fn cut(reader: &mut dyn BufRead, out: &mut Cutter<'_>) -> ControlFlow<()> {
    let limit = out.limits.record_bytes;
    let mut parts = Parts { held: None, count: 0 };
    let (mut text, mut first, mut number, mut too_large) = (Vec::new(), 1, 0, false);
    loop {
        number += 1;
        let start = text.len();
        let line = match read_line(reader, &mut text, limit.saturating_sub(start as u64)) {
            Ok(line) => line,
            Err(error) => {
                parts.release(true, out)?;
                return out.fail_reading(Some(number), &error);
            }
        };
        too_large |= line == Line::TooLarge;
        let source = if line == Line::Whole { source_line(&text[start..]) } else { None };
        if source.is_some() {
            text.truncate(start);
        }
        if source.is_some() || line == Line::End {
            let part = std::mem::take(&mut text);
            if std::mem::take(&mut too_large) {
                parts.release(true, out)?;
                parts.count += 1;
                out.fail_too_large(Some(first), limit)?;
            } else if !part.trim_ascii().is_empty() {
                parts.release(true, out)?;
                let blank = part.split(|byte| *byte == b'\n').take_while(|line| line.trim_ascii().is_empty()).count();
                parts.held = Some((first + blank as u64, Piece::Txt(part, source)));
            }
            first = number + 1;
        } else if too_large {
            // What follows in this part is read past as well.
            text.clear();
        }
        if line == Line::End {
            if parts.held.is_none() && parts.count == 0 {
                return out.fail(None, "no text");
            }
            return parts.release(false, out);
        }
    }
}

/// The part that may turn out to be the file's only one.
struct Parts {
    held: Option<(u64, Piece)>,
    count: u64,
}

impl Parts {
    fn release(&mut self, another: bool, out: &mut Cutter<'_>) -> ControlFlow<()> {
        let Some((line, piece)) = self.held.take() else { return ControlFlow::Continue(()) };
        let among = another || self.count > 0;
        self.count += 1;
        out.emit(Some(line), among.then_some(self.count), piece)
    }
}

/// The host in a line `(Source: host)` or `(Source:host)`.
fn source_line(line: &[u8]) -> Option<String> {
    let line = line.trim_ascii();
    if line.len() > SOURCE_LINE || line.first() != Some(&b'(') || line.last() != Some(&b')') {
        return None;
    }
    let inside = String::from_utf8_lossy(&line[1..line.len() - 1]).into_owned();
    let (name, host) = inside.split_once(':')?;
    let host = host.trim();
    let plain = !host.is_empty() && !host.contains(['(', ')']);
    (name.trim().eq_ignore_ascii_case("source") && plain).then(|| host.to_owned())
}

/// Reads one article; `source` is what the line behind it named.
pub(super) fn read(text: &str, source: Option<&str>) -> Draft {
    let mut draft = Draft::default();
    let mut rest = text;
    for _ in 0..HEAD {
        let Some((line, after)) = next_line(rest) else { break };
        if !take_metadata(line, &mut draft) {
            let is_date = draft.dates.is_empty() && line.chars().count() <= 40 && is_only_a_date(line);
            if is_date {
                draft.dates.push(line.to_owned());
            } else if draft.title.is_empty() && is_headline(line, after) {
                draft.title = line.to_owned();
            } else if !draft.title.is_empty() && draft.author.is_none() && is_byline(line) {
                draft.author = Some(line[3..].trim().to_owned());
            } else {
                break;
            }
        }
        rest = after;
    }
    draft.body = Body::Text(rest.to_owned());
    draft.source = draft.source.or_else(|| source.map(str::to_owned));
    draft
}

/// The first line that is not blank, trimmed, and the text behind it.
fn next_line(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    Some((text[..end].trim(), &text[end..]))
}

/// Takes a line such as `Date: 28 May 2025`; whether it was one.
fn take_metadata(line: &str, draft: &mut Draft) -> bool {
    let Some((name, value)) = line.split_once(':') else { return false };
    let value = value.trim();
    let name = name.trim().trim_matches('*').to_lowercase();
    let known = matches!(
        name.as_str(),
        "title"
            | "headline"
            | "date"
            | "published"
            | "source"
            | "publisher"
            | "author"
            | "byline"
            | "url"
            | "link"
            | "language"
            | "lang"
    );
    if !known || value.is_empty() {
        return known;
    }
    let value = value.to_owned();
    match name.as_str() {
        "title" | "headline" if draft.title.is_empty() => draft.title = value,
        "date" | "published" => draft.dates.push(value),
        "source" | "publisher" if draft.source.is_none() => draft.source = Some(value),
        "author" | "byline" if draft.author.is_none() => draft.author = Some(value),
        "url" | "link" if draft.url.is_none() => draft.url = Some(value),
        "language" | "lang" if draft.lang.is_none() => draft.lang = Some(value),
        // A second headline or source is no head line but text.
        _ => return false,
    }
    true
}

/// Whether a line is a date and nothing else: few words, and one of them a year.
fn is_only_a_date(line: &str) -> bool {
    line.split_whitespace().count() <= 6
        && line.contains(|c: char| c.is_numeric())
        && !matches!(date::read(line, None), Err(date::Fault::Unknown))
}

/// Whether a line is a headline: short, one clause without a full stop, and more follows.
fn is_headline(line: &str, after: &str) -> bool {
    let length = line.chars().count();
    if length > HEADLINE || line.ends_with(['.', '。', '।', '۔', ',', ';']) || after.trim().is_empty() {
        return false;
    }
    let sentence_inside = sentences::split(line, usize::MAX).len() > 1 && line.contains(". ");
    // In hard-wrapped text, where blank lines part the paragraphs, the first line is short too, but the next one
    // carries it on.
    let mut lines = after.trim_start_matches('\r').strip_prefix('\n').unwrap_or(after).lines();
    let next = lines.next().unwrap_or_default().trim();
    let carried_on = length >= 50 && !next.is_empty() && next.chars().count() <= 100;
    let wrapped =
        next.starts_with(char::is_lowercase) || carried_on && after.trim().lines().any(|line| line.trim().is_empty());
    !sentence_inside && !wrapped
}

/// Whether a line below a headline names an author: `By Jane Roe`.
fn is_byline(line: &str) -> bool {
    let name = line.strip_prefix("By ").or_else(|| line.strip_prefix("BY ")).unwrap_or_default();
    let words = name.split_whitespace().count();
    (1..=8).contains(&words) && name.starts_with(char::is_uppercase) && !name.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::paragraphs;

    fn check(text: &str, title: &str, dates: &[&str], body: &[&str]) {
        let draft = read(text, None);
        let Body::Text(rest) = &draft.body else { panic!("a text has a text body") };
        assert_eq!(
            (draft.title.as_str(), paragraphs::split(rest)),
            (title, body.iter().map(|p| (*p).to_owned()).collect()),
            "{text}"
        );
        assert_eq!(draft.dates, dates, "{text}");
    }

    #[test]
    fn heads_are_read() {
        check("Talks open in Oslo\n\nThey began.\n", "Talks open in Oslo", &[], &["They began."]);
        check("Talks open in Oslo\nThey began.\n", "Talks open in Oslo", &[], &["They began."]);
        check("28 May 2025\nTalks open\nThey began.", "Talks open", &["28 May 2025"], &["They began."]);
        check("Talks open\n2025-05-28\nThey began.", "Talks open", &["2025-05-28"], &["They began."]);
        check(
            "Title: Talks: day 1\nDate: May 28, 2025\nSource: AP\n\nThey began.",
            "Talks: day 1",
            &["May 28, 2025"],
            &["They began."],
        );
        check("They began.\nThey ended.", "", &[], &["They began.", "They ended."]);
        check("Only one line", "", &[], &["Only one line"]);
        check(
            "MOSCOW (Reuters) - Russia said on Wednesday that it would\nnot accept the offer.\n\nIt did.",
            "",
            &[],
            &["MOSCOW (Reuters) - Russia said on Wednesday that it would not accept the offer.", "It did."],
        );
        check("Note: this is text\n\nMore.", "Note: this is text", &[], &["More."]);
        let long = "Talks open in Oslo between the two sides after years of war";
        check(&format!("{long}\nThey began."), long, &[], &["They began."]);
        check(&format!("{long}\n\nThey began.\n\nAt noon."), long, &[], &["They began.", "At noon."]);
        check("He left. She stayed\nMore.", "", &[], &["He left. She stayed", "More."]);
    }

    #[test]
    fn source_lines_are_seen() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(source_line(line.as_bytes()).as_deref(), expected);
        check("(Source:www.reuters.com)\r\n", Some("www.reuters.com"));
        check("  ( source : AP )", Some("AP"));
        check("(Source: )", None);
        check("(Source: a) b)", None);
        check("Source: AP", None);
        check("(Sources: AP)", None);
    }
}
