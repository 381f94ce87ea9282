//! How do building, updating and asking grow with the corpus?
//!
//! Corpora of ten times as many paragraphs each, made from one seed, are indexed by the program itself: a process of its own, so
//! that its greatest memory is its own, too. Then 1 % more articles come, then nothing, and then 200 queries of one to three
//! words, drawn from the texts with a fixed seed, are answered in this process and one in a process of its own.
//!
//! `NUTGRAF_BENCH_LARGEST` says how many paragraphs the largest corpus has, 1,000,000 unless told; `NUTGRAF_BENCH_FIGURE`
//! names a file to draw the curves into, as SVG.

mod corpus;
mod measure;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use corpus::{FEW, REPRINTS, Random, Recipe, SEED, write_made};
use measure::process::{Quiet, size_of, watched};
use measure::{in_earnest, median, percentile, print_table, shown, timed};
use nutgraf::{Index, Join, Question, Request, search};

/// The smallest corpus, in paragraphs.
const SMALLEST: usize = 10_000;
const LARGEST: usize = 1_000_000;
/// One article of so many is among those that come later.
const LATER: usize = 100;
/// So many articles stand in a file.
const IN_A_FILE: usize = 100_000;
const QUERIES: usize = 200;
/// How often the same process is started, and each query asked.
const TURNS: usize = 5;

/// What was measured of a corpus; times in seconds, memory and size in MB.
struct Step {
    paragraphs: u64,
    build: f64,
    build_memory: f64,
    add: f64,
    add_memory: f64,
    nothing: f64,
    size: f64,
    query: f64,
    slow_query: f64,
    process: f64,
    /// Of a process that answers all queries.
    queries_memory: f64,
}

fn main() {
    let named = std::env::var("NUTGRAF_BENCH_LARGEST").ok().and_then(|number| number.parse().ok());
    let largest = if in_earnest() { named.unwrap_or(LARGEST) } else { FEW };
    let mut sizes: Vec<usize> =
        std::iter::successors(Some(SMALLEST), |size| Some(size * 10)).take_while(|size| *size < largest).collect();
    sizes.push(largest);
    let steps: Vec<Step> = sizes.into_iter().map(step).collect();
    let rows: Vec<Vec<String>> = steps
        .iter()
        .map(|step| {
            let figures = [
                step.build,
                1e3 * step.build / step.paragraphs as f64,
                step.build_memory,
                step.add,
                step.add_memory,
                step.nothing,
                step.size,
                1e3 * step.query,
                1e3 * step.slow_query,
                1e3 * step.process,
                step.queries_memory,
            ];
            std::iter::once(step.paragraphs.to_string()).chain(figures.map(shown)).collect()
        })
        .collect();
    let headings = [
        "paragraphs",
        "build s",
        "ms a paragraph",
        "MB",
        "1 % more s",
        "MB",
        "nothing s",
        "index MB",
        "query ms",
        "p99 ms",
        "process ms",
        "MB",
    ];
    print_table(&headings, &rows);
    if let Some(path) = std::env::var_os("NUTGRAF_BENCH_FIGURE") {
        std::fs::write(&path, figure(&steps)).expect("a file that can be written");
    }
}

/// Makes a corpus and measures all that is measured of one.
fn step(paragraphs: usize) -> Step {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (articles, index) = (home.path().join("articles"), home.path().join("index"));
    std::fs::create_dir(&articles).expect("a folder");
    let whole = home.path().join("made");
    write_made(Recipe { seed: SEED, paragraphs, reprints: REPRINTS }, &whole);
    let later = articles.join("later.jsonl");
    let now = split(&whole, &articles, &home.path().join("later"));
    let run = |arguments: &[&Path]| {
        let program =
            Command::new(env!("CARGO_BIN_EXE_nutgraf-index")).arg("--index").arg(&index).args(arguments).spawn_quiet();
        watched(program)
    };
    let (build, build_memory) = run(&[&articles]);
    std::fs::rename(home.path().join("later"), &later).expect("the later articles");
    let (add, add_memory) = run(&[&articles]);
    // The times of files that were written just now do not tell whether they have changed since.
    std::thread::sleep(Duration::from_secs(1));
    run(&[&articles]);
    let nothing = median(&(0..TURNS).map(|_| run(&[&articles]).0).collect::<Vec<_>>());
    let opened = Index::open(&index).expect("an index that was just built");
    let questions = questions(&now);
    let mut times = Vec::new();
    for question in &questions {
        let request = Request::new(question.clone());
        let asked = || timed(|| search(&opened, &request).expect("an index that is whole")).0;
        times.push(median(&(0..TURNS).map(|_| asked()).collect::<Vec<_>>()));
    }
    let start =
        || Command::new(env!("CARGO_BIN_EXE_nutgraf")).arg("--index").arg(&index).arg(&questions[0].text).spawn_quiet();
    let list = home.path().join("queries");
    let lines: Vec<&str> = questions.iter().map(|question| question.text.as_str()).collect();
    std::fs::write(&list, lines.join("\n")).expect("room for the queries");
    let mut all_queries = Command::new(env!("CARGO_BIN_EXE_nutgraf"));
    all_queries.arg("--index").arg(&index).arg("--format").arg("json").arg("--queries").arg(&list);
    Step {
        paragraphs: opened.manifest().paragraphs,
        build,
        build_memory,
        add,
        add_memory,
        nothing,
        size: size_of(&index) as f64 / 1e6,
        query: median(&times),
        slow_query: percentile(&times, 99.0),
        process: median(&(0..2 * TURNS).map(|_| timed(|| start().wait()).0).collect::<Vec<_>>()),
        queries_memory: watched(all_queries.spawn_quiet()).1,
    }
}

/// Splits the articles into those that are there, in files that are not too long to be read, and those that come later; returns
/// some of the first.
fn split(whole: &Path, now: &Path, later: &Path) -> Vec<String> {
    let mut sample = Vec::new();
    let file = |path: &Path| BufWriter::new(File::create(path).expect("a file"));
    let (mut here, mut there) = (file(&now.join("0.jsonl")), file(later));
    for (number, line) in BufReader::new(File::open(whole).expect("the articles")).lines().enumerate() {
        let line = line.expect("a line");
        if number % LATER == LATER - 1 {
            writeln!(there, "{line}").expect("room for the articles");
            continue;
        }
        if number > 0 && number % IN_A_FILE == 0 {
            here.flush().expect("room for the articles");
            here = file(&now.join(format!("{number}.jsonl")));
        }
        writeln!(here, "{line}").expect("room for the articles");
        if sample.len() < QUERIES {
            sample.push(line);
        }
    }
    for mut out in [here, there] {
        out.flush().expect("room for the articles");
    }
    sample
}

/// Queries of one to three words that stand in one article.
fn questions(articles: &[String]) -> Vec<Question> {
    let mut random = Random(SEED);
    let words_of = |article: &String| {
        let words = article.split(|c: char| !c.is_ascii_lowercase()).filter(|word| word.len() > 3);
        words.map(str::to_owned).collect::<Vec<String>>()
    };
    let articles: Vec<Vec<String>> = articles.iter().map(words_of).filter(|words| !words.is_empty()).collect();
    let question = |number: usize| {
        let article = &articles[number % articles.len()];
        let words: Vec<&str> = (0..1 + number % 3).map(|_| random.of(article).as_str()).collect();
        Question::read(&words.join(" "), Join::All).expect("nothing but words")
    };
    (0..QUERIES).map(question).collect()
}

/// A curve: its name, its colour, its dashes, and what of a corpus it shows.
type Curve = (&'static str, &'static str, &'static str, fn(&Step) -> f64);

/// Draws times and memory over the number of paragraphs, all on scales of powers of ten.
fn figure(steps: &[Step]) -> String {
    const SECONDS: [Curve; 6] = [
        ("build", "#0072B2", "", |step| step.build),
        ("1 % more", "#E69F00", "6 3", |step| step.add),
        ("nothing new", "#009E73", "2 3", |step| step.nothing),
        ("one process", "#CC79A7", "8 3 2 3", |step| step.process),
        ("query, 99th percentile", "#D55E00", "4 2", |step| step.slow_query),
        ("query, median", "#000000", "", |step| step.query),
    ];
    const MEGABYTES: [Curve; 4] = [
        ("index on disk", "#000000", "4 2", |step| step.size),
        ("memory of a build", "#0072B2", "", |step| step.build_memory),
        ("memory of 1 % more", "#E69F00", "6 3", |step| step.add_memory),
        ("memory of 200 queries", "#CC79A7", "8 3 2 3", |step| step.queries_memory),
    ];
    let (width, height) = (720.0, 2.0 * Panel::HEIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">\n<title>Seconds and megabytes over the \
         number of paragraphs</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    Panel { top: 0.0, unit: "s", curves: &SECONDS }.draw(steps, &mut svg);
    Panel { top: Panel::HEIGHT, unit: "MB", curves: &MEGABYTES }.draw(steps, &mut svg);
    svg + "</svg>\n"
}

/// A part of the figure.
struct Panel {
    /// Where it begins.
    top: f64,
    unit: &'static str,
    curves: &'static [Curve],
}

impl Panel {
    const HEIGHT: f64 = 400.0;
    const LEFT: f64 = 84.0;
    const RIGHT: f64 = 520.0;

    fn draw(&self, steps: &[Step], svg: &mut String) {
        let Panel { unit, curves, .. } = self;
        let (left, right) = (Panel::LEFT, Panel::RIGHT);
        let (top, bottom) = (self.top + 20.0, self.top + Panel::HEIGHT - 50.0);
        let first = (steps[0].paragraphs as f64).log10().floor();
        // A few paragraphs over a power of ten do not make a new one.
        let last = ((steps[steps.len() - 1].paragraphs as f64).log10() - 0.01).ceil().max(first + 1.0);
        let values = || steps.iter().flat_map(|step| curves.iter().map(move |(.., of)| of(step).max(1e-6).log10()));
        let low = values().fold(f64::MAX, f64::min).floor();
        let high = values().fold(f64::MIN, f64::max).ceil().max(low + 1.0);
        let x = |paragraphs: f64| left + (paragraphs.log10() - first) / (last - first) * (right - left);
        let y = |value: f64| bottom - (value.max(1e-6).log10() - low) / (high - low) * (bottom - top);
        let mut put = |line: String| writeln!(svg, "{line}").expect("a string grows");
        for power in low as i32..=high as i32 {
            let value = 10_f64.powi(power);
            let at = y(value);
            put(format!("<path d=\"M{left},{at:.1}H{right}\" stroke=\"#ddd\"/>"));
            let (x, at) = (left - 8.0, at + 4.0);
            put(format!("<text x=\"{x:.1}\" y=\"{at:.1}\" text-anchor=\"end\">{value} {unit}</text>"));
        }
        for power in first as i32..=last as i32 {
            let at = x(10_f64.powi(power));
            put(format!("<path d=\"M{at:.1},{top}V{bottom}\" stroke=\"#ddd\"/>"));
            let label = format!("10<tspan dy=\"-5\" font-size=\"9\">{power}</tspan>");
            put(format!("<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>", bottom + 18.0));
        }
        let (middle, below) = ((left + right) / 2.0, bottom + 38.0);
        put(format!("<text x=\"{middle:.1}\" y=\"{below:.1}\" text-anchor=\"middle\">paragraphs</text>"));
        // Names stand at the ends of their curves, moved apart where these meet.
        let mut names: Vec<(f64, &str, &str)> =
            curves.iter().map(|(name, colour, _, of)| (y(of(&steps[steps.len() - 1])), *name, *colour)).collect();
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut above = f64::MIN;
        for (at, ..) in &mut names {
            *at = at.max(above + 15.0);
            above = *at;
        }
        for (_, colour, dashes, of) in *curves {
            let points: Vec<String> =
                steps.iter().map(|step| format!("{:.1},{:.1}", x(step.paragraphs as f64), y(of(step)))).collect();
            put(format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>",
                points.join(" ")
            ));
            for point in &points {
                let (x, y) = point.split_once(',').expect("a point has two coordinates");
                put(format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>"));
            }
        }
        for (at, name, colour) in names {
            put(format!("<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>", right + 12.0, at + 4.0));
        }
    }
}
