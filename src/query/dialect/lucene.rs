//! Lucene's classic query syntax.
//!
//! Its AND, OR, NOT, + and - do not make a tree: each clause of a level is required, prohibited or optional, AND making
//! its two neighbours required. Where something is required, what is optional changes the ranking alone, which has no
//! equal here.

use std::ops::Range;

use crate::error::QueryError;

use super::pieces::{Cursor, Piece, Placed, title};
use crate::query::field::{self, Name, Valued};
use crate::query::tree::{Boost, Kind, Near, Node, Reach};
use crate::query::{boolean, number, shown};

/// Reads a whole question.
pub(super) fn read(text: &str) -> Result<Node, QueryError> {
    let mut reader = Reader { at: Cursor::new(text, true)? };
    let tree = reader.level(Scope::Text)?;
    match reader.at.peek() {
        Some(piece) => Err(reader.at.refuse(piece.span.clone(), "this parenthesis closes nothing", "leave it out")),
        None => Ok(tree),
    }
}

/// What a bare word is sought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Text,
    Title,
    Value(Valued),
}

/// What becomes of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Occur {
    Should,
    Must,
    MustNot,
}

struct Reader<'t> {
    at: Cursor<'t>,
}

impl<'t> Reader<'t> {
    /// The clauses up to the end or a parenthesis that closes.
    fn level(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let first = self.at.next;
        let mut clauses: Vec<(Occur, Node)> = Vec::new();
        while self.at.peek().is_some_and(|piece| piece.piece != Piece::Close) {
            let conjunction = self.sign(&[("AND", true), ("&&", true), ("OR", false), ("||", false)]);
            if conjunction.is_some() && clauses.is_empty() {
                return Err(self.at.missing());
            }
            let negated = self.sign(&[("NOT", true), ("!", true)]).is_some();
            let Some(Placed { piece, span, .. }) = self.at.peek().cloned() else { return Err(self.at.missing()) };
            let sign = match piece {
                Piece::Word(word) => word.chars().next().filter(|c| matches!(c, '+' | '-' | '!')),
                _ => None,
            };
            if conjunction == Some(true)
                && let Some((occur @ Occur::Should, _)) = clauses.last_mut()
            {
                *occur = Occur::Must;
            }
            let occur = match (sign, conjunction) {
                (Some('-' | '!'), _) => Occur::MustNot,
                _ if negated => Occur::MustNot,
                (Some(_), _) | (_, Some(true)) => Occur::Must,
                _ => Occur::Should,
            };
            let node = self.clause(scope, usize::from(sign.is_some()), span)?;
            clauses.push((occur, node));
        }
        let span = self.at.since(first);
        self.joined(clauses, span)
    }

    /// Reads one of these words, if it stands next.
    fn sign(&mut self, signs: &[(&str, bool)]) -> Option<bool> {
        let word = self.at.word(0)?;
        let (_, means) = signs.iter().find(|(sign, _)| *sign == word)?;
        self.at.next += 1;
        Some(*means)
    }

    fn joined(&self, clauses: Vec<(Occur, Node)>, span: Range<usize>) -> Result<Node, QueryError> {
        let mut by: [Vec<Node>; 3] = Default::default();
        for (occur, node) in clauses {
            by[occur as usize].push(node);
        }
        let [should, must, must_not] = by;
        if let (Some(optional), false) = (should.first(), must.is_empty()) {
            let what = shown(&self.at.text[optional.span.clone()]);
            let message = format!("{what} is optional beside what is required, and changes the ranking alone");
            return Err(self.at.refuse(optional.span.clone(), message, format!("write +{what}, or leave it out")));
        }
        let found = if must.is_empty() { boolean::any(should) } else { boolean::all(must) };
        let mut all: Vec<Node> = found.into_iter().collect();
        if all.is_empty() && must_not.is_empty() {
            return Err(self.at.missing());
        }
        all.extend(must_not.into_iter().map(|node| {
            let span = node.span.clone();
            boolean::not(node, span)
        }));
        boolean::all(all).map(|node| Node { span, ..node }).ok_or_else(|| self.at.missing())
    }

    /// A clause without its sign, which takes `skip` bytes.
    fn clause(&mut self, scope: Scope, skip: usize, span: Range<usize>) -> Result<Node, QueryError> {
        let Some(Placed { piece, .. }) = self.at.peek().cloned() else { return Err(self.at.missing()) };
        let Piece::Word(raw) = piece else { return self.atom(scope) };
        let raw = &raw[skip..];
        let span = span.start + skip..span.end;
        self.at.next += 1;
        if raw.is_empty() {
            // The sign of a parenthesis or phrase.
            return match self.at.peek() {
                Some(next) if next.glued => self.atom(scope),
                _ => Err(self.at.missing()),
            };
        }
        let colon = unescaped(raw, ':');
        match (colon, scope) {
            (Some(at), _) => {
                let (name, rest) = (&raw[..at], &raw[at + 1..]);
                let scope = self.field(name, span.clone())?;
                self.atom_of(scope, rest, span.start + at + 1..span.end)
            }
            (None, scope) => self.atom_of(scope, raw, span),
        }
    }

    fn field(&self, name: &str, span: Range<usize>) -> Result<Scope, QueryError> {
        let refuse = |message: String, cure: &str| Err(self.at.refuse(span.clone(), message, cure));
        match name {
            "text" | "body" | "content" => return Ok(Scope::Text),
            "_exists_" => return refuse("_exists_ has no equal here".into(), "leave it out"),
            "*" => return refuse("*: has no equal here".into(), "leave the field out"),
            _ => {}
        }
        match field::split(&format!("{name}:")) {
            Some((Name::Title, _)) => Ok(Scope::Title),
            Some((Name::Valued(valued), _)) => Ok(Scope::Value(valued)),
            None => {
                let (message, cure) = field::unknown(&format!("{name}:"));
                refuse(message, &cure)
            }
        }
    }

    /// What follows a field: `rest`, or the parenthesis or phrase glued to the colon.
    fn atom_of(&mut self, scope: Scope, rest: &'t str, span: Range<usize>) -> Result<Node, QueryError> {
        let node = match rest {
            "" => return self.atom(scope),
            _ if rest.starts_with(['[', '{']) => return self.range(scope, rest, span),
            _ if rest.starts_with('/') && rest.len() > 1 && rest.ends_with('/') => {
                return Err(self.at.refuse(
                    span,
                    "a regular expression has no equal here",
                    "write a wildcard, such as sanction*",
                ));
            }
            _ => match scope {
                Scope::Value(valued) => return self.at.value(span, valued, &without_escapes(rest)),
                Scope::Text | Scope::Title => self.term(rest, span)?,
            },
        };
        if scope == Scope::Title { title(self.at.text, node) } else { Ok(node) }
    }

    /// A parenthesis or a phrase.
    fn atom(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let Some(Placed { piece, span, .. }) = self.at.peek().cloned() else { return Err(self.at.missing()) };
        let node = match piece {
            Piece::Open => {
                let open = self.at.open()?;
                let inside = if scope == Scope::Title { Scope::Text } else { scope };
                let inner = self.level(inside)?;
                self.at.close(open.clone())?;
                let node = match self.marks() {
                    None => inner,
                    Some((marks, place)) => {
                        let Some(digits) = marks.strip_prefix('^') else {
                            return Err(self.at.refuse(place, "~ stands behind a parenthesis", "leave it out"));
                        };
                        self.boosted(inner, digits, place)?
                    }
                };
                Node { span: open.start..node.span.end.max(open.end), ..node }
            }
            Piece::Quoted(quoted) => {
                self.at.next += 1;
                if let Scope::Value(valued) = scope {
                    return self.at.value(span, valued, quoted);
                }
                match self.marks() {
                    None => self.phrase(quoted, span)?,
                    Some((marks, place)) => self.sloppy(quoted, span, marks, place)?,
                }
            }
            Piece::Close => return Err(self.at.missing()),
            Piece::Word(word) => {
                self.at.next += 1;
                return self.atom_of(scope, word, span);
            }
        };
        if scope == Scope::Title { title(self.at.text, node) } else { Ok(node) }
    }

    /// `~2` or `^2` glued to what was read last.
    fn marks(&mut self) -> Option<(&'t str, Range<usize>)> {
        match self.at.peek()? {
            Placed { piece: Piece::Word(word), span, glued: true } if word.starts_with(['~', '^']) => {
                let found = (*word, span.clone());
                self.at.next += 1;
                Some(found)
            }
            _ => None,
        }
    }

    fn phrase(&self, quoted: &str, span: Range<usize>) -> Result<Node, QueryError> {
        let quoted = without_escapes(quoted);
        // In a phrase of Lucene a wildcard is no wildcard.
        if quoted.contains(['*', '?']) {
            return Err(self.at.refuse(
                span,
                "* and ? are no wildcards in a phrase of lucene",
                "leave them out, or ask in our own language, where they are",
            ));
        }
        self.at.quoted(span, &quoted, None)
    }

    /// `"a b"~2`: a distance of moves. Of two words it is in order with so many words between, or exchanged with two less.
    fn sloppy(&self, quoted: &str, span: Range<usize>, marks: &str, place: Range<usize>) -> Result<Node, QueryError> {
        let (slop, boost) = marks.split_once('^').map_or((marks, None), |(slop, boost)| (slop, Some(boost)));
        let phrase = self.phrase(quoted, span.clone())?;
        let node = match slop.strip_prefix('~') {
            None | Some("0") => phrase,
            Some(digits) => {
                let Some(slop) = number(digits).filter(|slop| *slop < 1_000 && !digits.is_empty()) else {
                    return Err(self.at.refuse(
                        place,
                        format!("~{} is no slop", shown(digits)),
                        "write a number, such as ~3",
                    ));
                };
                let words: Vec<&str> = quoted.split_whitespace().collect();
                let [one, other] = words[..] else {
                    let message = "the slop of three words depends on their order, which has no equal here";
                    return Err(self.at.refuse(
                        place,
                        message,
                        "ask in our own language, where \"a b c\"~3 has at most 3 other words",
                    ));
                };
                let near = |left: &str, right: &str, words: u32| -> Result<Node, QueryError> {
                    let left = Box::new(self.at.quoted(span.clone(), &without_escapes(left), None)?);
                    let right = Box::new(self.at.quoted(span.clone(), &without_escapes(right), None)?);
                    let near = Near { left, right, ordered: true, reach: Reach::Words(words), negated: false };
                    Ok(Node { kind: Kind::Near(near), span: span.clone() })
                };
                let forwards = near(one, other, slop + 1)?;
                let backwards = if slop > 1 { Some(near(other, one, slop - 1)?) } else { None };
                let both: Vec<Node> = [Some(forwards), backwards].into_iter().flatten().collect();
                boolean::any(both).ok_or_else(|| self.at.missing())?
            }
        };
        match boost {
            None => Ok(node),
            Some(digits) => self.boosted(node, digits, place),
        }
    }

    fn term(&self, raw: &str, span: Range<usize>) -> Result<Node, QueryError> {
        let refuse = |message: String, cure: String| Err(self.at.refuse(span.clone(), message, cure));
        if raw.contains('\\') {
            let word = without_escapes(raw);
            if word.contains(['*', '?']) {
                return refuse("an escaped wildcard has no equal here".into(), "leave it out: it is in no word".into());
            }
            return self.at.quoted(span, &word, None);
        }
        if raw.starts_with(['*', '?']) {
            return refuse(
                format!("{} begins with a wildcard", shown(raw)),
                "write its first two letters or more".into(),
            );
        }
        if let Some((word, mark)) = raw.split_once('~') {
            let (slips, boost) = mark.split_once('^').map_or((mark, ""), |(slips, _)| (slips, &mark[slips.len()..]));
            let slips = match slips {
                "" => "2",
                slips if slips.contains('.') => {
                    return refuse(format!("~{slips} is a similarity of old"), format!("write {word}~1 or {word}~2"));
                }
                slips => slips,
            };
            return self.at.bare(span, &format!("{word}~{slips}{boost}"));
        }
        self.at.bare(span, raw)
    }

    /// `[2022 TO 2023]` of dates and lengths; a bound in braces is left out.
    fn range(&mut self, scope: Scope, rest: &str, span: Range<usize>) -> Result<Node, QueryError> {
        let first = self.at.next - 1;
        let valued = match scope {
            Scope::Value(valued @ (Valued::Date | Valued::Words)) => valued,
            _ => {
                return Err(self.at.refuse(
                    span,
                    "only dates and lengths have ranges here",
                    "write date:[2022 TO 2023]",
                ));
            }
        };
        let to = self.at.word(0).filter(|to| *to == "TO");
        let end = self.at.word(1).filter(|end| end.ends_with([']', '}']));
        let (Some(_), Some(end)) = (to, end) else {
            return Err(self.at.refuse(span, "this range is not complete", "write it as [2022 TO 2023]"));
        };
        self.at.next += 2;
        let span = span.start..self.at.since(first).end;
        let (from, until) = (&rest[1..], &end[..end.len() - 1]);
        let bounds = [
            (from, if rest.starts_with('[') { ">=" } else { ">" }),
            (until, if end.ends_with(']') { "<=" } else { "<" }),
        ];
        if valued == Valued::Date && bounds.iter().all(|(bound, sign)| *bound != "*" && sign.len() == 2) {
            return self.at.value(span, valued, &format!("{from}..{until}"));
        }
        let mut tests = Vec::new();
        for (bound, sign) in bounds.into_iter().filter(|(bound, _)| *bound != "*") {
            tests.push(self.at.value(span.clone(), valued, &format!("{sign}{bound}"))?);
        }
        let all = boolean::all(tests);
        all.ok_or_else(|| self.at.refuse(span, "this range has no ends", "leave it out"))
    }

    /// A boost of all the words in a node.
    fn boosted(&self, node: Node, digits: &str, place: Range<usize>) -> Result<Node, QueryError> {
        let sample = self.at.bare(place.clone(), &format!("boost^{digits}"))?;
        let Kind::Boosted(_, boost) = sample.kind else { return Ok(node) };
        self.boost(node, boost, &place)
    }

    fn boost(&self, node: Node, boost: Boost, place: &Range<usize>) -> Result<Node, QueryError> {
        let span = node.span.clone();
        let all = |nodes: Vec<Node>| -> Result<Vec<Node>, QueryError> {
            nodes.into_iter().map(|node| self.boost(node, boost, place)).collect()
        };
        let kind = match node.kind {
            Kind::Word(_) | Kind::Phrase(_) => Kind::Boosted(Box::new(node), boost),
            Kind::And(nodes) => Kind::And(all(nodes)?),
            Kind::Or(nodes) => Kind::Or(all(nodes)?),
            Kind::Near(near) => Kind::Near(Near {
                left: Box::new(self.boost(*near.left, boost, place)?),
                right: Box::new(self.boost(*near.right, boost, place)?),
                ..near
            }),
            Kind::Boosted(..) => {
                return Err(self.at.refuse(place.clone(), "a boost stands within another", "write one of them"));
            }
            kind => kind,
        };
        Ok(Node { kind, span })
    }
}

/// Where a sign stands first that no backslash makes a letter.
fn unescaped(text: &str, sign: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices()
        .find(|(_, c)| {
            let is_sign = *c == sign && !escaped;
            escaped = *c == '\\' && !escaped;
            is_sign
        })
        .map(|(at, _)| at)
}

fn without_escapes(text: &str) -> String {
    let mut escaped = false;
    let keep = |c: &char| {
        escaped = *c == '\\' && !escaped;
        !escaped
    };
    text.chars().filter(keep).collect()
}
