use super::*;
use crate::testing::{START, agent, at, issuer, task};

fn nonce(byte: u8) -> Nonce {
    Nonce::from_bytes([byte; 16])
}

fn holder(number: u8) -> HolderPublicKey {
    agent(number).public_key()
}

fn revoked(tripwire: &Tripwire, holders: &[u8]) -> Option<Revoked> {
    let task = task();
    let holders: Vec<_> = holders.iter().map(|number| holder(*number)).collect();
    let chain = ChainFacts {
        root: &issuer().public_key(),
        task: task.id(),
        principal: task.principal(),
        issued: at(START),
        holders: &holders,
        blocks: &[],
    };
    tripwire.revoked(&chain, at(START))
}

fn wire(denials: u32) -> Tripwire {
    Tripwire::new(denials, Duration::from_secs(60))
}

#[test]
fn a_holder_that_is_denied_too_often_is_revoked_with_all_below_it_and_nothing_above() {
    let tripwire = wire(3);
    for byte in 1..3 {
        assert!(!tripwire.denied(&holder(2), &nonce(byte), at(START)));
        assert_eq!(revoked(&tripwire, &[1, 2, 3]), None);
    }
    assert!(tripwire.denied(&holder(2), &nonce(3), at(START)));
    assert_eq!(revoked(&tripwire, &[1, 2]), Some(Revoked::Holder(1)));
    assert_eq!(revoked(&tripwire, &[1, 2, 3]), Some(Revoked::Holder(1)));
    assert_eq!(revoked(&tripwire, &[2]), Some(Revoked::Holder(0)));
    assert_eq!(revoked(&tripwire, &[1]), None);
    assert_eq!(revoked(&tripwire, &[1, 3]), None);
    // It trips once.
    assert!(!tripwire.denied(&holder(2), &nonce(4), at(START)));
}

#[test]
fn denials_of_several_holders_are_not_added_up() {
    let tripwire = wire(2);
    for number in 1..=9 {
        assert!(!tripwire.denied(&holder(number), &nonce(1), at(START)));
    }
}

#[test]
fn only_denials_within_the_window_count() {
    let tripwire = wire(2);
    for (byte, seconds) in [(1, 0), (2, 61), (3, 122)] {
        assert!(!tripwire.denied(&holder(1), &nonce(byte), at(START + seconds)));
    }
    assert!(tripwire.denied(&holder(1), &nonce(4), at(START + 182)));
}

#[test]
fn a_proof_that_is_sent_again_counts_once_even_after_the_window() {
    let tripwire =
        Tripwire::new(2, Duration::from_secs(10)).with_proof_window(Duration::from_secs(65));
    assert!(!tripwire.denied(&holder(1), &nonce(1), at(START)));
    assert!(!tripwire.denied(&holder(1), &nonce(2), at(START + 20)));
    // Whoever saw the first proof sends it again for as long as it is accepted.
    for seconds in 20..=65 {
        assert!(!tripwire.denied(&holder(1), &nonce(1), at(START + seconds)));
    }
    assert!(!tripwire.is_tripped(&holder(1)));
}

#[test]
fn what_was_released_begins_anew() {
    let tripwire = wire(2);
    assert!(!tripwire.denied(&holder(1), &nonce(1), at(START)));
    assert!(tripwire.denied(&holder(1), &nonce(2), at(START)));
    assert!(tripwire.release(&holder(1)));
    assert!(!tripwire.release(&holder(1)));
    assert_eq!(revoked(&tripwire, &[1]), None);
    assert!(!tripwire.denied(&holder(1), &nonce(3), at(START)));
    assert!(tripwire.denied(&holder(1), &nonce(4), at(START)));
}

#[test]
fn no_denials_is_taken_for_one() {
    assert!(wire(0).denied(&holder(1), &nonce(1), at(START)));
}

#[test]
fn counts_are_bounded_and_trips_are_not_forgotten() {
    let tripwire = wire(2).with_holders(2);
    for byte in [1, 2] {
        tripwire.denied(&holder(9), &nonce(byte), at(START));
    }
    tripwire.denied(&holder(1), &nonce(1), at(START));
    tripwire.denied(&holder(2), &nonce(1), at(START + 1));
    tripwire.denied(&holder(3), &nonce(1), at(START + 2));
    assert_eq!(tripwire.counts().len(), 2);
    // The first was forgotten, and begins anew; the last was not.
    assert!(!tripwire.denied(&holder(1), &nonce(2), at(START + 3)));
    assert!(tripwire.denied(&holder(3), &nonce(2), at(START + 3)));
    assert!(tripwire.is_tripped(&holder(9)));
}

#[test]
fn the_proofs_of_one_holder_are_bounded() {
    let tripwire = Tripwire::new(2, Duration::from_millis(1));
    for number in 0..1_000_u64 {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let now = Timestamp::from_unix_millis(START * 1_000 + number * 5).unwrap();
        assert!(!tripwire.denied(&holder(1), &Nonce::from_bytes(bytes), now));
    }
    assert!(tripwire.counts()[&holder(1)].len() <= 64);
}
