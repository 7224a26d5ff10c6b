//! What time it is at the servers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::codec::Answer;
use super::request::{SHARDS, Shard};

/// What the server's clocks say, as far as is known without asking.
///
/// A time is read before its answer arrives, so that this never is ahead of the server.
pub(super) struct Clocks {
    started: Instant,
    /// For each shard, its server's time less the time since the start; 0 if it was never asked.
    ahead: Vec<AtomicU64>,
}

impl Clocks {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            ahead: (0..SHARDS).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    fn elapsed(&self) -> u64 {
        // Rounded up, so as not to be ahead.
        let elapsed = self.started.elapsed().as_millis();
        u64::try_from(elapsed).unwrap_or(u64::MAX)
    }

    pub(super) fn now(&self, shard: Shard) -> Option<u64> {
        let ahead = self.ahead.get(shard.index())?.load(Ordering::Relaxed);
        (ahead > 0).then(|| ahead.saturating_add(self.elapsed()))
    }

    pub(super) fn read(&self, shard: Shard, answer: &Answer<'_>) {
        if let Some(ahead) = self.ahead.get(shard.index()) {
            let elapsed = self.elapsed().saturating_add(1);
            let difference = answer.now.unix_millis().saturating_sub(elapsed);
            ahead.store(difference, Ordering::Relaxed);
        }
    }
}
