//! `15m`.

use std::time::Duration;

use crate::action::preview_text;
use crate::document::Node;

/// One number and one unit, from a second to `most`.
pub(super) fn duration(node: Node<'_, '_>, most: Duration) -> Option<Duration> {
    let text = node.text()?;
    let Some(seconds) = seconds(text) else {
        let message = format!("`{}` is no time span", preview_text(text));
        let noted = node.mark.fail("duration_malformed", message);
        noted.help("write one number and one of s, m, h, d, such as `15m`");
        return None;
    };
    let duration = Duration::from_secs(seconds);
    if duration.is_zero() || duration > most {
        let message = format!(
            "a time span here is from 1 to {} seconds, not {seconds}",
            most.as_secs()
        );
        node.mark.fail("out_of_range", message);
        return None;
    }
    Some(duration)
}

fn seconds(text: &str) -> Option<u64> {
    let number = text.strip_suffix(['s', 'm', 'h', 'd'])?;
    let unit = match text.strip_prefix(number)? {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        _ => 24 * 60 * 60,
    };
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let one_spelling = plain && (number == "0" || !number.starts_with('0'));
    let number: u64 = number.parse().ok().filter(|_| one_spelling)?;
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_span_has_one_number_and_one_unit() {
        for (text, expected) in [
            ("1s", 1),
            ("90s", 90),
            ("15m", 900),
            ("2h", 7_200),
            ("365d", 31_536_000),
            ("0s", 0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "s",
            "15",
            "15 m",
            "+15m",
            "-1s",
            "1.5h",
            "1h30m",
            "015m",
            "15M",
            "15m ",
            "٣m",
            "99999999999999999999s",
            "9999999999999999999d",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
