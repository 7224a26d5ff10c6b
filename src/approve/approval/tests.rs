use super::*;
use crate::keys::dangerous::approver_key_from_seed;
use crate::testing::{at, now};

const TOKEN: [u8; 64] = [7; 64];

fn digest(byte: u8) -> ActionDigest {
    ActionDigest::from_bytes([byte; 32])
}

fn approval() -> Approval {
    Approval::sign(
        &approver_key_from_seed(&[1; 32]),
        Signature::from_bytes(TOKEN),
        vec![digest(1), digest(2)],
        now(),
        now().saturating_add(Duration::from_secs(60)),
        Nonce::from_bytes([3; 16]),
    )
}

fn refused(change: impl FnOnce(&mut Vec<u8>)) -> ApprovalWireError {
    let mut bytes = approval().to_bytes();
    change(&mut bytes);
    Approval::from_bytes(&bytes).unwrap_err()
}

const TIMES: usize = 1 + 32 + 64;
const COUNT: usize = TIMES + 8 + 8 + 16;

#[test]
fn what_is_written_is_read_as_bytes_and_as_text() {
    let approval = approval();
    assert!(approval.is_signed());
    assert_eq!(
        Approval::from_bytes(&approval.to_bytes()),
        Ok(approval.clone())
    );
    assert_eq!(Approval::parse(&approval.to_text()).unwrap(), approval);
    assert!(approval.to_text().starts_with("bwa1_"));
}

#[test]
fn an_approval_cut_anywhere_is_too_short() {
    let bytes = approval().to_bytes();
    for end in 0..bytes.len() {
        assert_eq!(
            Approval::from_bytes(&bytes[..end]),
            Err(ApprovalWireError::TooShort),
            "{end}"
        );
    }
}

#[test]
fn any_changed_byte_is_refused_or_breaks_the_signature() {
    let right = approval().to_bytes();
    for at in 0..right.len() {
        for change in [1, 0x80] {
            let mut bytes = right.clone();
            bytes[at] ^= change;
            if let Ok(changed) = Approval::from_bytes(&bytes) {
                assert!(!changed.is_signed(), "{at}");
                assert_eq!(changed.to_bytes(), bytes);
            }
        }
    }
}

#[test]
fn bytes_after_the_end_are_refused() {
    assert_eq!(
        refused(|bytes| bytes.push(0)),
        ApprovalWireError::TooLong(1)
    );
}

#[test]
fn other_kinds_are_refused() {
    for kind in [0, 2, 3, 255] {
        assert_eq!(
            refused(|bytes| bytes[0] = kind),
            ApprovalWireError::WrongKind(kind)
        );
    }
}

#[test]
fn a_key_for_which_anybody_could_sign_is_refused() {
    assert_eq!(
        refused(|bytes| bytes[1..33].fill(0)),
        ApprovalWireError::Key(PublicKeyError::SmallOrder)
    );
}

#[test]
fn a_time_out_of_range_is_refused() {
    for at in [TIMES, TIMES + 8] {
        let change = |bytes: &mut Vec<u8>| bytes[at..at + 8].fill(0xff);
        assert_eq!(refused(change), ApprovalWireError::Time);
    }
}

#[test]
fn an_approval_lasts_for_something_and_for_30_days_at_the_most() {
    let lasting = |lasts: Duration| {
        let until = now().saturating_add(lasts).unix_millis().to_be_bytes();
        let mut bytes = approval().to_bytes();
        bytes[TIMES + 8..TIMES + 16].copy_from_slice(&until);
        Approval::from_bytes(&bytes).map(|_| ())
    };
    let millisecond = Duration::from_millis(1);
    assert_eq!(lasting(Duration::ZERO), Err(ApprovalWireError::Lifetime));
    assert_eq!(lasting(millisecond), Ok(()));
    assert_eq!(lasting(Approval::LONGEST), Ok(()));
    assert_eq!(
        lasting(Approval::LONGEST + millisecond),
        Err(ApprovalWireError::Lifetime)
    );
    let backwards = |bytes: &mut Vec<u8>| {
        bytes[TIMES + 8..TIMES + 16].copy_from_slice(&at(0).unix_millis().to_be_bytes());
    };
    assert_eq!(refused(backwards), ApprovalWireError::Lifetime);
}

#[test]
fn an_approval_is_of_1_to_64_actions_each_once() {
    for (count, found) in [([0, 0], 0), ([0, 65], 65), ([0xff, 0xff], 65_535)] {
        let change = |bytes: &mut Vec<u8>| bytes[COUNT..COUNT + 2].copy_from_slice(&count);
        assert_eq!(refused(change), ApprovalWireError::Digests { found });
    }
    let twice = |bytes: &mut Vec<u8>| bytes[COUNT + 2 + 32..COUNT + 2 + 64].fill(1);
    assert_eq!(refused(twice), ApprovalWireError::DuplicateDigest);
}

#[test]
fn debug_shows_no_signature() {
    let approval = approval();
    let shown = format!("{approval:?}");
    assert!(!shown.contains(&approval.signature.to_string()), "{shown}");
    assert!(!shown.contains(&approval.token.to_string()), "{shown}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        let _ = Approval::from_bytes(&bytes);
    }
}
