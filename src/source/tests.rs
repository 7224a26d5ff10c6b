//! When a token is renewed, and by what.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::*;
use crate::action::Task;
use crate::clock::{Clock, FixedClock};
use crate::keys::{HolderPublicKey, RootKeyId};
use crate::mint::Issuer;
use crate::testing::{START, agent, at, issuer, scope};
use crate::token::Token;

/// What the desk does with the next who asks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Willing,
    Closed,
    OtherTask,
    OtherRoot,
    OtherHolder,
    Late,
}

/// An issuer's desk: tokens of 900 seconds.
struct Desk {
    clock: Arc<FixedClock>,
    mood: Mutex<Mood>,
    asked: AtomicUsize,
    open: Semaphore,
}

impl Desk {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            clock: Arc::new(FixedClock::new(at(START))),
            mood: Mutex::new(Mood::Willing),
            asked: AtomicUsize::new(0),
            open: Semaphore::new(1),
        })
    }

    async fn source(
        self: &Arc<Self>,
    ) -> Result<TokenSource<impl Issuance<Error = &'static str> + use<>>, SourceError<&'static str>>
    {
        let desk = self.clone();
        let ask = move |holder| {
            let desk = desk.clone();
            async move { desk.ask(holder).await }
        };
        TokenSource::start_at(ask, self.clock.clone()).await
    }

    async fn ask(&self, holder: HolderPublicKey) -> Result<Token, &'static str> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let _open = self.open.acquire().await.unwrap();
        let mood = *self.mood.lock().unwrap();
        let (id, root) = match mood {
            Mood::Closed => return Err("closed"),
            Mood::OtherTask => ("t-2", 1),
            Mood::OtherRoot => ("t-1", 2),
            _ => ("t-1", 1),
        };
        let holder = match mood {
            Mood::OtherHolder => agent(9).public_key(),
            _ => holder,
        };
        let now = self.clock.now();
        let life = Duration::from_secs(900);
        let scope = scope().not_after(now.saturating_add(life)).build().unwrap();
        let task = Task::new(id, "answer thread 42", "ada@example.com", "helper").unwrap();
        let minted = Issuer::new(issuer(), RootKeyId::new(root)).mint(&task, scope, &holder, now);
        if mood == Mood::Late {
            self.clock.advance(life);
        }
        Ok(minted.unwrap().token)
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn passes(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end_for_the_same_task_and_key() {
    let desk = Desk::new();
    let source = desk.source().await.unwrap();
    let adapter = source.presenter();
    let first = source.fresh().await.unwrap();
    desk.passes(839);
    let held = source.fresh().await.unwrap();
    assert!(Arc::ptr_eq(&first, &held) && desk.asked() == 1);
    desk.passes(1);
    let second = source.fresh().await.unwrap();
    assert_eq!(desk.asked(), 2);
    assert_ne!(first.token(), second.token());
    assert_eq!(first.public_key(), second.public_key());
    assert_eq!(
        second.token().unverified().not_after(),
        at(START + 840 + 900)
    );
    assert!(Arc::ptr_eq(&adapter.holder(), &second));
    source.fresh().await.unwrap();
    assert_eq!(desk.asked(), 2);
}

#[tokio::test]
async fn no_margin_makes_it_ask_before_three_quarters_of_a_life() {
    let desk = Desk::new();
    let source = desk.source().await.unwrap();
    let source = source.with_margin(Duration::from_secs(86_400));
    desk.passes(674);
    source.fresh().await.unwrap();
    assert_eq!(desk.asked(), 1);
    desk.passes(1);
    source.fresh().await.unwrap();
    assert_eq!(desk.asked(), 2);
}

#[tokio::test]
async fn a_failed_renewal_costs_nothing_while_the_token_holds() {
    let desk = Desk::new();
    let source = desk.source().await.unwrap();
    let first = source.fresh().await.unwrap();
    desk.passes(850);
    desk.is(Mood::Closed);
    for asked in [2, 2] {
        assert!(Arc::ptr_eq(&source.fresh().await.unwrap(), &first));
        assert_eq!(desk.asked(), asked);
    }
    desk.passes(1);
    assert!(Arc::ptr_eq(&source.fresh().await.unwrap(), &first));
    assert_eq!(desk.asked(), 3);
    desk.passes(49);
    let none = source.fresh().await.unwrap_err();
    assert_eq!(none, SourceError::Issuance("closed"));
    desk.is(Mood::Willing);
    assert!(source.fresh().await.is_ok());
}

#[tokio::test]
async fn what_is_of_another_task_root_or_key_or_over_is_no_renewal() {
    for (mood, expected) in [
        (
            Mood::OtherTask,
            "the token is for task t-2, and this is task t-1, of the same root",
        ),
        (
            Mood::OtherRoot,
            "the token is for task t-1, and this is task t-1, of the same root",
        ),
        (Mood::OtherHolder, "the token names holder "),
        (Mood::Late, "the token ends at "),
    ] {
        let desk = Desk::new();
        let source = desk.source().await.unwrap();
        let first = source.fresh().await.unwrap();
        desk.passes(900);
        desk.is(mood);
        let refused = source.fresh().await.unwrap_err().to_string();
        assert!(refused.starts_with(expected), "{mood:?}: {refused}");
        assert!(Arc::ptr_eq(&source.presenter().holder(), &first));
    }
}

#[tokio::test]
async fn a_source_does_not_begin_without_a_token_that_is_its_own_and_holds() {
    for mood in [Mood::Closed, Mood::OtherHolder, Mood::Late] {
        let desk = Desk::new();
        desk.is(mood);
        assert!(desk.source().await.is_err(), "{mood:?}");
    }
}

#[tokio::test]
async fn one_renewal_runs_at_a_time_and_only_those_without_a_token_wait() {
    let desk = Desk::new();
    let source = Arc::new(desk.source().await.unwrap());
    desk.passes(850);
    let closed = desk.open.acquire().await.unwrap();
    let fresh = || {
        let source = source.clone();
        tokio::spawn(async move { source.fresh().await.map_err(|error| error.to_string()) })
    };
    let renewing = fresh();
    tokio::task::yield_now().await;
    assert_eq!(desk.asked(), 2);
    // It still holds: nobody waits.
    let old = fresh().await.unwrap().unwrap();
    assert!(!renewing.is_finished());
    // It has ended: all wait, and the one renewal is for all.
    desk.passes(50);
    let waiting = [fresh(), fresh()];
    tokio::task::yield_now().await;
    assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
    drop(closed);
    let new = renewing.await.unwrap().unwrap();
    assert!(!Arc::ptr_eq(&old, &new));
    for waiting in waiting {
        assert!(Arc::ptr_eq(&waiting.await.unwrap().unwrap(), &new));
    }
    assert_eq!(desk.asked(), 2);
}
