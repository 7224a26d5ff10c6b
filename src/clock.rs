//! Time, as an argument.
//!
//! Only the gate reads a [`Clock`]; every other room is handed a [`Timestamp`], so that a decision can be repeated and
//! a test can stand at any moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment: milliseconds since the Unix epoch, up to the end of the year 9999.
///
/// ```
/// use bailiwick::clock::Timestamp;
///
/// let noon: Timestamp = "2026-11-21T12:00:00Z".parse()?;
/// assert_eq!(noon.unix_seconds(), 1_795_262_400);
/// assert_eq!(noon, "2026-11-21T13:00:00+01:00".parse()?);
///
/// assert!("noon".parse::<Timestamp>().is_err());
/// assert!(Timestamp::from_unix_seconds(u64::MAX).is_err());
/// # Ok::<(), bailiwick::clock::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Timestamp = Timestamp(0);
    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);

    /// The moment so many seconds after the Unix epoch.
    ///
    /// # Errors
    ///
    /// When it is after [`Timestamp::MAX`].
    pub const fn from_unix_seconds(seconds: u64) -> Result<Timestamp, TimestampError> {
        Timestamp::from_unix_millis(seconds.saturating_mul(1000))
    }

    /// The moment so many milliseconds after the Unix epoch.
    ///
    /// # Errors
    ///
    /// When it is after [`Timestamp::MAX`].
    pub const fn from_unix_millis(millis: u64) -> Result<Timestamp, TimestampError> {
        if millis > Self::MAX.0 {
            return Err(TimestampError::OutOfRange);
        }
        Ok(Timestamp(millis))
    }

    /// Whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_millis(self) -> u64 {
        self.0
    }

    /// The moment that much later, at most [`Timestamp::MAX`]. Less than a millisecond is dropped.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(millis(duration)).min(Self::MAX.0))
    }

    /// The moment that much earlier, at least [`Timestamp::MIN`]. Less than a millisecond is dropped.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(millis(duration)))
    }

    /// How much later it is than another moment, or zero.
    #[must_use]
    pub const fn saturating_since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// RFC 3339, in UTC.
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = OffsetDateTime::from(*self)
            .format(&Rfc3339)
            .map_err(|_| std::fmt::Error)?;
        f.pad(&text)
    }
}

impl std::fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    /// Reads RFC 3339, of any offset. What is finer than a millisecond is dropped.
    fn from_str(text: &str) -> Result<Timestamp, TimestampError> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| TimestampError::NotRfc3339 {
                text: crate::action::preview_text(text),
            })?
            .try_into()
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Saturates at [`Timestamp::MAX`].
impl std::ops::Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, duration: Duration) -> Timestamp {
        self.saturating_add(duration)
    }
}

/// Saturates at [`Timestamp::MIN`].
impl std::ops::Sub<Duration> for Timestamp {
    type Output = Timestamp;

    fn sub(self, duration: Duration) -> Timestamp {
        self.saturating_sub(duration)
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(timestamp: Timestamp) -> OffsetDateTime {
        let millis = i64::try_from(timestamp.0).unwrap_or(i64::MAX);
        OffsetDateTime::UNIX_EPOCH.saturating_add(time::Duration::milliseconds(millis))
    }
}

impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = TimestampError;

    /// What is finer than a millisecond is dropped.
    fn try_from(time: OffsetDateTime) -> Result<Timestamp, TimestampError> {
        let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
        let millis = u64::try_from(millis).map_err(|_| TimestampError::OutOfRange)?;
        Timestamp::from_unix_millis(millis)
    }
}

/// Why there is no [`Timestamp`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// The moment is before 1970 or after the year 9999.
    #[error("time is before 1970 or after 9999")]
    OutOfRange,
    /// The text is not RFC 3339.
    #[error("`{text}` is not an RFC 3339 time")]
    NotRfc3339 {
        /// The text, escaped and shortened.
        text: String,
    },
}

/// Where the gate reads the time.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for &C {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

impl<C: Clock + ?Sized> Clock for Box<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The operating system's clock.
///
/// ```
/// use bailiwick::clock::{Clock, SystemClock};
///
/// assert!(SystemClock.now().unix_seconds() > 1_700_000_000);
/// ```
///
/// # Security
///
/// A clock that stands before 1970 reads as [`Timestamp::MAX`], where every token has expired, so that it denies.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        from_system_time(SystemTime::now())
    }
}

/// A clock that stands still until it is set: for tests.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use bailiwick::clock::{Clock, FixedClock, Timestamp};
///
/// let clock = Arc::new(FixedClock::new("2026-11-21T12:00:00Z".parse()?));
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), "2026-11-21T12:01:00Z".parse()?);
/// # Ok::<(), bailiwick::clock::TimestampError>(())
/// ```
#[derive(Debug)]
pub struct FixedClock(AtomicU64);

impl FixedClock {
    /// A clock that stands at this moment.
    #[must_use]
    pub const fn new(now: Timestamp) -> FixedClock {
        FixedClock(AtomicU64::new(now.0))
    }

    /// Puts the clock to this moment.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Puts the clock forward, at most to [`Timestamp::MAX`].
    pub fn advance(&self, duration: Duration) {
        let forward = |now| Some(Timestamp(now).saturating_add(duration).0);
        // Never an error: the closure always gives a value.
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, forward);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn from_system_time(time: SystemTime) -> Timestamp {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => Timestamp(millis(since).min(Timestamp::MAX.0)),
        Err(_) => Timestamp::MAX,
    }
}

/// Whole milliseconds, rounded down.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_unix_millis(millis).unwrap()
    }

    #[test]
    fn the_limits_are_the_epoch_and_the_end_of_9999() {
        assert_eq!(Timestamp::MIN.to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!("9999-12-31T23:59:59.9999Z".parse(), Ok(Timestamp::MAX));
        assert_eq!(
            Timestamp::from_unix_millis(Timestamp::MAX.unix_millis() + 1),
            Err(TimestampError::OutOfRange)
        );
        assert!(Timestamp::from_unix_seconds(253_402_300_799).is_ok());
        assert!(Timestamp::from_unix_seconds(253_402_300_800).is_err());
        assert_eq!(
            "1969-12-31T23:59:59.999Z".parse::<Timestamp>(),
            Err(TimestampError::OutOfRange)
        );
    }

    #[test]
    fn seconds_and_parsing_round_down() {
        assert_eq!(at(1_999).unix_seconds(), 1);
        assert_eq!("1970-01-01T00:00:01.9999Z".parse(), Ok(at(1_999)));
        assert_eq!(at(1_999).to_string(), "1970-01-01T00:00:01.999Z");
    }

    #[test]
    fn sums_saturate() {
        assert_eq!(Timestamp::MAX.saturating_add(Duration::MAX), Timestamp::MAX);
        assert_eq!(at(5).saturating_sub(Duration::MAX), Timestamp::MIN);
        assert_eq!(at(5).saturating_add(Duration::from_micros(1_999)), at(6));
        assert_eq!(at(5).saturating_since(at(9)), Duration::ZERO);
        assert_eq!(at(9).saturating_since(at(5)), Duration::from_millis(4));
    }

    #[test]
    fn a_clock_before_the_epoch_is_one_where_everything_has_expired() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1);
        assert_eq!(from_system_time(before), Timestamp::MAX);
        assert_eq!(from_system_time(SystemTime::UNIX_EPOCH), Timestamp::MIN);
    }

    #[test]
    fn a_bad_time_is_named_on_one_line() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T12:00:00",
            "1\n2",
            "+2026-11-21T12:00:00Z",
        ] {
            let error = text.parse::<Timestamp>().unwrap_err();
            assert!(!error.to_string().contains('\n'), "{text:?}");
        }
    }

    #[test]
    fn shared_clocks_are_clocks() {
        fn read(clock: impl Clock) -> Timestamp {
            clock.now()
        }
        let clock = Arc::new(FixedClock::new(at(7)));
        clock.set(at(8));
        assert_eq!(read(&clock), at(8));
        assert_eq!(
            read(Box::new(FixedClock::new(at(1))) as Box<dyn Clock>),
            at(1)
        );
    }

    proptest::proptest! {
        #[test]
        fn every_moment_reads_back_from_its_text(millis in 0..=Timestamp::MAX.unix_millis()) {
            proptest::prop_assert_eq!(at(millis).to_string().parse(), Ok(at(millis)));
        }
    }
}
