use std::time::Duration;

use super::*;
use crate::action::Tree;
use crate::keys::RootKeyId;
use crate::present::Holder;
use crate::revoke::{RevocationSet, Revoked};
use crate::scope::Scope;
use crate::testing::{
    END, START, agent, at, call, forum, hand_on, holder, issuer, mint, now, present, root, scope,
    verifier, verifier_of, verify,
};

fn code(result: Result<Verified, VerifyError>) -> &'static str {
    match result {
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

fn verify_with(verifier: &Verifier, sent: &str, now: Timestamp) -> &'static str {
    code(verifier.verify(sent, &call(), now, &RevocationSet::default()))
}

fn millis(time: Timestamp, change: i64) -> Timestamp {
    Timestamp::from_unix_millis(time.unix_millis().checked_add_signed(change).unwrap()).unwrap()
}

#[test]
fn a_presentation_of_the_holder_verifies() {
    let verified = verify(&holder(scope()), now()).unwrap();
    assert_eq!(verified.task(), &crate::testing::task());
    assert_eq!(verified.root().key, issuer().public_key());
    assert_eq!(verified.holders(), [agent(1).public_key()]);
    assert_eq!(verified.token_issued(), at(START));
    assert_eq!(verified.call(), &call().digest());
}

#[test]
fn what_is_no_presentation_is_malformed() {
    for text in ["", "bwp1_", "bwp1_AAAA", &mint(scope()).to_text()] {
        assert_eq!(
            verify_with(&verifier(), text, now()),
            "presentation_malformed"
        );
    }
}

#[test]
fn an_unknown_root_is_refused_by_its_id() {
    let other = Root::new(RootKeyId::new(2), issuer().public_key(), at(START)..at(END));
    let sent = present(&holder(scope()), now());
    assert_eq!(
        verify_with(&verifier_of(other), &sent, now()),
        "root_unknown"
    );
}

#[test]
fn another_key_under_the_same_id_is_refused() {
    let key = crate::keys::dangerous::issuer_key_from_seed(&[101; 32]).public_key();
    let other = Root::new(RootKeyId::new(1), key, at(START)..at(END));
    let sent = present(&holder(scope()), now());
    assert_eq!(
        verify_with(&verifier_of(other), &sent, now()),
        "chain_invalid"
    );
}

#[test]
fn a_root_counts_only_within_its_window_whatever_was_issued_when() {
    let key = issuer().public_key();
    let root = |from, until| Root::new(RootKeyId::new(1), key, at(from)..at(until));
    let sent = present(&holder(scope()), now());
    let retired = verifier_of(root(START - 10, START + 60));
    assert_eq!(verify_with(&retired, &sent, now()), "root_retired");
    let future = verifier_of(root(START + 61, END));
    assert_eq!(verify_with(&future, &sent, now()), "root_not_yet_valid");
}

#[test]
fn a_proof_for_another_call_is_invalid() {
    let sent = present(&holder(scope()), now());
    let other = Call::tool("read_thread".parse().unwrap(), Tree::empty());
    let result = verifier().verify(&sent, &other, now(), &RevocationSet::default());
    assert_eq!(code(result), "proof_invalid");
}

#[test]
fn a_proof_for_another_service_is_invalid() {
    let scope = scope().audience("mail.example".parse().unwrap());
    let mail = "mail.example".parse().unwrap();
    let sent = holder(scope)
        .present(&mail, &call(), now())
        .unwrap()
        .to_text();
    assert_eq!(verify_with(&verifier(), &sent, now()), "proof_invalid");
}

#[test]
fn a_proof_is_accepted_from_its_window_to_its_skew_both_included() {
    let holder = holder(scope());
    for (made, expected) in [
        (-60_001, "proof_skewed"),
        (-60_000, "verified"),
        (5_000, "verified"),
        (5_001, "proof_skewed"),
    ] {
        let now = millis(now(), 120_000);
        let sent = present(&holder, millis(now, made));
        assert_eq!(verify_with(&verifier(), &sent, now), expected, "{made}");
    }
}

#[test]
fn a_skewed_clock_is_told_by_how_much() {
    let sent = present(&holder(scope()), millis(now(), 7_001));
    let error = verifier()
        .verify(&sent, &call(), now(), &RevocationSet::default())
        .unwrap_err();
    assert!(
        error.to_string().ends_with("7001 ms in the future"),
        "{error}"
    );
}

#[test]
fn a_claim_is_held_for_longer_than_the_proof_is_accepted() {
    let issued = millis(now(), -1_000);
    let sent = present(&holder(scope()), issued);
    let verified = verifier()
        .verify(&sent, &call(), now(), &RevocationSet::default())
        .unwrap();
    assert_eq!(verified.claim_until(), millis(issued, 65_001));
}

#[test]
fn a_token_from_the_future_is_refused() {
    let holder = holder(scope());
    let early = at(START - 6);
    assert_eq!(code(verify(&holder, early)), "issued_in_future");
    assert_eq!(code(verify(&holder, at(START - 5))), "verified");
}

#[test]
fn a_token_that_lives_longer_than_its_root_may_issue_for_is_refused() {
    let limited = |seconds| verifier_of(root().with_longest_lifetime(Duration::from_secs(seconds)));
    let sent = present(&holder(scope()), now());
    assert_eq!(
        verify_with(&limited(899), &sent, now()),
        "lifetime_exceeded"
    );
    assert_eq!(verify_with(&limited(900), &sent, now()), "verified");
}

#[test]
fn every_block_holds_from_its_start_to_before_its_end() {
    let first = holder(scope().not_before(at(START + 10)));
    let inner = Scope::builder()
        .not_before(at(START + 20))
        .not_after(at(START + 30));
    let second = hand_on(&first, 2, inner);
    for (holder, seconds, expected) in [
        (&first, 9, "not_yet_valid"),
        (&first, 10, "verified"),
        (&first, 899, "verified"),
        (&first, 900, "expired"),
        (&second, 19, "not_yet_valid"),
        (&second, 20, "verified"),
        (&second, 29, "verified"),
        (&second, 30, "expired"),
    ] {
        assert_eq!(
            code(verify(holder, at(START + seconds))),
            expected,
            "{seconds}"
        );
    }
}

#[test]
fn every_block_is_for_the_service() {
    let elsewhere = || Scope::builder().audience("mail.example".parse().unwrap());
    let first = holder(scope());
    assert_eq!(
        code(verify(&hand_on(&first, 2, elsewhere()), now())),
        "audience_mismatch"
    );
    let mail: Service = "mail.example".parse().unwrap();
    let other = Verifier::new(mail.clone(), KeyRing::new([root()]).unwrap());
    let sent = first.present(&mail, &call(), now()).unwrap().to_text();
    assert_eq!(verify_with(&other, &sent, now()), "audience_mismatch");
}

#[test]
fn a_token_is_no_deeper_than_any_block_admits() {
    // Handing on refuses what no service would accept, so the block is written below it.
    let first = mint(scope().max_depth(1));
    let append = |token: &Token, from: u8, to: u8| {
        let (limits, name) = (Limits::default(), "scout".parse().unwrap());
        let scope = Scope::builder().build().unwrap();
        token
            .append(&agent(from), &agent(to).public_key(), name, scope, &limits)
            .unwrap()
    };
    let second = append(&first, 1, 2);
    let third = append(&second, 2, 3);
    let verify = |token, key| code(verify(&Holder::new(token, agent(key)).unwrap(), now()));
    assert_eq!(verify(second, 2), "verified");
    assert_eq!(verify(third, 3), "depth_exceeded");
}

#[test]
fn what_is_revoked_is_refused_and_so_is_what_nobody_knows_of() {
    struct Answer(Option<Revoked>);
    impl Revocations for Answer {
        fn revoked(&self, _: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
            self.0
        }
    }
    let verifier = verifier();
    let sent = present(&holder(scope()), now());
    let verify = |answer| code(verifier.verify(&sent, &call(), now(), &Answer(answer)));
    assert_eq!(verify(None), "verified");
    assert_eq!(verify(Some(Revoked::Unknown)), "revocation_unknown");
    for answer in [
        Revoked::Root,
        Revoked::IssuedBefore,
        Revoked::Principal,
        Revoked::Task,
        Revoked::Holder(0),
        Revoked::Block(0),
    ] {
        assert_eq!(verify(Some(answer)), "revoked");
    }
}

#[test]
fn a_stale_source_denies_and_one_that_admits_reads_is_carried_on() {
    struct Aged(Option<Revoked>, Standing);
    impl Revocations for Aged {
        fn revoked(&self, _: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
            self.0
        }
        fn freshness(&self, _: &crate::keys::IssuerPublicKey, _: Timestamp) -> Freshness {
            Freshness {
                number: Some(7),
                age: Some(Duration::from_secs(90)),
                standing: self.1,
            }
        }
    }
    let (verifier, sent) = (verifier(), present(&holder(scope()), now()));
    let verify =
        |revoked, standing| verifier.verify(&sent, &call(), now(), &Aged(revoked, standing));
    for standing in [Standing::Fresh, Standing::ReadsOnly] {
        let freshness = verify(None, standing).unwrap().freshness();
        assert_eq!((freshness.number, freshness.standing), (Some(7), standing));
    }
    let stale = verify(None, Standing::Stale).unwrap_err();
    assert!(stale.to_string().contains("list 7"), "{stale}");
    assert_eq!(stale.code(), "revocations_stale");
    let code = |revoked| code(verify(Some(revoked), Standing::Stale));
    assert_eq!(code(Revoked::Task), "revoked");
    assert_eq!(code(Revoked::Unknown), "revocations_stale");
}

#[test]
fn the_source_is_asked_of_every_part_of_the_chain_at_the_given_time() {
    struct Expect;
    impl Revocations for Expect {
        fn revoked(&self, chain: &ChainFacts<'_>, asked: Timestamp) -> Option<Revoked> {
            assert_eq!(asked, now());
            assert_eq!(chain.root, &issuer().public_key());
            assert_eq!(chain.task, crate::testing::task().id());
            assert_eq!(chain.principal, crate::testing::task().principal());
            assert_eq!(chain.issued, at(START));
            assert_eq!(chain.holders, [1, 2].map(|key| agent(key).public_key()));
            assert_eq!(chain.blocks.len(), 2);
            None
        }
    }
    let sent = present(&hand_on(&holder(scope()), 2, Scope::builder()), now());
    let verified = verifier().verify(&sent, &call(), now(), &Expect);
    assert_eq!(code(verified), "verified");
}

#[test]
fn a_remembered_token_is_checked_against_time_call_and_revocation_every_time() {
    let remembering = verifier_of(root()).with_proof_window(Duration::from_secs(10_000));
    let holder = holder(scope());
    let sent = present(&holder, now());
    let none = RevocationSet::default();
    let verify = |now, set: &RevocationSet| code(remembering.verify(&sent, &call(), now, set));
    assert_eq!(verify(now(), &none), "verified");
    assert_eq!(remembering.checked.len(), 1);

    assert_eq!(verify(at(END), &none), "expired");
    assert_eq!(verify(at(START + 1_000), &none), "root_retired");
    assert_eq!(verify(at(START - 1_001), &none), "root_not_yet_valid");
    let mut revoked = RevocationSet::default();
    revoked.holder(agent(1).public_key());
    assert_eq!(verify(now(), &revoked), "revoked");
    let other = Call::tool("read_thread".parse().unwrap(), Tree::empty());
    assert_eq!(
        code(remembering.verify(&sent, &other, now(), &none)),
        "proof_invalid"
    );
    assert_eq!(verify(now(), &none), "verified");
}

#[test]
fn a_token_whose_signatures_do_not_hold_is_not_remembered() {
    let key = crate::keys::dangerous::issuer_key_from_seed(&[101; 32]).public_key();
    let other = Root::new(RootKeyId::new(1), key, at(START)..at(END));
    let verifier = verifier_of(other);
    let sent = present(&holder(scope()), now());
    for _ in 0..2 {
        assert_eq!(verify_with(&verifier, &sent, now()), "chain_invalid");
    }
    assert_eq!(verifier.checked.len(), 0);
}

#[test]
fn bytes_that_end_like_a_remembered_token_are_not_taken_for_it() {
    let verifier = verifier();
    let sent = holder(scope())
        .present(&forum(), &call(), now())
        .unwrap()
        .to_bytes();
    let verify = |bytes: &[u8]| {
        let sent = Presentation::from_bytes(bytes, &Limits::default()).unwrap();
        code(verifier.verify_presentation(&sent, &call(), now(), &RevocationSet::default()))
    };
    assert_eq!(verify(&sent), "verified");
    // The id of the root key stands first, and nobody signs it.
    let mut other = sent.clone();
    assert_eq!(other[4..6], [0x08, 1]);
    other[5] = 2;
    assert_eq!(verify(&other), "root_unknown");
    assert_eq!(verify(&sent), "verified");
}

#[test]
fn a_verifier_may_remember_nothing_or_little() {
    for capacity in [0, 1] {
        let verifier = verifier().with_cache(capacity);
        for resource in ["a", "b", "a"] {
            let scope =
                scope().allow(crate::scope::Capability::operation("forum.read", resource).unwrap());
            let sent = present(&holder(scope), now());
            assert_eq!(verify_with(&verifier, &sent, now()), "verified");
        }
        assert!(verifier.checked.len() <= capacity);
    }
}

#[test]
fn a_token_over_the_verifiers_limits_is_refused() {
    let holder = hand_on(&holder(scope()), 2, Scope::builder());
    let sent = present(&holder, now());
    let few = verifier().with_limits(Limits::default().with_max_blocks(1));
    assert_eq!(verify_with(&few, &sent, now()), "token_malformed");
    let short = verifier().with_limits(Limits::default().with_max_bytes(100));
    assert_eq!(verify_with(&short, &sent, now()), "presentation_malformed");
}

#[test]
fn nothing_that_can_be_presented_is_in_debug_output() {
    let holder = holder(scope());
    let presentation = holder.present(&forum(), &call(), now()).unwrap();
    let verified = verify(&holder, now()).unwrap();
    let secret = base16ct::lower::encode_string(&[1; 32]);
    let sent = presentation.to_text();
    for text in [
        format!("{presentation:?}"),
        format!("{holder:?}"),
        format!("{verified:?}"),
    ] {
        assert!(
            !text.contains(&secret) && !text.contains(&sent[10..60]),
            "{text}"
        );
    }
}
