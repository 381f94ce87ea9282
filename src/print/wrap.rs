//! Clean text -> lines of a width in columns, in any script.
//!
//! Lines break at spaces, and around the wide characters of scripts that are written without spaces. What fits on no
//! line is cut between graphemes. Widths are those of Unicode's East Asian Width, as the `unicode-width` crate has
//! them: a terminal's font may differ.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The narrowest line that is tried: a wide character has to fit.
const NARROWEST: usize = 2;

/// How many columns a clean text takes; for a few ligatures that a terminal may or may not draw, the larger number.
pub(super) fn columns(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The lines of a clean text, as byte ranges without the spaces at their ends. An empty text has none.
pub(super) fn lines(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(NARROWEST);
    let mut lines: Vec<Range<usize>> = Vec::new();
    // The line being filled, and how many columns it takes.
    let (mut line, mut used) = (0..0, 0);
    for piece in pieces(text) {
        // The space before the piece, if one stands there.
        let gap = if line.is_empty() { 0 } else { piece.start - line.end };
        let needed = columns(&text[piece.clone()]);
        if used + gap + needed <= width {
            (line, used) = (if line.is_empty() { piece } else { line.start..piece.end }, used + gap + needed);
            continue;
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        (line, used) = (piece.clone(), needed);
        if needed > width {
            let mut parts = cut(text, piece, width);
            line = parts.pop().unwrap_or_default();
            used = columns(&text[line.clone()]);
            lines.append(&mut parts);
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

/// The pieces of a clean text that are not broken unless they must be, spaces left out.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for (start, word) in text.split_word_bound_indices() {
        if word == " " {
            continue;
        }
        let end = start + word.len();
        match pieces.last_mut() {
            Some(last) if last.end == start && !may_break(&text[last.clone()], word) => last.end = end,
            _ => pieces.push(start..end),
        }
    }
    pieces
}

/// Whether a line may break between two neighbours with no space between them. A short form of Unicode's rules for
/// line breaking (UAX #14): a wide character allows it, unless the punctuation beside it belongs to the other side, and
/// so does a slash inside a path or an address.
fn may_break(before: &str, after: &str) -> bool {
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else { return false };
    let is_wide = |c: char| c.width() == Some(2);
    let is_slash = last == '/' && before.len() > 1 && next.is_alphabetic();
    last == '\u{200b}'
        || is_slash
        || ((is_wide(last) || is_wide(next)) && !OPENING.contains(last) && !CLOSING.contains(next))
}

/// What never ends a line.
const OPENING: &str = "（［｛「『【〈《〔“‘([{¥￥$＄#＃";
/// What never begins a line.
const CLOSING: &str =
    "、。，．・：；？！）］｝」』】〉》〕”’…‥ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ％,.;:!?)]}%\u{200b}";

/// A piece that is too long, cut between graphemes into parts that each fill a line.
fn cut(text: &str, piece: Range<usize>, width: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut used = 0;
    let mut add = |range: Range<usize>, needed: usize| match parts.last_mut() {
        Some(last) if used + needed <= width => {
            last.end = range.end;
            used += needed;
        }
        _ => {
            parts.push(range);
            used = needed;
        }
    };
    let offset = piece.start;
    for (start, grapheme) in text[piece].grapheme_indices(true) {
        let start = offset + start;
        let needed = grapheme.width();
        if needed <= width {
            add(start..start + grapheme.len(), needed);
            continue;
        }
        // A grapheme may be as long as one likes. The characters of this one are given all the room they might take.
        for (at, c) in grapheme.char_indices() {
            add(start + at..start + at + c.len_utf8(), NARROWEST);
        }
    }
    parts
}

/// Whether the character is of a script that is written from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::safe::clean;
    use super::*;

    #[test]
    fn lines_break_where_the_script_allows_it() {
        for (text, width, expected) in [
            ("", 10, vec![]),
            ("the frozen assets", 10, vec!["the frozen", "assets"]),
            ("don't stop, ever.", 11, vec!["don't stop,", "ever."]),
            ("https://example.org/a/very/long/way", 14, vec!["https://", "example.org/a/", "very/long/way"]),
            ("see incomprehensibilities now", 12, vec!["see", "incomprehens", "ibilities", "now"]),
            ("/russia/government", 10, vec!["/russia/", "government"]),
            ("制裁対象の資産。「凍結」", 14, vec!["制裁対象の資", "産。「凍結」"]),
            ("언론 보도에 따르면", 11, vec!["언론 보도에", "따르면"]),
            ("a\u{a0}b c", 3, vec!["a\u{a0}b", "c"]),
        ] {
            let found: Vec<_> = lines(text, width).into_iter().map(|line| &text[line]).collect();
            assert_eq!(found, expected, "{text:?} at {width}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_nothing_is_lost(text in any::<String>(), width in 2usize..60) {
            let text = clean(&text);
            let found = lines(&text, width);
            for line in &found {
                prop_assert!(text[line.clone()].width() <= width, "{:?}", &text[line.clone()]);
            }
            let joined: String = found.into_iter().map(|line| &text[line]).collect();
            prop_assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
