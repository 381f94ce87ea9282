//! The dateline that wire copy begins with: `MOSCOW, May 28 (Sample Wire) - `.

/// A dateline is no longer than this, in bytes.
const LONGEST: usize = 90;
/// What divides a dateline from the text.
const DIVIDERS: &[&str] = &[" - ", " -- ", " – ", " — ", "- ", "– ", "— "];

/// The text without its dateline; the whole text if it has none or is nothing else.
pub(super) fn without(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    // A divider is a dash before a space; dashes but for the hyphen end in one of two bytes.
    let divides = |pair: &[u8]| matches!(pair, [b'-' | 0x93 | 0x94, b' ']);
    if !head.as_bytes().windows(2).any(divides) {
        return text;
    }
    let first = DIVIDERS.iter().filter_map(|divider| Some((head.find(divider)?, divider.len()))).min();
    match first {
        Some((at, length)) if is_dateline(&text[..at], &text[at + length..]) => &text[at + length..],
        _ => text,
    }
}

/// A place in capitals with a date or an agency; before a long text, the place alone.
fn is_dateline(head: &str, rest: &str) -> bool {
    let head = head.trim();
    let place = head.split([',', ' ', '(']).next().unwrap_or_default();
    let capitals = place.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !place.chars().any(char::is_lowercase);
    let agency = head.ends_with(')') && head.contains('(');
    // A sentence in capitals is a headline, one that ends in parentheses is a sentence: both are longer.
    let dated = head.bytes().any(|byte| byte.is_ascii_digit());
    let long = rest.split_whitespace().nth(11).is_some();
    head.split_whitespace().count() <= 9
        && capitals
        && (agency || dated || long)
        && !rest.is_empty()
        && !head.contains(['!', '?', ';', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines() {
        for (text, rest) in [
            ("MOSCOW, May 28 (Sample Wire) - The bank", "The bank"),
            ("KYIV — The bank", "KYIV — The bank"),
            ("KYIV — a b c d e f g h i j k l", "a b c d e f g h i j k l"),
            ("Five were freed (Monday) - the army", "Five were freed (Monday) - the army"),
            ("МОСКВА, 28 мая (Пример) — Банк", "Банк"),
            ("The bank - the largest - froze it", "The bank - the largest - froze it"),
            ("US - led forces", "US - led forces"),
            ("A well-known bank", "A well-known bank"),
            ("MOSCOW -", "MOSCOW -"),
            ("", ""),
        ] {
            assert_eq!(without(text), rest, "{text}");
        }
    }
}
