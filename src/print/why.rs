//! Why something matches -> an outline of the question's parts, JSON, CSV, Markdown.

use std::io::{self, Write};

use super::delimited::{self, Delimiter};
use super::layout::text;
use super::safe::{Marked, clean};
use super::shapes::VERSION;
use super::style::{Ink, Style};
use super::{Format, markdown, notation};
use crate::article::{ArticleId, Ref};
use crate::search::answer::{Part, Why};

/// Prints each part of the question, whether it holds, and with which words.
pub(super) fn print(why: &Why, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal(why, style, out),
        Format::Json => notation::pretty(&WhyShape::of(why), out),
        Format::Jsonl => WhyShape::of(why).parts().iter().try_for_each(|part| notation::line(part, out)),
        Format::Csv => delimited::why(why, Delimiter::Comma, out),
        Format::Tsv => delimited::why(why, Delimiter::Tab, out),
        Format::Md => markdown::why(why, out),
    }
}

fn terminal(why: &Why, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(paragraph) = &why.text {
        text(&Marked { text: clean(paragraph), marks: vec![] }, Ink::Dim, "", 0, style, out)?;
        writeln!(out)?;
    }
    for part in &why.parts {
        let sign = if part.paragraphs.is_empty() { "-" } else { "+" };
        let line = Marked { text: clean(&format!("{}: {}", part.clause, verdict(why, part))), marks: vec![] };
        let indent = 2 * part.depth;
        text(&line, Ink::Plain, &format!("{:indent$}{sign}", ""), indent + 2, style, out)?;
    }
    Ok(())
}

/// Whether a part holds, where, and for which words.
pub(super) fn verdict(why: &Why, part: &Part) -> String {
    if part.paragraphs.is_empty() {
        return "fails".to_owned();
    }
    let mut verdict = "holds".to_owned();
    if why.reference.is_none() {
        let numbers: Vec<String> = part.paragraphs.iter().map(|number| format!("#{number}")).collect();
        verdict += &format!(" in {}", numbers.join(" "));
    }
    if !part.words.is_empty() {
        verdict += &format!(", by {}", part.words.join(", "));
    }
    verdict
}

#[derive(serde::Serialize)]
struct WhyShape<'a> {
    nutgraf: &'static str,
    article: ArticleId,
    #[serde(rename = "ref")]
    reference: Option<Ref>,
    text: Option<&'a str>,
    parts: Vec<PartShape<'a>>,
}

impl<'a> WhyShape<'a> {
    fn of(why: &'a Why) -> WhyShape<'a> {
        let part = |part: &'a Part| PartShape {
            depth: part.depth,
            clause: &part.clause,
            holds: !part.paragraphs.is_empty(),
            paragraphs: &part.paragraphs,
            words: &part.words,
        };
        WhyShape {
            nutgraf: VERSION,
            article: why.article,
            reference: why.reference,
            text: why.text.as_deref(),
            parts: why.parts.iter().map(part).collect(),
        }
    }

    fn parts(&self) -> &[PartShape<'a>] {
        &self.parts
    }
}

#[derive(serde::Serialize)]
struct PartShape<'a> {
    depth: usize,
    clause: &'a str,
    holds: bool,
    paragraphs: &'a [u32],
    words: &'a [String],
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, printed};
    use super::*;

    #[test]
    fn parts_are_set_in() {
        let shown = printed(|out| print(&samples::why(), Format::Terminal, &Style::plain(), out));
        let expected =
            "Frozen assets\n\n+ (frozen OR gold): holds, by Frozen\n  + frozen: holds, by Frozen\n  - gold: fails\n";
        assert_eq!(shown, expected);
    }
}
