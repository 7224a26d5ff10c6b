//! Dates and times.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, UtcOffset};

/// `2026-11-21` as 20261121, which compares as the date does.
pub(super) fn date(text: &str) -> Option<i64> {
    let (year, month, day) = match text.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?),
        _ => return None,
    };
    let month_of_year = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let (whole_year, day_of_month) = (i32::try_from(year).ok()?, u8::try_from(day).ok()?);
    Date::from_calendar_date(whole_year, month_of_year, day_of_month).ok()?;
    Some(year * 10_000 + month * 100 + day)
}

/// A time of RFC 3339 as milliseconds since the Unix epoch.
pub(super) fn date_time(text: &str, assumed: Option<UtcOffset>) -> Option<i64> {
    // Letters are capitals, and offsets stand in one form; the rest is as strict in `time`. A leap second is no whole millisecond
    // there.
    let (_, time) = text.split_once('T')?;
    let offset_at = time.find(['Z', '+', '-']);
    let moment = match (offset_at, assumed) {
        (Some(at), _) => {
            offset(time.get(at..)?)?;
            OffsetDateTime::parse(text, &Rfc3339).ok()?
        }
        (None, Some(assumed)) => {
            let utc = OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339).ok()?;
            utc.replace_offset(assumed)
        }
        (None, None) => return None,
    };
    let nanos = moment.unix_timestamp_nanos();
    let whole = nanos % 1_000_000 == 0;
    i64::try_from(nanos / 1_000_000).ok().filter(|_| whole)
}

/// `Z`, `+01:00` or `-01:00`. There is no `-00:00`, which says that the offset is unknown.
pub(super) fn offset(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours > 23 || minutes > 59 || (sign < 0 && hours == 0 && minutes == 0) {
        return None;
    }
    let seconds = i32::try_from(sign * (hours * 3600 + minutes * 60)).ok()?;
    UtcOffset::from_whole_seconds(seconds).ok()
}

/// Exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_spelling() {
        assert_eq!(date("2026-11-21"), Some(20_261_121));
        assert_eq!(date("2024-02-29"), Some(20_240_229));
        assert_eq!(date("0001-01-01"), Some(10_101));
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-1",
            "26-01-01",
            "20260101",
            "2026-11-21 ",
            "+2026-11-21",
            "2026-11-21-",
            "-2026-11-21",
            "２０２６-11-21",
            "",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn one_moment_is_one_integer_however_it_is_written() {
        let noon = Some(1_795_262_400_000);
        assert_eq!(date_time("2026-11-21T12:00:00Z", None), noon);
        assert_eq!(date_time("2026-11-21T13:00:00+01:00", None), noon);
        assert_eq!(date_time("2026-11-21T12:00:00.000Z", None), noon);
        assert_eq!(date_time("2026-11-21T13:00:00", offset("+01:00")), noon);
        assert_eq!(date_time("2026-11-21T12:00:00Z", offset("+01:00")), noon);
        assert_eq!(date_time("1969-12-31T23:59:59.999Z", None), Some(-1));
    }

    #[test]
    fn a_time_that_two_readers_could_take_differently_is_refused() {
        for text in [
            "2026-11-21T12:00:00",
            "2026-11-21t12:00:00Z",
            "2026-11-21 12:00:00Z",
            "2026-11-21T12:00:00z",
            "2026-11-21T12:00Z",
            "2026-11-21T12:00:60Z",
            "2026-12-31T23:59:60Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T12:00:00.0001Z",
            "2026-11-21T12:00:00-00:00",
            "2026-11-21T12:00:00+24:00",
            "2026-11-21T12:00:00+1:00",
            "2026-11-21T12:00:00+0100",
            "2026-11-21T12:00:00Z ",
            "2026-11-21T12:00:00[UTC]",
            "20261121T120000Z",
            "2026-02-30T12:00:00Z",
            "T",
            "",
        ] {
            assert_eq!(date_time(text, None), None, "{text}");
        }
        assert_eq!(date_time("2026-12-31T23:59:60", offset("Z")), None);
    }

    proptest::proptest! {
        #[test]
        fn a_time_reads_back_from_its_text(millis in -62_135_596_800_000_i64..253_402_300_800_000) {
            let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap();
            proptest::prop_assert_eq!(date_time(&moment.format(&Rfc3339).unwrap(), None), Some(millis));
        }
    }
}
