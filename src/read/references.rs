//! Text with HTML's character references enters, text with the characters themselves leaves.
//!
//! Feeds and scrapers leave them in texts that are no markup otherwise. Only well-formed ones are read: `AT&T`, `Q&A;`
//! and `&copy` without its semicolon stay as they are.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use pulldown_cmark::{Event, Parser};

/// The longest reference between its marks, in bytes: HTML's longest name has 31 letters.
const LONGEST: usize = 32;

/// Decodes the references of a text, once.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    let mut decoded = String::new();
    // `text[from..]` is not yet copied.
    let mut from = 0;
    for (at, _) in text.match_indices('&') {
        let inside = text.as_bytes()[at + 1..].iter().take(LONGEST + 1).position(|byte| *byte == b';');
        let Some((end, characters)) =
            inside.and_then(|length| Some((at + length + 2, characters(&text[at..at + length + 2])?)))
        else {
            continue;
        };
        decoded.push_str(&text[from..at]);
        decoded.push_str(&characters);
        from = end;
    }
    match from {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(decoded + &text[from..]),
    }
}

/// What one reference, with its `&` and `;`, stands for.
fn characters(reference: &str) -> Option<String> {
    let name = &reference[1..reference.len() - 1];
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16),
            None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse(),
            _ => return None,
        };
        // Numbers of Windows' quotation marks and dashes are read as browsers read them.
        return match number.ok()? {
            0 => None,
            number @ 0x80..=0x9f => Some(WINDOWS_1252.decode_without_bom_handling(&[number as u8]).0.into_owned()),
            number => char::from_u32(number).map(String::from),
        };
    }
    match name {
        "amp" => Some("&".to_owned()),
        "quot" => Some("\"".to_owned()),
        "nbsp" => Some("\u{a0}".to_owned()),
        name if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            // The Markdown parser has HTML's whole table; a lone reference is one event of text to it.
            let mut texts = Parser::new(reference).filter_map(|event| match event {
                Event::Text(text) => Some(text),
                _ => None,
            });
            texts.next().filter(|text| !text.starts_with('&')).map(|text| text.into_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_references_are_decoded() {
        let check = |text: &str, expected: &str| assert_eq!(decoded(text), expected, "{text}");
        check("Fish &amp; chips &#39;now&#8217; &#x2014; &eacute;t&eacute;", "Fish & chips 'now’ — été");
        check(
            "AT&T, Q&A; R&D;, &copy, &nosuch; &#; &#x; &#xZ; &#0; &#xD800; &",
            "AT&T, Q&A; R&D;, &copy, &nosuch; &#; &#x; &#xZ; &#0; &#xD800; &",
        );
        check("&amp;lt;", "&lt;");
        check("&&amp;&quot;", "&&\"");
        check("&#150;&#x92;&lt;&gt;&nbsp;", "–’<>\u{a0}");
        check("&é; &éééééééééééééééééééééééééé;", "&é; &éééééééééééééééééééééééééé;");
        check("&#99999999999;&", "&#99999999999;&");
    }
}
