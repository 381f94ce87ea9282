//! A Markdown file enters, a draft leaves: front matter as metadata, blocks as paragraphs, links as their text.

use pulldown_cmark::{Event, Options as Syntax, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

use super::draft::{Body, Draft, Place};
use super::{Limits, Options, Skipped, fields, quoted};

/// The largest front matter, in bytes.
const FRONT: usize = 1 << 20;
/// Tags that may stand within a word.
const WITHIN_WORDS: [&str; 14] =
    ["b", "strong", "i", "em", "u", "s", "sup", "sub", "small", "big", "font", "mark", "wbr", "del"];

/// Reads a whole file.
///
/// # Errors
///
/// None of its own; front matter that cannot be read is a doubt, and the text is read without it.
pub(super) fn read(text: &str, _place: &Place<'_>, options: &Options) -> Result<Draft, Skipped> {
    let text = text.replace("\r\n", "\n");
    let (front, body) = front_matter(&text);
    let mut draft = Draft::default();
    if let Some(front) = front {
        match front.parse(&options.limits) {
            Ok(members) => draft = fields::metadata(&members, &options.mapping),
            Err(fault) => {
                let members = fault.lines.map(plain_lines).unwrap_or_default();
                draft = fields::metadata(&members, &options.mapping);
                let instead = if members.is_empty() { "" } else { "; its lines are read one by one" };
                draft.doubts.push(format!("{}{instead}", fault.why));
            }
        }
    }
    let (heading, mut paragraphs) = blocks(body);
    match heading {
        Some(heading) if draft.title.trim().is_empty() => {
            // One further down stays where it is as well.
            if heading.at == 0 {
                paragraphs.remove(0);
            }
            draft.title = heading.text;
        }
        _ => {}
    }
    draft.body = Body::Paragraphs(paragraphs);
    Ok(draft)
}

/// The block between two fences at the beginning of a file.
enum Front<'a> {
    Yaml(&'a str),
    Toml(&'a str),
}

fn front_matter(text: &str) -> (Option<Front<'_>>, &str) {
    let fenced = |fence: &str| {
        let inside = text.strip_prefix(fence)?.trim_start_matches([' ', '\t']).strip_prefix('\n')?;
        // The closing fence may follow at once.
        let mut at = 0;
        for line in inside.split_inclusive('\n') {
            let end = line.trim_end();
            if end == fence || (fence == "---" && end == "...") {
                return Some((&inside[..at], &inside[at + line.len()..]));
            }
            at += line.len();
        }
        None
    };
    if let Some((front, body)) = fenced("---") {
        return (Some(Front::Yaml(front)), body);
    }
    match fenced("+++") {
        Some((front, body)) => (Some(Front::Toml(front)), body),
        None => (None, text),
    }
}

/// Why front matter could not be parsed, and its text if its lines may be read one by one.
struct NotParsed<'a> {
    why: String,
    lines: Option<&'a str>,
}

impl<'a> Front<'a> {
    fn parse(&self, limits: &Limits) -> Result<Map<String, Value>, NotParsed<'a>> {
        let (Front::Yaml(text) | Front::Toml(text)) = *self;
        let not_parsed = |why| NotParsed { why, lines: None };
        if text.len() > FRONT {
            return Err(not_parsed(format!("front matter of more than {FRONT} bytes is not read")));
        }
        let value = match self {
            Front::Yaml(text) => {
                let budget = serde_saphyr::budget! {
                    max_depth: limits.depth.min(64),
                    max_documents: 1,
                    max_nodes: 10_000,
                    max_aliases: 100,
                    max_total_scalar_bytes: FRONT,
                };
                let options = serde_saphyr::options! {
                    budget: budget,
                    duplicate_keys: serde_saphyr::DuplicateKeyPolicy::FirstWins,
                };
                let value = serde_saphyr::from_str_with_options::<Value>(text, options);
                value.map_err(|error| {
                    // The parser counts from behind the fence, the reader of the report from the file's first line.
                    let at = error.location().map(|at| at.line()).filter(|line| *line > 0);
                    let at = at.map(|line| format!(" in line {}", line + 1)).unwrap_or_default();
                    let why = error.to_string();
                    let why = why.lines().next().unwrap_or_default().trim_start_matches("error: ");
                    let behind_place = why.split_once(": ").filter(|(place, _)| place.starts_with("line "));
                    let why = behind_place.map_or(why, |(_, why)| why);
                    NotParsed { why: format!("front matter is not YAML{at}: {}", quoted(why)), lines: Some(text) }
                })
            }
            Front::Toml(text) => toml::from_str::<Value>(text)
                .map_err(|error| not_parsed(format!("front matter is not TOML: {}", quoted(error.message())))),
        };
        match value? {
            Value::Object(members) => Ok(members),
            Value::Null => Ok(Map::new()),
            _ => Err(not_parsed(format!("front matter that is no list of fields: {}", quoted(text)))),
        }
    }
}

/// The fields of lines such as `title: Iran: the deal`: the name stands before the first colon, the value behind it.
/// What is indented or begins with a mark of YAML's is not read, because it is more than its line.
fn plain_lines(text: &str) -> Map<String, Value> {
    let mut members = Map::new();
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        let is_plain = !name.starts_with([' ', '\t', '-', '#']) && !value.starts_with(['&', '*', '|', '>', '{']);
        let unquoted = ['"', '\''].iter().find_map(|mark| value.strip_prefix(*mark)?.strip_suffix(*mark));
        let value = match value.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
            Some(list) => list.split(',').map(|item| Value::from(item.trim())).collect(),
            None => Value::from(unquoted.unwrap_or(value)),
        };
        if is_plain && value != "" {
            members.entry(name.trim().to_owned()).or_insert(value);
        }
    }
    members
}

/// The first heading, and the paragraphs, headings among them.
fn blocks(text: &str) -> (Option<Heading>, Vec<String>) {
    let syntax = Syntax::ENABLE_TABLES | Syntax::ENABLE_FOOTNOTES | Syntax::ENABLE_STRIKETHROUGH;
    let mut blocks = Blocks::default();
    for event in Parser::new_ext(text, syntax) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                blocks.end();
                blocks.in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => {
                blocks.end();
                blocks.in_heading = false;
            }
            Event::Start(Tag::Image { .. }) => blocks.in_image += 1,
            Event::End(TagEnd::Image) => blocks.in_image -= 1,
            Event::End(TagEnd::TableCell) => blocks.text.push_str(" | "),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                blocks.text.truncate(blocks.text.trim_end_matches([' ', '|']).len());
                blocks.end();
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Item
                | Tag::CodeBlock(_)
                | Tag::BlockQuote(_)
                | Tag::List(_)
                | Tag::HtmlBlock
                | Tag::FootnoteDefinition(_)
                | Tag::Table(_),
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::BlockQuote(_)
                | TagEnd::HtmlBlock
                | TagEnd::FootnoteDefinition,
            )
            | Event::Rule => blocks.end(),
            Event::Text(text) | Event::Code(text) if blocks.in_image == 0 => blocks.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => blocks.text.push(' '),
            Event::Html(text) => blocks.text.push_str(&without_tags(&text)),
            Event::InlineHtml(tag) if blocks.in_image == 0 && !is_within_words(&tag) => blocks.text.push(' '),
            _ => {}
        }
    }
    blocks.end();
    (blocks.heading, blocks.paragraphs)
}

/// A heading, and its place among the paragraphs.
struct Heading {
    text: String,
    at: usize,
}

#[derive(Default)]
struct Blocks {
    paragraphs: Vec<String>,
    heading: Option<Heading>,
    text: String,
    in_heading: bool,
    in_image: usize,
}

impl Blocks {
    fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        if self.in_heading && self.heading.is_none() {
            self.heading = Some(Heading { text: text.clone(), at: self.paragraphs.len() });
        }
        self.paragraphs.push(text);
    }
}

/// Whether a tag only changes how letters look, so that it may stand within a word. Any other parts words.
fn is_within_words(tag: &str) -> bool {
    let name =
        tag.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    WITHIN_WORDS.iter().any(|within| within.eq_ignore_ascii_case(name))
}

/// A line of an HTML block without its tags.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, title: &str, body: &[&str]) -> Draft {
        let options = Options::new("2025-06-01".parse().expect("a date"));
        let place = Place { path: "a.md", line: None, position: None };
        let draft = read(text, &place, &options).expect("a draft");
        let Body::Paragraphs(paragraphs) = &draft.body else { panic!("Markdown keeps its paragraphs apart") };
        let paragraphs: Vec<String> = paragraphs.iter().map(|text| super::super::paragraphs::clean(text)).collect();
        assert_eq!(
            (draft.title.as_str(), paragraphs.iter().map(String::as_str).collect::<Vec<_>>()),
            (title, body.to_vec())
        );
        draft
    }

    #[test]
    fn blocks_become_paragraphs() {
        check(
            "# Talks open\n\nThey [began](http://x) at\n*noon*.\n\n## Next\n\n- one\n- two\n",
            "Talks open",
            &["They began at noon.", "Next", "one", "two"],
        );
        check("| side | loss |\n|---|---|\n| A | 3 |\n\n```\nlet x;\n```\n", "", &["side | loss", "A | 3", "let x;"]);
        check("![a photo](x.jpg)\n\nText.\n\n> Quote.\n\n---\n\n<div>Raw</div>\n", "", &["Text.", "Quote.", "Raw"]);
        check("Moscow<br>Kyiv<BR />*Minsk*<br/>Riga\n", "", &["Moscow Kyiv Minsk Riga"]);
        check("Moscow<span>Kyiv</span><!-- x -->Riga, <b>M</b>insk\n", "", &["Moscow Kyiv Riga, Minsk"]);
        check("Intro.\n\n# Late heading\n", "Late heading", &["Intro.", "Late heading"]);
    }

    #[test]
    fn front_matter_is_metadata() {
        let draft = check(
            "---\ntitle: Talks open\ndate: 2025-05-28\ntags: [peace, oslo]\nauthor: Jane Roe\n---\n# Talks open\n\nText.\n",
            "Talks open",
            &["Talks open", "Text."],
        );
        assert_eq!(draft.dates, ["2025-05-28"]);
        assert_eq!(draft.author.as_deref(), Some("Jane Roe"));
        assert_eq!(draft.given.len(), 2);
        let draft = check("+++\ntitle = \"Talks\"\ndate = 2025-05-28\nlang = \"en\"\n+++\nText.", "Talks", &["Text."]);
        assert_eq!(draft.dates, ["2025-05-28"]);
        let draft = check("---\ndate: 1946\n---\n# Talks\n\nText.\n", "Talks", &["Text."]);
        assert_eq!(draft.dates, ["1946"]);
        check("---\ntitle: Other\n---\n# Talks\n\nText.\n", "Other", &["Talks", "Text."]);
        let draft = check("---\ntitle: [unclosed\n---\nText.\n", "[unclosed", &["Text."]);
        assert_eq!(draft.doubts.len(), 1);
        let draft = check(
            "---\ndate: 2025-05-28\ntitle: Iran: the deal\nsource: 'The Wire'\ntags: [oil, gas]\nx:\n  y: 1\n---\nText.\n",
            "Iran: the deal",
            &["Text."],
        );
        assert_eq!(
            (draft.dates.as_slice(), draft.source.as_deref()),
            (&["2025-05-28".to_owned()][..], Some("The Wire"))
        );
        assert_eq!(draft.given.len(), 2);
        assert_eq!(
            draft.doubts,
            [
                "front matter is not YAML in line 3: \"mapping values are not allowed in this c…\"; its lines are read one by one"
            ]
        );
        check("---\n\nA rule, and no front matter.\n", "", &["A rule, and no front matter."]);
        check("---\n---\nText.\n", "", &["Text."]);
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut bomb = String::from("---\na: &a [x,x,x,x,x,x,x,x,x]\n");
        for (new, old) in ["ba", "cb", "dc", "ed", "fe", "gf", "hg", "ih"].iter().map(|pair| pair.split_at(1)) {
            bomb.push_str(&format!("{new}: &{new} [*{old},*{old},*{old},*{old},*{old},*{old},*{old},*{old},*{old}]\n"));
        }
        bomb.push_str("---\nText.\n");
        let draft = check(&bomb, "", &["Text."]);
        assert_eq!(draft.doubts.len(), 1);
    }
}
