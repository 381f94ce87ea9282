//! Folding: what counts as the same letters.
//!
//! Case and Latin diacritics go, and so do marks of other scripts that writers leave out as they please: Greek accents,
//! Arabic vowel signs, Hebrew points. Letters that are letters of their own stay: й is not и, ї is not і.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in lower case, as it is compared when case alone is ignored.
pub(super) fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase().nfc().collect() }
}

/// The text in lower case, without the marks that are ignored.
///
/// ```
/// use nutgraf::text::fold;
///
/// assert_eq!(fold("Zelenskyï à Łódź"), "zelenskyi a lodz");
/// assert_eq!(fold("Ёлкин й Київ"), "елкин й київ");
/// ```
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    // What a mark stands on decides whether it is ignored.
    let mut base = ' ';
    for c in text.to_lowercase().nfkd() {
        if is_combining_mark(c) {
            let ignored = is_latin_or_greek(base) || is_arabic_sign(c) || is_hebrew_point(c);
            let is_yo = base == 'е' && c == '\u{308}';
            if !ignored && !is_yo {
                folded.push(c);
            }
            continue;
        }
        base = c;
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            // Greek has two forms of one letter, Arabic and Persian several of alef, yeh and kaf.
            'ς' => folded.push('σ'),
            'ى' | 'ی' => folded.push('ي'),
            'ک' => folded.push('ك'),
            'ة' => folded.push('ه'),
            'ٱ' => folded.push('ا'),
            'ـ' => {}
            _ => folded.push(c),
        }
    }
    folded.nfc().collect()
}

fn is_latin_or_greek(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}')
}

/// Vowel signs, and the hamza and madda that stand above or below alef.
fn is_arabic_sign(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}')
}

fn is_hebrew_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5c7}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        for (text, folded) in [
            ("US", "us"),
            ("Erdoğan", "erdogan"),
            ("e\u{301}tat", "etat"),
            ("İstanbul", "istanbul"),
            ("ISIL ısı", "isil isi"),
            ("Straße", "strasse"),
            ("Αθήνα ΣΑΣ", "αθηνα σασ"),
            ("йод її", "йод її"),
            ("Ё", "е"),
            ("الأصولُ", "الاصول"),
            ("שָׁלוֹם", "שלום"),
            ("ＮＡＴＯ", "nato"),
            ("한국", "한국"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(&fold(text)), folded, "{text} folded twice");
        }
    }
}
