//! The text of one JSON value enters, a draft of its article leaves.

use serde_json::Value;

use super::draft::{Draft, Place};
use super::{Options, Skipped, fields};

/// The parser refuses what is nested deeper by itself.
const PARSER_DEPTH: usize = 127;

/// Reads one object.
///
/// # Errors
///
/// [`Skipped`] with the line of the fault if it is not JSON, too deeply nested, or no object.
pub(super) fn read(text: &str, place: &Place<'_>, options: &Options) -> Result<Draft, Skipped> {
    if options.limits.depth < PARSER_DEPTH && deeper_than(text, options.limits.depth) {
        return Err(place.skipped(format!("JSON nested more than {} deep", options.limits.depth)));
    }
    let text = text.trim_matches(['\u{1e}', '\u{feff}']);
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // The parser counts from the record's first line, the reader of the report from the file's.
        let line = place.line.map(|line| line + (error.line() as u64).saturating_sub(1));
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let why = format!("not JSON: {message} (column {})", error.column());
        Skipped { line, ..place.skipped(why) }
    })?;
    match value {
        Value::Object(members) => fields::draft(&members, false, place, options),
        _ => Err(place.skipped("not an article: the value is no JSON object")),
    }
}

/// Whether brackets outside of strings are nested deeper than `limit`.
fn deeper_than(text: &str, limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        if in_string {
            in_string = byte != b'"' || escaped;
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let check = |text: &str, limit, expected| assert_eq!(deeper_than(text, limit), expected, "{text}");
        check("{\"a\": [1]}", 2, false);
        check("{\"a\": [[1]]}", 2, true);
        check("{\"a\": \"[[[\\\"[[\"}", 1, false);
    }
}
