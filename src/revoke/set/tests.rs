use super::*;
use crate::action::Effect;
use crate::keys::dangerous::{approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed};
use crate::revoke::wire::{entry_bytes, write_entries};
use crate::scope::Pattern;
use crate::testing::{START, at, forum, now};

fn revoked_by(set: &RevocationSet) -> Option<Revoked> {
    let chain = ChainFacts {
        root: &root(1),
        task: &task("t-1"),
        principal: &principal("ada@example.com"),
        issued: at(START),
        holders: &[holder(1), holder(2)],
        blocks: &[block(1), block(2)],
    };
    set.revoked(&chain, now())
}

fn revoked(revoke: impl FnOnce(&mut RevocationSet)) -> Option<Revoked> {
    let mut set = RevocationSet::default();
    revoke(&mut set);
    revoked_by(&set)
}

fn root(seed: u8) -> IssuerPublicKey {
    issuer_key_from_seed(&[seed; 32]).public_key()
}

fn holder(seed: u8) -> HolderPublicKey {
    holder_key_from_seed(&[seed; 32]).public_key()
}

fn approver(seed: u8) -> ApproverPublicKey {
    approver_key_from_seed(&[seed; 32]).public_key()
}

fn task(id: &str) -> TaskId {
    id.parse().unwrap()
}

fn principal(name: &str) -> Principal {
    name.parse().unwrap()
}

fn block(byte: u8) -> Signature {
    Signature::from_bytes([byte; 64])
}

fn brake(effect: Effect) -> Brake {
    Brake::new(Pattern::any().with_effect(effect)).unwrap()
}

/// One of each kind, each of what the chain has.
fn each() -> Vec<(Revocation, Option<Revoked>)> {
    let root = root(1);
    let time = at(START + 1);
    let (task, principal) = (task("t-1"), principal("ada@example.com"));
    vec![
        (Revocation::Root(root), Some(Revoked::Root)),
        (
            Revocation::IssuedBefore { root, time },
            Some(Revoked::IssuedBefore),
        ),
        (
            Revocation::Principal { root, principal },
            Some(Revoked::Principal),
        ),
        (Revocation::Task { root, task }, Some(Revoked::Task)),
        (Revocation::Holder(holder(1)), Some(Revoked::Holder(0))),
        (Revocation::Holder(holder(2)), Some(Revoked::Holder(1))),
        (
            Revocation::Block((&block(1)).into()),
            Some(Revoked::Block(0)),
        ),
        (
            Revocation::Block((&block(2)).into()),
            Some(Revoked::Block(1)),
        ),
        (Revocation::Approver(approver(1)), None),
        (Revocation::Brake(brake(Effect::Send)), None),
    ]
}

#[test]
fn every_hop_of_a_chain_can_be_revoked_and_let_go() {
    assert_eq!(revoked(|_| {}), None);
    for (entry, expected) in each() {
        let mut set = RevocationSet::default();
        set.insert(entry.clone());
        assert_eq!(set.len(), 1, "{entry:?}");
        assert_eq!(revoked_by(&set), expected, "{entry:?}");
        assert!(set.remove(&entry), "{entry:?}");
        assert!(!set.remove(&entry), "{entry:?}");
        assert!(set.is_empty(), "{entry:?}");
        assert_eq!(revoked_by(&set), None, "{entry:?}");
    }
}

#[test]
fn what_is_not_in_the_chain_revokes_nothing_of_it() {
    assert_eq!(revoked(|set| _ = set.root(root(2))), None);
    assert_eq!(revoked(|set| _ = set.task(root(1), task("t-2"))), None);
    assert_eq!(revoked(|set| _ = set.holder(holder(3))), None);
    assert_eq!(revoked(|set| _ = set.block(&block(3))), None);
    let other = principal("eve@example.com");
    assert_eq!(revoked(|set| _ = set.principal(root(1), other)), None);
}

#[test]
fn what_one_root_calls_something_is_not_what_another_does() {
    assert_eq!(revoked(|set| _ = set.task(root(2), task("t-1"))), None);
    let ada = principal("ada@example.com");
    assert_eq!(revoked(|set| _ = set.principal(root(2), ada)), None);
    let later = at(START + 1);
    assert_eq!(revoked(|set| _ = set.issued_before(root(2), later)), None);
    // A task is no principal of the same name.
    let name = principal("t-1");
    assert_eq!(revoked(|set| _ = set.principal(root(1), name)), None);
}

#[test]
fn what_was_issued_at_the_very_moment_is_not_issued_before_it() {
    assert_eq!(
        revoked(|set| _ = set.issued_before(root(1), at(START))),
        None
    );
    // The latest counts, whatever comes when.
    let both = |set: &mut RevocationSet| {
        set.issued_before(root(1), at(START + 9));
        set.issued_before(root(1), at(START));
    };
    assert_eq!(revoked(both), Some(Revoked::IssuedBefore));
}

#[test]
fn a_block_is_known_by_the_first_half_of_its_signature() {
    let mut bytes = [1; 64];
    bytes[63] = 9;
    let same = Signature::from_bytes(bytes);
    assert_eq!(revoked(|set| _ = set.block(&same)), Some(Revoked::Block(0)));
    bytes[31] = 9;
    let other = Signature::from_bytes(bytes);
    assert_eq!(revoked(|set| _ = set.block(&other)), None);
}

#[test]
fn an_approver_is_revoked_alone() {
    let mut set = RevocationSet::default();
    set.approver(approver(1));
    assert!(set.approver_revoked(&root(1), &approver(1), now()));
    assert!(!set.approver_revoked(&root(1), &approver(2), now()));
}

#[test]
fn brakes_come_as_a_scope_of_deny_entries() {
    let mut set = RevocationSet::default();
    assert!(set.brakes(&root(1), &forum(), now()).is_none());
    set.brake(brake(Effect::Send))
        .brake(brake(Effect::Pay).at(forum()));
    let scope = set.brakes(&root(1), &forum(), now()).unwrap();
    assert_eq!(scope.deny().len(), 2);
    assert!(scope.allow().is_none() && scope.require().is_empty());
}

#[test]
fn a_set_reads_back_from_its_bytes() {
    let mut entries: Vec<_> = each()
        .into_iter()
        .map(|(entry, _)| (entry.kind(), entry_bytes(&entry)))
        .collect();
    entries.sort();
    let wire = |entries: &[(RevocationKind, Vec<u8>)]| {
        write_entries(
            entries
                .iter()
                .map(|(kind, bytes)| (*kind, bytes.as_slice())),
        )
    };
    let bytes = wire(&entries);
    let set = RevocationSet::from_wire(&bytes).unwrap();
    assert_eq!(set.len(), entries.len());
    for (entry, expected) in each() {
        let mut alone = RevocationSet::from_wire(&wire(&[(entry.kind(), entry_bytes(&entry))]));
        assert_eq!(revoked_by(alone.as_ref().unwrap()), expected);
        assert!(alone.as_mut().unwrap().remove(&entry), "{entry:?}");
    }
    // Cut anywhere, it is refused, or what is left are whole sections.
    let whole = (0..bytes.len()).filter(|end| RevocationSet::from_wire(&bytes[..*end]).is_ok());
    assert_eq!(whole.count(), RevocationKind::ALL.len());
    assert!(RevocationSet::from_wire(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn entries_out_of_order_or_twice_are_refused() {
    let entry = |seed| (RevocationKind::Holder, *holder(seed).as_bytes());
    let read = |entries: &[(RevocationKind, [u8; 32])]| {
        let entries = entries.iter().map(|(kind, bytes)| (*kind, &bytes[..]));
        RevocationSet::from_wire(&write_entries(entries)).err()
    };
    let mut two = [entry(1), entry(2)];
    two.sort();
    assert_eq!(read(&two), None);
    two.reverse();
    assert_eq!(read(&two), Some(WireError::Order(1)));
    assert_eq!(read(&[entry(1), entry(1)]), Some(WireError::Order(1)));
    let block = (RevocationKind::Block, [7; 32]);
    assert_eq!(read(&[block, entry(1)]), Some(WireError::Order(1)));
    assert_eq!(
        read(&[entry(1), block, entry(2)]),
        Some(WireError::Order(2))
    );
}

#[test]
fn entries_that_are_none_are_refused() {
    let read = |bytes: &[u8]| RevocationSet::from_wire(bytes).err();
    let section =
        |kind: u8, count: u32, bytes: &[u8]| [&[kind], &count.to_be_bytes()[..], bytes].concat();
    assert_eq!(read(&section(0, 1, &[7; 32])), Some(WireError::Entry(0)));
    assert_eq!(read(&section(9, 1, &[7; 32])), Some(WireError::Entry(0)));
    assert_eq!(read(&section(6, 0, &[])), Some(WireError::Entry(0)));
    // No table is made for more entries than there are bytes.
    assert_eq!(
        read(&section(6, u32::MAX, &[7; 64])),
        Some(WireError::TooShort)
    );
    assert_eq!(read(&section(6, 1, &[7; 31])), Some(WireError::TooShort));
    // A key of small order is in no chain.
    assert_eq!(read(&section(5, 1, &[0; 32])), Some(WireError::Entry(0)));
    let named = |name: &[u8]| {
        let length = u16::try_from(name.len()).unwrap().to_be_bytes();
        section(4, 1, &[root(1).as_bytes(), &length[..], name].concat())
    };
    assert_eq!(read(&named(b"t-1")), None);
    for name in [&b""[..], b"\n", &[0xff], &[b'x'; 257]] {
        assert_eq!(read(&named(name)), Some(WireError::Entry(0)), "{name:?}");
    }
    let time = [&root(1).as_bytes()[..], &u64::MAX.to_be_bytes()].concat();
    assert_eq!(read(&section(2, 1, &time)), Some(WireError::Time));
    assert_eq!(
        read(&section(8, 1, &[0, 0, 0, 1, 0])),
        Some(WireError::Entry(0))
    );
}
