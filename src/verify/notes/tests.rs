use super::*;
use crate::note::testing::{ATTENDEES, Draft, SIGNER, changed, label, note_key};
use crate::present::Holder;
use crate::revoke::RevocationSet;
use crate::scope::{Matcher, Pattern};
use crate::testing::{
    agent, call, forum, hand_on, holder, issuer, now, root, scope, verifier, verifier_of,
};
use crate::verify::{Verified, Verifier, VerifyError};

const VALUES: [&str; 3] = ["ann", "bob", "cid"];

fn knowing(verifier: Verifier) -> Verifier {
    let signer = note_key(SIGNER).public_key();
    verifier.with_note_signers(NoteSigners::new().with(label(ATTENDEES), signer))
}

fn later(millis: u64) -> Timestamp {
    now().saturating_add(Duration::from_millis(millis))
}

fn present(
    verifier: &Verifier,
    holder: &Holder,
    notes: impl IntoIterator<Item = OpenedNote>,
    now: Timestamp,
) -> Result<Verified, VerifyError> {
    let presentation = holder.present(&forum(), &call(), now).unwrap();
    let sent = presentation.with_notes(notes).unwrap().to_text();
    verifier.verify(&sent, &call(), now, &RevocationSet::default())
}

/// What a service says of a note that shows `bob`.
fn code_at(draft: &Draft, holder: &Holder, now: Timestamp) -> &'static str {
    let note = draft.sign(&VALUES).open(["bob"]).unwrap();
    code(present(&knowing(verifier()), holder, [note], now))
}

fn code(verified: Result<Verified, VerifyError>) -> &'static str {
    match verified {
        Ok(_) => "verified",
        Err(error) => {
            let message = error.to_string();
            let one_line = !message.contains('\n') && !message.ends_with('.');
            assert!(one_line, "{message}");
            error.code()
        }
    }
}

fn refused(change: impl FnOnce(&mut Draft)) -> &'static str {
    let mut draft = Draft::new();
    change(&mut draft);
    code_at(&draft, &holder(scope()), now())
}

#[test]
fn what_a_note_shows_is_seen_under_its_field_and_its_object() {
    let note = Draft::new().sign(&VALUES).open(["bob", "eve"]).unwrap();
    let verified = present(&knowing(verifier()), &holder(scope()), [note], now()).unwrap();
    let [one] = verified.notes() else {
        panic!("one note")
    };
    assert_eq!(one.values().collect::<Vec<_>>(), ["bob"]);
    assert_eq!(*one.statement().service(), forum());
    let seen = verified.seen(None, None);
    for text in [ATTENDEES, "calendar:attendees@calendar/event/24"] {
        assert_eq!(seen.contains(&label(text), "bob"), Some(true));
        assert_eq!(seen.contains(&label(text), "ann"), Some(false), "not shown");
        assert_eq!(seen.contains(&label(text), "eve"), Some(false), "not noted");
    }
    let of_25 = label("calendar:attendees@calendar/event/25");
    assert_eq!(seen.contains(&of_25, "bob"), None);
}

#[test]
fn a_note_without_an_object_is_of_its_field_alone() {
    let draft = Draft {
        object: None,
        ..Draft::new()
    };
    let note = draft.sign(&VALUES).open(VALUES).unwrap();
    let verified = present(&knowing(verifier()), &holder(scope()), [note], now()).unwrap();
    assert_eq!(verified.seen(None, None).iter().count(), 1);
}

#[test]
fn a_note_by_somebody_else_is_refused_where_its_label_is_known() {
    assert_eq!(refused(|draft| draft.signer = 61), "note_signer_unknown");
}

#[test]
fn a_note_under_a_label_that_nobody_is_named_for_says_nothing() {
    let draft = Draft {
        label: "drive:owner",
        ..Draft::new()
    };
    let note = draft.sign(&VALUES).open(["bob"]).unwrap();
    let verified = present(&knowing(verifier()), &holder(scope()), [note], now()).unwrap();
    assert!(verified.notes().is_empty());
    assert_eq!(verified.seen(None, None).iter().count(), 0);
}

#[test]
fn a_note_of_another_task_root_or_holder_is_refused() {
    assert_eq!(
        refused(|draft| draft.task = "t-2".parse().unwrap()),
        "note_foreign"
    );
    let other = crate::keys::dangerous::issuer_key_from_seed(&[101; 32]);
    assert_eq!(
        refused(|draft| draft.root = other.public_key()),
        "note_foreign"
    );
    assert_eq!(
        refused(|draft| draft.holder = agent(2).public_key()),
        "note_foreign"
    );
}

#[test]
fn a_note_travels_down_and_never_up_or_across() {
    let first = holder(scope());
    let (second, sibling) = [2, 3]
        .map(|to| hand_on(&first, to, Scope::builder()))
        .into();
    let third = hand_on(&second, 4, Scope::builder());
    let given_to = |holder: u8| Draft {
        holder: agent(holder).public_key(),
        ..Draft::new()
    };
    for (draft, presenter, expected) in [
        (given_to(1), &second, "verified"),
        (given_to(1), &third, "verified"),
        (given_to(2), &third, "verified"),
        (given_to(2), &first, "note_foreign"),
        (given_to(4), &second, "note_foreign"),
        (given_to(2), &sibling, "note_foreign"),
    ] {
        assert_eq!(code_at(&draft, presenter, now()), expected);
    }
}

#[test]
fn a_note_counts_from_its_time_less_the_skew_until_just_before_its_end() {
    let (draft, holder) = (Draft::new(), holder(scope()));
    assert_eq!(refused(|draft| draft.issued = later(5_000)), "verified");
    assert_eq!(
        refused(|draft| draft.issued = later(5_001)),
        "note_not_yet_valid"
    );
    assert_eq!(code_at(&draft, &holder, later(59_999)), "verified");
    assert_eq!(code_at(&draft, &holder, later(60_000)), "note_expired");
}

#[test]
fn every_note_must_hold() {
    let good = Draft::new().sign(&VALUES).open(["bob"]).unwrap();
    let bad = Draft {
        signer: 61,
        ..Draft::new()
    };
    let bad = bad.sign(&VALUES).open(["bob"]).unwrap();
    let verified = present(&knowing(verifier()), &holder(scope()), [good, bad], now());
    assert_eq!(code(verified), "note_signer_unknown");
}

#[test]
fn a_value_that_was_not_noted_opens_nothing() {
    let note = Draft::new().sign(&VALUES).open(["bob"]).unwrap();
    let bytes = note.to_bytes();
    let at = bytes.windows(3).position(|it| it == b"bob").unwrap();
    let forged = changed(&note, |bytes| bytes[at..at + 3].copy_from_slice(b"eve")).unwrap();
    let verified = present(&knowing(verifier()), &holder(scope()), [forged], now());
    assert_eq!(code(verified), "note_opening_invalid");
}

#[test]
fn no_byte_of_a_note_can_be_changed() {
    let (verifier, holder) = (knowing(verifier()), holder(scope()));
    let note = Draft::new().sign(&VALUES).open(["bob"]).unwrap();
    // What holds is remembered, and helps nobody.
    present(&verifier, &holder, [note.clone()], now()).unwrap();
    let mut codes = std::collections::BTreeSet::new();
    for at in 0..note.to_bytes().len() {
        for bit in [1, 0x80] {
            let Some(forged) = changed(&note, |bytes| bytes[at] ^= bit) else {
                continue;
            };
            match present(&verifier, &holder, [forged], now()) {
                // Under a label that nobody is named for.
                Ok(verified) => assert!(verified.notes().is_empty(), "byte {at}"),
                Err(error) => drop(codes.insert(error.code())),
            }
        }
    }
    for code in [
        "note_signature_invalid",
        "note_opening_invalid",
        "note_foreign",
    ] {
        assert!(codes.contains(code), "{codes:?}");
    }
}

#[test]
fn a_signature_that_was_verified_serves_no_other_statement() {
    let (verifier, holder) = (knowing(verifier()), holder(scope()));
    let note = Draft::new().sign(&VALUES).open(["bob"]).unwrap();
    let other = Draft {
        until: later(90_000),
        ..Draft::new()
    };
    let other = other.sign(&VALUES).open(["bob"]).unwrap();
    present(&verifier, &holder, [note.clone()], now()).unwrap();
    let signature = note.statement().signature().as_bytes();
    let bytes = other.to_bytes();
    let own = other.statement().signature().as_bytes();
    let at = bytes.windows(64).position(|it| it == own).unwrap();
    let forged = changed(&other, |bytes| {
        bytes[at..at + 64].copy_from_slice(signature)
    });
    let verified = present(&verifier, &holder, forged, now());
    assert_eq!(code(verified), "note_signature_invalid");
}

#[test]
fn what_depends_on_time_and_token_is_checked_of_a_note_that_was_seen_before() {
    let (verifier, first) = (knowing(verifier()), holder(scope()));
    let second = hand_on(&first, 2, Scope::builder());
    let to_second = Draft {
        holder: agent(2).public_key(),
        ..Draft::new()
    };
    let note = to_second.sign(&VALUES).open(["bob"]).unwrap();
    let says = |holder, now| code(present(&verifier, holder, [note.clone()], now));
    assert_eq!(says(&second, now()), "verified");
    assert_eq!(says(&second, later(60_000)), "note_expired");
    assert_eq!(says(&first, now()), "note_foreign");
}

#[test]
fn a_note_that_ends_during_a_look_up_counts_no_more() {
    let verifier = knowing(verifier());
    let note = Draft::new().sign(&VALUES).open(["bob"]).unwrap();
    let made = later(30_000);
    let verified = present(&verifier, &holder(scope()), [note], made).unwrap();
    let again = |now| verifier.verify_again(verified.clone(), now, &RevocationSet::default());
    assert_eq!(code(again(later(59_999))), "verified");
    assert_eq!(code(again(later(60_000))), "note_expired");
}

/// Else a holder that shows one other value of the label would make the entry not apply.
#[test]
fn a_label_that_a_deny_entry_or_a_requirement_reads_is_left_out() {
    let from = |text| {
        let matcher = Matcher::from_label(text).unwrap();
        Pattern::any().argument("to", matcher).unwrap()
    };
    let denies = |text| Scope::builder().deny(from(text)).build().unwrap();
    let requires = |text| {
        let condition = crate::scope::Condition::Signature;
        let requirement = crate::scope::Requirement::new(from(text), condition);
        Scope::builder().require(requirement).build().unwrap()
    };
    let of_24 = "calendar:attendees@calendar/event/24";
    let labels = |seen: Seen| {
        seen.iter()
            .map(|(it, _)| it.to_string())
            .collect::<Vec<_>>()
    };
    let note = || Draft::new().sign(&VALUES).open(["bob"]);
    let verified = present(&knowing(verifier()), &holder(scope()), note(), now()).unwrap();
    assert_eq!(labels(verified.seen(None, None)), [ATTENDEES, of_24]);
    for rules in [denies(ATTENDEES), requires(ATTENDEES)] {
        assert_eq!(labels(verified.seen(Some(&rules), None)), [of_24]);
        assert_eq!(labels(verified.seen(None, Some(&rules))), [of_24]);
    }
    assert_eq!(
        labels(verified.seen(Some(&denies(of_24)), None)),
        [ATTENDEES]
    );

    let narrowed = hand_on(&holder(scope()), 2, denies(ATTENDEES).into_builder());
    let verified = present(&knowing(verifier()), &narrowed, note(), now()).unwrap();
    assert_eq!(labels(verified.seen(None, None)), [of_24]);
    let under_ceiling = knowing(verifier_of(root().with_ceiling(denies(ATTENDEES))));
    let verified = present(&under_ceiling, &holder(scope()), note(), now()).unwrap();
    assert_eq!(labels(verified.seen(None, None)), [of_24]);
}

#[test]
fn a_signature_of_another_purpose_or_key_is_no_note() {
    let note = Draft::new().sign(&VALUES).open(["bob"]).unwrap();
    let message = crate::signed::SignedMessage::new(crate::signed::Purpose::Proof);
    let signature = note_key(SIGNER).sign_message(message.as_bytes());
    let bytes = note.to_bytes();
    let own = note.statement().signature().as_bytes();
    let at = bytes.windows(64).position(|it| it == own).unwrap();
    for signature in [signature, issuer_signature()] {
        let forged = changed(&note, |bytes| {
            bytes[at..at + 64].copy_from_slice(signature.as_bytes())
        });
        let verified = present(&knowing(verifier()), &holder(scope()), forged, now());
        assert_eq!(code(verified), "note_signature_invalid");
    }
}

fn issuer_signature() -> crate::keys::Signature {
    use crate::keys::Signer as _;
    issuer().sign(b"anything").unwrap()
}
