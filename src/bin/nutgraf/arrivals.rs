//! Which articles came since what the arguments say.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use nutgraf::index::{Held, Index};
use nutgraf::review::Receipt;
use nutgraf::search::{Arrivals, Came};

use crate::args::Since;

/// The articles that came, if it is asked for arrivals.
pub(crate) fn among(index: &Index, since: &Since) -> anyhow::Result<Option<Arc<Arrivals>>> {
    let arrivals = match (&since.arrived_since, &since.since_receipt) {
        (Some(moment), _) => after(index, moment)?,
        (None, Some(path)) => read(path)?.arrivals(index)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(Arc::new(arrivals)))
}

/// Reads a receipt.
pub(crate) fn read(path: &Path) -> anyhow::Result<Receipt> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    Ok(Receipt::read(&text, path)?)
}

fn after(index: &Index, moment: &str) -> anyhow::Result<Arrivals> {
    let moment = moment.trim();
    let came = |is_after: &dyn Fn(nutgraf::index::Arrival) -> bool, held: &Held| match () {
        () if is_after(held.first) => Came::Added,
        () if is_after(held.since) => Came::Replaced,
        () => Came::Before,
    };
    let known = Default::default();
    if let Ok(generation) = moment.parse::<u64>() {
        let now = index.manifest().generation;
        if generation > now {
            bail!("--arrived-since: the index is at generation {now}, and {generation} is to come");
        }
        return Ok(Arrivals::of(index, |held| came(&|at| at.generation > generation, held), &known)?);
    }
    let day = moment.parse::<jiff::civil::Date>().and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC));
    let time = moment.parse::<jiff::Timestamp>().or_else(|_| day.map(|day| day.timestamp()));
    let Ok(time) = time else {
        bail!(
            "--arrived-since: {moment} is no day such as 2026-01-31, no time such as 2026-01-31T06:00:00Z, and no number"
        );
    };
    let second = u64::try_from(time.as_second()).unwrap_or(0);
    Ok(Arrivals::of(index, |held| came(&|at| at.at >= second, held), &known)?)
}
