//! Looks at the server every so often.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::{RedisRevocations, RelayError};
use crate::clock::Clock;

impl RedisRevocations {
    /// Looks every so often, on a task of its own, until the [`RedisWatch`] is dropped. An error is
    /// reported once, until there is another or none.
    ///
    /// The clock is the gate's.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn watch(
        self: &Arc<Self>,
        every: Duration,
        clock: Arc<dyn Clock + Send + Sync>,
        report: impl Fn(&RelayError) + Send + 'static,
    ) -> RedisWatch {
        let source = self.clone();
        let look = async move {
            let mut reported = None;
            loop {
                // A ticket that was refused is no error of the look.
                let failed = source.poll(clock.now()).await.err();
                let error = failed.or_else(|| source.last_error());
                if error != reported {
                    if let Some(error) = &error {
                        report(error);
                    }
                    reported = error;
                }
                tokio::time::sleep(every).await;
            }
        };
        RedisWatch(tokio::spawn(look))
    }
}

/// Looks at the server for as long as it lives.
#[derive(Debug)]
#[must_use = "the server is looked at only until this is dropped"]
pub struct RedisWatch(JoinHandle<()>);

impl Drop for RedisWatch {
    fn drop(&mut self) {
        self.0.abort();
    }
}
