//! Money and measures: whole numbers of a fixed small unit.

use super::number::{NumberError, Parts, Shifted};
use super::preview::preview_text;

/// An exact decimal: `units` of 10^-`scale`. `98.7` at scale 2 is 9870 units.
///
/// Decimals of different scales are different, as are a decimal and an integer: a service says which scale an
/// argument has ([`Tree::with_decimal`](super::Tree::with_decimal)), and a scope speaks of the same one.
///
/// ```
/// use bailiwick::action::{Decimal, DecimalError};
///
/// let price = Decimal::parse("98.7", 2)?;
/// assert_eq!(price.units(), 9870);
/// assert_eq!(price.to_string(), "98.70");
///
/// // Nothing is rounded.
/// assert!(matches!(Decimal::parse("98.705", 2), Err(DecimalError::Inexact { .. })));
/// # Ok::<(), DecimalError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    scale: u8,
    units: i64,
}

impl Decimal {
    /// The largest scale.
    pub const MAX_SCALE: u8 = 18;

    /// `units` of 10^-`scale`.
    ///
    /// # Errors
    ///
    /// When the scale is above [`Decimal::MAX_SCALE`].
    pub fn new(scale: u8, units: i64) -> Result<Decimal, DecimalError> {
        check_scale(scale)?;
        Ok(Decimal { scale, units })
    }

    /// Reads a number as JSON writes it, exactly.
    ///
    /// # Errors
    ///
    /// When the text is no number, or the number is not a whole number of units that fits 64 bits.
    pub fn parse(text: &str, scale: u8) -> Result<Decimal, DecimalError> {
        check_scale(scale)?;
        let parts = Parts::parse(text)?;
        Decimal::from_parts(&parts, scale, || preview_text(text))
    }

    /// How many digits are after the point.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// How many units of 10^-scale it is.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.units
    }

    /// The same number at another scale, exactly.
    ///
    /// ```
    /// # use bailiwick::action::Decimal;
    /// let price = Decimal::new(2, 9870)?;
    /// assert_eq!(price.rescale(1)?.units(), 987);
    /// assert!(price.rescale(0).is_err());
    /// # Ok::<(), bailiwick::action::DecimalError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the number is not a whole number of units of that scale that fits 64 bits.
    pub fn rescale(self, scale: u8) -> Result<Decimal, DecimalError> {
        check_scale(scale)?;
        let number = || self.to_string();
        let power = 10_i64.pow(u32::from(scale.abs_diff(self.scale)));
        let units = if scale >= self.scale {
            self.units
                .checked_mul(power)
                .ok_or_else(|| DecimalError::TooLarge {
                    number: number(),
                    scale,
                })?
        } else if self.units % power == 0 {
            self.units / power
        } else {
            return Err(DecimalError::Inexact {
                number: number(),
                scale,
            });
        };
        Ok(Decimal { scale, units })
    }

    pub(super) fn from_parts(
        parts: &Parts,
        scale: u8,
        number: impl FnOnce() -> String,
    ) -> Result<Decimal, DecimalError> {
        check_scale(scale)?;
        match parts.shifted(scale) {
            Shifted::Whole(units) => Ok(Decimal { scale, units }),
            Shifted::Inexact => Err(DecimalError::Inexact {
                number: number(),
                scale,
            }),
            Shifted::TooLarge => Err(DecimalError::TooLarge {
                number: number(),
                scale,
            }),
        }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let unit = 10_u64.pow(u32::from(self.scale.min(Self::MAX_SCALE)));
        let (whole, fraction) = (
            self.units.unsigned_abs() / unit,
            self.units.unsigned_abs() % unit,
        );
        match usize::from(self.scale) {
            0 => write!(f, "{sign}{whole}"),
            places => write!(f, "{sign}{whole}.{fraction:0places$}"),
        }
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why there is no [`Decimal`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// The scale is above [`Decimal::MAX_SCALE`].
    #[error("scale {scale} is above {}", Decimal::MAX_SCALE)]
    ScaleTooLarge {
        /// The scale.
        scale: u8,
    },
    /// The number has more digits after the point than the scale.
    #[error("`{number}` is not exact at scale {scale}")]
    Inexact {
        /// The number, escaped and shortened.
        number: String,
        /// The scale.
        scale: u8,
    },
    /// The units do not fit 64 bits.
    #[error("`{number}` is too large at scale {scale}")]
    TooLarge {
        /// The number, escaped and shortened.
        number: String,
        /// The scale.
        scale: u8,
    },
    /// The value is no number.
    #[error("a value of type {found} is not a number")]
    NotANumber {
        /// What it is instead.
        found: super::ValueKind,
    },
    /// The text is no number that is handled exactly.
    #[error(transparent)]
    Number(#[from] NumberError),
}

fn check_scale(scale: u8) -> Result<(), DecimalError> {
    if scale > Decimal::MAX_SCALE {
        return Err(DecimalError::ScaleTooLarge { scale });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::value::Value;
    use super::*;

    #[test]
    fn a_decimal_is_exact_at_its_scale_or_refused() {
        for (text, scale, units) in [
            ("98.7", 2, 9870),
            ("98.70", 1, 987),
            ("-0.05", 2, -5),
            ("-0.0", 2, 0),
            ("1e2", 2, 10_000),
            ("5e-18", 18, 5),
            ("92233720368547758.07", 2, i64::MAX),
            ("-92233720368547758.08", 2, i64::MIN),
            ("9.223372036854775807", 18, i64::MAX),
        ] {
            let decimal = Decimal::parse(text, scale).unwrap();
            assert_eq!((decimal.scale(), decimal.units()), (scale, units), "{text}");
            assert_eq!(
                Value::number(text).unwrap().to_decimal(scale),
                Ok(decimal),
                "{text}"
            );
        }
        for (text, scale) in [("98.705", 2), ("1e-19", 18), ("0.1", 0), ("1e-9999", 18)] {
            assert!(
                matches!(
                    Decimal::parse(text, scale),
                    Err(DecimalError::Inexact { .. })
                ),
                "{text}"
            );
        }
        for (text, scale) in [
            ("92233720368547758.08", 2),
            ("10", 18),
            ("1e9999", 0),
            ("9223372036854775808", 0),
        ] {
            assert!(
                matches!(
                    Decimal::parse(text, scale),
                    Err(DecimalError::TooLarge { .. })
                ),
                "{text}"
            );
            assert!(
                Value::number(text).unwrap().to_decimal(scale).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_scale_has_at_most_18_places() {
        assert!(Decimal::new(18, 1).is_ok());
        for scale in [19, 20, 255] {
            let error = DecimalError::ScaleTooLarge { scale };
            assert_eq!(Decimal::new(scale, 1), Err(error.clone()));
            assert_eq!(Decimal::parse("1", scale), Err(error.clone()));
            assert_eq!(Value::from(1).to_decimal(scale), Err(error.clone()));
            assert_eq!(Value::number("0.5").unwrap().to_decimal(scale), Err(error));
        }
    }

    #[test]
    fn only_numbers_turn_into_decimals() {
        for value in [
            Value::Null,
            Value::from(true),
            Value::from("1"),
            Value::from(vec![Value::from(1)]),
        ] {
            assert_eq!(
                value.to_decimal(2),
                Err(DecimalError::NotANumber {
                    found: value.kind()
                })
            );
        }
        assert!(Decimal::parse("1,5", 2).is_err());
    }

    proptest::proptest! {
        #[test]
        fn a_decimal_reads_back_from_its_text(scale in 0..=Decimal::MAX_SCALE, units: i64) {
            let decimal = Decimal::new(scale, units).unwrap();
            proptest::prop_assert_eq!(Decimal::parse(&decimal.to_string(), scale), Ok(decimal));
        }

        #[test]
        fn rescaling_up_and_back_changes_nothing(scale in 0..=9_u8, more in 0..=9_u8, units in -1_000_000_i64..1_000_000) {
            let decimal = Decimal::new(scale, units).unwrap();
            let finer = decimal.rescale(scale + more).unwrap();
            proptest::prop_assert_eq!(finer.rescale(scale), Ok(decimal));
            proptest::prop_assert_eq!(finer.units(), units * 10_i64.pow(more.into()));
        }
    }
}
