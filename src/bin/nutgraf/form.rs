//! What `--format` may say, and what of it each command can print.

use anyhow::bail;
use clap::ValueEnum;
use nutgraf::print::{Export, Format};

/// A format of some command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Form {
    /// For reading: wrapped, with the matched words marked where there is colour.
    #[default]
    Terminal,
    /// One JSON object; docs/answer.schema.json describes the one of an answer.
    Json,
    /// JSON lines: the hits alone, one a line.
    Jsonl,
    /// Comma-separated values with a header row.
    Csv,
    /// Tab-separated values with a header row.
    Tsv,
    /// Markdown, for notes, reports and mails.
    Md,
    /// A page of HTML, for mails: of a search or a review.
    Html,
    /// RIS, for reference managers and screening programs: of a search.
    Ris,
    /// BibTeX: of a search.
    Bibtex,
    /// CSL-JSON: of a search.
    Csl,
    /// A workbook of Excel and LibreOffice: of a search.
    Xlsx,
}

/// The ways in which hits are printed.
pub(crate) enum OfHits {
    General(Format),
    Export(Export),
    Page,
}

impl Form {
    pub(crate) fn of_hits(self) -> OfHits {
        match self {
            Form::Terminal => OfHits::General(Format::Terminal),
            Form::Json => OfHits::General(Format::Json),
            Form::Jsonl => OfHits::General(Format::Jsonl),
            Form::Csv => OfHits::General(Format::Csv),
            Form::Tsv => OfHits::General(Format::Tsv),
            Form::Md => OfHits::General(Format::Md),
            Form::Html => OfHits::Page,
            Form::Ris => OfHits::Export(Export::Ris),
            Form::Bibtex => OfHits::Export(Export::Bibtex),
            Form::Csl => OfHits::Export(Export::Csl),
            Form::Xlsx => OfHits::Export(Export::Xlsx),
        }
    }

    /// The format, if it is one that every answer has.
    pub(crate) fn general(self) -> anyhow::Result<Format> {
        match self.of_hits() {
            OfHits::General(format) => Ok(format),
            OfHits::Export(_) | OfHits::Page => {
                bail!("--format: this one is for the hits of a search; ask for terminal, json, jsonl, csv, tsv or md")
            }
        }
    }
}
