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
    let quoted: Vec<String> = asked.words.iter().map(|word| format!("\"{word}\"")).collect();
    let wanted = match asked.class {
        class if class.is_phrase() => format!("\"{}\"", asked.words.join(" ")),
        Class::Either => quoted.join(" OR "),
        _ => quoted.join(" AND "),
    };
    let (since, until) = asked.years.map_or((0, u32::MAX), |(since, until)| (since * 10_000, until * 10_000 + 9_999));
    let within = if asked.years.is_some() { "AND date BETWEEN ?2 AND ?3" } else { "AND ?2 <= ?3" };
    let whole = "an index that is whole";
    let best = format!("SELECT text FROM paragraph WHERE paragraph MATCH ?1 {within} ORDER BY rank LIMIT 10");
    let mut best = database.prepare_cached(&best).expect(whole);
    let best = best.query_map(params![wanted, since, until], |row| row.get(0)).expect(whole);
    let best = best.collect::<Result<_, _>>().expect(whole);
    let count = format!("SELECT count(*) FROM paragraph WHERE paragraph MATCH ?1 {within}");
    let mut count = database.prepare_cached(&count).expect(whole);
    (count.query_row(params![wanted, since, until], |row| row.get(0)).expect(whole), best)
}
