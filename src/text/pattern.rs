//! What a word or phrase of a question looks for in a text: the words it must find, and where.

use std::borrow::Cow;

use super::fold::lower;
use super::lang::Lang;
use super::lexicon::{Analysis, Analyzer, Entry};
use super::shape::{Letters, Shape};
use super::tokens::{Token, is_continuous_at, is_letter, words};

/// Words that must stand next to each other, in order, as a word or phrase of a question means them in one language.
/// Made by the same analysis as the text it is compared with. Empty where the question held no word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern(pub Vec<Slot>);

/// What one token must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A word with one of these terms of the field of stems: never none, and two only for a word with diacritics.
    Stem(Vec<String>),
    /// A word of this folded form, spelled so.
    Form {
        /// The folded form.
        folded: String,
        /// How far the spelling is free.
        spelling: Spelling,
    },
    /// A word of this shape.
    Shape(Shape),
}

/// How far a spelling is free.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// Anything that folds to the same.
    Free,
    /// In lower case it is this.
    Lower(String),
    /// It is this.
    Written(String),
}

impl Spelling {
    /// Whether a word as written is spelled so.
    pub fn accepts(&self, written: &str) -> bool {
        match self {
            Spelling::Free => true,
            Spelling::Lower(spelling) => lower(written) == *spelling,
            Spelling::Written(spelling) => written == spelling,
        }
    }
}

impl Slot {
    /// Whether a token of a text is what the slot asks for.
    pub fn accepts(&self, entry: &Entry) -> bool {
        match self {
            Slot::Stem(terms) => entry.stem_terms().any(|term| terms.iter().any(|sought| sought == term)),
            Slot::Form { folded, spelling } => entry.folded() == folded && spelling.accepts(entry.written()),
            Slot::Shape(shape) => shape.accepts(entry),
        }
    }
}

impl Pattern {
    /// What `text` looks for in texts of `lang`, in any inflection.
    pub fn inflected(analyzer: &mut Analyzer, text: &str, lang: Lang) -> Pattern {
        Pattern::of(analyzer, text, lang, Letters::Folded, |entry, whole| {
            if whole {
                Slot::Stem(entry.stem_terms().map(str::to_owned).collect())
            } else {
                Slot::Form { folded: entry.folded().to_owned(), spelling: Spelling::Free }
            }
        })
    }

    /// What `text` looks for with its own forms, whatever the language; with `cased`, in its own case too.
    pub fn exact(analyzer: &mut Analyzer, text: &str, cased: bool) -> Pattern {
        let letters = if cased { Letters::Written } else { Letters::Lower };
        Pattern::of(analyzer, text, Lang::UNKNOWN, letters, |entry, _| Slot::Form {
            folded: entry.folded().to_owned(),
            spelling: if cased {
                Spelling::Written(entry.written().to_owned())
            } else {
                Spelling::Lower(lower(entry.written()))
            },
        })
    }

    /// What `text`, one word, looks for if so many letters of it may be wrong.
    pub fn fuzzy(text: &str, letters: Letters, slips: u8) -> Pattern {
        Pattern(words(text).into_iter().map(|range| Slot::Shape(Shape::fuzzy(&text[range], letters, slips))).collect())
    }

    /// The shapes among its words.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.0.iter().filter_map(|slot| if let Slot::Shape(shape) = slot { Some(shape) } else { None })
    }

    /// One slot for each token. The second argument of `slot` tells whether the token's stem says all that is known of it: the
    /// last character of a run without spaces has no neighbour, so only its form does.
    fn of(
        analyzer: &mut Analyzer,
        text: &str,
        lang: Lang,
        letters: Letters,
        slot: impl Fn(&Entry, bool) -> Slot,
    ) -> Pattern {
        // Wildcards part words, unless a letter stands for them.
        let lettered = with_letters_for_wildcards(text);
        let analysis = analyzer.analyze(&lettered, lang);
        let slot = |token: &Token| match &text[token.range()] {
            word if word.contains(['*', '?']) => Slot::Shape(Shape::glob(word, letters)),
            _ => slot(analysis.entry(token), !ends_run(&lettered, token.range())),
        };
        Pattern(analysis.tokens().iter().map(slot).collect())
    }

    /// The positions in a text where a match begins, ascending.
    pub fn starts<'a>(&'a self, analysis: &'a Analysis<'a>) -> impl Iterator<Item = u32> + 'a {
        let windows = analysis.tokens().windows(self.0.len().max(1));
        windows.enumerate().filter(|(_, window)| self.matches(window, analysis)).map(|(start, _)| start as u32)
    }

    fn matches(&self, window: &[Token], analysis: &Analysis<'_>) -> bool {
        let mut pairs = self.0.iter().zip(window);
        !self.0.is_empty() && pairs.all(|(slot, token)| slot.accepts(analysis.entry(token)))
    }
}

/// The text with a letter in the place of each wildcard of a word, as many bytes long.
fn with_letters_for_wildcards(text: &str) -> Cow<'_, str> {
    let is_wildcard = |c: char| matches!(c, '*' | '?');
    if !text.contains(is_wildcard) {
        return Cow::Borrowed(text);
    }
    let mut lettered = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_wildcard) {
        let (before, from) = rest.split_at(start);
        let after = from.trim_start_matches(is_wildcard);
        let neighbours = [before.chars().next_back(), after.chars().next()];
        let run = &from[..from.len() - after.len()];
        lettered.push_str(before);
        if neighbours.into_iter().flatten().any(is_letter) {
            lettered.extend(run.chars().map(|_| 'x'));
        } else {
            lettered.push_str(run);
        }
        rest = after;
    }
    lettered.push_str(rest);
    Cow::Owned(lettered)
}

/// Whether the token is a character of a script without spaces with none after it.
fn ends_run(text: &str, token: std::ops::Range<usize>) -> bool {
    is_continuous_at(text, token.start) && !is_continuous_at(text, token.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_what_they_mean() {
        for (lang, pattern, text, starts) in [
            ("en", "asset", "The assets, frozen assets", vec![1, 3]),
            ("en", "frozen assets", "The assets, frozen assets", vec![2]),
            ("en", "open-door", "an open door", vec![1]),
            ("en", "US", "us and the U.S. of US", vec![0, 3, 5]),
            ("en", "nothing", "something", vec![]),
            ("zh", "制裁", "对制裁的", vec![1]),
            ("zh", "裁", "对制裁的", vec![2]),
            ("zh", "制裁资产", "制裁资产 制裁 资产", vec![0]),
            ("fr", "l'Ukraine", "de l’Ukraine", vec![1]),
            ("en", "Karadzic", "Karadžić Karadzic", vec![0, 1]),
            ("en", "Karadžić", "Karadžić Karadzic", vec![0, 1]),
            ("es", "operacion", "operación operaciones", vec![0]),
            ("es", "operación", "operación operaciones operacion", vec![0, 1, 2]),
            ("fr", "sanctionnées", "sanctionner sanctionnees", vec![0, 1]),
            ("tr", "Ankara", "Ankara'da Rusya'nın", vec![0]),
            ("en", "—", "a — b", vec![]),
            ("en", "asset* freez*", "the assets freezing of assets frozen", vec![1]),
            ("en", "frozen asset*", "frozen assets, a frozen assetless", vec![0, 3]),
            ("en", "open-do*", "an open door, open-doored", vec![1, 3]),
            ("en", "wom?n's", "the women's and womens", vec![1]),
            ("fr", "cafe\u{301}*", "les cafés", vec![1]),
            ("hi", "निर्*", "निर्णय और निर", vec![0]),
            ("zh", "制裁 Rus*", "制裁 Russia", vec![0]),
            ("en", "a * b", "a b", vec![0]),
        ] {
            let lang = lang.parse().expect("a language");
            let mut analyzer = Analyzer::default();
            let pattern = Pattern::inflected(&mut analyzer, pattern, lang);
            let analysis = analyzer.analyze(text, lang);
            assert_eq!(pattern.starts(&analysis).collect::<Vec<u32>>(), starts, "{pattern:?} in {text}");
        }
    }

    #[test]
    fn exact_forms() {
        for (cased, pattern, text, starts) in [
            (false, "us", "us US U.S. Us use", vec![0, 1, 2, 3]),
            (true, "US", "us US U.S. Us use", vec![1, 2]),
            (true, "us", "us US U.S. Us use", vec![0]),
            (false, "asset", "assets asset Asset", vec![1, 2]),
            (false, "etat", "état etat", vec![1]),
        ] {
            let mut analyzer = Analyzer::default();
            let pattern = Pattern::exact(&mut analyzer, pattern, cased);
            let analysis = analyzer.analyze(text, Lang::ENGLISH);
            assert_eq!(pattern.starts(&analysis).collect::<Vec<u32>>(), starts, "{pattern:?} in {text}");
        }
    }
}
