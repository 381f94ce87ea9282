//! The shape of a word: which forms a wildcard (`sanction*`) or a fuzzy word (`zelensky~1`) stands for.
//!
//! A shape is compared with a form at one of three levels of spelling, the same for a word of a text and for a term of the
//! field of forms, so that what a dictionary lists and what a text holds cannot differ.

use std::ops::RangeInclusive;

use super::fold::{fold, lower};
use super::lexicon::{Entry, written};

/// Which letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Letters {
    /// Folded: case and ignored marks do not count.
    Folded,
    /// In lower case: case does not count.
    Lower,
    /// As written.
    Written,
}

impl Letters {
    fn of(self, text: &str) -> String {
        match self {
            Letters::Folded => fold(text),
            // A piece of a word does not know whether its sigma is the last letter.
            Letters::Lower => lower(text).replace('ς', "σ"),
            Letters::Written => text.to_owned(),
        }
    }
}

/// Which forms of words a wildcard or fuzzy word stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    letters: Letters,
    sought: Sought,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Sought {
    /// Letters with wildcards among them.
    Glob(Vec<Piece>),
    /// Letters of which so many may be wrong, missing, too many or exchanged with their neighbour.
    Fuzzy(Vec<char>, u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Piece {
    /// This character.
    Letter(char),
    /// `?`: any one character.
    One,
    /// `*`: any characters, or none.
    Any,
}

impl Shape {
    /// The shape of a word with `*` and `?`.
    pub(super) fn glob(text: &str, letters: Letters) -> Shape {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(['*', '?']).unwrap_or(rest.len());
            pieces.extend(letters.of(&written(&rest[..end])).chars().map(Piece::Letter));
            let mark = rest[end..].chars().next();
            pieces.extend(mark.map(|mark| if mark == '*' { Piece::Any } else { Piece::One }));
            rest = &rest[end + mark.map_or(0, char::len_utf8)..];
        }
        Shape { letters, sought: Sought::Glob(pieces) }
    }

    /// The shape of a word with so many slips of the pen: by optimal string alignment, where a letter that has changed
    /// places with its neighbour is one slip.
    pub(super) fn fuzzy(text: &str, letters: Letters, slips: u8) -> Shape {
        Shape { letters, sought: Sought::Fuzzy(letters.of(&written(text)).chars().collect(), slips) }
    }

    /// Whether it stands for the word of an entry.
    pub fn accepts(&self, entry: &Entry) -> bool {
        self.accepts_form(entry.folded(), entry.written())
    }

    /// Whether it stands for the form of a term of the field of forms, [`Entry::form_term`].
    pub fn accepts_term(&self, term: &str) -> bool {
        let folded = folded_of(term);
        self.accepts_form(folded, term.get(folded.len() + 1..).unwrap_or(folded))
    }

    fn accepts_form(&self, folded: &str, written: &str) -> bool {
        let lowered;
        let form = match self.letters {
            Letters::Folded => folded,
            Letters::Written => written,
            Letters::Lower => {
                lowered = self.letters.of(written);
                &lowered
            }
        };
        match &self.sought {
            Sought::Glob(pieces) => fits(pieces, form),
            Sought::Fuzzy(word, slips) => is_within(word, form, *slips),
        }
    }

    /// What the folded form of every word begins with that it stands for.
    pub fn prefix(&self) -> String {
        let Sought::Glob(pieces) = &self.sought else { return String::new() };
        let letter = |piece: &Piece| if let Piece::Letter(letter) = piece { Some(*letter) } else { None };
        let mut fixed: Vec<char> = pieces.iter().map_while(letter).collect();
        // Folding a letter of another level may look at what follows, and so may composing it.
        if self.letters != Letters::Folded && fixed.last().is_some_and(|last| !last.is_ascii()) {
            fixed.pop();
        }
        let fixed: String = fixed.into_iter().collect();
        if self.letters == Letters::Folded { fixed } else { fold(&fixed) }
    }

    /// How many characters of a wildcard word stand before the first wildcard; none for a fuzzy word.
    pub fn letters_in_front(&self) -> Option<usize> {
        let Sought::Glob(pieces) = &self.sought else { return None };
        Some(pieces.iter().take_while(|piece| matches!(piece, Piece::Letter(_))).count())
    }

    /// How long the folded forms are that it may stand for, in bytes.
    pub fn lengths(&self) -> RangeInclusive<usize> {
        match &self.sought {
            Sought::Fuzzy(word, slips) if self.letters == Letters::Folded => {
                let length: usize = word.iter().map(|letter| letter.len_utf8()).sum();
                // A slip concerns one character, of at most four bytes.
                let slack = 4 * usize::from(*slips);
                length.saturating_sub(slack)..=length + slack
            }
            _ => 0..=usize::MAX,
        }
    }
}

/// The folded part of a term of the field of forms.
pub fn folded_of(term: &str) -> &str {
    term.split('\0').next().unwrap_or(term)
}

/// Whether a form fits letters with wildcards. Only the last `*` met is ever gone back to, so the time is at most the
/// product of the two lengths.
fn fits(pieces: &[Piece], form: &str) -> bool {
    let mut at = 0;
    let mut rest = form.chars();
    // Where to go on if what follows the last `*` does not fit: it takes one character more.
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let next = rest.clone().next();
        match (pieces.get(at), next) {
            (Some(Piece::Any), _) => {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            (Some(Piece::Letter(letter)), Some(c)) if *letter == c => {
                at += 1;
                rest.next();
                continue;
            }
            (Some(Piece::One), Some(_)) => {
                at += 1;
                rest.next();
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((from, taken)) = &mut retry else { return false };
        if taken.next().is_none() {
            return false;
        }
        at = *from;
        rest = taken.clone();
    }
}

/// The longest word that slips are counted in; no analysed word is longer.
const LONGEST: usize = 128;

/// Whether two words are at most so many slips apart. Of each row of the distances only those near the diagonal are
/// worked out, three rows are kept, and a row that is beyond the bound everywhere ends it.
fn is_within(word: &[char], form: &str, slips: u8) -> bool {
    let slips = usize::from(slips);
    let mut other = ['\0'; LONGEST];
    let mut length = 0;
    for c in form.chars() {
        if length == LONGEST || length > word.len() + slips {
            return false;
        }
        other[length] = c;
        length += 1;
    }
    if length + slips < word.len() || word.len() >= LONGEST {
        return false;
    }
    let beyond = slips as u8 + 1;
    let mut before_last = [beyond; LONGEST + 1];
    let mut last = [beyond; LONGEST + 1];
    for (distance, cell) in last.iter_mut().take(slips.min(length) + 1).enumerate() {
        *cell = distance as u8;
    }
    for i in 1..=word.len() {
        let mut row = [beyond; LONGEST + 1];
        if i <= slips {
            row[0] = i as u8;
        }
        let from = i.saturating_sub(slips).max(1);
        let to = (i + slips).min(length);
        let mut least = row[0];
        for j in from..=to {
            let change = last[j - 1] + u8::from(word[i - 1] != other[j - 1]);
            let mut cell = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1] {
                cell = cell.min(before_last[j - 2] + 1);
            }
            row[j] = cell.min(beyond);
            least = least.min(row[j]);
        }
        if least >= beyond && last.iter().take(to + 1).all(|cell| *cell >= beyond) {
            return false;
        }
        before_last = last;
        last = row;
    }
    last[length] < beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Analyzer, Lang};
    use proptest::prelude::*;

    #[track_caller]
    fn check(shape: &Shape, word: &str, expected: bool) {
        let mut analyzer = Analyzer::default();
        let analysis = analyzer.analyze(word, Lang::ENGLISH);
        let entry = analysis.entry(&analysis.tokens()[0]);
        assert_eq!(shape.accepts(entry), expected, "{shape:?} and {word}");
        assert_eq!(shape.accepts_term(entry.form_term()), expected, "{shape:?} and the term of {word}");
        assert!(!expected || entry.folded().starts_with(&shape.prefix()), "{shape:?} and {word}");
        assert!(!expected || shape.lengths().contains(&entry.folded().len()), "{shape:?} and {word}");
    }

    #[test]
    fn wildcards() {
        for (text, letters, word, expected) in [
            ("sanction*", Letters::Folded, "sanction", true),
            ("sanction*", Letters::Folded, "Sanctions", true),
            ("sanction*", Letters::Folded, "sanctioning", true),
            ("sanction*", Letters::Folded, "sanctity", false),
            ("wom?n", Letters::Folded, "woman", true),
            ("wom?n", Letters::Folded, "Women", true),
            ("wom?n", Letters::Folded, "womn", false),
            ("wom?n", Letters::Folded, "womaan", false),
            ("de*ization", Letters::Folded, "deoccupation", false),
            ("de*ation", Letters::Folded, "deoccupation", true),
            ("de*a*o*", Letters::Folded, "demarcation", true),
            ("Verm*gen", Letters::Folded, "Vermögen", true),
            ("Vermö*", Letters::Folded, "Vermogens", true),
            ("Vermö*", Letters::Lower, "Vermogens", false),
            ("Vermö*", Letters::Lower, "VERMÖGEN", true),
            ("Verm*", Letters::Written, "vermögen", false),
            ("Verm*", Letters::Written, "Vermögen", true),
            ("санкц*", Letters::Folded, "Санкциями", true),
            ("росси?", Letters::Folded, "Россия", true),
            ("الأص*", Letters::Folded, "الأصول", true),
            ("λόγος*", Letters::Lower, "ΛΌΓΟΣ", true),
            ("λόγοσ*", Letters::Lower, "λόγος", true),
            ("λ?γος", Letters::Lower, "λόγος", true),
            ("pre*post", Letters::Folded, "prepost", true),
        ] {
            check(&Shape::glob(text, letters), word, expected);
        }
    }

    #[test]
    fn fuzzy_words() {
        for (text, slips, word, expected) in [
            ("zelensky", 1, "Zelensky", true),
            ("zelensky", 1, "Zelenskyy", true),
            ("zelensky", 1, "Zelenksy", true),
            ("zelensky", 1, "Zelenskiy", true),
            ("zelensky", 1, "Zelenskyi", true),
            ("zelensky", 1, "Selenskyj", false),
            ("zelensky", 2, "Selenskyj", true),
            ("zelensky", 0, "ZELENSKY", true),
            ("zelensky", 0, "Zelenskyy", false),
            ("zelensky", 2, "Zelen", false),
            ("кадыров", 1, "Кадырав", true),
        ] {
            check(&Shape::fuzzy(text, Letters::Folded, slips), word, expected);
        }
    }

    /// Optimal string alignment by its definition.
    fn distance(a: &[char], b: &[char]) -> usize {
        let ([.., x], [.., y]) = (a, b) else { return a.len() + b.len() };
        let (shorter_a, shorter_b) = (&a[..a.len() - 1], &b[..b.len() - 1]);
        let mut least = (distance(shorter_a, shorter_b) + usize::from(x != y))
            .min(distance(shorter_a, b) + 1)
            .min(distance(a, shorter_b) + 1);
        if let ([.., p, _], [.., q, _]) = (a, b)
            && p == y
            && q == x
        {
            least = least.min(distance(&a[..a.len() - 2], &b[..b.len() - 2]) + 1);
        }
        least
    }

    /// What fits by its definition.
    fn fits_plainly(pieces: &[Piece], form: &[char]) -> bool {
        match (pieces, form) {
            ([], []) => true,
            ([Piece::Any, rest @ ..], _) => (0..=form.len()).any(|taken| fits_plainly(rest, &form[taken..])),
            ([Piece::One, rest @ ..], [_, form @ ..]) => fits_plainly(rest, form),
            ([Piece::Letter(letter), rest @ ..], [c, form @ ..]) => letter == c && fits_plainly(rest, form),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn slips_are_those_of_the_definition(a in "[abc]{0,6}", b in "[abc]{0,6}", slips in 0..=2_u8) {
            let (word, other): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            prop_assert_eq!(is_within(&word, &b, slips), distance(&word, &other) <= usize::from(slips));
        }

        #[test]
        fn wildcards_are_those_of_the_definition(text in "[ab*?]{0,7}", form in "[ab]{0,7}") {
            let Sought::Glob(pieces) = Shape::glob(&text, Letters::Folded).sought else { unreachable!() };
            prop_assert_eq!(fits(&pieces, &form), fits_plainly(&pieces, &form.chars().collect::<Vec<_>>()));
        }

        #[test]
        fn a_term_is_its_word(text in "\\PC{1,6}", word in "\\PC{1,6}", slips in 0..=2_u8) {
            let mut analyzer = Analyzer::default();
            let analysis = analyzer.analyze(&word, Lang::ENGLISH);
            for letters in [Letters::Folded, Letters::Lower, Letters::Written] {
                for shape in [Shape::fuzzy(&text, letters, slips), Shape::glob(&format!("{text}*"), letters)] {
                    for token in analysis.tokens() {
                        let entry = analysis.entry(token);
                        prop_assert_eq!(shape.accepts(entry), shape.accepts_term(entry.form_term()));
                        if shape.accepts(entry) {
                            prop_assert!(entry.folded().starts_with(&shape.prefix()), "{:?} {:?}", shape, entry);
                            prop_assert!(shape.lengths().contains(&entry.folded().len()));
                        }
                    }
                }
            }
        }
    }
}
