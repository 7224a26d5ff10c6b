use std::time::Duration;

use super::*;
use crate::keys::dangerous::{approver_key_from_seed, directory_key_from_seed};
use crate::testing::now;

fn office() -> DirectoryKey {
    directory_key_from_seed(&[50; 32])
}

fn person(number: u8) -> ApproverPublicKey {
    approver_key_from_seed(&[number; 32]).public_key()
}

fn later(seconds: u64) -> Timestamp {
    now().saturating_add(Duration::from_secs(seconds))
}

fn entries() -> [DirectoryEntry; 2] {
    [
        DirectoryEntry::active(person(1), "Ada".parse().unwrap()),
        DirectoryEntry::revoked(person(2), "Eve".parse().unwrap()),
    ]
}

fn signed() -> SignedDirectory {
    Directory::sign(&office(), 7, now(), later(60), entries()).unwrap()
}

fn verify(bytes: &[u8], now: Timestamp, at_least: u64) -> Result<Directory, DirectoryError> {
    Directory::verify(bytes, &office().public_key(), now, at_least)
}

/// What is refused although the right key signed it.
fn refused(change: impl FnOnce(&mut Vec<u8>)) -> DirectoryError {
    let mut bytes = signed().as_bytes().to_vec();
    bytes.truncate(bytes.len() - 64);
    change(&mut bytes);
    let signature = office().sign_message(message(&bytes).as_bytes());
    bytes.extend_from_slice(signature.as_bytes());
    let error = verify(&bytes, now(), 7).unwrap_err();
    assert_eq!(error.code(), "directory_malformed");
    error
}

const NUMBER: usize = HEAD.len() + 32;
const COUNT: usize = NUMBER + 24;
const ENTRY: usize = COUNT + 4;

#[test]
fn a_directory_says_who_is_who_and_who_is_revoked() {
    let directory = verify(signed().as_bytes(), now(), 7).unwrap();
    assert_eq!(directory.number(), 7);
    assert_eq!(
        (directory.issued(), directory.next_update()),
        (now(), later(60))
    );
    assert!(directory.is_active(&person(1)));
    assert!(!directory.is_active(&person(2)));
    assert!(!directory.is_active(&person(3)));
    assert_eq!(directory.name_of(&person(2)).unwrap().as_str(), "Eve");
    assert_eq!(directory.name_of(&person(3)), None);
    assert_eq!(directory.entries().len(), 2);
}

#[test]
fn the_order_of_the_entries_says_nothing() {
    let [one, two] = entries();
    let reversed = Directory::sign(&office(), 7, now(), later(60), [two, one]).unwrap();
    assert_eq!(reversed, signed());
}

#[test]
fn the_standing_of_an_approver_is_known_until_the_next_update() {
    let directory = verify(signed().as_bytes(), now(), 7).unwrap();
    let active = ApproverStanding::Active("Ada".parse().unwrap());
    assert_eq!(directory.standing(&person(1), later(59)), active);
    assert_eq!(
        directory.standing(&person(2), now()),
        ApproverStanding::Revoked
    );
    assert_eq!(
        directory.standing(&person(3), now()),
        ApproverStanding::Unknown
    );
    let stale = ApproverStanding::Stale(Some(later(60)));
    assert_eq!(directory.standing(&person(1), later(60)), stale);
}

#[test]
fn another_signer_is_refused() {
    let other = directory_key_from_seed(&[51; 32]);
    let bytes = Directory::sign(&other, 7, now(), later(60), entries()).unwrap();
    let error = verify(bytes.as_bytes(), now(), 7).unwrap_err();
    assert_eq!(error.code(), "directory_wrong_signer");
    // Also one that names the right key.
    let mut bytes = bytes.as_bytes().to_vec();
    bytes[HEAD.len()..NUMBER].copy_from_slice(office().public_key().as_bytes());
    let error = verify(&bytes, now(), 7).unwrap_err();
    assert_eq!(error, DirectoryError::SignatureInvalid);
    assert_eq!(error.code(), "directory_signature_invalid");
}

#[test]
fn a_lower_number_is_refused() {
    assert!(verify(signed().as_bytes(), now(), 7).is_ok());
    let error = verify(signed().as_bytes(), now(), 8).unwrap_err();
    assert_eq!(error.code(), "directory_rolled_back");
}

#[test]
fn a_directory_from_the_future_and_one_past_its_time_are_refused() {
    let early = now().saturating_sub(Duration::from_secs(5));
    assert!(verify(signed().as_bytes(), early, 7).is_ok());
    let earlier = now().saturating_sub(Duration::from_secs(6));
    let error = verify(signed().as_bytes(), earlier, 7).unwrap_err();
    assert_eq!(error.code(), "directory_from_the_future");
    assert!(verify(signed().as_bytes(), later(59), 7).is_ok());
    let error = verify(signed().as_bytes(), later(60), 7).unwrap_err();
    assert_eq!(error.code(), "directory_stale");
}

#[test]
fn any_changed_or_missing_byte_is_refused() {
    let right = signed();
    for at in 0..right.as_bytes().len() {
        let mut bytes = right.as_bytes().to_vec();
        bytes[at] ^= 1;
        assert!(verify(&bytes, now(), 7).is_err(), "{at}");
        assert!(verify(&right.as_bytes()[..at], now(), 7).is_err(), "{at}");
    }
}

#[test]
fn what_is_signed_and_malformed_is_refused() {
    assert_eq!(refused(|bytes| bytes.push(0)), DirectoryError::TooLong(1));
    assert_eq!(refused(|bytes| bytes[0] = 0), DirectoryError::NotADirectory);
    let last = |bytes: &mut Vec<u8>| bytes[COUNT + 3] = 3;
    assert_eq!(refused(last), DirectoryError::TooShort);
    let many = |bytes: &mut Vec<u8>| bytes[COUNT..ENTRY].fill(0xff);
    assert!(matches!(
        refused(many),
        DirectoryError::TooManyEntries { .. }
    ));
    for at in [NUMBER + 8, NUMBER + 16] {
        let time = |bytes: &mut Vec<u8>| bytes[at..at + 8].fill(0xff);
        assert_eq!(refused(time), DirectoryError::Time);
    }
    let ends = |bytes: &mut Vec<u8>| bytes.copy_within(NUMBER + 8..NUMBER + 16, NUMBER + 16);
    assert!(matches!(refused(ends), DirectoryError::Window { .. }));
    let key = |bytes: &mut Vec<u8>| bytes[ENTRY..ENTRY + 32].fill(0);
    assert!(matches!(refused(key), DirectoryError::Key(_)));
    for state in [0, 3] {
        let state = |bytes: &mut Vec<u8>| bytes[ENTRY + 32] = state;
        assert_eq!(refused(state), DirectoryError::Entry);
    }
    let text = |bytes: &mut Vec<u8>| bytes[ENTRY + 37] = 0xff;
    assert_eq!(refused(text), DirectoryError::Entry);
    let name = |bytes: &mut Vec<u8>| bytes[ENTRY + 37] = b'\n';
    assert!(matches!(refused(name), DirectoryError::Name(_)));
    // Both entries are as long, and stand the other way round, or twice.
    let order = |bytes: &mut Vec<u8>| bytes[ENTRY..].rotate_left(40);
    assert!(matches!(refused(order), DirectoryError::Order(_)));
    let twice = |bytes: &mut Vec<u8>| bytes.copy_within(ENTRY..ENTRY + 40, ENTRY + 40);
    assert!(matches!(refused(twice), DirectoryError::Order(_)));
}

#[test]
fn no_directory_is_signed_that_would_be_refused() {
    let [one, _] = entries();
    let twice = Directory::sign(&office(), 7, now(), later(60), [one.clone(), one]);
    assert!(matches!(twice, Err(DirectoryError::Order(_))));
    let ended = Directory::sign(&office(), 7, now(), now(), []);
    assert!(matches!(ended, Err(DirectoryError::Window { .. })));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        let _ = verify(&bytes, now(), 0);
        let _ = Directory::read(Reader::new(&bytes));
    }
}
