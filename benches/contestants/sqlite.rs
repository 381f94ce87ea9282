//! SQLite's FTS5 with its Porter stemmer, filled in one transaction.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::corpus::log::{Asked, Class};
use crate::corpus::{Corpus, Paragraph};

/// Indexes paragraphs.
pub(crate) fn index(corpus: &Corpus, folder: &Path) {
    let mut database = open(folder);
    database
        .execute_batch("CREATE VIRTUAL TABLE paragraph USING fts5(text, date UNINDEXED, tokenize = 'porter unicode61')")
        .expect("the bundled SQLite has FTS5");
    insert(corpus, &mut database);
}

/// Adds paragraphs to a database.
pub(crate) fn add(corpus: &Corpus, folder: &Path) {
    insert(corpus, &mut open(folder));
}

fn insert(corpus: &Corpus, database: &mut Connection) {
    let transaction = database.transaction().expect("no other transaction is open");
    {
        let mut insert =
            transaction.prepare("INSERT INTO paragraph (text, date) VALUES (?, ?)").expect("the table is there");
        for Paragraph { text, date } in &corpus.paragraphs {
            insert.execute(params![text, date]).expect("room for the paragraphs");
        }
    }
    transaction.commit().expect("room for the paragraphs");
}

/// Opens a database.
pub(crate) fn open(folder: &Path) -> Connection {
    Connection::open(folder.join("paragraphs.sqlite")).expect("a folder that can be written")
}

/// How many paragraphs match, and the texts of the ten best.
pub(crate) fn answer(database: &Connection, asked: &Asked) -> (i64, Vec<String>) {
    let years = asked.years.map(|(since, until)| (since * 10_000, until * 10_000 + 9_999));
    let wanted = wanted(asked);
    (count(database, &wanted, years), texts(database, &wanted, years, "rank"))
}

/// How many paragraphs match, and the texts of the ten newest.
pub(crate) fn newest(database: &Connection, asked: &Asked) -> (i64, Vec<String>) {
    let wanted = wanted(asked);
    (count(database, &wanted, None), texts(database, &wanted, None, "date DESC"))
}

/// How many paragraphs match in each year.
pub(crate) fn years(database: &Connection, asked: &Asked) -> Vec<(u32, u32)> {
    let sql = "SELECT date / 10000, count(*) FROM paragraph WHERE paragraph MATCH ?1 GROUP BY 1";
    let mut years = database.prepare_cached(sql).expect(WHOLE);
    let years = years.query_map([wanted(asked)], |row| Ok((row.get(0)?, row.get(1)?))).expect(WHOLE);
    years.collect::<Result<_, _>>().expect(WHOLE)
}

/// A question as FTS5 has it.
pub(crate) fn wanted(asked: &Asked) -> String {
    let quoted: Vec<String> = asked.words.iter().map(|word| format!("\"{word}\"")).collect();
    match asked.class {
        class if class.is_phrase() => format!("\"{}\"", asked.words.join(" ")),
        Class::Either => quoted.join(" OR "),
        _ => quoted.join(" AND "),
    }
}

const WHOLE: &str = "an index that is whole";

/// How many paragraphs match, of those with a date between two.
pub(crate) fn count(database: &Connection, wanted: &str, dates: Option<(u32, u32)>) -> i64 {
    let sql = format!("SELECT count(*) FROM paragraph WHERE paragraph MATCH ?1 {}", within(dates));
    let (since, until) = dates.unwrap_or_default();
    database.prepare_cached(&sql).expect(WHOLE).query_row(params![wanted, since, until], |row| row.get(0)).expect(WHOLE)
}

/// The texts of the first ten.
pub(crate) fn texts(database: &Connection, wanted: &str, dates: Option<(u32, u32)>, order: &str) -> Vec<String> {
    let within = within(dates);
    let sql = format!("SELECT text FROM paragraph WHERE paragraph MATCH ?1 {within} ORDER BY {order} LIMIT 10");
    let (since, until) = dates.unwrap_or_default();
    let mut best = database.prepare_cached(&sql).expect(WHOLE);
    let best = best.query_map(params![wanted, since, until], |row| row.get(0)).expect(WHOLE);
    best.collect::<Result<_, _>>().expect(WHOLE)
}

fn within(dates: Option<(u32, u32)>) -> &'static str {
    if dates.is_some() { "AND date BETWEEN ?2 AND ?3" } else { "AND ?2 <= ?3" }
}
