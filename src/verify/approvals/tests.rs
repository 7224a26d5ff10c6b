use std::sync::Arc;

use super::*;
use crate::approve::{Directory, DirectoryEntry};
use crate::keys::dangerous::directory_key_from_seed;
use crate::present::Holder;
use crate::testing::{
    approval, approver_key, call, forum, hand_on, holder, now, scope, verifier, verify_approved,
};
use crate::verify::Verifier;

fn digest(byte: u8) -> ActionDigest {
    ActionDigest::from_bytes([byte; 32])
}

fn later(seconds: u64) -> Timestamp {
    now().saturating_add(Duration::from_secs(seconds))
}

fn made_by(number: u8, holder: &Holder) -> Approval {
    approval(number, holder, vec![digest(1), digest(2)])
}

fn code(
    verifier: &Verifier,
    holder: &Holder,
    approvals: Vec<Approval>,
    now: Timestamp,
) -> &'static str {
    match verify_approved(verifier, holder, approvals, now) {
        Ok(_) => "verified",
        Err(error) => {
            let message = error.to_string();
            assert!(
                !message.contains('\n') && !message.ends_with('.'),
                "{message}"
            );
            error.code()
        }
    }
}

fn changed(approval: &Approval, change: impl FnOnce(&mut Vec<u8>)) -> Approval {
    let mut bytes = approval.to_bytes();
    change(&mut bytes);
    Approval::from_bytes(&bytes).unwrap()
}

#[test]
fn what_holds_is_handed_on() {
    let holder = holder(scope());
    let approvals = [made_by(11, &holder), made_by(12, &holder)];
    let verified = verify_approved(&verifier(), &holder, approvals.clone(), now()).unwrap();
    let [one, two] = verified.approvals() else {
        panic!("two approvals")
    };
    assert_eq!(*one.approver(), approver_key(11).public_key());
    assert_eq!(one.nonce(), approvals[0].nonce());
    assert_eq!((one.issued(), one.until()), (now(), later(60)));
    assert_eq!(one.digests(), [digest(1), digest(2)]);
    assert_eq!(
        (one.index_of(&digest(2)), one.index_of(&digest(3))),
        (Some(1), None)
    );
    assert_eq!((one.name(), two.name()), (None, None));
}

#[test]
fn one_that_does_not_hold_is_an_error_also_beside_one_that_does() {
    let holder = holder(scope());
    let good = made_by(11, &holder);
    let bad = changed(&good, |bytes| *bytes.last_mut().unwrap() ^= 1);
    for approvals in [
        vec![bad.clone()],
        vec![good.clone(), bad.clone()],
        vec![bad, good],
    ] {
        assert_eq!(
            code(&verifier(), &holder, approvals, now()),
            "approval_invalid"
        );
    }
}

#[test]
fn an_approval_under_the_name_of_another_is_invalid() {
    let holder = holder(scope());
    let ada = approver_key(12).public_key();
    let forged = changed(&made_by(11, &holder), |bytes| {
        bytes[1..33].copy_from_slice(ada.as_bytes());
    });
    assert_eq!(
        code(&verifier(), &holder, vec![forged], now()),
        "approval_invalid"
    );
}

#[test]
fn an_approval_for_another_token_is_foreign() {
    let holder = holder(scope());
    let child = hand_on(&holder, 2, crate::scope::Scope::builder());
    let approvals = vec![made_by(11, &holder)];
    assert_eq!(
        code(&verifier(), &child, approvals, now()),
        "approval_foreign"
    );
    let approvals = vec![made_by(11, &child)];
    assert_eq!(
        code(&verifier(), &holder, approvals, now()),
        "approval_foreign"
    );
}

#[test]
fn an_approval_counts_from_its_issue_with_skew_to_before_its_end() {
    let holder = holder(scope());
    let at = |now| code(&verifier(), &holder, vec![made_by(11, &holder)], now).to_owned();
    let early = |seconds| now().saturating_sub(Duration::from_secs(seconds));
    assert_eq!(at(early(6)), "approval_not_yet_valid");
    assert_eq!(at(early(5)), "verified");
    assert_eq!(at(later(59)), "verified");
    assert_eq!(at(later(60)), "approval_expired");
}

#[test]
fn nobody_of_the_chain_approves() {
    let first = holder(scope());
    let second = hand_on(&first, 2, crate::scope::Scope::builder());
    // The same bytes in another role: the holders, and the root.
    for number in [1, 2, 100] {
        let own = vec![made_by(number, &second)];
        assert_eq!(code(&verifier(), &second, own, now()), "approver_in_chain");
    }
}

#[test]
fn the_same_approval_twice_is_refused() {
    let holder = holder(scope());
    let one = made_by(11, &holder);
    let twice = vec![one.clone(), one];
    assert_eq!(
        code(&verifier(), &holder, twice, now()),
        "approval_duplicate"
    );
    // Another nonce is another approval, and so is another approver.
    let two = vec![
        made_by(11, &holder),
        made_by(11, &holder),
        made_by(12, &holder),
    ];
    assert_eq!(code(&verifier(), &holder, two, now()), "verified");
}

#[test]
fn a_nonce_that_two_actions_share_is_one_approval_twice() {
    let holder = holder(scope());
    let nonce = Nonce::from_bytes([5; 16]);
    let signed = |digest| {
        let token = holder.token().last_signature();
        Approval::sign(
            &approver_key(11),
            token,
            vec![digest],
            now(),
            later(60),
            nonce,
        )
    };
    let both = vec![signed(digest(1)), signed(digest(2))];
    assert_eq!(
        code(&verifier(), &holder, both, now()),
        "approval_duplicate"
    );
}

/// A verifier that knows who is who until 50 s from now.
fn with_directory() -> Verifier {
    let office = directory_key_from_seed(&[50; 32]);
    let key = |number| approver_key(number).public_key();
    let entries = [
        DirectoryEntry::active(key(11), "Ada".parse().unwrap()),
        DirectoryEntry::revoked(key(12), "Eve".parse().unwrap()),
    ];
    let signed = Directory::sign(&office, 1, now(), later(50), entries).unwrap();
    let directory = Directory::verify(signed.as_bytes(), &office.public_key(), now(), 1);
    verifier().with_approvers(Arc::new(directory.unwrap()))
}

#[test]
fn a_directory_says_who_counts_and_by_what_name() {
    let (verifier, holder) = (with_directory(), holder(scope()));
    let ada = [made_by(11, &holder)];
    let verified = verify_approved(&verifier, &holder, ada, now()).unwrap();
    let names = verified.approvals().iter().map(VerifiedApproval::name);
    assert_eq!(
        names
            .flatten()
            .map(|name| name.as_str())
            .collect::<Vec<_>>(),
        ["Ada"]
    );
    let by = |number| code(&verifier, &holder, vec![made_by(number, &holder)], now()).to_owned();
    assert_eq!(by(12), "approval_revoked");
    assert_eq!(by(13), "approver_unknown");
}

#[test]
fn a_directory_past_its_next_update_says_nothing() {
    let (verifier, holder) = (with_directory(), holder(scope()));
    let ada = || vec![made_by(11, &holder)];
    assert_eq!(code(&verifier, &holder, ada(), later(49)), "verified");
    assert_eq!(
        code(&verifier, &holder, ada(), later(50)),
        "directory_stale"
    );
    // What needs no approval needs no directory.
    assert_eq!(code(&verifier, &holder, Vec::new(), later(50)), "verified");
}

#[test]
fn a_directory_is_asked_again_after_a_look_up() {
    let (verifier, holder) = (with_directory(), holder(scope()));
    let again = |seconds| {
        let ada = [made_by(11, &holder)];
        let verified = verify_approved(&verifier, &holder, ada, now()).unwrap();
        let none = crate::revoke::RevocationSet::default();
        verifier.verify_again(verified, later(seconds), &none)
    };
    assert!(again(49).is_ok());
    assert_eq!(again(50).unwrap_err().code(), "directory_stale");
}

#[test]
fn an_approval_that_ended_during_a_look_up_counts_no_more() {
    let (verifier, holder) = (verifier(), holder(scope()));
    let verifier = verifier.with_proof_window(std::time::Duration::from_secs(600));
    let again = |seconds| {
        let ada = [made_by(11, &holder)];
        let verified = verify_approved(&verifier, &holder, ada, now()).unwrap();
        let none = crate::revoke::RevocationSet::default();
        verifier.verify_again(verified, later(seconds), &none)
    };
    assert!(again(59).is_ok());
    assert_eq!(again(60).unwrap_err().code(), "approval_expired");
}

#[test]
fn nothing_of_an_approval_is_looked_at_before_the_proof_holds() {
    let holder = holder(scope());
    let bad = changed(&made_by(11, &holder), |bytes| {
        *bytes.last_mut().unwrap() ^= 1
    });
    let presentation = holder.present(&"mail.example".parse().unwrap(), &call(), now());
    let sent = presentation
        .unwrap()
        .with_approvals([bad])
        .unwrap()
        .to_text();
    let none = crate::revoke::RevocationSet::default();
    let error = verifier().verify(&sent, &call(), now(), &none).unwrap_err();
    assert_eq!(error.code(), "proof_invalid");
    assert_eq!(*verifier().service(), forum());
}

#[test]
fn a_malformed_approval_has_a_code_of_its_own() {
    let holder = holder(scope());
    let presentation = holder.present(&forum(), &call(), now()).unwrap();
    let sent = presentation.with_approvals([made_by(11, &holder)]).unwrap();
    let mut bytes = sent.to_bytes();
    let approval = bytes.len() - 2 - made_by(11, &holder).to_bytes().len();
    bytes[approval] = 2;
    let text = crate::token::text::encode(crate::token::TextKind::Presentation, &bytes);
    let none = crate::revoke::RevocationSet::default();
    let error = verifier().verify(&text, &call(), now(), &none).unwrap_err();
    assert_eq!(error.code(), "approval_malformed");
}
