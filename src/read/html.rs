//! A page enters, a draft leaves: the main text without menus and advertisements, and what the page says of itself.
//!
//! The text is found by the trafilatura library; metadata are read here, in the order JSON-LD, Open Graph and its kin,
//! Dublin Core, `<time>`, and only then by the library's rules.

use serde_json::Value;
use trafilatura::dom::Document;

use super::draft::{Body, Draft, Place};
use super::page::{block_texts, guarded};
use super::{Options, Skipped};

/// The largest block of JSON-LD that is looked at, in bytes.
const LINKED_DATA: usize = 1 << 20;
/// With no more paragraphs than this a page is asked whether it has more.
const FEW: usize = 3;
/// The types of JSON-LD that describe an article.
const ARTICLE_TYPES: [&str; 4] = ["Article", "Posting", "Report", "Review"];

/// Reads a whole page.
///
/// # Errors
///
/// [`Skipped`] if it goes over a limit or breaks the library.
pub(super) fn read(text: &str, place: &Place<'_>, options: &Options) -> Result<Draft, Skipped> {
    guarded(text, &options.limits, draft).map_err(|why| place.skipped(why))
}

fn draft(html: &str) -> Draft {
    let document = Document::parse(html);
    let mut draft = metadata(&document);
    let rules = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
    // A page in which no text is found is not an error of the library but a page without text.
    let Ok(found) = trafilatura::extract_document(document, &rules) else { return draft };
    let text = Document::parse(&found.content_html);
    let mut paragraphs = text.body().map_or_else(Vec::new, |body| block_texts(&text, body));
    if paragraphs.is_empty() {
        paragraphs.push(found.content_text);
    }
    // On a short page the library gives up its paragraphs and runs them together.
    if paragraphs.len() <= FEW {
        let page = Document::parse(html);
        let blocks = page.body().map_or_else(Vec::new, |body| block_texts(&page, body));
        paragraphs = paragraphs.into_iter().flat_map(|text| apart(text, &blocks)).collect();
    }
    draft.body = Body::Paragraphs(paragraphs);
    let library = found.metadata;
    if draft.title.trim().is_empty() {
        draft.title = library.title;
    }
    let known = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    draft.author = draft.author.or_else(|| known(library.author));
    draft.url = draft.url.or_else(|| known(library.url));
    draft.source = draft.source.or_else(|| known(library.sitename));
    draft.dates.extend(library.date.filter(|_| draft.dates.is_empty()).map(|date| date.to_string()));
    draft
}

/// The paragraphs of a text that runs together several blocks of its page; the text itself if it does not.
fn apart(text: String, blocks: &[String]) -> Vec<String> {
    let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '|').collect::<String>();
    let wanted = solid(&text);
    let solid_blocks: Vec<String> = blocks.iter().map(|block| solid(block)).collect();
    for first in 0..blocks.len() {
        let (mut left, mut taken) = (wanted.as_str(), Vec::new());
        for (block, solid) in blocks.iter().zip(&solid_blocks).skip(first) {
            match left.strip_prefix(solid.as_str()) {
                Some(rest) if !solid.is_empty() => {
                    left = rest;
                    taken.push(block.clone());
                }
                // What the library left out may lie between, but not before the text begins.
                _ if taken.is_empty() => break,
                _ => {}
            }
            if left.is_empty() {
                return taken;
            }
        }
    }
    vec![text]
}

fn metadata(document: &Document) -> Draft {
    let mut draft = Draft::default();
    for script in document.scripts_with_type(&["application/ld+json"]) {
        let text = document.text_content(script);
        if text.len() <= LINKED_DATA
            && let Ok(value) = serde_json::from_str::<Value>(text.trim().trim_end_matches(';'))
        {
            take_linked_data(&value, &mut draft);
        }
    }
    let root = document.root();
    let mut named = Vec::new();
    for meta in document.query_selector_all(root, "meta[content]") {
        let attribute = |name| document.get_attribute(meta, name);
        let name = attribute("property").or_else(|| attribute("name")).or_else(|| attribute("itemprop"));
        if let (Some(name), Some(content)) = (name, attribute("content"))
            && !content.trim().is_empty()
        {
            named.push((name.to_ascii_lowercase(), content));
        }
    }
    let all = |names: &'static [&'static str]| {
        names
            .iter()
            .flat_map(|wanted| named.iter().filter(move |(name, _)| name == wanted))
            .map(|(_, value)| value.clone())
    };
    let first = |names| all(names).next();
    if draft.title.is_empty() {
        draft.title = first(&["og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "citation_title"])
            .unwrap_or_default();
    }
    if draft.title.is_empty()
        && let [heading] = document.query_selector_all(root, "h1").as_slice()
    {
        draft.title = document.text_content(*heading);
    }
    draft.source = draft.source.or_else(|| first(&["og:site_name", "dc.publisher", "dcterms.publisher", "publisher"]));
    draft.author = draft.author.or_else(|| {
        first(&["author", "dc.creator", "dcterms.creator", "byl", "article:author", "parsely-author"])
            // Some put the address of a profile here.
            .filter(|author| !author.contains("://"))
    });
    draft.dates.extend(all(&[
        "article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "dcterms.issued",
        "dcterms.created",
        "citation_publication_date",
        "og:article:published_time",
        "article.published",
    ]));
    // Among several times the one that says that it is the publication's goes first.
    for selector in ["time[itemprop=datePublished]", "time[pubdate]", "article time[datetime]", "time[datetime]"] {
        if draft.dates.is_empty()
            && let Some(time) = document.query_selector(root, selector)
        {
            draft.dates.extend(document.get_attribute(time, "datetime").filter(|time| !time.trim().is_empty()));
        }
    }
    draft.lang = document
        .query_selector(root, "html")
        .and_then(|html| document.get_attribute(html, "lang").or_else(|| document.get_attribute(html, "xml:lang")))
        .filter(|lang| !lang.trim().is_empty())
        .or(draft.lang)
        .or_else(|| first(&["og:locale", "dc.language", "dcterms.language", "content-language", "language"]));
    let canonical = document.query_selector(root, "link[rel=canonical]");
    let address = canonical.and_then(|link| document.get_attribute(link, "href"));
    draft.url = address.filter(|url| url.contains("://")).or_else(|| first(&["og:url"])).or(draft.url);
    draft
}

/// Takes what the first article in a block of JSON-LD says of itself.
fn take_linked_data(value: &Value, draft: &mut Draft) {
    let mut left = vec![value];
    // What the parser accepted is bounded in size, and this looks at each object once.
    while let Some(value) = left.pop() {
        match value {
            Value::Array(values) => left.extend(values.iter().rev()),
            Value::Object(members) => {
                let of_type = members.get("@type").map(Value::to_string).unwrap_or_default();
                if ARTICLE_TYPES.iter().any(|kind| of_type.contains(kind)) {
                    let text = |name: &str| members.get(name).and_then(name_of);
                    if draft.title.is_empty() {
                        draft.title = text("headline").or_else(|| text("name")).unwrap_or_default();
                    }
                    draft.dates.extend(text("datePublished").or_else(|| text("dateCreated")));
                    draft.author = draft.author.take().or_else(|| text("author")).or_else(|| text("creator"));
                    draft.source = draft.source.take().or_else(|| text("publisher"));
                    draft.lang = draft.lang.take().or_else(|| text("inLanguage"));
                    draft.url = draft.url.take().or_else(|| text("url"));
                } else {
                    left.extend(
                        ["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|name| members.get(*name)),
                    );
                }
            }
            _ => {}
        }
    }
}

/// A name: a string, or an object's `name`, or a list of these.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(members) => members.get("name").and_then(Value::as_str).map(str::to_owned),
        Value::Array(values) => {
            let names: Vec<String> = values.iter().filter(|value| !value.is_array()).filter_map(name_of).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
    .filter(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_is() {
        let draft = draft(
            r#"<!doctype html><html lang="en-GB"><head><title>Talks open | The Wire</title>
            <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "The Wire"},
            {"@type": ["NewsArticle"], "headline": "Talks open in Oslo", "datePublished": "2025-05-28T10:00:00Z",
            "author": [{"name": "Jane Roe"}, {"name": "John Doe"}], "publisher": {"name": "The Wire"}}]}</script>
            <link rel="canonical" href="https://wire.example/2025/05/28/talks"></head>
            <body><nav><a href="/">Home</a><a href="/world">World</a></nav><article><h1>Talks open in Oslo</h1>
            <p>Delegations of both sides met in Oslo on Wednesday for the first talks since the truce of March.</p>
            <p>The mediators said that the exchange of prisoners stood first on the agenda of the meeting.</p>
            <p>Neither side wanted to speak about the frozen assets, three officials told the newspaper.</p></article>
            <footer>Copyright</footer></body></html>"#,
        );
        assert_eq!(draft.title, "Talks open in Oslo");
        assert_eq!(draft.dates, ["2025-05-28T10:00:00Z"]);
        assert_eq!(draft.author.as_deref(), Some("Jane Roe, John Doe"));
        assert_eq!(draft.source.as_deref(), Some("The Wire"));
        assert_eq!(draft.lang.as_deref(), Some("en-GB"));
        assert_eq!(draft.url.as_deref(), Some("https://wire.example/2025/05/28/talks"));
        let Body::Paragraphs(paragraphs) = draft.body else { panic!("a page keeps its paragraphs apart") };
        let bodies: Vec<&String> = paragraphs.iter().filter(|text| *text != "Talks open in Oslo").collect();
        assert_eq!(bodies.len(), 3, "{paragraphs:?}");
    }

    #[test]
    fn older_pages_use_other_names() {
        let draft = draft(
            "<html><head><meta name='DC.date' content='1999-04-12'><meta property='og:title' content='Bridge &amp; river'>\
             <meta name=author content='Jane Roe'></head><body><p>The bridge over the river was hit in the night, \
             witnesses said on Monday.</p></body></html>",
        );
        assert_eq!(draft.title, "Bridge & river");
        assert_eq!(draft.dates, ["1999-04-12"]);
        assert_eq!(draft.author.as_deref(), Some("Jane Roe"));
    }
}
