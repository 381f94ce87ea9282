//! A JSON document enters, the text of each article in it leaves, unparsed.
//!
//! The document is an array of articles, or an object that holds such an array under a usual name, or one article, or
//! several of these after one another. Only strings and brackets are told apart here: whether a record is JSON at all is
//! found when it is read. Depth is counted, never recursed into.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use super::cut::Cutter;
use super::names::{is_body_name, plain_name};
use super::record::Piece;

/// The names under which an object holds its articles.
const LISTS: [&str; 14] = [
    "articles",
    "article",
    "docs",
    "documents",
    "items",
    "results",
    "data",
    "hits",
    "entries",
    "records",
    "posts",
    "news",
    "stories",
    "rows",
];
/// The names under which an object holds the object that holds its articles.
const WRAPPERS: [&str; 7] = ["response", "hits", "data", "result", "feed", "channel", "articles"];
/// How many wrappers may lie in one another.
const WRAPPED: usize = 3;
/// The longest name that is looked at, in bytes.
const NAME: usize = 64;

/// Whether a line is one whole JSON object.
pub(super) fn whole_value(line: &str) -> bool {
    line.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
}

/// Cuts a document into its articles.
pub(super) fn cut(reader: &mut dyn BufRead, out: &mut Cutter<'_>) -> ControlFlow<()> {
    let limit = out.limits.record_bytes;
    let scanner = Scanner { reader, line: 1, kept: Vec::new(), keeping: false, overflow: false, limit };
    let mut cut = Cut { scanner, out, position: 0, held: None };
    let Err(stop) = cut.document() else { return ControlFlow::Continue(()) };
    if matches!(stop, Stop::Asked) || cut.release(true).is_err() {
        return ControlFlow::Break(());
    }
    let line = Some(cut.scanner.line);
    match stop {
        Stop::Asked => ControlFlow::Break(()),
        Stop::Broken(why) => cut.out.fail(line, why),
        Stop::Io(error) => cut.out.fail_reading(line, &error),
    }
}

/// Why a document is not cut further.
enum Stop {
    Asked,
    Broken(String),
    Io(io::Error),
}

type Step<T> = Result<T, Stop>;

fn asked(flow: ControlFlow<()>) -> Step<()> {
    if flow.is_break() { Err(Stop::Asked) } else { Ok(()) }
}

struct Cut<'a, 'b> {
    scanner: Scanner<'a>,
    out: &'a mut Cutter<'b>,
    position: u64,
    /// An object that is the file's only article, unless another follows.
    held: Option<(u64, Vec<u8>)>,
}

impl Cut<'_, '_> {
    fn document(&mut self) -> Step<()> {
        loop {
            match self.scanner.skip_space()? {
                None if self.held.is_none() && self.position == 0 => return Err(broken("no text")),
                None => return self.release(false),
                Some(b'[') => {
                    self.scanner.bump()?;
                    self.release(true)?;
                    match self.scanner.skip_space()? {
                        Some(b'{') => self.elements()?,
                        Some(b']') => self.scanner.bump()?,
                        _ => return Err(broken("an array that holds no articles")),
                    }
                }
                Some(b'{') => self.object()?,
                Some(_) => return Err(broken("not JSON: neither an object nor an array")),
            }
        }
    }

    /// Hands on the object that was held back; `among` says whether it is one of many.
    fn release(&mut self, among: bool) -> Step<()> {
        let Some((line, text)) = self.held.take() else { return Ok(()) };
        let among = among || self.position > 0;
        self.position += 1;
        asked(self.out.emit(Some(line), among.then_some(self.position), Piece::Json(text)))
    }

    /// One object of the top level.
    fn object(&mut self) -> Step<()> {
        self.release(true)?;
        let line = self.scanner.line;
        self.scanner.keep();
        let held_list = self.members(0)?;
        let kept = self.scanner.kept();
        match kept {
            _ if held_list => Ok(()),
            Some(text) => {
                self.held = Some((line, text));
                Ok(())
            }
            None => {
                self.position += 1;
                asked(self.out.fail_too_large(Some(line), self.scanner.limit))
            }
        }
    }

    /// The members of an object, from its brace; whether articles were found in one of them.
    fn members(&mut self, level: usize) -> Step<bool> {
        self.scanner.bump()?;
        let (mut held_list, mut is_article) = (false, false);
        loop {
            match self.scanner.skip_separators()? {
                None => return Err(broken("not JSON: the file ends within an object")),
                Some(b'}') => {
                    self.scanner.bump()?;
                    return Ok(held_list);
                }
                Some(b'"') => {}
                Some(_) => return Err(broken("not JSON: a name in quotes is expected")),
            }
            let name = plain_name(&self.scanner.name()?);
            if self.scanner.skip_space()? != Some(b':') {
                return Err(broken("not JSON: a colon is expected"));
            }
            self.scanner.bump()?;
            match self.scanner.skip_space()? {
                Some(b'[') if !is_article && LISTS.contains(&name.as_str()) => {
                    self.scanner.bump()?;
                    if self.scanner.skip_space()? == Some(b'{') {
                        // The list's own text is not kept: it may be as large as the file.
                        let outer = self.scanner.pause();
                        self.elements()?;
                        self.scanner.resume(outer);
                        held_list = true;
                    } else {
                        self.scanner.value(1)?;
                    }
                }
                Some(b'{') if !is_article && level < WRAPPED && WRAPPERS.contains(&name.as_str()) => {
                    held_list |= self.members(level + 1)?;
                }
                _ => {
                    is_article |= is_body_name(&name);
                    self.scanner.value(0)?;
                }
            }
        }
    }

    /// The elements of a list of articles, from its first brace to behind its bracket.
    fn elements(&mut self) -> Step<()> {
        loop {
            match self.scanner.skip_separators()? {
                None => return Err(broken("not JSON: the file ends within a list")),
                Some(b']') => return self.scanner.bump(),
                Some(_) => {}
            }
            let line = self.scanner.line;
            self.scanner.keep();
            self.scanner.value(0)?;
            self.position += 1;
            let flow = match self.scanner.kept() {
                Some(text) => self.out.emit(Some(line), Some(self.position), Piece::Json(text)),
                None => self.out.fail_too_large(Some(line), self.scanner.limit),
            };
            asked(flow)?;
        }
    }
}

fn broken(why: &str) -> Stop {
    Stop::Broken(why.to_owned())
}

/// Reads JSON byte by byte, counts lines, and keeps what it passes while it is asked to.
struct Scanner<'a> {
    reader: &'a mut dyn BufRead,
    line: u64,
    kept: Vec<u8>,
    keeping: bool,
    /// What was to be kept is larger than `limit`.
    overflow: bool,
    limit: u64,
}

impl Scanner<'_> {
    fn keep(&mut self) {
        self.kept = Vec::new();
        self.keeping = true;
        self.overflow = false;
    }

    /// What was kept; none if it is too large.
    fn kept(&mut self) -> Option<Vec<u8>> {
        self.keeping = false;
        let kept = std::mem::take(&mut self.kept);
        (!self.overflow).then_some(kept)
    }

    fn pause(&mut self) -> (Vec<u8>, bool) {
        self.keeping = false;
        (std::mem::take(&mut self.kept), self.overflow)
    }

    fn resume(&mut self, (kept, overflow): (Vec<u8>, bool)) {
        (self.kept, self.overflow, self.keeping) = (kept, overflow, true);
        self.kept.push(b']');
    }

    fn peek(&mut self) -> Step<Option<u8>> {
        Ok(self.reader.fill_buf().map_err(Stop::Io)?.first().copied())
    }

    fn bump(&mut self) -> Step<()> {
        self.pass(1)
    }

    /// Passes the next `count` bytes, which are in the buffer.
    fn pass(&mut self, count: usize) -> Step<()> {
        let bytes = self.reader.fill_buf().map_err(Stop::Io)?;
        let bytes = &bytes[..count.min(bytes.len())];
        self.line += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        if self.keeping && !self.overflow {
            if (self.kept.len() + bytes.len()) as u64 > self.limit {
                self.overflow = true;
                self.kept = Vec::new();
            } else {
                self.kept.extend_from_slice(bytes);
            }
        }
        let count = bytes.len();
        self.reader.consume(count);
        Ok(())
    }

    /// Passes bytes as long as `wanted` says so, and tells the next one.
    fn pass_while(&mut self, mut wanted: impl FnMut(u8) -> bool) -> Step<Option<u8>> {
        loop {
            let bytes = self.reader.fill_buf().map_err(Stop::Io)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let (count, next) = match bytes.iter().position(|byte| !wanted(*byte)) {
                Some(at) => (at, Some(bytes[at])),
                None => (bytes.len(), None),
            };
            self.pass(count)?;
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    fn skip_space(&mut self) -> Step<Option<u8>> {
        self.pass_while(|byte| byte.is_ascii_whitespace() || byte == 0x1e)
    }

    fn skip_separators(&mut self) -> Step<Option<u8>> {
        self.pass_while(|byte| byte.is_ascii_whitespace() || byte == b',')
    }

    /// A name in quotes, without them; only its beginning if it is long.
    fn name(&mut self) -> Step<String> {
        let mut name = Vec::new();
        self.bump()?;
        let mut escaped = false;
        self.pass_while(|byte| {
            if byte == b'"' && !escaped {
                return false;
            }
            escaped = byte == b'\\' && !escaped;
            if name.len() < NAME {
                name.push(byte);
            }
            true
        })?;
        self.bump()?;
        Ok(String::from_utf8_lossy(&name).into_owned())
    }

    /// Passes one value, or the rest of one of which `depth` brackets are already open.
    fn value(&mut self, depth: usize) -> Step<()> {
        let scalar = depth == 0 && !matches!(self.peek()?, Some(b'{' | b'[' | b'"'));
        if scalar {
            let mut passed = false;
            self.pass_while(|byte| {
                let inside = !byte.is_ascii_whitespace() && !matches!(byte, b',' | b'}' | b']');
                passed |= inside;
                inside
            })?;
            return if passed { Ok(()) } else { Err(broken("not JSON: a value is expected")) };
        }
        let (mut depth, mut in_string, mut escaped, mut done) = (depth, false, false, false);
        let next = self.pass_while(|byte| {
            if done {
                return false;
            }
            if in_string {
                in_string = byte != b'"' || escaped;
                escaped = byte == b'\\' && !escaped;
            } else {
                match byte {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            done = depth == 0 && !in_string;
            true
        })?;
        if next.is_none() && !done {
            return Err(broken("not JSON: the file ends within a value"));
        }
        Ok(())
    }
}
