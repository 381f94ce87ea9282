//! How JSON is written down: line breaks, numbers, escapes. Any reader of JSON reads the same values back.
//!
//! `serde_json` escapes what JSON demands, the C0 controls among them. Here every other character that a terminal must
//! not be sent is escaped too, as `\u202e`, so that an answer can be looked at with `cat` and loses nothing.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::safe::is_hostile;
use super::wording::decimal;

/// Writes a value over as many lines as it takes, and a line break.
pub(super) fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_with(Notation { pretty: true, ..Notation::default() }, value, out)
}

/// Writes a value on one line, and a line break.
pub(super) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_with(Notation::default(), value, out)
}

fn write_with(notation: Notation, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, notation))?;
    out.write_all(b"\n")
}

/// Two spaces for each level; an array inside an array, such as a range of `highlights`, stays on one line.
#[derive(Default)]
struct Notation {
    pretty: bool,
    /// The arrays and objects that are open, outermost first.
    open: Vec<Level>,
}

#[derive(Clone, Copy)]
struct Level {
    is_array: bool,
    /// Whether its values stand on one line.
    is_inline: bool,
    is_empty: bool,
}

impl Notation {
    fn begin<W: ?Sized + Write>(&mut self, is_array: bool, out: &mut W) -> io::Result<()> {
        let is_inline =
            !self.pretty || self.open.last().is_some_and(|level| level.is_inline || (level.is_array && is_array));
        self.open.push(Level { is_array, is_inline, is_empty: true });
        out.write_all(if is_array { b"[" } else { b"{" })
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let level = self.open.pop().expect("what ends has begun");
        if !level.is_inline && !level.is_empty {
            self.break_line(out)?;
        }
        out.write_all(if level.is_array { b"]" } else { b"}" })
    }

    fn begin_value<W: ?Sized + Write>(&mut self, first: bool, out: &mut W) -> io::Result<()> {
        let level = self.open.last_mut().expect("a value stands in something");
        level.is_empty = false;
        let is_inline = level.is_inline;
        if !first {
            out.write_all(b",")?;
        }
        if !is_inline {
            return self.break_line(out);
        }
        out.write_all(if self.pretty && !first { b" " } else { b"" })
    }

    fn break_line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        write!(out, "\n{:indent$}", "", indent = 2 * self.open.len())
    }
}

impl Formatter for Notation {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(true, out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin_value(first, out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(false, out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin_value(first, out)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.pretty { b": " } else { b":" })
    }

    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, number: f64) -> io::Result<()> {
        out.write_all(decimal(number).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_hostile) {
            let (before, from) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            let mut chars = from.chars();
            let hostile = chars.next().expect("one was found");
            for unit in hostile.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::samples::printed;
    use super::*;

    #[test]
    fn the_notation_is_easy_to_read() {
        let value = json!({"a": [[1, 2], [3, 4]], "b": [], "c": {}, "d": [{"e": 7.0}], "f": [[]], "g": null});
        assert_eq!(
            printed(|out| pretty(&value, out)),
            r#"{
  "a": [
    [1, 2],
    [3, 4]
  ],
  "b": [],
  "c": {},
  "d": [
    {
      "e": 7.0
    }
  ],
  "f": [
    []
  ],
  "g": null
}
"#
        );
        assert_eq!(
            printed(|out| line(&value, out)),
            "{\"a\":[[1,2],[3,4]],\"b\":[],\"c\":{},\"d\":[{\"e\":7.0}],\"f\":[[]],\"g\":null}\n"
        );
    }

    #[test]
    fn hostile_characters_are_escaped() {
        let text = "\x1b[2J \u{9b}1m \x7f \u{202e}evil \u{2028} \u{e0041}";
        assert_eq!(
            printed(|out| line(&text, out)),
            "\"\\u001b[2J \\u009b1m \\u007f \\u202eevil \\u2028 \\udb40\\udc41\"\n"
        );
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in any::<String>(), number in any::<f64>()) {
            let written = printed(|out| pretty(&[&text], out));
            prop_assert!(!written.replace('\n', "").chars().any(is_hostile));
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(&written).expect("JSON"), vec![text]);
            if number.is_finite() {
                prop_assert_eq!(decimal(number).parse::<f64>(), Ok(number));
            }
        }
    }
}
