//! What figures are made of: escaped text, fills and round ticks.
//!
//! No text of a question or an index becomes markup: it is [`clean`] and then escaped.

use std::io::{self, Write};

use super::safe::clean;
use super::wrap::lines;

/// The fonts of a figure: none of its own, so that nothing is fetched.
pub(super) const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
/// The distance of lines, as a part of the size of text.
pub(super) const LEADING: f64 = 1.5;
/// The width of a column of text, as a part of its size: that of a wide font, since nobody knows which one there is.
pub(super) const EM: f64 = 0.62;

/// A text cut into lines that are no wider than so many pixels.
pub(super) fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let text = clean(text);
    lines(&text, (width / (size * EM)) as usize).into_iter().map(|range| text[range].to_owned()).collect()
}

/// Writes one line of text.
pub(super) fn text(x: f64, y: f64, attributes: &str, words: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<text x=\"{}\" y=\"{}\"{attributes}>{}</text>", round(x), round(y), escaped(words))
}

/// To a hundredth of a pixel.
pub(super) fn round(length: f64) -> f64 {
    (length * 100.0).round() / 100.0
}

/// A text inside an element or an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // No characters of XML 1.0.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A colour and the lines on it.
struct Fill {
    colour: &'static str,
    /// The path of the lines in a square of eight, and their colour and width; none if there are none.
    lines: Option<(&'static str, &'static str, &'static str)>,
}

const SLASHES: &str = "M-2,2l4,-4M0,8l8,-8M6,10l4,-4";
const BACKSLASHES: &str = "M-2,6l4,4M0,0l8,8M6,-2l4,4";
const CROSSES: &str = "M-2,2l4,-4M0,8l8,-8M6,10l4,-4M-2,6l4,4M0,0l8,8M6,-2l4,4";
const LEVEL: &str = "M0,2h8M0,6h8";
const UPRIGHT: &str = "M2,0v8M6,0v8";
const DOTS: &str = "M2,2h.01M6,6h.01";

/// The colours of Okabe and Ito ("Color universal design", 2008), which eyes of every kind tell apart; the lines do so on
/// grey prints.
const FILLS: [Fill; 8] = [
    Fill { colour: "#0072B2", lines: None },
    Fill { colour: "#E69F00", lines: Some((SLASHES, "#000", "1")) },
    Fill { colour: "#009E73", lines: Some((LEVEL, "#fff", "1.5")) },
    Fill { colour: "#F0E442", lines: Some((DOTS, "#000", "2")) },
    Fill { colour: "#56B4E9", lines: Some((BACKSLASHES, "#000", "1")) },
    Fill { colour: "#D55E00", lines: Some((UPRIGHT, "#fff", "1.5")) },
    Fill { colour: "#CC79A7", lines: Some((CROSSES, "#000", "1")) },
    Fill { colour: "#000000", lines: Some((DOTS, "#fff", "2")) },
];

/// The fill of a part, by its place, as the value of an attribute. What has lines is defined by [`patterns`].
pub(super) fn fill(place: usize) -> String {
    let place = place % FILLS.len();
    match FILLS[place].lines {
        None => FILLS[place].colour.to_owned(),
        Some(_) => format!("url(#nutgraf-fill-{place})"),
    }
}

/// The fill of the rest.
pub(super) const REST: &str = "#DDDDDD";

/// The definitions of the first so many fills.
pub(super) fn patterns(number: usize) -> String {
    let mut definitions = String::new();
    for (place, Fill { colour, lines }) in FILLS.iter().enumerate().take(number) {
        let Some((path, ink, width)) = lines else { continue };
        definitions.push_str(&format!(
            "<pattern id=\"nutgraf-fill-{place}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"8\" height=\"8\" fill=\"{colour}\"/>\
             <path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width}\" stroke-linecap=\"round\"/>\
             </pattern>\n"
        ));
    }
    definitions
}

/// About as many ticks as are easily read.
const TICKS: f64 = 5.0;

/// Round numbers from 0 to the first that is not below `highest`, and how many places they are written with; whole
/// numbers if they count something.
pub(super) fn ticks(highest: f64, whole: bool) -> (Vec<f64>, usize) {
    let rough = highest / TICKS;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|round| round * power).into_iter().find(|step| *step >= rough * (1.0 - 1e-9));
    let step = step.unwrap_or(10.0 * power);
    let step = if whole { step.max(1.0) } else { step };
    let places = if step >= 1.0 { 0 } else { (-step.log10() - 1e-9).ceil() as usize };
    let number = (highest / step - 1e-9).ceil().max(1.0) as usize;
    ((0..=number).map(|tick| tick as f64 * step).collect(), places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        for (highest, whole, expected) in [
            (1.0, true, &["0", "1"][..]),
            (4.0, true, &["0", "1", "2", "3", "4"]),
            (13.0, true, &["0", "5", "10", "15"]),
            (100.0, true, &["0", "20", "40", "60", "80", "100"]),
            (1234.0, true, &["0", "500", "1000", "1500"]),
            (0.7, false, &["0.0", "0.2", "0.4", "0.6", "0.8"]),
            (0.031, false, &["0.00", "0.01", "0.02", "0.03", "0.04"]),
            (12.5, false, &["0", "5", "10", "15"]),
        ] {
            let (ticks, places) = ticks(highest, whole);
            let ticks: Vec<String> = ticks.iter().map(|tick| format!("{tick:.places$}")).collect();
            assert_eq!(ticks, expected, "{highest}");
        }
    }

    #[test]
    fn texts_are_no_markup() {
        assert_eq!(
            escaped("</text><script>a&b\"'\u{0}\u{202e}\u{ffff}"),
            "&lt;/text&gt;&lt;script&gt;a&amp;b&quot;&#39;\u{fffd}\u{fffd}\u{fffd}"
        );
    }
}
