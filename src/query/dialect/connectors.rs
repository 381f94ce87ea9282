//! Terms and connectors: LexisNexis and Factiva.
//!
//! Nexis orders its connectors: OR binds first, then W/n and PRE/n with the smaller number first, W/S, W/P, AND, and last
//! AND NOT; from left to right where they are the same. Factiva's order is not documented well enough to rely on: mixtures
//! are refused until they have parentheses.

use std::ops::Range;

use crate::error::QueryError;

use super::pieces::{Cursor, Piece, Placed, check_places};
use crate::query::tree::{FARTHEST, Kind, Near, Node, Reach};
use crate::query::{boolean, number, shown};

/// Whose connectors they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Nexis,
    Factiva,
}

/// A connector between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connector {
    Or,
    And,
    AndNot,
    Near { ordered: bool, negated: bool, reach: Reach },
}

impl Connector {
    /// Which binds first: the higher one.
    fn strength(self) -> u32 {
        match self {
            Connector::Or => 2 * FARTHEST,
            Connector::Near { reach: Reach::Words(words), .. } => 3 + 2 + FARTHEST - words.min(FARTHEST),
            Connector::Near { reach: Reach::Sentence, .. } => 4,
            Connector::Near { reach: Reach::Paragraph, .. } => 3,
            Connector::And => 2,
            Connector::AndNot => 1,
        }
    }

    fn is_boolean(self) -> bool {
        matches!(self, Connector::Or | Connector::And | Connector::AndNot)
    }
}

/// Reads a whole question. What is joined by AND or NOT holds over articles.
pub(super) fn read(text: &str, engine: Engine) -> Result<Node, QueryError> {
    let mut reader = Reader { at: Cursor::new(text, false)?, engine };
    let tree = reader.level()?;
    if let Some(piece) = reader.at.peek() {
        return Err(reader.at.refuse(piece.span.clone(), "this parenthesis closes nothing", "leave it out"));
    }
    let over_articles = |kind: &Kind| matches!(kind, Kind::And(_) | Kind::Not(_));
    match boolean::find(&tree, &over_articles) {
        Some(_) => Ok(Node { span: tree.span.clone(), kind: Kind::Whole(Box::new(tree)) }),
        None => Ok(tree),
    }
}

pub(super) struct Reader<'t> {
    pub(super) at: Cursor<'t>,
    engine: Engine,
}

impl<'t> Reader<'t> {
    pub(super) fn name(&self) -> &'static str {
        match self.engine {
            Engine::Nexis => "nexis",
            Engine::Factiva => "factiva",
        }
    }

    /// Operands and connectors up to the end or a parenthesis that closes, by the shunting-yard method (Dijkstra 1961).
    fn level(&mut self) -> Result<Node, QueryError> {
        let mut operands = vec![self.operand()?];
        let mut waiting: Vec<(Connector, Range<usize>)> = Vec::new();
        let mut met: Vec<(Connector, Range<usize>)> = Vec::new();
        while self.at.peek().is_some_and(|piece| piece.piece != Piece::Close) {
            let first = self.at.next;
            let Some(connector) = self.connector()? else {
                let piece = self.at.peek().map_or(self.at.end(), |piece| piece.span.clone());
                return Err(self.at.refuse(
                    piece,
                    "there is no connector before this",
                    "write AND, OR or W/5 between the two",
                ));
            };
            let span = self.at.since(first);
            self.check_mix(&met, connector, &span)?;
            met.push((connector, span.clone()));
            while waiting.last().is_some_and(|(before, _)| before.strength() >= connector.strength()) {
                self.join(&mut operands, waiting.pop())?;
            }
            waiting.push((connector, span));
            operands.push(self.operand()?);
        }
        while !waiting.is_empty() {
            self.join(&mut operands, waiting.pop())?;
        }
        operands.pop().ok_or_else(|| self.at.missing())
    }

    /// Refuses mixtures in Factiva.
    fn check_mix(
        &self,
        met: &[(Connector, Range<usize>)],
        new: Connector,
        span: &Range<usize>,
    ) -> Result<(), QueryError> {
        if self.engine == Engine::Nexis {
            return Ok(());
        }
        let clash = met.last().filter(|(before, _)| {
            if before.is_boolean() && new.is_boolean() {
                *before != new && !(matches!(before, Connector::And | Connector::AndNot) && new != Connector::Or)
            } else {
                !before.is_boolean() && !new.is_boolean()
            }
        });
        match clash {
            Some(_) => Err(self.at.refuse(
                span.clone(),
                "connectors are mixed without parentheses",
                "put parentheses around what belongs together",
            )),
            None => Ok(()),
        }
    }

    fn join(&self, operands: &mut Vec<Node>, connector: Option<(Connector, Range<usize>)>) -> Result<(), QueryError> {
        let (Some((connector, span)), Some(right), Some(left)) = (connector, operands.pop(), operands.pop()) else {
            return Err(self.at.missing());
        };
        let whole = left.span.start..right.span.end;
        let kind = match connector {
            Connector::Or => boolean::any(vec![left, right]),
            Connector::And => boolean::all(vec![left, right]),
            Connector::AndNot => {
                let place = right.span.clone();
                boolean::all(vec![left, boolean::not(right, place)])
            }
            Connector::Near { ordered, negated, reach } => {
                let sign = shown(&self.at.text[span]);
                check_places(self.at.text, &left, &sign)?;
                check_places(self.at.text, &right, &sign)?;
                let near = Near { left: Box::new(left), right: Box::new(right), ordered, reach, negated };
                Some(Node { kind: Kind::Near(near), span: whole.clone() })
            }
        };
        operands.extend(kind.map(|node| Node { span: whole, ..node }));
        Ok(())
    }

    /// The connector that stands next, if one does.
    fn connector(&mut self) -> Result<Option<Connector>, QueryError> {
        let Some(first) = self.at.word(0) else { return Ok(None) };
        let lower = first.to_ascii_lowercase();
        let second = self.at.word(1).map(str::to_ascii_lowercase);
        let (connector, pieces) = match (lower.as_str(), second.as_deref()) {
            ("and", Some("not")) | ("but", Some("not")) => (Connector::AndNot, 2),
            ("and", _) => (Connector::And, 1),
            ("or", _) => (Connector::Or, 1),
            ("not", Some(near)) => match self.near(near)? {
                Some((ordered, reach)) => (Connector::Near { ordered, negated: true, reach }, 2),
                None => (Connector::AndNot, 1),
            },
            ("not", None) => (Connector::AndNot, 1),
            (near, _) => match self.near(near)? {
                Some((ordered, reach)) => (Connector::Near { ordered, negated: false, reach }, 1),
                None => return Ok(None),
            },
        };
        self.at.next += pieces;
        Ok(Some(connector))
    }

    /// What a connector of nearness, in lower case, stands for: whether the left side comes first, and how far.
    fn near(&self, lower: &str) -> Result<Option<(bool, Reach)>, QueryError> {
        let numbered = |prefix: &str, default: Option<u32>| -> Option<Result<u32, ()>> {
            let digits = lower.strip_prefix(prefix)?;
            if digits.is_empty() {
                return default.map(Ok);
            }
            digits
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| number(digits).filter(|words| (1..=FARTHEST).contains(words)).ok_or(()))
        };
        let found = match self.engine {
            Engine::Nexis => match lower {
                "w/s" | "/s" | "w/sent" | "near/s" => return Ok(Some((false, Reach::Sentence))),
                "w/p" | "/p" | "w/para" | "near/p" => return Ok(Some((false, Reach::Paragraph))),
                "pre/s" => return Ok(Some((true, Reach::Sentence))),
                "pre/p" => return Ok(Some((true, Reach::Paragraph))),
                "w/seg" => {
                    return Err(self.at.refuse(
                        self.here(),
                        "w/seg, a segment of the article, has no equal here",
                        "write W/P, or AND",
                    ));
                }
                _ => [("w/", false), ("/", false), ("near/", false), ("pre/", true), ("+", true), ("onear/", true)]
                    .into_iter()
                    .find_map(|(prefix, ordered)| numbered(prefix, None).map(|words| (ordered, words))),
            },
            Engine::Factiva => match lower {
                "same" => return Ok(Some((false, Reach::Paragraph))),
                _ => [
                    ("near", false, Some(1)),
                    ("adj", true, Some(1)),
                    ("w/", true, None),
                    ("w", true, None),
                    ("n", false, None),
                ]
                .into_iter()
                .find_map(|(prefix, ordered, default)| numbered(prefix, default).map(|words| (ordered, words))),
            },
        };
        match found {
            None => Ok(None),
            Some((ordered, Ok(words))) => Ok(Some((ordered, Reach::Words(words)))),
            Some((_, Err(()))) => {
                let message = format!("{} takes a number from 1 to {FARTHEST}", shown(lower));
                Err(self.at.refuse(self.here(), message, "write such a number"))
            }
        }
    }

    fn here(&self) -> Range<usize> {
        self.at.peek().map_or(self.at.end(), |piece| piece.span.clone())
    }

    pub(super) fn operand(&mut self) -> Result<Node, QueryError> {
        let Some(Placed { piece, span, .. }) = self.at.peek().cloned() else { return Err(self.at.missing()) };
        match piece {
            Piece::Close => Err(self.at.missing()),
            Piece::Open => {
                let open = self.at.open()?;
                let inner = self.level()?;
                self.at.close(open.clone())?;
                Ok(Node { span: open.start..self.at.since(self.at.next - 1).end, ..inner })
            }
            Piece::Quoted(quoted) => {
                self.at.next += 1;
                let ours = self.ours(quoted, &span)?;
                self.at.quoted(span, &ours, None)
            }
            Piece::Word(word) => {
                if let Some(node) = self.function(word, span.clone())? {
                    return Ok(node);
                }
                self.words()
            }
        }
    }

    /// Words side by side, which are a phrase.
    fn words(&mut self) -> Result<Node, QueryError> {
        let first = self.at.next;
        let mut words: Vec<String> = Vec::new();
        while let Some(Placed { piece: Piece::Word(word), span, .. }) = self.at.peek().cloned() {
            let before = self.at.next;
            if self.connector()?.is_some() {
                self.at.next = before;
                break;
            }
            if !words.is_empty() && self.begins_function(word) {
                break;
            }
            words.push(self.ours(word, &span)?);
            self.at.next += 1;
            // `word/F10/` ends what stands side by side.
            if self.engine == Engine::Factiva && first_words(word).is_some() {
                break;
            }
        }
        let span = self.at.since(first);
        let last = self.at.text[span.clone()].rsplit(char::is_whitespace).next().and_then(first_words);
        let node = match words.as_slice() {
            [] => return Err(self.at.missing()),
            [word] => self.at.bare(span.clone(), word)?,
            words => self.at.quoted(span.clone(), &words.join(" "), None)?,
        };
        match last.filter(|_| self.engine == Engine::Factiva) {
            Some(count) => Ok(Node { kind: Kind::First(count, Box::new(node)), span }),
            None => Ok(node),
        }
    }

    fn begins_function(&self, word: &str) -> bool {
        let opens = self.at.ahead(1).is_some_and(|next| next.piece == Piece::Open && next.glued);
        let lower = word.to_ascii_lowercase();
        opens
            || lower == "date"
            || self.engine == Engine::Factiva && (lower.starts_with("atleast") || word.contains('='))
    }

    /// A word, or words between quotes, with our own wildcards.
    pub(super) fn ours(&self, words: &str, span: &Range<usize>) -> Result<String, QueryError> {
        let words: Vec<String> =
            words.split_whitespace().map(|word| self.ours_of(word, span)).collect::<Result<_, _>>()?;
        Ok(words.join(" "))
    }

    fn ours_of(&self, word: &str, span: &Range<usize>) -> Result<String, QueryError> {
        let refuse = |message: String, cure: String| Err(self.at.refuse(span.clone(), message, cure));
        match self.engine {
            Engine::Nexis => {
                if let Some(stem) = word.strip_suffix('!') {
                    return Ok(format!("{}*", stem.replace('*', "?")));
                }
                if let Some(stem) = word.strip_suffix('*').filter(|stem| !stem.is_empty()) {
                    let message = format!("{} stands for {} and for it with one letter more", shown(word), shown(stem));
                    return refuse(message, format!("write ({} OR {}?)", shown(stem), shown(stem)));
                }
                Ok(word.replace('*', "?"))
            }
            Engine::Factiva => {
                let word = first_words(word).map_or(word, |_| word.split('/').next().unwrap_or(word));
                match word.split_once('$') {
                    Some((stem, "")) => Ok(format!("{stem}*")),
                    Some((stem, most)) if !most.is_empty() && most.bytes().all(|b| b.is_ascii_digit()) => {
                        let message = format!("{}, up to {most} letters more, has no equal here", shown(word));
                        refuse(
                            message,
                            format!("write {}$ for any number of letters, or the words with or", shown(stem)),
                        )
                    }
                    _ => Ok(word.to_owned()),
                }
            }
        }
    }

    /// What is written like a function or a field.
    fn function(&mut self, word: &'t str, span: Range<usize>) -> Result<Option<Node>, QueryError> {
        let lower = word.to_ascii_lowercase();
        let opens = self.at.ahead(1).is_some_and(|next| next.piece == Piece::Open && next.glued);
        let count = lower.strip_prefix("atleast").filter(|digits| !digits.is_empty()).map(number);
        if let Some(count) = count
            && (opens || self.engine == Engine::Factiva)
        {
            self.at.next += 1;
            let Some(count) = count.filter(|count| (1..=FARTHEST).contains(count)) else {
                return Err(self.at.refuse(
                    span,
                    format!("{word} takes a number from 1 to {FARTHEST}"),
                    "write such a number",
                ));
            };
            let inner = self.operand()?;
            check_places(self.at.text, &inner, word)?;
            let span = span.start..inner.span.end;
            return Ok(Some(Node { kind: Kind::AtLeast(count, Box::new(inner)), span }));
        }
        if lower == "date" {
            return self.date(opens).map(Some);
        }
        match self.engine {
            Engine::Nexis if opens => self.segment(word, span).map(Some),
            Engine::Factiva => match word.split_once('=') {
                Some((name, value)) => self.field(name, value, span).map(Some),
                None => Ok(None),
            },
            Engine::Nexis => Ok(None),
        }
    }
}

/// The 10 of `word/F10/`.
fn first_words(word: &str) -> Option<u32> {
    let (_, rest) = word.split_once('/')?;
    let digits = rest.strip_suffix('/')?.strip_prefix(['F', 'f'])?;
    number(digits).filter(|count| (1..=FARTHEST).contains(count) && !digits.is_empty())
}
