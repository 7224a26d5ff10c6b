use super::*;
use crate::action::Effect;
use crate::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed, revocation_key_from_seed,
};
use crate::keys::{HolderPublicKey, RevocationKey, Root, RootKeyId};
use crate::revoke::{Brake, KillSwitch, Revocation, RevocationList};
use crate::scope::Pattern;
use crate::testing::{START, at, forum, task};

const HOUR: Duration = Duration::from_secs(3600);

fn key(seed: u8) -> RevocationKey {
    revocation_key_from_seed(&[seed; 32])
}

fn switch(seed: u8) -> KillSwitch {
    KillSwitch::new(key(seed), HOUR)
}

fn issuer(seed: u8) -> IssuerPublicKey {
    issuer_key_from_seed(&[seed; 32]).public_key()
}

fn holder(seed: u8) -> HolderPublicKey {
    holder_key_from_seed(&[seed; 32]).public_key()
}

/// Root 1 with the revocation keys 1 and 2, root 2 with key 2 alone, root 3 with none.
fn source(when_stale: WhenStale) -> SignedRevocations {
    let root = |id: u8| Root::new(RootKeyId::new(id.into()), issuer(id), at(0)..Timestamp::MAX);
    let ring = KeyRing::new([
        root(1).with_revocation_key(key(1).public_key()),
        root(2).with_revocation_key(key(2).public_key()),
        root(3),
    ]);
    SignedRevocations::new(&ring.unwrap(), Duration::from_secs(7200), when_stale)
}

fn deny() -> SignedRevocations {
    source(WhenStale::Deny)
}

fn revoked(source: &SignedRevocations, root: u8, holders: &[HolderPublicKey]) -> Option<Revoked> {
    let task = task();
    let chain = ChainFacts {
        root: &issuer(root),
        task: task.id(),
        principal: task.principal(),
        issued: at(START),
        holders,
        blocks: &[],
    };
    source.revoked(&chain, at(START))
}

fn code(result: Result<Applied, ListError>) -> &'static str {
    match result {
        Ok(_) => "applied",
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            error.code()
        }
    }
}

fn standing(source: &SignedRevocations, root: u8, seconds: u64) -> Standing {
    source
        .freshness(&issuer(root), at(START + seconds))
        .standing
}

#[test]
fn before_the_first_list_nothing_is_known_and_all_is_denied() {
    let source = deny();
    assert_eq!(revoked(&source, 1, &[]), Some(Revoked::Unknown));
    assert_eq!(source.freshness(&issuer(1), at(START)), Freshness::never());
    let approver = approver_key_from_seed(&[1; 32]).public_key();
    assert!(source.approver_revoked(&issuer(1), &approver, at(START)));
}

#[test]
fn what_no_key_may_revoke_is_not_this_sources_business() {
    let source = deny();
    assert_eq!(revoked(&source, 3, &[holder(1)]), None);
    assert_eq!(source.freshness(&issuer(3), at(START)), Freshness::live());
}

#[test]
fn a_list_and_its_deltas_revoke() {
    let (source, mut switch) = (deny(), switch(1));
    let apply = |bytes: &[u8]| source.apply(bytes, at(START)).unwrap();
    let applied = apply(switch.list(at(START)).as_bytes());
    assert_eq!((applied.number, applied.change), (1, Change::Replaced));
    assert_eq!(revoked(&source, 1, &[holder(1)]), None);

    let delta = switch.revoke(Revocation::Holder(holder(1)), at(START));
    let applied = apply(delta.as_bytes());
    assert_eq!((applied.number, applied.change), (2, Change::Added(1)));
    assert_eq!(
        revoked(&source, 1, &[holder(2), holder(1)]),
        Some(Revoked::Holder(1))
    );
    // Who missed the delta takes the list, and knows the same.
    let late = deny();
    late.apply(switch.list(at(START)).as_bytes(), at(START))
        .unwrap();
    assert_eq!(revoked(&late, 1, &[holder(1)]), Some(Revoked::Holder(0)));
    assert_eq!(late.entries(), source.entries());
}

#[test]
fn an_entry_counts_only_for_the_roots_of_its_signer() {
    let source = deny();
    let (mut one, mut two) = (switch(1), switch(2));
    let approver = approver_key_from_seed(&[1; 32]).public_key();
    one.revoke_all(
        [
            Revocation::Holder(holder(1)),
            Revocation::Root(issuer(2)),
            Revocation::Approver(approver),
            Revocation::Brake(Brake::new(Pattern::any().with_effect(Effect::Send)).unwrap()),
        ],
        at(START),
    );
    for switch in [&mut one, &mut two] {
        source
            .apply(switch.list(at(START)).as_bytes(), at(START))
            .unwrap();
    }
    assert_eq!(revoked(&source, 1, &[holder(1)]), Some(Revoked::Holder(0)));
    assert_eq!(revoked(&source, 2, &[holder(1)]), None);
    for (root, expected) in [(1, true), (2, false)] {
        let root = issuer(root);
        assert_eq!(
            source.approver_revoked(&root, &approver, at(START)),
            expected
        );
        let brakes = source.brakes(&root, &forum(), at(START));
        assert_eq!(brakes.is_some(), expected);
    }
}

#[test]
fn a_root_that_several_may_revoke_needs_a_list_of_each() {
    let root = Root::new(RootKeyId::new(1), issuer(1), at(0)..Timestamp::MAX)
        .with_revocation_key(key(1).public_key())
        .with_revocation_key(key(2).public_key());
    let source = SignedRevocations::new(&KeyRing::new([root]).unwrap(), HOUR, WhenStale::Deny);
    let (mut one, mut two) = (switch(1), switch(2));
    one.revoke(Revocation::Holder(holder(1)), at(START));
    source
        .apply(one.list(at(START)).as_bytes(), at(START))
        .unwrap();
    assert_eq!(revoked(&source, 1, &[holder(1)]), Some(Revoked::Holder(0)));
    assert_eq!(revoked(&source, 1, &[holder(2)]), Some(Revoked::Unknown));
    assert_eq!(standing(&source, 1, 0), Standing::Stale);
    two.revoke(Revocation::Holder(holder(2)), at(START));
    source
        .apply(two.list(at(START)).as_bytes(), at(START))
        .unwrap();
    assert_eq!(revoked(&source, 1, &[holder(2)]), Some(Revoked::Holder(0)));
    assert_eq!(revoked(&source, 1, &[holder(3)]), None);
    assert_eq!(standing(&source, 1, 0), Standing::Fresh);
}

#[test]
fn what_is_released_is_revoked_no_more_from_the_next_list_on() {
    let (source, mut switch) = (deny(), switch(1));
    let entry = Revocation::Holder(holder(1));
    switch.revoke(entry.clone(), at(START));
    let before = switch.list(at(START));
    source.apply(before.as_bytes(), at(START)).unwrap();
    let list = switch.release(&entry, at(START)).unwrap();
    assert_eq!(list.number(), 3);
    assert!(switch.release(&entry, at(START)).is_none());
    source.apply(list.as_bytes(), at(START)).unwrap();
    assert_eq!(revoked(&source, 1, &[holder(1)]), None);
    assert_eq!(
        code(source.apply(before.as_bytes(), at(START))),
        "list_rolled_back"
    );
}

#[test]
fn an_older_list_or_delta_is_refused() {
    let (source, mut switch) = (deny(), switch(1));
    let first = switch.list(at(START));
    let second = switch.revoke(Revocation::Holder(holder(1)), at(START));
    let third = switch.revoke(Revocation::Holder(holder(2)), at(START));
    let list = switch.list(at(START));
    assert_eq!(code(source.apply(list.as_bytes(), at(START))), "applied");
    for old in [first.as_bytes(), second.as_bytes()] {
        assert_eq!(code(source.apply(old, at(START))), "list_rolled_back");
    }
    // What leads to where it is already, changes nothing.
    for same in [third.as_bytes(), list.as_bytes()] {
        let applied = source.apply(same, at(START)).unwrap();
        assert_eq!(applied.change, Change::Nothing);
    }
    assert_eq!(source.number(&switch.public_key()), Some(3));
    assert_eq!(source.entries(), 2);
}

#[test]
fn a_delta_after_a_gap_is_refused_until_a_list_comes() {
    let (source, mut switch) = (deny(), switch(1));
    let first = switch.list(at(START));
    let second = switch.revoke(Revocation::Holder(holder(1)), at(START));
    let third = switch.revoke(Revocation::Holder(holder(2)), at(START));
    let apply = |bytes: &[u8]| source.apply(bytes, at(START));
    let none = ListError::Gap {
        held: None,
        found: 2,
    };
    assert_eq!(apply(second.as_bytes()), Err(none));
    apply(first.as_bytes()).unwrap();
    let gap = ListError::Gap {
        held: Some(1),
        found: 3,
    };
    assert_eq!(apply(third.as_bytes()), Err(gap));
    assert_eq!(gap.code(), "list_gap");
    assert_eq!(source.entries(), 0);
    apply(switch.list(at(START)).as_bytes()).unwrap();
    assert_eq!(source.entries(), 2);
}

#[test]
fn two_lists_of_one_number_are_told_apart() {
    let source = deny();
    // One key in two places.
    let (mut here, mut there) = (switch(1), switch(1));
    let same = here.list(at(START));
    source.apply(same.as_bytes(), at(START)).unwrap();
    here.revoke(Revocation::Holder(holder(1)), at(START));
    let delta = there.revoke(Revocation::Holder(holder(2)), at(START));
    source
        .apply(here.list(at(START)).as_bytes(), at(START))
        .unwrap();
    let forked = [
        there.list(at(START)).into_bytes(),
        delta.into_bytes(),
        there
            .revoke(Revocation::Holder(holder(3)), at(START))
            .into_bytes(),
    ];
    for bytes in forked {
        assert_eq!(code(source.apply(&bytes, at(START))), "list_forked");
    }
    assert_eq!(revoked(&source, 1, &[holder(2), holder(3)]), None);
    assert_eq!(revoked(&source, 1, &[holder(1)]), Some(Revoked::Holder(0)));
}

#[test]
fn a_list_by_somebody_else_is_refused() {
    let source = deny();
    let mut stranger = switch(9);
    let list = stranger.list(at(START));
    assert_eq!(
        code(source.apply(list.as_bytes(), at(START))),
        "list_signer_unknown"
    );
    // Who names our signer must sign as it.
    let mut forged = list.into_bytes();
    forged[2..34].copy_from_slice(key(1).public_key().as_bytes());
    assert_eq!(
        code(source.apply(&forged, at(START))),
        "list_signature_invalid"
    );
}

#[test]
fn whatever_is_changed_or_cut_in_a_list_or_delta_changes_nothing() {
    let (source, mut switch) = (deny(), switch(1));
    let first = switch.list(at(START));
    source.apply(first.as_bytes(), at(START)).unwrap();
    let delta = switch
        .revoke(Revocation::Holder(holder(1)), at(START))
        .into_bytes();
    let list = switch.list(at(START)).into_bytes();
    for bytes in [delta, list] {
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let result = source.apply(&changed, at(START));
            assert!(result.is_err(), "{place}");
            assert!(source.apply(&bytes[..place], at(START)).is_err(), "{place}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(
            code(source.apply(&longer, at(START))),
            "list_signature_invalid"
        );
    }
    assert_eq!(
        (source.entries(), source.number(&switch.public_key())),
        (0, Some(1))
    );
}

#[test]
fn signed_entries_that_are_malformed_change_nothing() {
    let (source, mut switch) = (deny(), switch(1));
    source
        .apply(switch.list(at(START)).as_bytes(), at(START))
        .unwrap();
    let entries: &[u8] = &[5, 0, 0, 0, 1, 7];
    let head = |change| Head {
        signer: key(1).public_key(),
        number: 2,
        issued: at(START),
        next_update: at(START + 60),
        change,
    };
    let nothing = crate::revoke::list::digest(&[]);
    for change in [None, Some((nothing, nothing))] {
        let bytes = crate::revoke::list::sign(&key(1), &head(change), entries);
        assert_eq!(code(source.apply(&bytes, at(START))), "list_malformed");
    }
    assert_eq!(source.number(&switch.public_key()), Some(1));
    // The update is due before it is issued.
    let head = Head {
        next_update: at(START),
        ..head(None)
    };
    let bytes = crate::revoke::list::sign(&key(1), &head, &[]);
    assert_eq!(code(source.apply(&bytes, at(START))), "list_malformed");
}

#[test]
fn a_list_over_the_limit_is_refused_unread() {
    let source = deny().with_max_bytes(100);
    assert_eq!(code(source.apply(&[0; 101], at(START))), "list_too_large");
    assert_eq!(code(source.apply(&[0; 100], at(START))), "list_malformed");
}

#[test]
fn a_list_from_the_future_or_past_its_time_is_refused() {
    let (source, mut switch) = (deny(), switch(1));
    let list = switch.list(at(START));
    for (now, expected) in [
        (START - 6, "list_from_future"),
        (START + 3600, "list_expired"),
        (START - 5, "applied"),
        (START + 3599, "applied"),
    ] {
        assert_eq!(
            code(source.apply(list.as_bytes(), at(now))),
            expected,
            "{now}"
        );
    }
}

#[test]
fn a_list_is_good_until_its_next_update_and_then_the_policy_speaks() {
    let reads = WhenStale::AllowReadsFor(Duration::from_secs(60));
    for (policy, expected) in [
        (WhenStale::Deny, Standing::Stale),
        (reads, Standing::ReadsOnly),
    ] {
        let (source, mut switch) = (source(policy), switch(1));
        source
            .apply(switch.list(at(START)).as_bytes(), at(START))
            .unwrap();
        assert_eq!(standing(&source, 1, 3599), Standing::Fresh);
        assert_eq!(standing(&source, 1, 3600), expected);
        assert_eq!(standing(&source, 1, 3659), expected);
        assert_eq!(standing(&source, 1, 3660), Standing::Stale);
        let freshness = source.freshness(&issuer(1), at(START + 60));
        assert_eq!(freshness.number, Some(1));
        assert_eq!(freshness.age, Some(Duration::from_secs(60)));
        // The same list, signed later, is good for longer.
        let renewed = source.apply(switch.list(at(START + 60)).as_bytes(), at(START + 60));
        assert_eq!(renewed.unwrap().change, Change::Renewed);
        assert_eq!(standing(&source, 1, 3659), Standing::Fresh);
        // And so is one that a delta was added to.
        let delta = switch.revoke(Revocation::Holder(holder(1)), at(START + 120));
        source.apply(delta.as_bytes(), at(START + 120)).unwrap();
        assert_eq!(standing(&source, 1, 3719), Standing::Fresh);
    }
}

#[test]
fn a_list_that_says_it_is_good_for_years_is_too_old_after_its_greatest_age() {
    let source = deny();
    let mut switch = KillSwitch::new(key(1), Duration::from_secs(86_400 * 365));
    source
        .apply(switch.list(at(START)).as_bytes(), at(START))
        .unwrap();
    assert_eq!(standing(&source, 1, 7_199), Standing::Fresh);
    assert_eq!(standing(&source, 1, 7_200), Standing::Stale);
}

#[test]
fn a_switch_goes_on_from_its_last_list_though_its_clock_went_back() {
    let mut switch = switch(1);
    let entries = [
        Revocation::Holder(holder(1)),
        Revocation::IssuedBefore {
            root: issuer(1),
            time: at(START),
        },
    ];
    switch.revoke_all(entries, at(START + 60));
    let list = switch.list(at(START + 60)).into_bytes();
    let read = RevocationList::open(&list, &key(1).public_key()).unwrap();
    assert_eq!(
        (read.number, read.issued, read.entries.len()),
        (2, at(START + 60), 2)
    );
    let mut again = KillSwitch::resume(key(1), &list, HOUR).unwrap();
    let next = again.revoke(Revocation::Holder(holder(2)), at(START));
    assert_eq!((next.number(), again.len()), (3, 3));
    let source = deny();
    source.apply(&list, at(START + 60)).unwrap();
    source.apply(next.as_bytes(), at(START + 60)).unwrap();
    assert_eq!(source.entries(), 3);
    // Not from a delta, not from a list of another key.
    let resume = |bytes: &[u8], seed| KillSwitch::resume(key(seed), bytes, HOUR).unwrap_err();
    assert_eq!(resume(next.as_bytes(), 1).code(), "list_malformed");
    assert_eq!(resume(&list, 2).code(), "list_signer_unknown");
}

#[test]
fn revoking_again_is_no_error() {
    let (source, mut switch) = (deny(), switch(1));
    source
        .apply(switch.list(at(START)).as_bytes(), at(START))
        .unwrap();
    for expected in [1, 0] {
        let delta = switch.revoke(Revocation::Holder(holder(1)), at(START));
        let applied = source.apply(delta.as_bytes(), at(START)).unwrap();
        assert_eq!(applied.change, Change::Added(expected));
    }
    assert_eq!(source.entries(), 1);
}
