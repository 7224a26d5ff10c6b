//! The thread that writes, and those who wait for it.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use super::file::File;
use super::state::State;
use crate::ledger::LedgerError;

/// What settles, and what writes, share.
pub(super) struct Shared {
    state: Mutex<State>,
    /// There is something to write, or to close.
    work: Condvar,
    /// A batch is on the disk, or never will be.
    written: Condvar,
}

impl Shared {
    pub(super) fn new(state: State) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(state),
            work: Condvar::new(),
            written: Condvar::new(),
        })
    }

    /// Nothing panics while the lock is held.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the writer that something may have been added.
    pub(super) fn wake_writer(&self, state: &State) {
        if state.disk.has_work() {
            self.work.notify_one();
        }
    }

    /// Waits until a batch is on the disk.
    pub(super) fn wait(
        &self,
        mut state: MutexGuard<'_, State>,
        ticket: u64,
    ) -> Result<(), LedgerError> {
        while state.disk.durable < ticket {
            state.check()?;
            let woken = self.written.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Asks the writer to end.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.work.notify_one();
    }

    /// Wakes those who wait for what is written by now, or all of them if nothing will be.
    fn wake_waiting(&self, mut state: MutexGuard<'_, State>) {
        let (durable, failed) = (state.disk.durable, state.failed.is_some());
        let (ready, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut state.wakers)
            .into_iter()
            .partition(|(ticket, _)| failed || *ticket <= durable);
        state.wakers = waiting;
        drop(state);
        self.written.notify_all();
        ready.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

/// Writes batch after batch until the ledger is closed or the disk fails.
pub(super) fn run(file: &File, shared: &Shared) {
    let mut end = End {
        shared,
        why: "its writer panicked".into(),
    };
    let mut state = shared.lock();
    loop {
        if !state.disk.has_work() {
            if state.closing {
                break;
            }
            let woken = shared.work.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let (batch, ticket) = state.disk.take();
        drop(state);
        let written = file.commit(&batch);
        state = shared.lock();
        match written {
            Ok(()) => state.disk.durable = ticket,
            Err(error) => {
                end.why = error.to_string();
                return;
            }
        }
        shared.wake_waiting(state);
        state = shared.lock();
    }
    let batch = state.true_figures();
    drop(state);
    end.why = match file.commit(&batch) {
        // What was reserved is on the disk: too much, at worst.
        Err(error) => error.to_string(),
        Ok(()) => "it is closed".into(),
    };
}

/// Whichever way the writer ends, nothing is settled any more, and nobody waits for ever.
struct End<'a> {
    shared: &'a Shared,
    why: String,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.failed = Some(std::mem::take(&mut self.why));
        self.shared.wake_waiting(state);
    }
}

/// Ready when a batch is on the disk.
pub(super) struct Written<'a> {
    pub(super) shared: &'a Shared,
    pub(super) ticket: u64,
}

impl Future for Written<'_> {
    type Output = Result<(), LedgerError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.lock();
        if state.disk.durable >= self.ticket {
            return Poll::Ready(Ok(()));
        }
        if let Err(error) = state.check() {
            return Poll::Ready(Err(error));
        }
        let waker = context.waker();
        let known = |(ticket, other): &(u64, std::task::Waker)| {
            *ticket == self.ticket && other.will_wake(waker)
        };
        if !state.wakers.iter().any(known) {
            state.wakers.push((self.ticket, waker.clone()));
        }
        Poll::Pending
    }
}
