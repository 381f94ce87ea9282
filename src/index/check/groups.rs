//! Groups: whether two paragraphs are in one group just when their fingerprints are equal or the edges between near ones
//! join them, and whether groups and their members stand in the order that the table promises.

use hashbrown::{HashMap, HashSet};

use super::Part;
use crate::error::Result;
use crate::groups::is_boilerplate;
use crate::index::copies::Copies;
use crate::index::open::Index;
use crate::index::table::NONE;

/// The near copies of a generation, as its files have them.
pub(super) struct Edges {
    copies: Option<Copies>,
    /// The fingerprints that have near copies, each with one that stands for its group; in order.
    near: Vec<(u128, u128)>,
}

impl Edges {
    /// Those of an index; none if near copies were not looked for.
    ///
    /// # Errors
    ///
    /// When their files are damaged.
    pub(super) fn read(index: &Index) -> Result<Edges> {
        let files = index.files();
        let copies = Copies::are_in(files).then(|| Copies::read(files)).transpose()?;
        let near = copies.as_ref().map_or(Ok(Vec::new()), Copies::near)?;
        Ok(Edges { copies, near })
    }

    /// How many versions and pairs there are, and the size of their files.
    pub(super) fn numbers(&self) -> (u32, u32, u64) {
        self.copies.as_ref().map_or((0, 0, 0), Copies::numbers)
    }

    /// Whether near copies of this fingerprint have been looked for; always so if of none.
    pub(super) fn knows(&self, print: u128) -> bool {
        self.copies.as_ref().is_none_or(|copies| copies.knows(print))
    }

    /// The fingerprint that stands for the group of one.
    fn stands_for(&self, print: u128) -> u128 {
        let place = self.near.binary_search_by_key(&print, |(print, _)| *print);
        place.map_or(print, |place| self.near[place].1)
    }
}

pub(super) fn check(index: &Index, copies: &Edges) -> Result<Part> {
    let table = &index.table;
    let counts = table.counts;
    let mut part = Part::of("groups", u64::from(counts.groups));
    part.expect(index.manifest().copies.near.bar().is_none() == copies.copies.is_none(), || {
        "copies: the file does not fit the manifest".to_owned()
    });
    let mut prints = Vec::with_capacity(counts.documents as usize);
    let mut words = Vec::with_capacity(counts.documents as usize);
    let [high, low, length] = [index.fields.print_high, index.fields.print_low, index.fields.words]
        .map(|field| index.searcher().schema().get_field_name(field));
    let mut segments: Vec<_> = index.segments().collect();
    segments.sort_unstable_by_key(|segment| segment.base);
    for segment in segments {
        let column = |name| segment.reader.fast_fields().u64(name).map_err(|error| index.damaged(&error.to_string()));
        let (high, low, length) = (column(high)?, column(low)?, column(length)?);
        for document in 0..segment.reader.max_doc() {
            let halves = high.first(document).zip(low.first(document));
            let halves = halves.filter(|_| !segment.reader.is_deleted(document));
            prints.push(halves.map(|(high, low)| u128::from(high) << 64 | u128::from(low)));
            words.push(length.first(document).unwrap_or(0));
        }
    }
    equal_are_together(index, copies, &prints, &mut part);
    if part.wrong == 0 {
        members_stand_in_order(index, &prints, &words, &mut part);
    }
    Ok(part)
}

/// Each fingerprint that stands for a group has one group, and each group one such fingerprint.
fn equal_are_together(index: &Index, copies: &Edges, prints: &[Option<u128>], part: &mut Part) {
    let table = &index.table;
    let mut groups: HashMap<u128, u32> = HashMap::with_capacity(table.counts.groups as usize);
    let mut taken = vec![false; table.counts.groups as usize];
    for (document, print) in (0..).zip(prints) {
        let group = table.group(document);
        let Some(print) = print else {
            part.expect(group == NONE, || format!("{}: it has no fingerprint", super::reference(index, document)));
            continue;
        };
        if group >= table.counts.groups {
            part.fault(|| format!("document {document}: it has a fingerprint and no group"));
            continue;
        }
        let new = &mut taken[group as usize];
        let known = groups.entry(copies.stands_for(*print)).or_insert_with(|| {
            // A group that is taken is that of another fingerprint.
            if std::mem::replace(new, true) { NONE } else { group }
        });
        part.expect(*known == group, || {
            format!("{}: it is not in the group of its copies", super::reference(index, document))
        });
    }
    part.expect(taken.iter().all(|taken| *taken), || "there are groups without a paragraph".to_owned());
}

/// Boilerplate first, then groups of several members, then single ones; in each the oldest member first.
fn members_stand_in_order(index: &Index, prints: &[Option<u128>], words: &[u64], part: &mut Part) {
    let table = &index.table;
    let counts = table.counts;
    if !table.has_sound_starts() {
        part.fault(|| "table: its groups do not follow each other".to_owned());
        return;
    }
    part.expect(table.has_sound_kinds(), || {
        "table: it is wrong about which paragraphs are alone in their group".to_owned()
    });
    let mut sizes = vec![0; counts.groups as usize];
    for document in (0..counts.documents).filter(|document| table.group(*document) != NONE) {
        sizes[table.group(document) as usize] += 1;
    }
    for group in 0..counts.groups {
        let members: Vec<u32> = table.members(group).collect();
        let age = |document: u32| {
            let article = table.article(document);
            let undated = table.date(article).is_none();
            (undated, table.digits(article), prints[document as usize], table.id(article), document)
        };
        let own = members.len() == sizes[group as usize]
            && members.iter().all(|member| *member < counts.documents && table.group(*member) == group);
        if !own {
            part.fault(|| format!("group {group}: its members are not those that name it"));
            continue;
        }
        let name = || members.first().map(|first| super::reference(index, *first).to_string()).unwrap_or_default();
        part.expect(members.is_sorted_by_key(|member| age(*member)), || {
            format!("the group of {}: its members do not stand by age", name())
        });
        let articles: HashSet<u32> = members.iter().map(|member| table.article(*member)).collect();
        let dates: HashSet<u32> = articles.iter().map(|article| table.digits(*article)).collect();
        let most = members.iter().map(|member| words[*member as usize]).max().unwrap_or(0);
        let shared = members.len() > 1;
        let boilerplate = shared && is_boilerplate(most, articles.len(), dates.len());
        part.expect((group < counts.shared) == shared && (group < counts.boilerplate) == boilerplate, || {
            format!("the group of {}: it stands among groups of another kind", name())
        });
    }
}
