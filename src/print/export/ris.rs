//! References -> RIS: a tag, two blanks, a hyphen and a blank on each line, lines ending in CR and LF.
//!
//! RIS has no escapes: a value is one line, and as it begins behind its tag nothing in it can be taken for one.

use std::io::{self, Write};

use super::{Reference, Sheet, known};
use crate::article::PubDate;
use crate::print::safe::clean;

pub(super) fn write(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    sheet.references.iter().try_for_each(|reference| entry(reference, &sheet.provenance, out))
}

fn entry(reference: &Reference<'_>, provenance: &str, out: &mut dyn Write) -> io::Result<()> {
    let article = &reference.hit.article;
    let mut tag = |name: &str, value: &str| write!(out, "{name}  - {value}\r\n");
    tag("TY", "NEWS")?;
    tag("ID", &reference.id)?;
    tag("AN", &reference.marked_id())?;
    tag("TI", &reference.title())?;
    for (name, value) in [("AU", known(article.author.as_deref())), ("T2", known(article.source.as_deref()))] {
        value.iter().try_for_each(|value| tag(name, value))?;
    }
    if let Some(date) = article.date {
        tag("PY", &format!("{:04}", date.year()))?;
        tag("DA", &slashed(date))?;
    }
    tag("LA", &article.lang)?;
    known(article.url.as_deref()).iter().try_for_each(|url| tag("UR", url))?;
    tag("AB", &clean(&reference.hit.text))?;
    reference.keywords().try_for_each(|keyword| tag("KW", &keyword))?;
    reference.notes().iter().try_for_each(|note| tag("N1", note))?;
    tag("N1", provenance)?;
    write!(out, "ER  - \r\n\r\n")
}

/// `2025/05/28/`: a part that is not known is empty.
fn slashed(date: PubDate) -> String {
    let part = |part: Option<u8>| part.map(|part| format!("{part:02}")).unwrap_or_default();
    format!("{:04}/{}/{}/", date.year(), part(date.month()), part(date.day()))
}
