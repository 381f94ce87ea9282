//! The numbers of a review from what was identified to what is included, as PRISMA 2020 arranges them.

/// How many there are at each step. Every step is the one before it less what it names: see [`Flow::holds`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    /// Paragraphs that each query found, by its name, in the order of the protocol.
    pub by_query: Vec<(String, u64)>,
    /// The sum of these.
    pub identified: u64,
    /// Of these, those that an earlier query had found.
    pub found_again: u64,
    /// Different paragraphs.
    pub paragraphs: u64,
    /// The same by outlet, those with most first; paragraphs without one are last, under none.
    pub by_source: Vec<(Option<String>, u64)>,
    /// Of the different paragraphs, those that are boilerplate and so no records.
    pub boilerplate: u64,
    /// Those that are copies of the paragraph that stands for their record, or further paragraphs of its article.
    pub merged: u64,
    /// Records.
    pub records: u64,
    /// What was decided, stage by stage.
    pub stages: Vec<Stage>,
    /// Records that every stage included.
    pub included: u64,
}

/// What was decided in one stage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stage {
    /// The stage.
    pub name: String,
    /// Records that every earlier stage included.
    pub assessed: u64,
    /// Of these, those excluded, by reason, most first; those without a reason are last, under none.
    pub excluded: Vec<(Option<String>, u64)>,
    /// Those not decided upon.
    pub undecided: u64,
    /// Those included.
    pub included: u64,
}

impl Flow {
    /// Whether the numbers add up at every step.
    pub fn holds(&self) -> bool {
        let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
        let mut before = self.records;
        let stages = self.stages.iter().all(|stage| {
            let excluded = sum(&mut stage.excluded.iter().map(|(_, count)| *count));
            let holds = stage.assessed == before && before == excluded + stage.undecided + stage.included;
            before = stage.included;
            holds
        });
        stages
            && self.identified == sum(&mut self.by_query.iter().map(|(_, count)| *count))
            && self.identified == self.found_again + self.paragraphs
            && self.paragraphs == sum(&mut self.by_source.iter().map(|(_, count)| *count))
            && self.paragraphs == self.boilerplate + self.merged + self.records
            && self.included == before
    }
}

/// How often each name occurs, most frequent first, equals by name, and what has no name last.
pub(super) fn tally(names: impl IntoIterator<Item = Option<String>>) -> Vec<(Option<String>, u64)> {
    let mut counts = std::collections::BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0_u64) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (name.is_none(), std::cmp::Reverse(*count)));
    counts
}
