//! Dictionaries of other projects -> the text of a codebook.
//!
//! What cannot be taken over is named with its line or key; nothing is dropped in silence. The outcome is meant to be read
//! and corrected by a person: those dictionaries were made for other programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::rules;
use crate::article::PubDate;
use crate::text::{Lang, folded_words};

/// A codebook made of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Its text, in TOML.
    pub toml: String,
    /// How many entries it has.
    pub entries: usize,
    /// What was left out, and why.
    pub left_out: Vec<String>,
}

/// What becomes an entry.
#[derive(Default)]
struct Draft {
    label: String,
    /// Names and rules by the code of a language, or `any`.
    names: BTreeMap<String, Vec<String>>,
    rules: BTreeMap<String, Vec<String>>,
    from: Option<PubDate>,
    until: Option<PubDate>,
    cameo: Option<String>,
}

/// The names that count in every language.
const ANY: &str = "any";

/// A codebook of actors from a dictionary in the notation of TABARI and PETRARCH, as Phoenix's are: a name in capitals with
/// underscores, other names after `+`, codes in brackets, perhaps with the days on which they hold.
///
/// Codes are cut in three letters each to make ids: `AFGGOV` becomes `afg/gov`. What holds at a time only becomes an
/// entry of its own, such as `afg/gov/zahir-shah`.
pub fn phoenix(name: &str, text: &str) -> Imported {
    let mut drafts = BTreeMap::new();
    let mut left_out = Vec::new();
    let (mut names, mut codes): (Vec<String>, Vec<Code<'_>>) = (Vec::new(), Vec::new());
    // The last actor ends where the text does.
    for (line, number) in text.lines().chain([""]).zip(1..) {
        // Comments stand behind # or ;.
        let line = line.split(['#', ';']).next().unwrap_or_default().trim();
        let (written, code) = line.split_once('[').map_or((line, None), |(name, code)| (name.trim(), Some(code)));
        let other = written.strip_prefix('+');
        // Codes stand behind the names or beside the first of them, so that a first name after them is another actor's.
        let first = !written.is_empty() && other.is_none() && !codes.is_empty();
        if line.is_empty() || first {
            codes.drain(..).for_each(|code| take(&mut drafts, &names, code));
            names.clear();
        }
        if !written.is_empty() {
            let plain = readable(other.unwrap_or(written));
            match folded_words(&plain).is_empty() {
                true => left_out.push(format!("line {number}: {written:?} holds no word")),
                false => names.push(plain),
            }
        }
        let code = code.map(|code| code.split(']').next().unwrap_or_default());
        match code.map(|code| read_code(code).ok_or(code)) {
            Some(Ok(code)) => codes.push(code),
            Some(Err(code)) => left_out.push(format!("line {number}: the code [{code}] is not read")),
            None => {}
        }
    }
    Imported { toml: written(name, &drafts), entries: drafts.len(), left_out }
}

/// A code, and since when and until when it holds.
struct Code<'a> {
    code: &'a str,
    from: Option<PubDate>,
    until: Option<PubDate>,
}

/// Reads what stands in brackets: `AFG`, `AFGGOV 331108-730717`, `AFGELI <620101`, `AFGELI >070723`.
fn read_code(text: &str) -> Option<Code<'_>> {
    let mut parts = text.split_whitespace();
    let code = parts.next()?;
    if !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) || code.len() > 30 {
        return None;
    }
    let Some(days) = parts.next() else { return Some(Code { code, from: None, until: None }) };
    if parts.next().is_some() {
        return None;
    }
    let (from, until) = match (days.strip_prefix('<'), days.strip_prefix('>'), days.split_once('-')) {
        (Some(until), _, _) => (None, Some(day(until)?)),
        (_, Some(from), _) => (Some(day(from)?), None),
        (_, _, Some((from, until))) => (Some(day(from)?), Some(day(until)?)),
        _ => return None,
    };
    let ends_before = from.zip(until).is_some_and(|(from, until)| until < from);
    (!ends_before).then_some(Code { code, from, until })
}

/// A day in six digits, of the years 1930 to 2029, or in eight.
fn day(digits: &str) -> Option<PubDate> {
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u16>().ok();
    let (year, rest) = match digits.len() {
        6 => (number(0..2).map(|year| if year < 30 { 2000 + year } else { 1900 + year })?, 2),
        8 => (number(0..4)?, 4),
        _ => return None,
    };
    PubDate::of_day(year, number(rest..rest + 2)? as u8, number(rest + 2..rest + 4)? as u8)
}

fn take(drafts: &mut BTreeMap<String, Draft>, names: &[String], code: Code<'_>) {
    let Some(first) = names.first() else { return };
    let letters = code.code.to_ascii_lowercase();
    let parts: Vec<&str> = (0..letters.len()).step_by(3).map(|at| &letters[at..letters.len().min(at + 3)]).collect();
    let mut id = parts.join("/");
    let dated = code.from.is_some() || code.until.is_some();
    if dated {
        id = format!("{id}/{}", folded_words(first).join("-"));
        id.retain(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-".contains(c));
        let again = (2..).map(|count| format!("{id}-{count}")).find(|other| !drafts.contains_key(other));
        if drafts.contains_key(&id) {
            id = again.expect("numbers do not end");
        }
    }
    let draft = drafts.entry(id).or_default();
    if draft.label.is_empty() {
        draft.label = if dated { first.clone() } else { code.code.to_owned() };
        (draft.from, draft.until, draft.cameo) = (code.from, code.until, Some(code.code.to_owned()));
    }
    for name in names {
        add(draft.names.entry(ANY.to_owned()).or_default(), name);
    }
}

/// Adds a name that is not there yet but for its case.
fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|other| other.to_lowercase() == name.to_lowercase()) {
        names.push(name.to_owned());
    }
}

/// A name as a newspaper writes it: `ABU_NIDAL_ORGANIZATION_(ANO)` is Abu Nidal Organization; short ones stay capitals.
fn readable(name: &str) -> String {
    let name = name.split('(').next().unwrap_or_default().replace(['_', '+'], " ");
    let word = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if letters <= 3 && !["THE", "OF", "AND", "FOR", "IN", "AL", "EL", "DE", "LA"].contains(&word)
            || word.contains('.')
        {
            return word.to_owned();
        }
        let mut rest = word.chars();
        rest.next().into_iter().chain(rest.flat_map(char::to_lowercase)).filter(|c| !c.is_control()).collect()
    };
    name.split_whitespace().map(word).collect::<Vec<String>>().join(" ")
}

/// A codebook of actors from a geographical dictionary of newsmap: nested tables whose innermost keys are the codes of
/// countries with lists of names, `*` standing for any ending. Names of several languages make one entry.
///
/// # Errors
///
/// When a text is no such dictionary: its place among the texts, and what is wrong.
pub fn newsmap(name: &str, texts: &[(Option<Lang>, String)]) -> Result<Imported, (usize, String)> {
    let mut drafts = BTreeMap::new();
    let mut left_out = Vec::new();
    for (place, (lang, text)) in texts.iter().enumerate() {
        let value: Value = serde_saphyr::from_str(text).map_err(|error| (place, error.to_string()))?;
        let lang = lang.as_ref().map_or(ANY, Lang::code);
        let Value::Object(_) = &value else { return Err((place, "it is no table of regions".to_owned())) };
        read_region(&value, lang, &mut drafts, &mut left_out);
    }
    Ok(Imported { toml: written(name, &drafts), entries: drafts.len(), left_out })
}

fn read_region(region: &Value, lang: &str, drafts: &mut BTreeMap<String, Draft>, left_out: &mut Vec<String>) {
    let Value::Object(parts) = region else { return };
    for (key, value) in parts {
        match value {
            Value::Object(_) => read_region(value, lang, drafts, left_out),
            Value::Array(names) => {
                let id: String = key.to_lowercase();
                if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    left_out.push(format!("{key}: this is no code"));
                    continue;
                }
                let draft = drafts.entry(id).or_insert_with(|| Draft { label: key.clone(), ..Draft::default() });
                for name in names {
                    match name.as_str() {
                        Some(name) => read_name(name, lang, key, draft, left_out),
                        None => left_out.push(format!("{key}: {name} is no text")),
                    }
                }
            }
            _ => left_out.push(format!("{key}: neither a region nor a list of names")),
        }
    }
}

fn read_name(name: &str, lang: &str, key: &str, draft: &mut Draft, left_out: &mut Vec<String>) {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if folded_words(&name).is_empty() {
        left_out.push(format!("{key}: {name:?} holds no word"));
    } else if name.contains('*') {
        let rule = format!("\"{}\"", name.replace('"', " "));
        match rules::check(&rule) {
            Ok(()) => add(draft.rules.entry(lang.to_owned()).or_default(), &rule),
            Err(error) => left_out.push(format!("{key}: {name}: {}", error.message)),
        }
    } else {
        add(draft.names.entry(lang.to_owned()).or_default(), &name);
    }
}

fn written(name: &str, drafts: &BTreeMap<String, Draft>) -> String {
    // A string of JSON without control characters is one of TOML.
    let text = |text: &str| Value::from(text).to_string();
    let mut toml = format!("name = {}\nversion = \"1\"\n", text(name));
    let line =
        |toml: &mut String, key: &str, value: String| writeln!(toml, "{key} = {value}").expect("a string takes all");
    for (id, draft) in drafts {
        toml.push_str("\n[[actor]]\n");
        line(&mut toml, "id", text(id));
        line(&mut toml, "label", text(&draft.label));
        let in_any = draft.names.get(ANY).cloned().unwrap_or_default();
        for (key, lists) in [("names", &draft.names), ("any", &draft.rules)] {
            for (lang, list) in lists {
                // A name of every language stands there alone.
                let list = list.iter().filter(|name| lang == ANY || key == "any" || !in_any.contains(name));
                let list: Vec<String> = list.map(|name| text(name)).collect();
                if !list.is_empty() {
                    line(&mut toml, &format!("{key}.{lang}"), format!("[{}]", list.join(", ")));
                }
            }
        }
        for (key, date) in [("from", draft.from), ("until", draft.until)] {
            if let Some(date) = date {
                line(&mut toml, key, text(&date.to_string()));
            }
        }
        if let Some(code) = &draft.cameo {
            line(&mut toml, "cameo", text(code));
        }
    }
    toml
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::codebook::{Codebook, Part};

    fn read(imported: &Imported) -> Codebook {
        Codebook::read(&imported.toml, Path::new("imported.toml"))
            .unwrap_or_else(|error| panic!("{error}\n{}", imported.toml))
    }

    #[test]
    fn phoenix_dictionaries() {
        let text = "# A comment.\n\nRURITANIA_  [RUR]\n+RURITANIAN_ ; another\n+STRELSAU_\n\nRUDOLF_ELPHBERG_\n+KING_RUDOLF_\n\
                    \t[RURGOV 940101-980717]\n\t[RURELI >980718]\n\t[RUR when]\n\nBLUE_BRIGADE_(BB)\n+U.B._\n\t [RURREB]\n";
        let imported = phoenix("ruritania", text);
        let book = read(&imported);
        let ids: Vec<&str> = book.actors.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["rur", "rur/eli/rudolf-elphberg", "rur/gov/rudolf-elphberg", "rur/reb"]);
        assert_eq!(imported.left_out, ["line 11: the code [RUR when] is not read"]);
        assert_eq!(book.resolve(Part::Actors, "strelsau"), Ok(vec!["rur"]));
        assert_eq!(book.actors[2].until, "1998-07-17".parse().ok());
        assert_eq!(
            book.actors[3].names[0].1.iter().map(|name| name.text.as_str()).collect::<Vec<_>>(),
            ["Blue Brigade", "U.B."]
        );
    }

    #[test]
    fn newsmap_dictionaries() {
        let english = "EUROPE:\n  EAST:\n    'RU': [Ruritania, Ruritanian*, Strelsau, 5]\n    'X Y': [Nowhere]\n";
        let german = "EUROPE:\n  EAST:\n    'RU': [Ruritanien, r*, \"Hof * von\"]\n";
        let lang = |code: &str| code.parse().ok();
        let imported = newsmap("newsmap", &[(lang("en"), english.to_owned()), (lang("de"), german.to_owned())]);
        let imported = imported.expect("two dictionaries");
        let book = read(&imported);
        assert_eq!((imported.entries, book.actors.len()), (1, 1));
        assert_eq!(book.actors[0].any, [(lang("en"), vec!["\"Ruritanian*\"".to_owned()])]);
        assert_eq!(book.resolve(Part::Actors, "ruritanien"), Ok(vec!["ru"]));
        assert_eq!(imported.left_out.len(), 4, "{:?}", imported.left_out);
        assert_eq!(newsmap("a", &[(None, "- a\n".to_owned())]).map_err(|(place, _)| place), Err(0));
    }

    proptest::proptest! {
        #[test]
        fn any_text_makes_a_codebook(text in "([A-Z_+\\[\\]<>\"' 0-9-]{0,12}\n){0,12}") {
            read(&phoenix("any", &text));
        }
    }
}
