//! How alike paragraphs must be to count as copies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How alike the texts of two paragraphs must be to be near copies; or that only equal ones are copies.
///
/// ```
/// use nutgraf::groups::Near;
///
/// let near: Near = "0.7".parse()?;
/// assert_eq!(near.to_string(), "0.7");
/// assert!("0.2".parse::<Near>().is_err());
/// # Ok::<(), nutgraf::groups::NoNear>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Near {
    /// The least similarity in ten-thousandths.
    bar: Option<u16>,
}

/// The bar for texts of few words.
pub(super) const SHORT_BAR: u16 = 8_000;

impl Near {
    /// Only paragraphs whose normal forms are equal are copies.
    pub const OFF: Near = Near { bar: None };

    /// The least similarity of near copies in ten-thousandths; none if only equal ones are copies.
    pub fn bar(self) -> Option<u16> {
        self.bar
    }
}

impl Default for Near {
    /// Half of all sequences of five characters are in both texts.
    fn default() -> Near {
        Near { bar: Some(5_000) }
    }
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bar {
            None => f.write_str("off"),
            Some(bar) => write!(f, "{}", f64::from(bar) / 10_000.0),
        }
    }
}

/// What was written is no bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("near copies are off, or have a similarity from 0.5 to 0.9")]
pub struct NoNear;

impl FromStr for Near {
    type Err = NoNear;

    fn from_str(text: &str) -> Result<Near, NoNear> {
        if text == "off" {
            return Ok(Near::OFF);
        }
        let bar: f64 = text.parse().map_err(|_| NoNear)?;
        let bar = (0.5..=0.9).contains(&bar).then(|| (bar * 10_000.0).round() as u16);
        bar.map(|bar| Near { bar: Some(bar) }).ok_or(NoNear)
    }
}

impl From<Near> for String {
    fn from(near: Near) -> String {
        near.to_string()
    }
}

impl TryFrom<String> for Near {
    type Error = NoNear;

    fn try_from(text: String) -> Result<Near, NoNear> {
        text.parse()
    }
}
