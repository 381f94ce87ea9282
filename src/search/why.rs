//! Why a paragraph or an article matches a question, or does not: each part of the question with what it finds there.

use super::answer::{Part, Why};
use super::hits::{locate, reference};
use super::knowledge::Known;
use super::paragraph::Paragraph;
use crate::error::Result;
use crate::index::{Card, Index};
use crate::meaning::{self, Clause, Matcher};
use crate::query::{Kind, Node, Question};
use crate::text::Analyzer;

/// Holds a question against what a reference names, as [`super::page`] reads it: a paragraph, or all of an article.
///
/// # Errors
///
/// When the reference names nothing or several things, or the question what the index does not have.
pub fn why(index: &Index, reference_text: &str, question: &Question) -> Result<Why> {
    let (article, asked) = locate(index, reference_text)?;
    let documents = match asked {
        Some(document) => document..document + 1,
        None => index.table.paragraphs(article),
    };
    let card = index.card(article)?;
    let mut judge = Judge { index, question, card, documents, matcher: Matcher::default(), parts: Vec::new() };
    judge.judge(&question.tree, 0, false)?;
    let parts = judge.parts;
    Ok(Why {
        article: index.table.id(article),
        reference: asked.map(|document| reference(index, document)),
        text: asked.map(|document| index.text(document)).transpose()?,
        parts,
    })
}

struct Judge<'a> {
    index: &'a Index,
    question: &'a Question,
    card: Card,
    /// What is judged: one paragraph, or those of an article.
    documents: std::ops::Range<u32>,
    matcher: Matcher,
    parts: Vec<Part>,
}

impl Judge<'_> {
    /// Judges a part of the question and the parts in it; `over` an article where it stands in ARTICLE(…).
    fn judge(&mut self, node: &Node, depth: usize, over: bool) -> Result<()> {
        let known = Known::new(self.index);
        let resolved = meaning::resolve(&self.question.text, node, &known);
        known.fault()?;
        let clause = resolved?.clause;
        let clause = if over { Clause::Whole(Box::new(clause)) } else { clause };
        let mut part = Part { depth, clause: node.to_string(), paragraphs: Vec::new(), words: Vec::new() };
        let mut analyzer = Analyzer::default();
        for document in self.documents.clone() {
            let paragraph = Paragraph::fetch(self.index, document, self.card.clone(), &clause)?;
            let analysis = analyzer.analyze(&paragraph.text, paragraph.card.lang);
            let Some(marks) = self.matcher.matches(&clause, &analysis, &paragraph.facts()) else { continue };
            part.paragraphs.push(self.index.table.paragraph(document));
            for mark in marks {
                let word = &paragraph.text[analysis.tokens()[mark as usize].range()];
                if !part.words.iter().any(|known| known == word) {
                    part.words.push(word.to_owned());
                }
            }
        }
        self.parts.push(part);
        match &node.kind {
            Kind::And(nodes) | Kind::Or(nodes) | Kind::Of(_, nodes) => {
                nodes.iter().try_for_each(|node| self.judge(node, depth + 1, over))
            }
            Kind::Not(inner) | Kind::AtLeast(_, inner) | Kind::First(_, inner) => self.judge(inner, depth + 1, over),
            Kind::Whole(inner) => self.judge(inner, depth + 1, true),
            Kind::Near(near) => {
                self.judge(&near.left, depth + 1, over)?;
                self.judge(&near.right, depth + 1, over)
            }
            _ => Ok(()),
        }
    }
}
