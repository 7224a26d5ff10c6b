//! Time that a story can put forward.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bailiwick::clock::{Clock, SystemClock, Timestamp};

/// The system's clock, and later by as many seconds as the story says.
#[derive(Debug, Default)]
pub struct StoryClock(AtomicU64);

impl StoryClock {
    /// Puts it forward.
    pub fn later(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Goes by standard input until that ends: each line says how many seconds later it is. What was done is said again.
    pub async fn follow_input(self: Arc<Self>) {
        let follow = move || {
            for line in io::stdin().lines().map_while(Result::ok) {
                let Ok(seconds) = line.parse() else { break };
                self.later(seconds);
                println!("{line}");
            }
        };
        let _ = tokio::task::spawn_blocking(follow).await;
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let later = Duration::from_secs(self.0.load(Ordering::SeqCst));
        SystemClock.now().saturating_add(later)
    }
}
