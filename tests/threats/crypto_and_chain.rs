//! Crypto and chain. What is tested inside the crate, on the container and the chain alone, is named with its path.
//!
//! | class | test |
//! |---|---|
//! | (the forge itself makes what verifies) | `what_the_forge_makes_without_a_flaw_is_allowed` |
//! | flip every byte | `every_flipped_bit_of_a_presentation_is_refused`, `every_changed_character_is_refused`; `token::chain::tests::every_flipped_bit_is_refused` |
//! | drop blocks | `the_last_block_cannot_be_dropped`, `a_block_in_the_middle_cannot_be_dropped` |
//! | reorder, duplicate | `blocks_cannot_be_reordered_or_repeated` |
//! | splice blocks across tokens | `a_block_cannot_be_moved_to_another_token_of_the_same_holders` |
//! | truncate to a parent without its key | `a_token_cut_to_its_parent_needs_the_parents_key` |
//! | wrong, retired or unknown root | `the_wrong_root_is_refused`, `a_retired_root_is_refused_whatever_was_issued_when`, `an_unknown_root_is_refused` |
//! | altered unsigned `rootKeyId` | `an_altered_root_key_id_finds_no_other_root_to_vouch` |
//! | algorithm substitution | `another_algorithm_is_refused_although_the_signature_holds` |
//! | small-order keys | `keys_of_small_order_are_refused`, `a_holder_of_small_order_proves_nothing` |
//! | non-canonical keys | `keys_in_another_spelling_are_refused` |
//! | non-canonical signatures | `a_block_signature_cannot_be_given_another_spelling`, `a_proof_cannot_be_given_another_spelling`; `token::chain::tests::lenient` |
//! | signature version 0 | `signature_version_0_is_refused_although_the_signature_holds` |
//! | third-party block, external signature | `a_third_party_block_is_refused_although_the_signatures_hold`, `an_external_signature_is_refused_on_any_block` |
//! | unknown block version | `another_block_version_is_refused_although_the_signature_holds` |
//! | unknown fields | `an_unknown_field_is_refused_in_every_message`; `token::container::tests::spelling` |
//! | trailing bytes | `bytes_after_the_end_are_refused` |
//! | duplicate fields | `a_field_that_stands_twice_is_refused`; `token::container::tests::spelling` |
//! | append to a sealed token | `a_sealed_token_is_neither_extended_nor_presented` |
//! | a proof read as a block signature, and the reverse | `a_proof_is_no_block_signature`, `a_block_signature_is_no_proof`, `a_seal_is_no_proof` |
//! | a token at rest without a proof | `a_token_alone_is_no_presentation` |
//! | a secret in a token | `a_token_that_carries_a_secret_is_refused` |
//! | a token of another maker | `a_token_that_a_stock_library_minted_is_refused` |

use std::time::Duration;

use bailiwick::action::Task;
use bailiwick::keys::{HolderPublicKey, IssuerPublicKey, PublicKeyError, Root, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, Token};

use crate::forge::{
    self, Part, Parts, Proof, bytes, container, number, present_bytes, text, untext,
};
use crate::world::{
    ROOT, START, agent, ask, at, call, forum, gate, gate_of, gate_without, hand_on, holder,
    issuer_key, mint, mint_task, now, outcome, post, present, root, root_of, scope, verifier,
    verifier_of,
};

fn one() -> Parts {
    Parts::of(&mint(scope()))
}

/// From the first agent to the second.
fn two() -> Parts {
    Parts::of(hand_on(&holder(scope()), 2, Scope::builder()).token())
}

/// The first agent, with a token whose first block has every symbol that later ones use, so that nothing but signatures
/// ties these to their places.
fn first() -> Holder {
    let issuer = Issuer::new(issuer_key(), RootKeyId::new(1));
    let task = Task::new("t-3", "delegate", "ada@example.com", "scout").unwrap();
    let minted = issuer.mint(
        &task,
        scope().build().unwrap(),
        &agent(1).public_key(),
        at(START),
    );
    Holder::new(minted.unwrap().token, agent(1)).unwrap()
}

/// And on to the third.
fn three() -> Parts {
    let second = hand_on(&first(), 2, Scope::builder());
    Parts::of(hand_on(&second, 3, Scope::builder()).token())
}

#[test]
fn what_the_forge_makes_without_a_flaw_is_allowed() {
    assert_eq!(ask(&one().presented_by(1)), "allowed");
    assert_eq!(ask(&two().presented_by(2)), "allowed");
    assert_eq!(ask(&three().presented_by(3)), "allowed");
    // Signed anew, block by block.
    let contents: Vec<_> = three()
        .blocks
        .into_iter()
        .map(|block| block.content)
        .collect();
    let again = Parts::mint(ROOT, 1, &contents[0])
        .append(1, 2, &contents[1])
        .append(2, 3, &contents[2]);
    assert_eq!(again.bytes(), three().bytes());
    assert_eq!(ask(&again.presented_by(3)), "allowed");
}

// Bytes.

#[test]
fn every_flipped_bit_of_a_presentation_is_refused() {
    let sent = untext(&two().presented_by(2));
    let (gate, call) = (gate(), call());
    for bit in 0..sent.len() * 8 {
        let mut flipped = sent.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let result = gate.admit(&text("bwp1_", &flipped), &call, post());
        assert_ne!(outcome(&result), "allowed", "bit {bit}");
    }
    assert_eq!(
        outcome(&gate.admit(&text("bwp1_", &sent), &call, post())),
        "allowed"
    );
}

#[test]
fn every_changed_character_is_refused() {
    let sent = one().presented_by(1);
    for index in 0..sent.len() {
        let mut changed = sent.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        assert_eq!(
            ask(std::str::from_utf8(&changed).unwrap()),
            "presentation_malformed"
        );
    }
    for cut in 0..sent.len() {
        assert_eq!(ask(&sent[..cut]), "presentation_malformed");
    }
}

// Blocks.

#[test]
fn the_last_block_cannot_be_dropped() {
    let mut cut = two();
    cut.blocks.pop();
    assert_eq!(ask(&cut.presented_by(2)), "proof_invalid");
}

#[test]
fn a_token_cut_to_its_parent_needs_the_parents_key() {
    let (mut cut, whole) = (three(), three());
    cut.blocks.pop();
    // By the holder that was cut off, by one further up, by a stranger, and by the proof for the whole.
    for key in [3, 1, 9] {
        assert_eq!(ask(&cut.presented_by(key)), "proof_invalid");
    }
    let stolen = present_bytes(&cut.bytes(), &whole.last().signature, 3);
    assert_eq!(ask(&stolen), "proof_invalid");
    assert_eq!(ask(&cut.presented_by(2)), "allowed");
}

#[test]
fn a_block_in_the_middle_cannot_be_dropped() {
    let mut parts = three();
    parts.blocks.remove(1);
    assert_eq!(ask(&parts.presented_by(3)), "chain_invalid");
    let mut parts = three();
    parts.blocks.remove(0);
    assert_eq!(ask(&parts.presented_by(3)), "block_malformed");
}

#[test]
fn blocks_cannot_be_reordered_or_repeated() {
    let mut parts = three();
    parts.blocks.swap(1, 2);
    assert_eq!(ask(&parts.presented_by(2)), "chain_invalid");
    let mut parts = three();
    parts.blocks.swap(0, 1);
    assert_eq!(ask(&parts.presented_by(3)), "block_malformed");
    let mut parts = three();
    parts.blocks.push(parts.last().clone());
    assert_eq!(ask(&parts.presented_by(3)), "chain_invalid");
    // A holder that hands on to itself, and repeats that.
    let parts = Parts::of(hand_on(&first(), 1, Scope::builder()).token());
    assert_eq!(ask(&parts.presented_by(1)), "allowed");
    let mut again = parts.clone();
    again.blocks.push(parts.last().clone());
    assert_eq!(ask(&again.presented_by(1)), "chain_invalid");
}

#[test]
fn a_block_cannot_be_moved_to_another_token_of_the_same_holders() {
    let other = Holder::new(mint_task("t-2", scope()), agent(1)).unwrap();
    let other = Parts::of(hand_on(&other, 2, Scope::builder()).token());
    let mut parts = two();
    parts.blocks[1] = other.blocks[1].clone();
    assert_eq!(ask(&parts.presented_by(2)), "chain_invalid");
    let mut parts = two();
    parts.blocks[0] = other.blocks[0].clone();
    assert_eq!(ask(&parts.presented_by(2)), "chain_invalid");
}

#[test]
fn another_holder_cannot_be_written_into_a_block() {
    let mut parts = one();
    parts.blocks[0].next_key = forge::public(9);
    assert_eq!(ask(&parts.presented_by(9)), "chain_invalid");
    let mut parts = two();
    parts.blocks[1].next_key = forge::public(9);
    assert_eq!(ask(&parts.presented_by(9)), "chain_invalid");
}

#[test]
fn only_the_holder_that_a_block_names_appends_the_next() {
    let content = &two().blocks[1].content;
    assert_eq!(ask(&one().append(1, 2, content).presented_by(2)), "allowed");
    for signer in [2, 9, ROOT] {
        assert_eq!(
            ask(&one().append(signer, 2, content).presented_by(2)),
            "chain_invalid"
        );
    }
}

// Roots.

#[test]
fn the_wrong_root_is_refused() {
    let gate = gate_of(verifier_of([root_of(1, 101)]));
    let refused = gate.admit(&one().presented_by(1), &call(), post());
    assert_eq!(outcome(&refused), "chain_invalid");
    let forged = Parts::mint(101, 1, &one().blocks[0].content);
    assert_eq!(ask(&forged.presented_by(1)), "chain_invalid");
}

#[test]
fn an_unknown_root_is_refused() {
    let gate = gate_of(verifier_of([root_of(2, ROOT)]));
    let refused = gate.admit(&one().presented_by(1), &call(), post());
    assert_eq!(outcome(&refused), "root_unknown");
    let gate = gate_of(verifier_of([]));
    let refused = gate.admit(&one().presented_by(1), &call(), post());
    assert_eq!(outcome(&refused), "root_unknown");
}

#[test]
fn a_retired_root_is_refused_whatever_was_issued_when() {
    // Issued within the root's window, which has ended a minute ago; and before it begins.
    let minute = Duration::from_secs(60);
    let key = *root().key();
    let until = |from, until| {
        gate_of(verifier_of([Root::new(
            RootKeyId::new(1),
            key,
            from..until,
        )]))
    };
    let sent = one().presented_by(1);
    let ended = until(now().saturating_sub(minute), now());
    assert_eq!(
        outcome(&ended.admit(&sent, &call(), post())),
        "root_retired"
    );
    let begins = until(
        now().saturating_add(Duration::from_millis(1)),
        now().saturating_add(minute),
    );
    assert_eq!(
        outcome(&begins.admit(&sent, &call(), post())),
        "root_not_yet_valid"
    );
}

#[test]
fn an_altered_root_key_id_finds_no_other_root_to_vouch() {
    // Root 2 has no ceiling, and would allow more.
    let ceiling = Scope::builder().deny(
        bailiwick::scope::Pattern::any()
            .operation("forum.*")
            .unwrap(),
    );
    let roots = || {
        [
            root().with_ceiling(ceiling.clone().build().unwrap()),
            root_of(2, 101),
        ]
    };
    let mut parts = one();
    for (id, expected) in [
        (1, "deny_matched"),
        (2, "chain_invalid"),
        (3, "root_unknown"),
    ] {
        parts.root_key_id = id;
        let result = gate_of(verifier_of(roots())).admit(&parts.presented_by(1), &call(), post());
        assert_eq!(outcome(&result), expected);
    }
    // Nor does a token that was seen before under its own id.
    let gate = gate_of(verifier_of(roots()));
    for (id, expected) in [
        (1, "deny_matched"),
        (2, "chain_invalid"),
        (1, "deny_matched"),
    ] {
        parts.root_key_id = id;
        assert_eq!(
            outcome(&gate.admit(&parts.presented_by(1), &call(), post())),
            expected
        );
    }
}

#[test]
fn a_root_key_is_no_holder() {
    let content = one().blocks[0].content.clone();
    let parts = Parts::mint(ROOT, ROOT, &content);
    assert_eq!(ask(&parts.presented_by(ROOT)), "chain_invalid");
    let parts = one().append(1, ROOT, &two().blocks[1].content);
    assert_eq!(ask(&parts.presented_by(ROOT)), "chain_invalid");
}

// Keys and signatures.

#[test]
fn another_algorithm_is_refused_although_the_signature_holds() {
    let mut part = one().blocks[0].clone();
    let mut message = forge::payload(&part.content, &part.next_key, None);
    let at = message
        .windows(11)
        .position(|window| window == b"\0ALGORITHM\0")
        .unwrap()
        + 11;
    message[at] = 1;
    part.signature = forge::sign(ROOT, &message);
    let block = part.with_fields(&part.key_field(1), &number(5, 1));
    assert_eq!(
        ask(&present_bytes(
            &container(1, &[block], &[]),
            &part.signature,
            1
        )),
        "token_malformed"
    );
}

/// Points of order 1, 2 and 4.
const SMALL: [[u8; 32]; 3] = [
    with_ends(0x01, 0x00, 0x00),
    with_ends(0xec, 0xff, 0x7f),
    with_ends(0x00, 0x00, 0x00),
];

/// Spellings of y = 1 that are not reduced, or have a sign where there is none.
const OTHER_SPELLINGS: [[u8; 32]; 2] = [with_ends(0xee, 0xff, 0x7f), with_ends(0x01, 0x00, 0x80)];

const fn with_ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut key = [middle; 32];
    key[0] = first;
    key[31] = last;
    key
}

#[test]
fn keys_of_small_order_are_refused() {
    for key in SMALL {
        assert_eq!(
            IssuerPublicKey::from_bytes(key),
            Err(PublicKeyError::SmallOrder)
        );
        assert_eq!(
            HolderPublicKey::from_bytes(key),
            Err(PublicKeyError::SmallOrder)
        );
    }
}

#[test]
fn keys_in_another_spelling_are_refused() {
    for key in OTHER_SPELLINGS {
        assert!(IssuerPublicKey::from_bytes(key).is_err());
        assert!(HolderPublicKey::from_bytes(key).is_err());
        let part = Part::signed(ROOT, key, &one().blocks[0].content, None);
        let parts = Parts {
            root_key_id: 1,
            blocks: vec![part],
        };
        assert_eq!(ask(&parts.presented_by(1)), "token_malformed");
    }
}

#[test]
fn a_holder_of_small_order_proves_nothing() {
    // R = 1 and s = 0 verify under such a key for one message in a few, where verification is not strict.
    let mut trivial = [0; 64];
    trivial[0] = 1;
    for key in SMALL {
        let part = Part::signed(ROOT, key, &one().blocks[0].content, None);
        let parts = Parts {
            root_key_id: 1,
            blocks: vec![part],
        };
        let mut proof = Proof::sign(9, &forum(), &parts.last().signature, &call(), now());
        proof.signature = trivial;
        for nonce in 0..16 {
            proof.nonce[0] = nonce;
            let sent = text("bwp1_", &forge::presentation(&parts.bytes(), &proof));
            assert_eq!(ask(&sent), "token_malformed");
        }
    }
}

/// The same signature with the order of the group added to its s.
fn respelled(signature: [u8; 64]) -> [u8; 64] {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (mut out, mut carry) = (signature, 0);
    for (byte, add) in out[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    out
}

#[test]
fn a_block_signature_cannot_be_given_another_spelling() {
    // It would be another revocation id.
    let mut parts = one();
    let revoked = bailiwick::keys::Signature::from_bytes(parts.last().signature);
    let gate = gate_without(|set| _ = set.block(&revoked));
    assert_eq!(
        outcome(&gate.admit(&parts.presented_by(1), &call(), post())),
        "revoked"
    );
    parts.blocks[0].signature = respelled(parts.blocks[0].signature);
    assert_eq!(
        outcome(&gate.admit(&parts.presented_by(1), &call(), post())),
        "chain_invalid"
    );
}

#[test]
fn a_proof_cannot_be_given_another_spelling() {
    let parts = one();
    let mut proof = Proof::sign(1, &forum(), &parts.last().signature, &call(), now());
    proof.signature = respelled(proof.signature);
    let sent = text("bwp1_", &forge::presentation(&parts.bytes(), &proof));
    assert_eq!(ask(&sent), "proof_invalid");
}

#[test]
fn signature_version_0_is_refused_although_the_signature_holds() {
    let mut part = one().blocks[0].clone();
    let message = [&part.content[..], &[0; 4], &part.next_key].concat();
    part.signature = forge::sign(ROOT, &message);
    for end in [Vec::new(), number(5, 0)] {
        let block = part.with_fields(&part.key_field(0), &end);
        let token = container(1, &[block], &[]);
        assert_eq!(
            ask(&present_bytes(&token, &part.signature, 1)),
            "token_malformed"
        );
    }
    assert_eq!(
        ask(&Parts {
            root_key_id: 1,
            blocks: vec![part]
        }
        .presented_by(1)),
        "chain_invalid"
    );
}

#[test]
fn a_third_party_block_is_refused_although_the_signatures_hold() {
    use biscuit_auth::builder::BlockBuilder;
    let stock = forge::stock(&one(), 1);
    let builder = BlockBuilder::new().code(r#"delegate("scout")"#).unwrap();
    let third = forge::key_pair(50);
    let block = stock
        .third_party_request()
        .unwrap()
        .create_block(&third.private(), builder)
        .unwrap();
    let token = stock
        .append_third_party_with_keypair(third.public(), block, forge::key_pair(2))
        .unwrap();
    let last = token.container().to_proto().blocks[0]
        .signature
        .clone()
        .try_into()
        .unwrap();
    let secret = bytes(4, &bytes(1, &[2; 32]));
    let mut at_rest = token
        .to_vec()
        .unwrap()
        .strip_suffix(secret.as_slice())
        .unwrap()
        .to_vec();
    at_rest.extend(bytes(4, &[]));
    assert_eq!(ask(&present_bytes(&at_rest, &last, 2)), "token_malformed");
}

#[test]
fn an_external_signature_is_refused_on_any_block() {
    for flawed in 0..2 {
        let parts = two();
        let external = [
            bytes(1, &[7; 64]),
            bytes(2, &[number(1, 0), bytes(2, &forge::public(50))].concat()),
        ];
        let end = [bytes(4, &external.concat()), number(5, 1)].concat();
        let block = |(index, part): (usize, &Part)| {
            if index == flawed {
                part.with_fields(&part.key_field(0), &end)
            } else {
                part.bytes()
            }
        };
        let blocks: Vec<_> = parts.blocks.iter().enumerate().map(block).collect();
        let sent = present_bytes(&container(1, &blocks, &[]), &parts.last().signature, 2);
        assert_eq!(ask(&sent), "token_malformed");
    }
}

// The one spelling.

#[test]
fn another_block_version_is_refused_although_the_signature_holds() {
    let content = one().blocks[0].content.clone();
    for version in [0, 1, 3, 5, 7, 100] {
        let other = forge::with_version(&content, version);
        assert_ne!(other, content);
        assert_eq!(
            ask(&Parts::mint(ROOT, 1, &other).presented_by(1)),
            "block_malformed"
        );
    }
}

#[test]
fn an_unknown_field_is_refused_in_every_message() {
    let parts = one();
    let part = parts.last();
    let unknown = number(15, 1);
    let ask = |token: &[u8]| ask(&present_bytes(token, &part.signature, 1));
    let key = bytes(
        2,
        &[number(1, 0), bytes(2, &part.next_key), unknown.clone()].concat(),
    );
    let in_key = part.with_fields(&key, &number(5, 1));
    assert_eq!(ask(&container(1, &[in_key], &[])), "token_malformed");
    let in_block = part.with_fields(
        &part.key_field(0),
        &[number(5, 1), unknown.clone()].concat(),
    );
    assert_eq!(ask(&container(1, &[in_block], &[])), "token_malformed");
    assert_eq!(
        ask(&container(1, &[part.bytes()], &unknown)),
        "token_malformed"
    );
    assert_eq!(
        ask(&[parts.bytes(), unknown.clone()].concat()),
        "token_malformed"
    );
    assert_eq!(
        ask(&[unknown.clone(), parts.bytes()].concat()),
        "token_malformed"
    );

    // What is signed, too.
    let content = [part.content.clone(), unknown].concat();
    let sent = Parts::mint(ROOT, 1, &content).presented_by(1);
    assert_eq!(crate::world::ask(&sent), "block_malformed");
}

#[test]
fn bytes_after_the_end_are_refused() {
    let parts = one();
    for more in [&[0][..], &[0x22, 0x00], b"more"] {
        let token = [&parts.bytes(), more].concat();
        assert_eq!(
            ask(&present_bytes(&token, &parts.last().signature, 1)),
            "token_malformed"
        );
        let sent = [&untext(&parts.presented_by(1)), more].concat();
        assert_eq!(ask(&text("bwp1_", &sent)), "presentation_malformed");
        let content = [&parts.last().content, more].concat();
        assert_eq!(
            ask(&Parts::mint(ROOT, 1, &content).presented_by(1)),
            "block_malformed"
        );
    }
}

#[test]
fn a_field_that_stands_twice_is_refused() {
    let parts = one();
    let part = parts.last();
    let ask = |token: &[u8]| ask(&present_bytes(token, &part.signature, 1));
    // A stock library merges these, or takes the last.
    let twice = part.with_fields(&part.key_field(0).repeat(2), &number(5, 1));
    assert_eq!(ask(&container(1, &[twice], &[])), "token_malformed");
    let twice = part.with_fields(&part.key_field(0), &number(5, 1).repeat(2));
    assert_eq!(ask(&container(1, &[twice], &[])), "token_malformed");
    assert_eq!(
        ask(&[number(1, 1), parts.bytes()].concat()),
        "token_malformed"
    );
    assert_eq!(
        ask(&[number(1, 2), parts.bytes()].concat()),
        "token_malformed"
    );
    // And a version in what is signed.
    let content = [part.content.clone(), number(3, 6)].concat();
    let sent = Parts::mint(ROOT, 1, &content).presented_by(1);
    assert_eq!(crate::world::ask(&sent), "block_malformed");
}

// What else could be taken for a token or a proof.

#[test]
fn a_sealed_token_is_neither_extended_nor_presented() {
    let sealed = holder(scope()).seal().unwrap();
    assert!(Token::from_bytes(sealed.as_bytes(), &Limits::default()).is_err());
    let last = one().last().signature;
    assert_eq!(
        ask(&present_bytes(sealed.as_bytes(), &last, 1)),
        "token_malformed"
    );
    assert_eq!(ask(&sealed.to_base64()), "presentation_malformed");

    // One more block, signed by the holder, before the seal.
    let longer = one().append(1, 2, &two().blocks[1].content);
    let seal = forge::fields(sealed.as_bytes()).pop().unwrap().written();
    let unsealed = longer.bytes();
    let extended = [unsealed.strip_suffix(&bytes(4, &[])[..]).unwrap(), &seal].concat();
    assert_eq!(
        ask(&present_bytes(&extended, &longer.last().signature, 2)),
        "token_malformed"
    );
}

#[test]
fn a_proof_is_no_block_signature() {
    let before = one();
    let proof = Proof::sign(1, &forum(), &before.last().signature, &call(), now());
    let message = proof.message(&forum(), &before.last().signature, &call());
    // As the signature of a block, over its own message as content, and over an honest content.
    for content in [message, two().blocks[1].content.clone()] {
        let mut forged = one().append(1, 2, &content);
        forged.blocks[1].signature = proof.signature;
        assert_ne!(ask(&forged.presented_by(2)), "allowed");
    }
}

#[test]
fn a_block_signature_is_no_proof() {
    let parts = two();
    for signature in [parts.blocks[0].signature, parts.blocks[1].signature] {
        let mut proof = Proof::sign(2, &forum(), &parts.last().signature, &call(), now());
        proof.signature = signature;
        let sent = text("bwp1_", &forge::presentation(&parts.bytes(), &proof));
        assert_eq!(ask(&sent), "proof_invalid");
    }
    // What a holder signs for a block begins otherwise than what it signs for a proof.
    let proof =
        Proof::sign(1, &forum(), &[0; 64], &call(), now()).message(&forum(), &[0; 64], &call());
    let block = forge::payload(b"", &[0; 32], None);
    assert_ne!(proof[..9], block[..9]);
}

#[test]
fn a_seal_is_no_proof() {
    let parts = one();
    let sealed = holder(scope()).seal().unwrap();
    let seal = &sealed.as_bytes()[sealed.as_bytes().len() - 64..];
    let mut proof = Proof::sign(1, &forum(), &parts.last().signature, &call(), now());
    proof.signature = seal.try_into().unwrap();
    let sent = text("bwp1_", &forge::presentation(&parts.bytes(), &proof));
    assert_eq!(ask(&sent), "proof_invalid");
}

#[test]
fn a_token_alone_is_no_presentation() {
    let parts = one();
    assert_eq!(ask(&mint(scope()).to_text()), "presentation_malformed");
    assert_eq!(
        ask(&text("bwp1_", &parts.bytes())),
        "presentation_malformed"
    );
    let empty = [
        &u32::try_from(parts.bytes().len()).unwrap().to_be_bytes()[..],
        &parts.bytes(),
        &[0; 4],
        &[0; 4],
    ];
    assert_eq!(
        ask(&text("bwp1_", &empty.concat())),
        "presentation_malformed"
    );
}

#[test]
fn a_token_that_carries_a_secret_is_refused() {
    let parts = one();
    let token = container(1, &[parts.last().bytes()], &bytes(1, &[1; 32]));
    assert_eq!(
        ask(&present_bytes(&token, &parts.last().signature, 1)),
        "token_malformed"
    );
}

#[test]
fn a_token_that_a_stock_library_minted_is_refused() {
    let token = biscuit_auth::Biscuit::builder()
        .root_key_id(1)
        .code(r#"right("read")"#)
        .unwrap()
        .build_with_key_pair(
            &forge::key_pair(ROOT),
            biscuit_auth::datalog::SymbolTable::new(),
            &forge::key_pair(1),
        )
        .unwrap();
    let last = token
        .container()
        .to_proto()
        .authority
        .signature
        .clone()
        .try_into()
        .unwrap();
    assert_eq!(
        ask(&present_bytes(&token.to_vec().unwrap(), &last, 1)),
        "token_malformed"
    );
}

#[test]
fn a_forged_token_is_refused_each_time_it_is_sent() {
    let mut forged = one();
    forged.blocks[0].next_key = forge::public(9);
    let (verifier, sent) = (verifier(), forged.presented_by(9));
    for _ in 0..3 {
        let result = verifier.verify(&sent, &call(), now(), &RevocationSet::default());
        assert_eq!(result.unwrap_err().code(), "chain_invalid");
    }
    assert_eq!(ask(&present(&holder(scope()))), "allowed");
}
