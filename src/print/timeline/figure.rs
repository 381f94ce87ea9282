//! Counts over time -> a figure in SVG, for a page or a print: no script, no font of its own, nothing fetched.

use std::io::{self, Write};

use super::super::shapes::VERSION;
use super::super::svg::{self, EM, FONTS, LEADING, REST, escaped, fill, patterns, round, text, ticks};
use super::super::wording;
use super::super::wrap::columns;
use super::{heights, is_shared, notes};
use crate::search::answer::{OTHER, Timeline, Unit};

/// All lengths are in pixels.
const WIDTH: f64 = 960.0;
const MARGIN: f64 = 24.0;
/// Where the bars begin and end.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 916.0;
const PLOT_HEIGHT: f64 = 300.0;
/// The size of text, and of the title.
const SIZE: f64 = 12.0;
const TITLE_SIZE: f64 = 16.0;
/// The most lines of a title: a query may be a page long.
const MOST_TITLE_LINES: usize = 3;

/// Draws the periods as bars.
pub(crate) fn figure(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let heading = Heading::of(timeline);
    let split = timeline.split.is_some();
    let notes = notes(timeline);
    let notes: Vec<String> =
        notes[1..].iter().chain([&provenance(timeline)]).flat_map(|note| wrapped(note, SIZE)).collect();
    let bottom = heading.height + PLOT_HEIGHT;
    // Room for the labels of the periods.
    let first_note = bottom + 3.0 * SIZE * LEADING;
    let height = first_note + notes.len() as f64 * SIZE * LEADING + MARGIN / 2.0;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" font-family=\"{FONTS}\" font-size=\"{SIZE}\" fill=\"#000\">"
    )?;
    writeln!(out, "<title>{}</title>\n<desc>{}</desc>", escaped(&heading.title), escaped(&heading.subtitle))?;
    if let Some(split) = &timeline.split {
        write!(out, "<defs>\n{}</defs>\n", patterns(split.values.len()))?;
    }
    writeln!(out, "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>")?;
    heading.draw(out)?;
    if timeline.periods.is_empty() {
        text((LEFT + RIGHT) / 2.0, bottom - PLOT_HEIGHT / 2.0, " text-anchor=\"middle\"", "nothing to draw", out)?;
    } else {
        let heights: Vec<Vec<f64>> = timeline.periods.iter().map(|moment| heights(moment, split)).collect();
        let highest = heights.iter().map(|parts| parts.iter().sum()).fold(f64::MIN_POSITIVE, f64::max);
        let (ticks, places) = ticks(highest, !is_shared(timeline));
        let top = ticks.last().copied().unwrap_or(1.0);
        scale(timeline, &ticks, places, bottom, out)?;
        bars(timeline, &heights, top, bottom, out)?;
        writeln!(out, "<path d=\"M{LEFT},{bottom}H{RIGHT}\" stroke=\"#000\"/>")?;
        labels(timeline, bottom, out)?;
    }
    for (place, note) in notes.iter().enumerate() {
        let y = first_note + (place as f64 + 0.5) * SIZE * LEADING;
        text(MARGIN, y, " fill=\"#444\"", note, out)?;
    }
    writeln!(out, "</svg>")
}

/// What stands above the bars.
struct Heading {
    title: String,
    title_lines: Vec<String>,
    subtitle: String,
    subtitle_lines: Vec<String>,
    /// The entries of the legend, each with its fill and where it stands from the left and from the top of the legend.
    legend: Vec<(String, String, f64, f64)>,
    legend_top: f64,
    /// Where the bars may begin.
    height: f64,
}

impl Heading {
    fn of(timeline: &Timeline) -> Heading {
        let title = if timeline.read_as.is_empty() { "all paragraphs" } else { &timeline.read_as };
        let mut title_lines = wrapped(title, TITLE_SIZE * 1.08);
        if title_lines.len() > MOST_TITLE_LINES {
            title_lines.truncate(MOST_TITLE_LINES);
            if let Some(last) = title_lines.last_mut() {
                last.push('…');
            }
        }
        let split = timeline.split.as_ref().map(|split| format!(" and {}", split.field)).unwrap_or_default();
        let total = wording::totals_or_nothing(&timeline.total, &timeline.index);
        let subtitle = format!("by {}{split}: {total}", timeline.by.name());
        let subtitle_lines = wrapped(&subtitle, SIZE);
        let legend_top = MARGIN
            + title_lines.len() as f64 * TITLE_SIZE * LEADING
            + subtitle_lines.len() as f64 * SIZE * LEADING
            + SIZE / 2.0;
        let mut legend = Vec::new();
        let (mut x, mut y) = (MARGIN, 0.0);
        for (place, value) in timeline.split.iter().flat_map(|split| &split.values).enumerate() {
            let name = wrapped(&value.path, SIZE).into_iter().next().unwrap_or_default();
            let entry = SWATCH + (columns(&name) as f64 + 2.0) * SIZE * EM;
            if x > MARGIN && x + entry > WIDTH - MARGIN {
                (x, y) = (MARGIN, y + SIZE * LEADING);
            }
            let fill = if value.path == OTHER { REST.to_owned() } else { fill(place) };
            legend.push((name, fill, x, y));
            x += entry;
        }
        let rows = if legend.is_empty() { 0.0 } else { y + SIZE * LEADING };
        Heading {
            title: title.to_owned(),
            title_lines,
            subtitle,
            subtitle_lines,
            legend,
            legend_top,
            height: legend_top + rows + SIZE,
        }
    }

    fn draw(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut y = MARGIN;
        for line in &self.title_lines {
            text(MARGIN, y + TITLE_SIZE, &format!(" font-size=\"{TITLE_SIZE}\" font-weight=\"bold\""), line, out)?;
            y += TITLE_SIZE * LEADING;
        }
        for line in &self.subtitle_lines {
            text(MARGIN, y + SIZE, "", line, out)?;
            y += SIZE * LEADING;
        }
        for (name, fill, x, y) in &self.legend {
            let y = self.legend_top + y;
            writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"18\" height=\"{SIZE}\" fill=\"{fill}\" stroke=\"#333\"/>"
            )?;
            text(x + SWATCH, y + SIZE - 2.0, "", name, out)?;
        }
        Ok(())
    }
}

/// The room that a fill takes in the legend.
const SWATCH: f64 = 24.0;

/// Draws the lines that heights are read from, and says what they are.
fn scale(timeline: &Timeline, ticks: &[f64], places: usize, bottom: f64, out: &mut dyn Write) -> io::Result<()> {
    let top = ticks.last().copied().unwrap_or(1.0);
    for tick in ticks {
        let y = round(bottom - tick / top * PLOT_HEIGHT);
        writeln!(out, "<path d=\"M{LEFT},{y}H{RIGHT}\" stroke=\"#ddd\"/>")?;
        text(LEFT - 8.0, y + SIZE / 3.0, " text-anchor=\"end\"", &format!("{tick:.places$}"), out)?;
    }
    let unit = if is_shared(timeline) { "per cent of all paragraphs" } else { "paragraphs" };
    let (x, y) = (MARGIN + SIZE / 2.0, bottom - PLOT_HEIGHT / 2.0);
    text(x, y, &format!(" text-anchor=\"middle\" transform=\"rotate(-90 {x} {y})\""), unit, out)
}

/// Draws the bars, each with what it stands for, which a browser shows beside the pointer.
fn bars(timeline: &Timeline, heights: &[Vec<f64>], top: f64, bottom: f64, out: &mut dyn Write) -> io::Result<()> {
    let step = (RIGHT - LEFT) / heights.len() as f64;
    // Narrow bars touch, or the gaps would be all that is seen.
    let (gap, stroke) = if step >= 6.0 { (step * 0.2, " stroke=\"#333\" stroke-width=\".5\"") } else { (0.0, "") };
    for (place, (moment, parts)) in timeline.periods.iter().zip(heights).enumerate() {
        let x = round(LEFT + place as f64 * step + gap / 2.0);
        let width = round(step - gap).max(0.1);
        let mut sum = 0.0;
        for (part, height) in parts.iter().enumerate().filter(|(_, height)| **height > 0.0) {
            sum += height;
            let value = timeline.split.as_ref().and_then(|split| split.values.get(part));
            let count = if value.is_some() { &moment.counts.parts[part] } else { &moment.counts.whole };
            let (name, fill) = match value {
                Some(value) if value.path == OTHER => (format!(" {OTHER}"), REST.to_owned()),
                Some(value) => (format!(" {}", value.path), fill(part)),
                None => (String::new(), fill(part)),
            };
            let of = moment.of.map(|of| format!(" of {of}")).unwrap_or_default();
            let told = format!("{}{name}: {}{of}", moment.period, wording::counted(count.paragraphs, "paragraph"));
            let (y, height) = (round(bottom - sum / top * PLOT_HEIGHT), round(height / top * PLOT_HEIGHT));
            writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"{stroke}>\
                 <title>{}</title></rect>",
                escaped(&told)
            )?;
        }
    }
    Ok(())
}

/// Writes the periods below the bars: all of them, or every so many, at round places of the calendar.
fn labels(timeline: &Timeline, bottom: f64, out: &mut dyn Write) -> io::Result<()> {
    let periods = &timeline.periods;
    let step = (RIGHT - LEFT) / periods.len() as f64;
    let widest = periods.iter().map(|moment| moment.period.to_string().len()).max().unwrap_or(0);
    let needed = (widest as f64 + 1.0) * SIZE * EM;
    let every = every(timeline.by).find(|every| f64::from(*every) * step >= needed).unwrap_or(i32::MAX);
    let first = periods.first().map_or(0, |moment| moment.period.number());
    // Months and years stand at round numbers; the numbers of weeks and days mean nothing to a reader.
    let from = if matches!(timeline.by, Unit::Month | Unit::Year) { 0 } else { first };
    let is_labelled = |number: i32| (number - from) % every == 0;
    // A few periods may have no round number among them.
    let round_one = periods.iter().any(|moment| is_labelled(moment.period.number()));
    for (place, moment) in periods.iter().enumerate() {
        if is_labelled(moment.period.number()) || (!round_one && place == 0) {
            let x = round(LEFT + (place as f64 + 0.5) * step);
            writeln!(out, "<path d=\"M{x},{bottom}v5\" stroke=\"#000\"/>")?;
            let y = bottom + 6.0 + SIZE;
            text(x, y, " text-anchor=\"middle\"", &moment.period.to_string(), out)?;
        }
    }
    Ok(())
}

/// How many periods may lie from one label to the next, ascending.
fn every(unit: Unit) -> impl Iterator<Item = i32> {
    let steps: &[i32] = match unit {
        Unit::Day => &[1, 2, 7, 14, 28, 56, 91, 182, 364],
        Unit::Week => &[1, 2, 4, 13, 26, 52, 104, 260],
        Unit::Month => &[1, 2, 3, 6, 12, 24, 60, 120, 240],
        Unit::Year => &[1, 2, 5, 10, 20, 50, 100, 200, 500],
    };
    steps.iter().copied()
}

/// Which program drew what.
fn provenance(timeline: &Timeline) -> String {
    let index = &timeline.index;
    let (paragraphs, articles) =
        (wording::counted(index.paragraphs, "paragraph"), wording::counted(index.articles, "article"));
    format!("nutgraf {VERSION}, from an index of {paragraphs} in {articles}")
}

/// A text cut into lines of the figure's width.
fn wrapped(text: &str, size: f64) -> Vec<String> {
    svg::wrapped(text, size, WIDTH - 2.0 * MARGIN)
}
