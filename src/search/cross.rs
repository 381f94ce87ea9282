//! How often the values of two facet fields stand in one paragraph.

use std::cmp::Reverse;

use hashbrown::HashMap;

use super::answer::{Cell, Cross, FacetCount};
use super::codes::Codes;
use super::facets::{Run, Tally, ancestors, count};
use super::{Request, check_facet, find_all, holdings, resolve_or_all};
use crate::error::Result;
use crate::index::Index;

/// Counts what matches a request by two facet fields at once; by the same one twice, the pairs of values of which neither
/// is above the other. Of the request only the question counts.
///
/// # Errors
///
/// When there is no such facet, when the question names what the index does not have, or the index is damaged.
pub fn cross(index: &Index, request: &Request, by: &str, and: &str) -> Result<Cross> {
    check_facet(by)?;
    check_facet(and)?;
    let (clause, read_as) = resolve_or_all(index, request)?;
    let collector = find_all(index, &clause)?;
    let rows = count(index, &collector.matching, by)?.values;
    let columns = if by == and { rows.clone() } else { count(index, &collector.matching, and)?.values };
    let (mut row_codes, mut column_codes) = (Codes::new(index, by), Codes::new(index, and));
    let (mut of_row, mut of_column) = (Vec::new(), Vec::new());
    let mut tallies: HashMap<(u32, u32), Tally> = HashMap::new();
    for document in collector.matching.iter() {
        row_codes.of(document, &mut of_row)?;
        let run = Run::of(&index.table, document);
        if by == and {
            let paths = row_codes.paths();
            for (place, one) in of_row.iter().enumerate() {
                for other in &of_row[place + 1..] {
                    if are_apart(&paths[*one as usize], &paths[*other as usize]) {
                        tallies.entry((*one, *other)).or_default().take(&run);
                    }
                }
            }
        } else {
            column_codes.of(document, &mut of_column)?;
            for pair in of_row.iter().flat_map(|row| of_column.iter().map(|column| (*row, *column))) {
                tallies.entry(pair).or_default().take(&run);
            }
        }
    }
    let row_paths = row_codes.into_paths();
    let column_paths = if by == and { row_paths.clone() } else { column_codes.into_paths() };
    let cells = tallies.into_iter().map(|((row, column), tally)| {
        let (row, column) = (row_paths[row as usize].clone(), column_paths[column as usize].clone());
        // Of a pair, the order in which the paths were met does not count.
        let (row, column) = if by == and && column < row { (column, row) } else { (row, column) };
        let FacetCount { path: row, groups, paragraphs, articles } = tally.finish(row);
        Cell { row, column, groups, paragraphs, articles }
    });
    let mut cells: Vec<Cell> = cells.collect();
    let place = |cell: &Cell| (Reverse(cell.groups), Reverse(cell.paragraphs));
    cells.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| (&a.row, &a.column).cmp(&(&b.row, &b.column))));
    Ok(Cross {
        text: request.asked.clone(),
        read_as,
        index: holdings(index),
        total: collector.total,
        by: by.to_owned(),
        and: and.to_owned(),
        rows,
        columns,
        cells,
    })
}

/// Whether neither path is above the other.
fn are_apart(one: &str, other: &str) -> bool {
    let is_above = |above: &str, path: &str| ancestors(path).any(|ancestor| ancestor == above);
    !is_above(one, other) && !is_above(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_above_each_other_are_no_pair() {
        for (one, other, expected) in [
            ("/russia", "/ukraine", true),
            ("/russia", "/russia/government", false),
            ("/russia/government", "/russia", false),
            ("/russia/government", "/russia/central-bank", true),
            ("/russia", "/russia-today", true),
        ] {
            assert_eq!(are_apart(one, other), expected, "{one} {other}");
        }
    }
}
