//! Heights -> bars of block elements, to an eighth of a column, or in parts that differ without colour.

/// What the parts of a bar are filled with.
const FILLS: [char; 8] = ['█', '▓', '▒', '░', '▞', '=', '+', ':'];
/// What the rest is filled with.
pub(super) const REST: char = '·';

/// What a part of a bar is filled with, by its place.
pub(super) fn fill(place: usize) -> char {
    FILLS[place % FILLS.len()]
}

/// A bar for a part of the whole width, 0 to 1; it is not empty if the part is not.
pub(super) fn plain(part: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part * 8.0 * width as f64).round() as usize;
    let eighths = if part > 0.0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A bar of several parts, each with its fill. Each ends where the sum of those before it and itself does, so that the
/// whole is as long as it should be; the largest is not left out.
pub(super) fn stacked(parts: &[(char, f64)], width: usize) -> String {
    let mut bar = String::new();
    let (mut sum, mut taken) = (0.0, 0);
    for (fill, part) in parts {
        sum += part;
        let end = (sum * width as f64).round() as usize;
        bar.extend(std::iter::repeat_n(*fill, end - taken));
        taken = end;
    }
    let largest = parts.iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, part)| *part > 0.0);
    if bar.is_empty() { largest.map(|(fill, _)| fill.to_string()).unwrap_or_default() } else { bar }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_parts() {
        for (part, expected) in [
            (0.0, ""),
            (0.001, "▏"),
            (0.125, "█"),
            (0.5, "████"),
            (0.516, "████▏"),
            (0.99, "███████▉"),
            (1.0, "████████"),
        ] {
            assert_eq!(plain(part, 8), expected, "{part}");
        }
        for (parts, expected) in [
            (&[('a', 0.25), ('b', 0.5)][..], "aabbbb"),
            (&[('a', 0.3), ('b', 0.0), ('c', 0.7)], "aacccccc"),
            (&[('a', 0.01), ('b', 0.02)], "b"),
            (&[('a', 0.0)], ""),
            (&[], ""),
        ] {
            assert_eq!(stacked(parts, 8), expected);
        }
    }
}
