//! Decisions that come back: a table of records, each included, excluded or undecided, for what reason.
//!
//! The text of a CSV or TSV file enters, as our records.csv with a column more, or as ASReview and Rayyan write it. Which
//! record a row means is found out by whoever knows the records: a row leaves with each of its cells that may name one.

use std::path::Path;

use crate::error::{Error, Result};

/// What stands before the id of a record in the exports, wherever a program keeps it.
pub const MARK: &str = "nutgraf:";

/// The decisions of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisions {
    /// The file, as it was named.
    pub file: String,
    /// The stage that rows without one of their own belong to.
    pub stage: Option<String>,
    /// What its rows decide.
    pub rows: Vec<Decision>,
    /// How many rows decide nothing yet.
    pub undecided: u64,
}

/// A decision of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The line it begins on, from 1.
    pub line: u64,
    /// What may name its record, best first.
    pub names: Vec<String>,
    /// Its stage, if the row has one.
    pub stage: Option<String>,
    /// Whether the record is included.
    pub included: bool,
    /// Why, if that is said.
    pub reason: Option<String>,
}

/// Columns that name a record, that decide and that say why, by the names that programs give them.
const NAMES: [&str; 6] = ["record", "ref", "accession_number", "id", "key", "article"];
const VERDICTS: [&str; 7] =
    ["decision", "verdict", "included", "asreview_label", "label_included", "label", "final_included"];
const REASONS: [&str; 4] = ["reason", "reasons", "exclusion_reason", "exclusion reason"];

impl Decisions {
    /// Reads the text of a file of decisions, separated by commas, semicolons or tabs, whichever its first line has most of.
    /// Rows without a stage of their own decide in `stage`.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] with the line where it is no table, where no column decides, or where a decision is none.
    ///
    /// ```
    /// use nutgraf::review::Decisions;
    ///
    /// let text = "record,decision,reason\ng1,include,\ng2,exclude,not about sanctions\ng3,,\n";
    /// let decisions = Decisions::read(text, None, "decisions.csv".as_ref())?;
    /// assert_eq!((decisions.rows.len(), decisions.undecided), (2, 1));
    /// assert_eq!(decisions.rows[1].reason.as_deref(), Some("not about sanctions"));
    /// # Ok::<(), nutgraf::Error>(())
    /// ```
    pub fn read(text: &str, stage: Option<&str>, path: &Path) -> Result<Decisions> {
        let wrong = |line: u64, what: String| Error::Input { path: path.to_path_buf(), line: Some(line), what };
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default().as_bytes();
        // Excel writes semicolons where the comma is that of decimals.
        let often = |delimiter: &u8| first.iter().filter(|byte| *byte == delimiter).count();
        let delimiter = [b'\t', b';', b','].into_iter().max_by_key(often).expect("there are three");
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| wrong(1, error.to_string()))?.clone();
        let columns = Columns::of(&header)
            .ok_or_else(|| wrong(1, format!("no column decides: there is none named {}", VERDICTS.join(", "))))?;
        let mut decisions =
            Decisions { file: path.display().to_string(), stage: stage.map(str::to_owned), rows: vec![], undecided: 0 };
        for row in reader.records() {
            let row = row.map_err(|error| wrong(error.position().map_or(1, csv::Position::line), error.to_string()))?;
            let line = row.position().map_or(1, csv::Position::line);
            let decided = columns.decide(&row).map_err(|what| wrong(line, what))?;
            decisions.undecided += u64::from(decided.is_empty());
            let names = columns.names(&row);
            let decision = |(stage, included, reason)| Decision { line, names: names.clone(), stage, included, reason };
            decisions.rows.extend(decided.into_iter().map(decision));
        }
        Ok(decisions)
    }
}

/// What a row says: of which stage, if it says so, whether its record is included, and why.
type Said = (Option<String>, bool, Option<String>);

/// Where in a row what stands.
struct Columns {
    names: Vec<usize>,
    /// Where there is a decision and its reason, and of which stage if the column says so.
    verdicts: Vec<(usize, Option<usize>, Option<String>)>,
    stage: Option<usize>,
    /// Where Rayyan writes what was decided.
    notes: Option<usize>,
}

/// What begins the name of a column that holds the decisions, or the reasons, of one stage, as in our records.csv.
pub(crate) const DECISION: &str = "decision: ";
pub(crate) const REASON: &str = "reason: ";

impl Columns {
    /// The columns of a header; none if nothing in it decides.
    fn of(header: &csv::StringRecord) -> Option<Columns> {
        let named = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        let first = |names: &[&str]| names.iter().find_map(|name| named(name));
        let staged = header.iter().enumerate().filter_map(|(place, column)| {
            let stage = column.strip_prefix(DECISION)?;
            Some((place, named(&format!("{REASON}{stage}")), Some(stage.trim().to_owned())))
        });
        let general = first(&VERDICTS).map(|verdict| (verdict, first(&REASONS), None));
        let columns = Columns {
            names: NAMES.iter().filter_map(|name| named(name)).collect(),
            verdicts: staged.chain(general).collect(),
            stage: named("stage"),
            notes: named("notes"),
        };
        (!columns.verdicts.is_empty() || columns.notes.is_some()).then_some(columns)
    }

    /// What may name the record: a cell that bears our mark is sure to.
    fn names(&self, row: &csv::StringRecord) -> Vec<String> {
        let marked = row.iter().filter_map(|cell| cell.split_once(MARK)).map(|(_, rest)| {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).unwrap_or(rest.len());
            rest[..end].to_owned()
        });
        marked.chain(self.names.iter().filter_map(|place| cell(row, *place)).map(str::to_owned)).collect()
    }

    /// What a row decides.
    fn decide(&self, row: &csv::StringRecord) -> Result<Vec<Said>, String> {
        let own = self.stage.and_then(|place| cell(row, place)).map(str::to_owned);
        if self.verdicts.is_empty() {
            let decided = self.notes.and_then(|place| cell(row, place)).and_then(rayyan);
            return Ok(decided.into_iter().map(|(included, reason)| (own.clone(), included, reason)).collect());
        }
        let mut decided = Vec::new();
        for (verdict, reason, stage) in &self.verdicts {
            let Some(verdict) = cell(row, *verdict) else { continue };
            let included = match verdict.to_lowercase().as_str() {
                "include" | "included" | "yes" | "1" | "1.0" | "relevant" | "true" => true,
                "exclude" | "excluded" | "no" | "0" | "0.0" | "irrelevant" | "false" => false,
                "maybe" | "undecided" | "-1" | "-1.0" | "nan" => continue,
                _ => return Err(format!("a decision is include, exclude or nothing, and not {verdict:?}")),
            };
            let reason = reason.and_then(|place| cell(row, place)).map(unquoted);
            decided.push((stage.clone().or_else(|| own.clone()), included, reason));
        }
        Ok(decided)
    }
}

/// A text as it was before our own tables put an apostrophe in front of what a spreadsheet would run.
fn unquoted(cell: &str) -> String {
    let formula = |rest: &&str| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@']);
    cell.strip_prefix('\'').filter(formula).unwrap_or(cell).to_owned()
}

/// A cell with anything in it.
fn cell(row: &csv::StringRecord, place: usize) -> Option<&str> {
    row.get(place).map(str::trim).filter(|cell| !cell.is_empty())
}

/// What Rayyan's notes say, such as `RAYYAN-INCLUSION: {"Ann"=>"Included"} | RAYYAN-EXCLUSION-REASONS: off topic`: a
/// decision only where all who gave one agree.
fn rayyan(notes: &str) -> Option<(bool, Option<String>)> {
    let said = |key: &str| {
        let (_, rest) = notes.split_once(key)?;
        Some(rest.split('|').next().unwrap_or_default().trim())
    };
    let inclusion = said("RAYYAN-INCLUSION:")?;
    let verdicts: Vec<bool> = inclusion
        .split("=>")
        .skip(1)
        .filter_map(|rest| match rest.trim_start().trim_start_matches('"') {
            rest if rest.starts_with("Included") => Some(true),
            rest if rest.starts_with("Excluded") => Some(false),
            _ => None,
        })
        .collect();
    let included = *verdicts.first()?;
    if verdicts.iter().any(|verdict| *verdict != included) || inclusion.contains("Maybe") {
        return None;
    }
    Some((included, said("RAYYAN-EXCLUSION-REASONS:").map(str::to_owned).filter(|reason| !reason.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Decisions> {
        Decisions::read(text, Some("screening"), Path::new("d.csv"))
    }

    fn told(text: &str) -> Vec<(Vec<String>, bool, Option<String>)> {
        let rows = read(text).expect("it reads").rows;
        rows.into_iter().map(|row| (row.names, row.included, row.reason)).collect()
    }

    #[test]
    fn our_own_and_those_of_others_are_read() {
        let one = |name: &str, included, reason: Option<&str>| {
            vec![(vec![name.to_owned()], included, reason.map(str::to_owned))]
        };
        assert_eq!(told("\u{feff}Record,Decision,Reason\r\ng1,Exclude,a\r\n"), one("g1", false, Some("a")));
        assert_eq!(told("record\tdecision\ng1\tinclude\n"), one("g1", true, None));
        assert_eq!(told("record;decision;reason\ng1;exclude;a, b\n"), one("g1", false, Some("a, b")));
        // ASReview keeps what it was given and adds its label.
        let asreview = "record_id,title,accession_number,asreview_label\n0,\"T, t\",g1,1\n1,U,g2,\n2,V,g3,-1\n";
        assert_eq!(told(asreview), one("g1", true, None));
        assert_eq!(read(asreview).expect("it reads").undecided, 2);
        let rayyan = "key,title,notes\nrayyan-1,T,\"nutgraf:g1 | RAYYAN-INCLUSION: {\"\"Ann\"\"=>\"\"Excluded\"\"} | \
                      RAYYAN-EXCLUSION-REASONS: wrong place,old\"\n";
        let expected = vec![(vec!["g1".to_owned(), "rayyan-1".to_owned()], false, Some("wrong place,old".to_owned()))];
        assert_eq!(told(rayyan), expected);
        let torn = "key,notes\n1,\"nutgraf:g1 RAYYAN-INCLUSION: {\"\"Ann\"\"=>\"\"Included\"\", \"\"Bo\"\"=>\"\"Excluded\"\"}\"\n";
        assert_eq!(told(torn), vec![]);
    }

    #[test]
    fn stages_may_have_columns_of_their_own() {
        let text = "record,decision: screening,reason: screening,decision: full text,reason: full text\n\
                    g1,include,,exclude,'=old\ng2,,,,\n";
        let decisions = read(text).expect("it reads");
        let told: Vec<_> = decisions.rows.iter().map(|row| (row.stage.as_deref(), row.included)).collect();
        assert_eq!(told, [(Some("screening"), true), (Some("full text"), false)]);
        assert_eq!((decisions.rows[1].reason.as_deref(), decisions.undecided), (Some("=old"), 1));
    }

    #[test]
    fn faults_name_their_line() {
        let check = |text: &str, expected: &str| {
            let error = read(text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check("", "d.csv:1: no column decides");
        check("record,colour\ng1,red\n", "d.csv:1: no column decides");
        check("record,decision\ng1,include\ng2,perhaps\n", "d.csv:3: a decision is include, exclude or nothing");
    }
}
