//! The name and the first bytes of a file enter, what kind of file it is leaves.
//!
//! Names lie: a `.txt` may hold a saved page, a `.json` JSON lines. What the content plainly is wins over the name; what
//! it is not plainly is left to the name. Nothing is parsed here beyond one line.

use std::ffi::OsStr;

use super::cut_json::whole_value;

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text.
    Txt,
    /// Markdown.
    Markdown,
    /// HTML or XHTML.
    Html,
    /// Articles in one JSON value, or several after one another.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Rows of fields; the separator if the name tells it.
    Delimited(Option<u8>),
}

/// What a file's name says: a kind, or `None` inside for a compressed file whose name says no more.
pub(super) fn named_kind(name: &OsStr) -> Option<Option<Kind>> {
    let name = name.to_string_lossy().to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.')?;
    match kind_of_extension(extension) {
        Some(kind) => Some(Some(kind)),
        None if matches!(extension, "gz" | "gzip" | "zst" | "zstd") => match stem.rsplit_once('.') {
            Some((_, inner)) => kind_of_extension(inner).map(Some),
            None => Some(None),
        },
        None => None,
    }
}

fn kind_of_extension(extension: &str) -> Option<Kind> {
    Some(match extension {
        "txt" | "text" => Kind::Txt,
        "md" | "markdown" => Kind::Markdown,
        "html" | "htm" | "xhtml" => Kind::Html,
        "json" => Kind::Json,
        "jsonl" | "ndjson" => Kind::JsonLines,
        "csv" => Kind::Delimited(None),
        "tsv" => Kind::Delimited(Some(b'\t')),
        _ => return None,
    })
}

/// What a file is, from its name and its first characters.
///
/// # Errors
///
/// What the content looks like, if that is a text format that cannot be read.
pub(super) fn kind_of(named: Option<Kind>, prefix: &str) -> Result<Kind, String> {
    let start = prefix.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.starts_with('<') {
        let head: String = start.chars().take(4096).collect::<String>().to_ascii_lowercase();
        if head.starts_with("<!doctype html") || head.starts_with("<html") {
            return Ok(Kind::Html);
        }
        let after = |mark: &str| head.find(mark).is_some_and(|at| head[at..].starts_with(mark));
        if head.starts_with("<?xml") || head.starts_with("<!--") || head.starts_with("<!doctype") {
            if after("<html") || after("<!doctype html") {
                return Ok(Kind::Html);
            }
            if !head.starts_with("<!--") {
                return Err("looks like XML that is no web page".to_owned());
            }
        }
        if matches!(named, None | Some(Kind::Txt)) && (head.contains("</p>") || head.contains("</div>")) {
            return Ok(Kind::Html);
        }
    }
    if start.starts_with("{\\rtf") {
        return Err("looks like RTF".to_owned());
    }
    let named_json = matches!(named, Some(Kind::Json | Kind::JsonLines));
    if let Some(members) = start.strip_prefix('{') {
        let line = start.lines().next().unwrap_or_default().trim();
        let ended = start.contains('\n');
        if whole_value(line) {
            // A lone object may be a document that holds a list; in a file named for lines it is their first.
            let alone = start.trim_end().len() == start.lines().next().unwrap_or_default().trim_end().len();
            return Ok(if alone && named != Some(Kind::JsonLines) { Kind::Json } else { Kind::JsonLines });
        }
        if named_json {
            // A first line that opens something and stops is the beginning of a value laid out over many lines; any
            // other is a line that is broken or longer than what is looked at.
            let laid_out = line.ends_with(['{', '[', ',']);
            return Ok(if ended && laid_out { Kind::Json } else { named.unwrap_or(Kind::Json) });
        }
        if members.trim_start().starts_with('"') && start.contains("\":") {
            return Ok(if ended { Kind::Json } else { Kind::JsonLines });
        }
    }
    if let Some(rest) = start.strip_prefix('[') {
        let element = rest.trim_start();
        let objects = element.strip_prefix('{').is_some_and(|members| members.trim_start().starts_with('"'));
        if objects || named_json {
            return Ok(Kind::Json);
        }
    }
    if named == Some(Kind::Html) && !prefix.contains('<') {
        return Ok(Kind::Txt);
    }
    Ok(named.unwrap_or(Kind::Txt))
}

/// What bytes that are no text look like; none if they may be text.
///
/// `text` says whether an encoding is known in which NUL bytes are letters' halves.
pub(super) fn binary_kind(prefix: &[u8], text: bool) -> Option<&'static str> {
    let known: [(&[u8], &str); 16] = [
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a zip archive or an office document"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"RIFF", "a media file"),
        (b"ID3", "a media file"),
        (b"\x7fELF", "a program"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"SQLite format 3", "an SQLite database"),
        (b"\x1f\x8b", "gzip inside compression"),
        (b"\x28\xb5\x2f\xfd", "Zstandard inside compression"),
    ];
    let controls = prefix.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    let found = known.iter().find(|(magic, _)| prefix.starts_with(magic)).map(|(_, name)| *name);
    match found {
        // Some marks are words as well; a file that goes on as text is text.
        Some("a media file" | "a GIF image" | "a bzip2 archive" | "a RAR archive") if controls == 0 => None,
        Some(name) => Some(name),
        None if !text && controls * 50 > prefix.len() => Some("binary data"),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kinds() {
        let check = |name: &str, expected| assert_eq!(named_kind(OsStr::new(name)), expected, "{name}");
        check("a.txt", Some(Some(Kind::Txt)));
        check("a.b.HTML", Some(Some(Kind::Html)));
        check("a.jsonl.gz", Some(Some(Kind::JsonLines)));
        check("a.CSV.ZST", Some(Some(Kind::Delimited(None))));
        check("dump.gz", Some(None));
        check("a.tar.gz", None);
        check("a.pdf", None);
        check("README", None);
    }

    #[test]
    fn content_wins_over_the_name() {
        let check = |named, prefix: &str, expected| assert_eq!(kind_of(named, prefix), Ok(expected), "{prefix}");
        check(Some(Kind::Txt), "\n<!DOCTYPE html><p>x", Kind::Html);
        check(Some(Kind::Txt), "<p>One.</p>", Kind::Html);
        check(Some(Kind::Txt), "<unknown> said no more", Kind::Txt);
        check(Some(Kind::Txt), "<?xml version=\"1.0\"?>\n<html xmlns=\"x\">", Kind::Html);
        check(Some(Kind::Txt), "{\"title\": \"a\"}\n{\"title\": \"b\"}", Kind::JsonLines);
        check(Some(Kind::Txt), "[1] as was said", Kind::Txt);
        check(Some(Kind::Txt), "[{\"a\": 1}]", Kind::Json);
        check(Some(Kind::Json), "{\"a\": 1}\n{\"a\": 2}\n", Kind::JsonLines);
        check(Some(Kind::Json), "{\n  \"a\": 1\n}", Kind::Json);
        check(Some(Kind::JsonLines), "{\n\"articles\": [\n{}", Kind::Json);
        check(Some(Kind::JsonLines), "{\"a\": \n{\"a\": 1}", Kind::JsonLines);
        check(Some(Kind::JsonLines), "{\"a\": \"cut\n{\"a\": 1}", Kind::JsonLines);
        check(Some(Kind::JsonLines), "[{\"a\": 1},", Kind::Json);
        check(Some(Kind::Html), "no markup at all", Kind::Txt);
        check(Some(Kind::Markdown), "<div>x</div>", Kind::Markdown);
        check(None, "words", Kind::Txt);
        assert!(kind_of(Some(Kind::Txt), "<?xml version='1.0'?><rss>").is_err());
        assert!(kind_of(Some(Kind::Txt), "{\\rtf1 x}").is_err());
    }

    #[test]
    fn binary_is_named() {
        let check = |prefix: &[u8], expected| assert_eq!(binary_kind(prefix, false), expected);
        check(b"%PDF-1.7\n", Some("a PDF document"));
        check(b"PK\x03\x04", Some("a zip archive or an office document"));
        check(b"a\0b\0", Some("binary data"));
        check(b"GIF8 is a word here", None);
        check(b"plain \x1b[31mtext\n", None);
    }
}
