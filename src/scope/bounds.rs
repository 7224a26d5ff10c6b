//! Ranges of integers, decimals, lengths and counts.

use super::ScopeError;
use crate::action::Decimal;

/// An inclusive range of 64-bit integers with at least one end.
///
/// ```
/// use bailiwick::scope::IntRange;
/// let range = IntRange::new(Some(1), Some(5))?;
/// assert!(range.contains(5) && !range.contains(6));
/// assert!(IntRange::new(Some(5), Some(1)).is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IntRange {
    min: Option<i64>,
    max: Option<i64>,
}

impl IntRange {
    /// The range from `min` to `max`, both included; `None` leaves an end open.
    ///
    /// # Errors
    ///
    /// [`ScopeError::EmptyRange`] if nothing lies in it, [`ScopeError::UnboundedRange`] if both
    /// ends are open.
    pub fn new(min: Option<i64>, max: Option<i64>) -> Result<Self, ScopeError> {
        match (min, max) {
            (None, None) => Err(ScopeError::UnboundedRange),
            (Some(low), Some(high)) if low > high => Err(ScopeError::EmptyRange),
            _ => Ok(Self { min, max }),
        }
    }

    /// The least value, if there is one.
    pub fn min(&self) -> Option<i64> {
        self.min
    }

    /// The greatest value, if there is one.
    pub fn max(&self) -> Option<i64> {
        self.max
    }

    /// Whether `value` lies in the range.
    pub fn contains(&self, value: i64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// An inclusive range of decimals of one scale.
///
/// A decimal of another scale is of another type and never lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecimalRange {
    scale: u8,
    units: IntRange,
}

impl DecimalRange {
    /// The range of decimals at `scale` whose units lie in `units`: at scale 2, `0..=500` is
    /// 0.00 to 5.00.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Scale`] if `scale` is not one that a [`Decimal`] can have.
    pub fn new(scale: u8, units: IntRange) -> Result<Self, ScopeError> {
        Decimal::new(scale, 0).map_err(|_| ScopeError::Scale(scale))?;
        Ok(Self { scale, units })
    }

    /// Digits after the point.
    pub fn scale(&self) -> u8 {
        self.scale
    }

    /// The range of the units.
    pub fn units(&self) -> &IntRange {
        &self.units
    }
}

/// Bounds of a length in bytes or of a count of elements, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    min: u32,
    max: Option<u32>,
}

impl Bounds {
    /// From `min` to `max`; `None` leaves the upper end open.
    ///
    /// # Errors
    ///
    /// [`ScopeError::EmptyRange`] if nothing lies between.
    pub fn new(min: u32, max: Option<u32>) -> Result<Self, ScopeError> {
        match max {
            Some(max) if max < min => Err(ScopeError::EmptyRange),
            _ => Ok(Self { min, max }),
        }
    }

    /// The least.
    pub fn min(&self) -> u32 {
        self.min
    }

    /// The most, if there is a most.
    pub fn max(&self) -> Option<u32> {
        self.max
    }

    /// Whether `n` lies within.
    pub fn contains(&self, n: usize) -> bool {
        n >= self.min as usize && self.max.is_none_or(|max| n <= max as usize)
    }
}
