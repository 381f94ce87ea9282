//! HTML enters, texts and metadata leave; what a hostile page may cost is bounded before anything parses it.
//!
//! A page is looked at in one pass that builds nothing: how many tags it has, how deep they lie, and how many elements
//! the parser's repair of unclosed formatting would make of them. What is over a limit is refused. The rest is parsed
//! on a thread of its own with a deep stack, so that a panic in a library is a report and not the end of the run. (The
//! process's panic hook sees it first and may print it.)

use std::sync::mpsc;
use std::thread;

use trafilatura::dom::{Document, NodeId};

use super::Limits;

/// The stack of the thread that reads a page, in bytes: the libraries recurse as deep as elements lie.
const STACK: usize = 64 << 20;
/// How much deeper a page may be nested than other formats: tags that are never closed count as open.
const DEEPER: usize = 4;
/// How many elements the repair of a page may make for each tag that it may have.
const REPAIRED: usize = 8;

/// The most attributes that a tag may have: the parser compares each with all.
const ATTRIBUTES: usize = 1000;

/// Elements that close themselves or that their neighbours close.
const UNCOUNTED: [&str; 41] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot",
    "colgroup", "option", "optgroup", "rb", "rt", "rp", "rtc", "html", "head", "body", "path", "use", "rect",
];
/// Elements that the parser opens again in each block after they were left open.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements whose content is no markup.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];
/// Elements whose text is a paragraph of its own.
const BLOCKS: [&str; 39] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "table",
    "tr",
    "caption",
    "section",
    "article",
    "header",
    "footer",
    "aside",
    "main",
    "figure",
    "figcaption",
    "address",
    "hr",
    "body",
    "form",
    "fieldset",
    "details",
    "summary",
    "nav",
    "center",
    "tbody",
    "thead",
    "br",
];

/// Refuses a page that would cost too much.
///
/// # Errors
///
/// A clause that says which limit it goes over.
pub(super) fn weigh(html: &str, limits: &Limits) -> Result<(), String> {
    if html.len() as u64 > limits.page_bytes {
        return Err(format!("too large: a page of more than {} bytes", limits.page_bytes));
    }
    let deepest = limits.depth.saturating_mul(DEEPER);
    let most = limits.page_tags.saturating_mul(REPAIRED);
    let (mut tags, mut depth, mut formatting, mut elements) = (0_usize, 0_usize, 0_usize, 0_usize);
    for tag in Tags::of(html) {
        tags += 1;
        let counted = !UNCOUNTED.contains(&tag.name.as_str()) && !tag.closes_itself;
        let formats = FORMATTING.contains(&tag.name.as_str());
        if tag.closes {
            depth -= usize::from(counted && depth > 0);
            formatting -= usize::from(formats && formatting > 0);
        } else {
            depth += usize::from(counted);
            formatting += usize::from(formats);
            elements += 1 + if formats { 0 } else { formatting };
        }
        if tag.attributes > ATTRIBUTES {
            return Err(format!("a page with a tag of more than {ATTRIBUTES} attributes"));
        }
        if tags > limits.page_tags {
            return Err(format!("a page of more than {} tags", limits.page_tags));
        }
        if depth > deepest {
            return Err(format!("a page nested more than {deepest} deep"));
        }
        if elements > most {
            return Err(format!("a page whose unclosed tags make more than {most} elements"));
        }
    }
    Ok(())
}

/// Calls `read` with a page that was weighed, on a thread whose panic or delay ends nothing else.
///
/// # Errors
///
/// A clause that says why it was given up.
pub(super) fn guarded<T: Send + 'static>(
    html: &str,
    limits: &Limits,
    read: impl FnOnce(&str) -> T + Send + 'static,
) -> Result<T, String> {
    weigh(html, limits)?;
    let html = html.to_owned();
    let (send, receive) = mpsc::channel();
    let page = thread::Builder::new().name(super::PAGE_THREAD.to_owned()).stack_size(STACK);
    let page =
        page.spawn(move || drop(send.send(read(&html)))).map_err(|error| format!("no thread for it: {error}"))?;
    match receive.recv_timeout(limits.page_time) {
        Ok(read) => {
            // The thread has nothing left to do but drop its page.
            let _ = page.join();
            Ok(read)
        }
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("a page that took longer than {:?}", limits.page_time)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("a page that its parser cannot cope with".to_owned()),
    }
}

/// The paragraphs of a piece of HTML that is all text, such as the body of a feed's article.
///
/// # Errors
///
/// As [`guarded`].
pub(super) fn fragment_paragraphs(html: &str, limits: &Limits) -> Result<Vec<String>, String> {
    guarded(html, limits, |html| {
        let document = Document::parse(html);
        document.body().map_or_else(Vec::new, |body| block_texts(&document, body))
    })
}

/// The texts of the blocks below an element, in order; cells of a row are joined by ` | `.
pub(super) fn block_texts(document: &Document, root: NodeId) -> Vec<String> {
    let mut texts = Vec::new();
    let mut text = String::new();
    // A stack of our own: the depth of a page is not the depth of our calls.
    let mut steps = vec![Step::Enter(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Break => end_block(&mut text, &mut texts),
            Step::Cell => text.push_str(" | "),
            Step::Enter(node) if document.is_text(node) => text.push_str(&document.text_content(node)),
            Step::Enter(node) => {
                let name = document.tag_name(node);
                if matches!(name, "script" | "style" | "noscript" | "template" | "head") {
                    continue;
                }
                if BLOCKS.contains(&name) {
                    end_block(&mut text, &mut texts);
                    steps.push(Step::Break);
                } else if matches!(name, "td" | "th") {
                    steps.push(Step::Cell);
                }
                steps.extend(document.child_nodes(node).into_iter().rev().map(Step::Enter));
            }
        }
    }
    end_block(&mut text, &mut texts);
    texts
}

enum Step {
    Enter(NodeId),
    Cell,
    Break,
}

fn end_block(text: &mut String, texts: &mut Vec<String>) {
    let whole = std::mem::take(text);
    let whole = whole.trim().trim_end_matches(['|', ' ']);
    if !whole.is_empty() {
        texts.push(whole.to_owned());
    }
}

/// The tags of a page, seen in one pass.
struct Tags<'a> {
    html: &'a str,
    at: usize,
}

struct SeenTag {
    name: String,
    closes: bool,
    closes_itself: bool,
    /// At least as many attributes as the tag has.
    attributes: usize,
}

impl Tags<'_> {
    fn of(html: &str) -> Tags<'_> {
        Tags { html, at: 0 }
    }

    /// The place behind the next `mark`, or the end.
    fn behind(&self, mark: &str) -> usize {
        self.html[self.at..].find(mark).map_or(self.html.len(), |found| self.at + found + mark.len())
    }

    /// The place of the next `</name`, or the end.
    fn before_end(&self, name: &str) -> usize {
        let bytes = self.html.as_bytes();
        let mut at = self.at;
        while let Some(found) = self.html[at..].find("</") {
            at += found;
            let candidate = bytes.get(at + 2..at + 2 + name.len());
            if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(name.as_bytes())) {
                return at;
            }
            at += 2;
        }
        self.html.len()
    }
}

impl Iterator for Tags<'_> {
    type Item = SeenTag;

    fn next(&mut self) -> Option<SeenTag> {
        loop {
            self.at += self.html[self.at..].find('<')? + 1;
            let rest = &self.html[self.at..];
            if rest.starts_with("!--") {
                self.at = self.behind("-->");
                continue;
            }
            let closes = rest.starts_with('/');
            let rest = &rest[usize::from(closes)..];
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
            let name = rest[..end].to_ascii_lowercase();
            self.at += usize::from(closes) + end;
            let attributes = self.at;
            let count;
            (self.at, count) = tag_end(self.html, self.at);
            let closes_itself = self.html[attributes..self.at].ends_with("/>");
            if !closes && RAW.contains(&name.as_str()) {
                self.at = self.before_end(&name);
            }
            return Some(SeenTag { name, closes, closes_itself, attributes: count });
        }
    }
}

/// The place behind the `>` that ends a tag, and how many attributes it may have; quoted values may hold others.
fn tag_end(html: &str, from: usize) -> (usize, usize) {
    let (mut quote, mut apart, mut attributes) = (None, true, 0);
    for (at, byte) in html.bytes().enumerate().skip(from) {
        match (quote, byte) {
            (None, b'>') => return (at + 1, attributes),
            (None, b'"' | b'\'') if html.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (None, byte) => {
                // Each word begins an attribute, and so may what stands right behind a quoted value.
                let separates = byte.is_ascii_whitespace() || byte == b'/';
                attributes += usize::from(apart && !separates);
                apart = separates;
            }
            (Some(open), byte) if open == byte => (quote, apart) = (None, true),
            _ => {}
        }
    }
    (html.len(), attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_become_paragraphs() {
        let check = |html: &str, expected: &[&str]| {
            assert_eq!(fragment_paragraphs(html, &Limits::default()).expect("a sound page"), expected);
        };
        check("<p>One <b>two</b>.</p>\n<p>Three &amp; four.</p>", &["One two.", "Three & four."]);
        check("<div>One<br>Two<ul><li>a</li><li>b</li></ul></div>", &["One", "Two", "a", "b"]);
        check("<table><tr><th>side<th>loss<tr><td>A<td>3</table>", &["side | loss", "A | 3"]);
        check("<p>One<script>alert(1)</script></p><style>p{}</style>", &["One"]);
    }

    #[test]
    fn hostile_pages_are_refused_before_they_are_parsed() {
        let limits = Limits { page_tags: 1000, ..Limits::default() };
        let check = |html: &str, expected: bool| assert_eq!(weigh(html, &limits).is_ok(), expected);
        check(&"<p>text".repeat(900), true);
        check(&"<p>".repeat(1100), false);
        check(&"<div>".repeat(600), false);
        check(&"<b a=1>".repeat(600), false);
        check(&("<i>".repeat(100) + &"<p>".repeat(200)), false);
        check(&"<div></div>".repeat(450), true);
        check(&"<!--".repeat(100_000), true);
        check(&"<script>".repeat(100_000), true);
        check(&("<script>".to_owned() + &"<div>".repeat(9000)), true);
        check(&"<a title='>'>x</a>".repeat(400), true);
        check(&format!("<p {}>", "a=1 ".repeat(2000)), false);
        check(&format!("<p {}>", "a=''".repeat(2000)), false);
        check(&format!("<p a='{}'>", "word ".repeat(2000)), true);
    }

    #[test]
    fn a_panic_is_a_report() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let read = guarded("<p>", &Limits::default(), |_| panic!("on purpose"));
        std::panic::set_hook(hook);
        assert_eq!(read, Err::<(), _>("a page that its parser cannot cope with".to_owned()));
    }
}
