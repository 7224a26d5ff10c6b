//! Numbers by their mathematical value, exactly.

use super::preview::preview_text;

/// A number that is no 64-bit integer, as its one canonical text.
///
/// The value is m·10^e, where m is a whole number that does not end in 0. The text is
///
/// - the digits of m, when e is 0;
/// - a plain decimal such as `98.7` or `-0.05`, when e is from -18 to -1;
/// - `<m>e<e>` such as `1e20` or `5e-19` otherwise.
///
/// So two numbers are equal exactly when their texts are. A number whose value is an integer of 64 bits is never a
/// `Number`, whatever its spelling: [`Value::number`](super::Value::number) makes that choice. At most 256 digits of
/// m, and e from -9999 to 9999.
///
/// ```
/// use bailiwick::action::Value;
///
/// assert_eq!(Value::number("98.70")?, Value::number("987e-1")?);
/// assert_eq!(Value::number("1.0")?, Value::Int(1));
/// assert_eq!(Value::number("9223372036854775808")?.preview(), "9223372036854775808");
/// assert!(Value::number("0x10").is_err());
/// # Ok::<(), bailiwick::action::NumberError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// The most digits that a number has, zeros at the ends apart.
    pub const MAX_DIGITS: usize = 256;
    /// The largest power of ten, and with a minus sign the smallest.
    pub const MAX_EXPONENT: i64 = 9999;

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Why a text is no number, or not one that is handled exactly.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// The text is not a number as JSON (RFC 8259) writes it.
    #[error("`{text}` is not a JSON number")]
    Syntax {
        /// The text, escaped and shortened.
        text: String,
    },
    /// The number has more digits than [`Number::MAX_DIGITS`].
    #[error(
        "number `{text}` has more than {} significant digits",
        Number::MAX_DIGITS
    )]
    TooManyDigits {
        /// The text, escaped and shortened.
        text: String,
    },
    /// The power of ten is further from 0 than [`Number::MAX_EXPONENT`].
    #[error("number `{text}` has an exponent beyond {}", Number::MAX_EXPONENT)]
    ExponentTooLarge {
        /// The text, escaped and shortened.
        text: String,
    },
}

/// A number taken apart: sign, digits, power of ten.
pub(super) struct Parts {
    negative: bool,
    /// Digits of m without zeros at either end; empty for zero.
    digits: String,
    exponent: i64,
}

impl Parts {
    /// Takes a JSON number apart. Linear in the text.
    pub(super) fn parse(text: &str) -> Result<Parts, NumberError> {
        let spelled = Spelled::parse(text).ok_or_else(|| NumberError::Syntax {
            text: preview_text(text),
        })?;
        let mut digits = String::with_capacity(text.len());
        digits.push_str(spelled.whole);
        digits.push_str(spelled.fraction);
        let significant = digits.trim_start_matches('0');
        let core = significant.trim_end_matches('0');
        if core.is_empty() {
            return Ok(Parts {
                negative: false,
                digits: String::new(),
                exponent: 0,
            });
        }
        if core.len() > Number::MAX_DIGITS {
            return Err(NumberError::TooManyDigits {
                text: preview_text(text),
            });
        }
        let exponent = spelled
            .exponent
            .saturating_sub(length(spelled.fraction))
            .saturating_add(length(significant) - length(core));
        if exponent.abs() > Number::MAX_EXPONENT {
            return Err(NumberError::ExponentTooLarge {
                text: preview_text(text),
            });
        }
        Ok(Parts {
            negative: spelled.negative,
            digits: core.to_owned(),
            exponent,
        })
    }

    /// Takes a canonical number apart.
    pub(super) fn of(number: &Number) -> Result<Parts, NumberError> {
        Parts::parse(number.as_str())
    }

    /// The value times 10^`shift`, if it is a whole number.
    pub(super) fn shifted(&self, shift: u8) -> Shifted {
        if self.digits.is_empty() {
            return Shifted::Whole(0);
        }
        let zeros = self.exponent + i64::from(shift);
        if zeros < 0 {
            return Shifted::Inexact;
        }
        // An i64 has at most 19 digits, so 19 fit i128 with room to spare.
        if length(&self.digits) + zeros > 19 {
            return Shifted::TooLarge;
        }
        let magnitude = self
            .digits
            .bytes()
            .chain(std::iter::repeat_n(
                b'0',
                usize::try_from(zeros).unwrap_or(0),
            ))
            .fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let signed = if self.negative { -magnitude } else { magnitude };
        i64::try_from(signed).map_or(Shifted::TooLarge, Shifted::Whole)
    }

    /// The canonical text, for a value that is no 64-bit integer.
    pub(super) fn to_number(&self) -> Number {
        let mut text = String::with_capacity(self.digits.len() + 24);
        if self.negative {
            text.push('-');
        }
        match usize::try_from(self.exponent.unsigned_abs()) {
            Ok(0) => text.push_str(&self.digits),
            Ok(places @ 1..=18) if self.exponent < 0 => {
                let padded = format!("{:0>1$}", self.digits, places + 1);
                let (whole, fraction) = padded.split_at(padded.len() - places);
                text.push_str(whole);
                text.push('.');
                text.push_str(fraction);
            }
            _ => {
                text.push_str(&self.digits);
                text.push('e');
                text.push_str(&self.exponent.to_string());
            }
        }
        Number(text.into())
    }
}

/// What a number is after its decimal point was moved.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shifted {
    Whole(i64),
    Inexact,
    TooLarge,
}

/// A JSON number as it is written.
struct Spelled<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Spelled<'a> {
    fn parse(text: &'a str) -> Option<Spelled<'a>> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, rest) = take_digits(rest)?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => take_digits(rest)?,
            None => ("", rest),
        };
        let exponent = match rest.strip_prefix(['e', 'E']) {
            Some(rest) => parse_exponent(rest)?,
            None if rest.is_empty() => 0,
            None => return None,
        };
        Some(Spelled {
            negative,
            whole,
            fraction,
            exponent,
        })
    }
}

/// One or more digits, and what follows them.
fn take_digits(text: &str) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    if end == 0 {
        None
    } else {
        text.split_at_checked(end)
    }
}

/// An exponent, up to a bound that no text in memory can balance with its digits.
fn parse_exponent(text: &str) -> Option<i64> {
    const BOUND: i64 = 1 << 60;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, "") = take_digits(digits)? else {
        return None;
    };
    let magnitude = digits.bytes().fold(0_i64, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'))
            .min(BOUND)
    });
    Some(if negative { -magnitude } else { magnitude })
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::value::Value;
    use super::*;

    fn canonical(text: &str) -> String {
        match Value::number(text).unwrap() {
            Value::Int(integer) => integer.to_string(),
            Value::Number(number) => number.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_spelling_of_an_integer_is_an_integer() {
        for (text, integer) in [
            ("0", 0),
            ("-0", 0),
            ("-0.00e-5", 0),
            ("0e99999999999999999999", 0),
            ("1.0", 1),
            ("1e2", 100),
            ("100E-2", 1),
            ("-1200.00e+1", -12000),
            ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("922337203685477580.7e1", i64::MAX),
            ("1e18", 1_000_000_000_000_000_000),
        ] {
            assert_eq!(Value::number(text), Ok(Value::Int(integer)), "{text}");
        }
    }

    #[test]
    fn other_numbers_have_one_text() {
        for (text, expected) in [
            ("98.70", "98.7"),
            ("-0.050", "-0.05"),
            ("5e-2", "0.05"),
            ("0.1e-17", "0.000000000000000001"),
            ("0.1e-18", "1e-19"),
            ("12.5e-18", "125e-19"),
            ("9223372036854775808", "9223372036854775808"),
            ("-9223372036854775809", "-9223372036854775809"),
            ("9223372036854775808.0", "9223372036854775808"),
            ("10000000000000000000", "1e19"),
            ("92233720368547758070", "9223372036854775807e1"),
            ("1.5e300", "15e299"),
            ("1e9999", "1e9999"),
            ("1e-9999", "1e-9999"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn what_json_does_not_write_is_no_number() {
        for text in [
            "",
            "-",
            "+1",
            "01",
            "-01",
            "00",
            ".5",
            "5.",
            "1.e1",
            "1e",
            "1e+",
            "1e1.0",
            "0x10",
            "1_000",
            "1,5",
            " 1",
            "1 ",
            "1\n",
            "NaN",
            "Infinity",
            "-Infinity",
            "--1",
            "1e--1",
            "1e1e1",
            "1.2.3",
            "１",
            "٣",
            "\u{2212}1",
            "1\0",
        ] {
            assert!(
                matches!(Value::number(text), Err(NumberError::Syntax { .. })),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_limits_are_256_digits_and_an_exponent_of_9999() {
        let digits = "1".repeat(256);
        assert_eq!(canonical(&digits), digits);
        assert_eq!(
            canonical(&format!("0.{}{digits}e50", "0".repeat(50))),
            format!("{digits}e-256")
        );
        assert!(matches!(
            Value::number(&"1".repeat(257)),
            Err(NumberError::TooManyDigits { .. })
        ));
        for text in [
            "1e10000",
            "1e-10000",
            "1e99999999999999999999999",
            "1e-99999999999999999999999",
            "0.1e-9999",
        ] {
            assert!(
                matches!(
                    Value::number(text),
                    Err(NumberError::ExponentTooLarge { .. })
                ),
                "{text}"
            );
        }
        // It is the value that counts, not its spelling.
        assert_eq!(canonical(&format!("1{}e-20000", "0".repeat(20_000))), "1");
        assert_eq!(canonical("10e-10000"), "1e-9999");
    }

    #[test]
    fn a_huge_number_is_refused_in_linear_time() {
        let digits = "9".repeat(4_000_000);
        assert!(Value::number(&digits).is_err());
        assert!(Value::number(&format!("1e{digits}")).is_err());
        assert_eq!(
            Value::number(&format!("0.{}", "0".repeat(4_000_000))),
            Ok(Value::Int(0))
        );
    }

    /// The value times 10^12, by counting.
    fn brute(number: &Written) -> i128 {
        let digits = format!(
            "{}{}",
            number.whole,
            number.fraction.as_deref().unwrap_or("")
        );
        let places = number.fraction.as_ref().map_or(0, String::len);
        let shift = 12 + number.exponent.unwrap_or(0) - i32::try_from(places).unwrap();
        let magnitude =
            digits.parse::<i128>().unwrap() * 10_i128.pow(u32::try_from(shift).unwrap());
        if number.negative {
            -magnitude
        } else {
            magnitude
        }
    }

    #[derive(Clone, Debug)]
    struct Written {
        negative: bool,
        whole: String,
        fraction: Option<String>,
        exponent: Option<i32>,
        sign: &'static str,
    }

    impl Written {
        fn text(&self) -> String {
            let mut text = String::from(if self.negative { "-" } else { "" });
            text.push_str(&self.whole);
            if let Some(fraction) = &self.fraction {
                text = format!("{text}.{fraction}");
            }
            match self.exponent {
                Some(exponent) if exponent < 0 => format!("{text}e-0{}", -exponent),
                Some(exponent) => format!("{text}E{}{exponent}", self.sign),
                None => text,
            }
        }
    }

    // Few digits, so that equal values in different spellings are common.
    fn written() -> impl Strategy<Value = Written> {
        (
            any::<bool>(),
            prop_oneof![Just("0".to_owned()), "[1-2][0-1]{0,5}", "[1-9][0-9]{0,5}"],
            proptest::option::of(prop_oneof!["[0-1]{1,6}", "[0-9]{1,6}"]),
            proptest::option::of(-6..=6),
            prop_oneof![Just(""), Just("+"), Just("00")],
        )
            .prop_map(|(negative, whole, fraction, exponent, sign)| Written {
                negative,
                whole,
                fraction,
                exponent,
                sign,
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn numbers_are_equal_exactly_when_their_values_are(left in written(), right in written()) {
            let equal = Value::number(&left.text()) == Value::number(&right.text());
            prop_assert_eq!(equal, brute(&left) == brute(&right), "{} {}", left.text(), right.text());
        }

        #[test]
        fn a_number_is_an_integer_exactly_when_its_value_is(number in written()) {
            let unit = 10_i128.pow(12);
            match Value::number(&number.text()).unwrap() {
                Value::Int(integer) => prop_assert_eq!(i128::from(integer) * unit, brute(&number)),
                _ => prop_assert_ne!(brute(&number) % unit, 0),
            }
        }

        #[test]
        fn a_canonical_text_reads_back_to_itself(
            number in prop_oneof![written().prop_map(|n| n.text()), "-?[1-9][0-9]{0,40}(\\.[0-9]{1,30})?(e-?[0-9]{1,3})?"],
        ) {
            let text = canonical(&number);
            prop_assert_eq!(canonical(&text), text.clone());
            prop_assert_eq!(Value::number(&text), Value::number(&number));
        }

        #[test]
        fn a_decimal_is_exact_or_refused(number in written(), scale in 0_u8..=6) {
            let unit = 10_i128.pow(12 - u32::from(scale));
            let decimal = Value::number(&number.text()).unwrap().to_decimal(scale);
            match decimal {
                Ok(decimal) => prop_assert_eq!(i128::from(decimal.units()) * unit, brute(&number)),
                Err(_) => prop_assert_ne!(brute(&number) % unit, 0),
            }
        }
    }
}
