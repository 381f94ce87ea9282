//! Edges to groups: connected components, tightened where a chain of small changes has tied different texts together.

use super::edges::Edge;
use super::signature::{PLACES, agreement};
use super::versions::Versions;

/// A component with more versions than this may be a chain.
const CHAIN: usize = 8;
/// It is one if half of its versions have no neighbour as similar as this.
const LOOSE: u16 = 7_200;
/// By how much the bar is raised in a chain.
const STEP: u16 = 1_000;
/// How far it may be raised.
const HIGHEST: u16 = 8_000;
/// A version whose signature agrees with that of the group's middle in fewer places than this is another text.
const FAR: usize = PLACES / 4;

/// Versions, in order, and the edges between them, in order.
#[derive(Debug, Clone, Default)]
struct Part {
    members: Vec<u32>,
    edges: Vec<Edge>,
}

/// The groups of several versions: each version that is in one, with the one of its group that has the lowest number. In
/// the order of versions.
pub fn groups(versions: &Versions<'_>, edges: &[Edge], bar: u16) -> Vec<(u32, u32)> {
    let mut members: Vec<u32> = edges.iter().flat_map(|edge| [edge.a, edge.b]).collect();
    members.sort_unstable();
    members.dedup();
    let mut groups = Vec::new();
    // What is still to be divided, and the bar that its edges have passed.
    let mut open = vec![(Part { members, edges: edges.to_vec() }, bar)];
    while let Some((part, bar)) = open.pop() {
        for component in part.components() {
            if component.is_chain() && bar + STEP <= HIGHEST {
                let bar = bar + STEP;
                open.push((component.above(bar), bar));
                continue;
            }
            let (group, others) = component.tightened(versions);
            groups.extend(group.iter().map(|version| (*version, group[0])));
            open.push((others, bar));
        }
    }
    groups.sort_unstable();
    groups
}

impl Part {
    /// Its connected components of two versions and more.
    fn components(self) -> Vec<Part> {
        let place = |version| self.members.binary_search(&version).expect("an edge joins members");
        let mut above: Vec<u32> = (0..self.members.len() as u32).collect();
        for edge in &self.edges {
            let [a, b] = [edge.a, edge.b].map(|version| top(&mut above, place(version) as u32));
            // The lowest of a component stands at its top, whatever the order of its edges.
            above[a.max(b) as usize] = a.min(b);
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut part_of = vec![u32::MAX; self.members.len()];
        for (at, version) in self.members.iter().enumerate() {
            let top = top(&mut above, at as u32) as usize;
            if part_of[top] == u32::MAX {
                part_of[top] = parts.len() as u32;
                parts.push(Part::default());
            }
            part_of[at] = part_of[top];
            parts[part_of[at] as usize].members.push(*version);
        }
        for edge in &self.edges {
            parts[part_of[place(edge.a)] as usize].edges.push(*edge);
        }
        parts.retain(|part| part.members.len() > 1);
        parts
    }

    /// Its edges at a higher bar.
    fn above(mut self, bar: u16) -> Part {
        self.edges.retain(|edge| edge.similarity >= bar);
        self
    }

    /// Adds up something of the edges of each member.
    fn of_each(&self, add: impl Fn(u64, u16) -> u64) -> Vec<u64> {
        let mut sums = vec![0; self.members.len()];
        for edge in &self.edges {
            for version in [edge.a, edge.b] {
                let place = self.members.binary_search(&version).expect("an edge joins members");
                sums[place] = add(sums[place], edge.similarity);
            }
        }
        sums
    }

    /// Whether it is large and held together by weak edges.
    fn is_chain(&self) -> bool {
        if self.members.len() <= CHAIN {
            return false;
        }
        let mut nearest = self.of_each(|nearest, similarity| nearest.max(u64::from(similarity)));
        nearest.sort_unstable();
        nearest[(nearest.len() - 1) / 2] < u64::from(LOOSE)
    }

    /// The members of a component that are like its middle, the one with the strongest edges in all, the first of several;
    /// and the others.
    fn tightened(self, versions: &Versions<'_>) -> (Vec<u32>, Part) {
        let sums = self.of_each(|sum, similarity| sum + u64::from(similarity));
        let best = sums.iter().max().copied().unwrap_or_default();
        let middle = sums.iter().position(|sum| *sum == best).unwrap_or_default();
        let signature = versions.signature(self.members[middle]);
        let is_far = |version: &u32| agreement(signature, versions.signature(*version)) < FAR;
        let (far, group): (Vec<u32>, Vec<u32>) = self.members.iter().partition(|version| is_far(version));
        let is_other = |version| far.binary_search(&version).is_ok();
        let edges = self.edges.into_iter().filter(|edge| is_other(edge.a) && is_other(edge.b)).collect();
        (group, Part { members: far, edges })
    }
}

/// The top of the tree that a place is in; the way there is halved for the next time.
fn top(above: &mut [u32], mut at: u32) -> u32 {
    while above[at as usize] != at {
        let next = above[above[at as usize] as usize];
        above[at as usize] = next;
        at = next;
    }
    at
}
