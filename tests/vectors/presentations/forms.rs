//! Text forms and containers: one spelling, or refused.

use super::{Presented, call, millis, present};
use crate::{forge, world};

const MALFORMED: &str = "presentation_malformed";
const TOKEN: &str = "token_malformed";

pub(super) fn all() -> Vec<Presented> {
    [texts(), wires(), containers(), signed_blocks()]
        .into_iter()
        .flatten()
        .collect()
}

fn good() -> String {
    present(&world::mint(world::base()), &call(), millis(0))
}

fn texts() -> Vec<Presented> {
    let good = good();
    let half = good.len() / 2;
    let changed = |at: usize| {
        let other = if good.as_bytes()[at] == b'A' {
            "B"
        } else {
            "A"
        };
        format!("{}{other}{}", &good[..at], &good[at + 1..])
    };
    let bad =
        |name: &str, comment, text: String| Presented::text(name, comment, text).refused(MALFORMED);
    vec![
        Presented::text(
            "good",
            "a token of one block, presented by its holder",
            good.clone(),
        ),
        bad("text-truncated", "cut in half", good[..half].to_owned()),
        bad(
            "text-truncated-by-one",
            "without its last character",
            good[..good.len() - 1].to_owned(),
        ),
        bad(
            "text-prefix-alone",
            "a prefix without anything",
            "bwp1_".to_owned(),
        ),
        bad(
            "text-empty-prefix",
            "cut inside its prefix",
            "bwp".to_owned(),
        ),
        bad(
            "text-trailing",
            "something after its end",
            format!("{good}AAAA"),
        ),
        bad("text-newline", "a line end after it", format!("{good} ")),
        bad("text-padded", "base64 padding", format!("{good}=")),
        bad("text-damaged", "one character changed", changed(half)),
        bad(
            "text-damaged-checksum",
            "its last character changed",
            changed(good.len() - 1),
        ),
        bad(
            "text-standard-base64",
            "a character of standard base64",
            good.replacen('_', "/", 2).replacen('/', "_", 1),
        ),
        bad(
            "text-token",
            "a token in place of a presentation",
            world::mint(world::base()).to_text(),
        ),
        bad(
            "text-approval",
            "an approval in place of a presentation",
            forge::text("bwa1_", b"approval"),
        ),
        bad(
            "text-another-version",
            "a version that does not exist",
            good.replacen("bwp1_", "bwp2_", 1),
        ),
        bad(
            "text-upper-case",
            "its prefix in upper case",
            good.replacen("bwp1_", "BWP1_", 1),
        ),
        bad(
            "text-too-long",
            "more than 16 KiB of token",
            forge::text("bwp1_", &forge::presentation(&[0x08; 16_500], &[0; 105])),
        ),
    ]
}

/// The payload of a presentation with another token or proof.
fn wires() -> Vec<Presented> {
    let token = world::mint(world::base());
    let proof = good_proof(token.as_bytes());
    let wire = |name: &str, comment, payload: Vec<u8>| {
        Presented::text(name, comment, forge::text("bwp1_", &payload)).refused(MALFORMED)
    };
    let of_proof = |change: fn(&mut Vec<u8>)| {
        let mut proof = proof.clone();
        change(&mut proof);
        forge::presentation(token.as_bytes(), &proof)
    };
    let whole = forge::presentation(token.as_bytes(), &proof);
    let with = |change: fn(&mut Vec<u8>)| {
        let mut whole = whole.clone();
        change(&mut whole);
        whole
    };
    vec![
        Presented::text(
            "wire-good",
            "what a second writer writes",
            forge::text("bwp1_", &whole),
        ),
        wire("wire-empty", "no bytes at all", Vec::new()),
        wire(
            "wire-token-too-long",
            "a token longer than the whole",
            with(|whole| whole[0] = 1),
        ),
        wire(
            "wire-one-byte-more",
            "a byte after its end",
            with(|whole| whole.push(0)),
        ),
        wire(
            "wire-one-byte-less",
            "a byte less",
            with(|whole| whole.truncate(whole.len() - 1)),
        ),
        wire(
            "wire-approvals",
            "a number of approvals without one",
            with(|whole| *whole.iter_mut().nth_back(2).unwrap() = 1),
        ),
        wire(
            "wire-notes",
            "a number of notes without one",
            with(|whole| *whole.last_mut().unwrap() = 1),
        ),
        wire(
            "proof-of-another-kind",
            "a proof by a session's key, which this version does not know",
            of_proof(|proof| proof[0] = 2),
        ),
        wire(
            "proof-too-short",
            "a proof without its last byte",
            of_proof(|proof| proof.truncate(proof.len() - 1)),
        ),
        wire(
            "proof-too-long",
            "a proof with a byte more",
            of_proof(|proof| proof.push(0)),
        ),
        wire(
            "proof-after-9999",
            "a proof made after the year 9999",
            of_proof(|proof| proof[1] = 0xff),
        ),
        Presented::text(
            "token-empty",
            "an empty token",
            forge::text("bwp1_", &forge::presentation(b"", &proof)),
        )
        .refused(TOKEN),
    ]
}

/// A proof by the first holder, for a token of one block.
pub(super) fn good_proof(token: &[u8]) -> Vec<u8> {
    let token = bailiwick::token::Token::from_bytes(token, &Default::default()).unwrap();
    let blocks: Vec<Vec<u8>> = token.block_bytes().map(<[u8]>::to_vec).collect();
    let signature = forge::chain(&blocks).pop().unwrap().signature;
    proof_over(signature, blocks.len() - 1)
}

/// A proof by the holder that block `holder` names, over this signature of a last block.
pub(super) fn proof_over(signature: [u8; 64], holder: usize) -> Vec<u8> {
    let (nonce, attempt, made) = ([0xaa; 16], [0xbb; 16], world::NOW * 1000);
    let digest = *call().digest().as_bytes();
    let message = forge::proof_message(world::SERVICE, signature, digest, made, nonce, attempt);
    forge::proof(
        made,
        nonce,
        attempt,
        forge::sign(world::holder_seed(holder), &message),
    )
}

/// A presentation of these bytes, with a proof by the first holder over the signature of `chain`'s last block.
pub(super) fn presented(
    name: &str,
    comment: &str,
    token: &[u8],
    chain: &[forge::SignedBlock],
) -> Presented {
    let proof = proof_over(chain.last().unwrap().signature, chain.len() - 1);
    Presented::text(
        name,
        comment,
        forge::text("bwp1_", &forge::presentation(token, &proof)),
    )
}

fn containers() -> Vec<Presented> {
    let token = world::mint(world::base());
    let blocks: Vec<Vec<u8>> = token.block_bytes().map(<[u8]>::to_vec).collect();
    let chain = forge::chain(&blocks);
    let refused = |name: &str, comment, change: fn(&mut Vec<Vec<u8>>)| {
        let mut fields = forge::token_fields(&chain);
        change(&mut fields);
        presented(name, comment, &fields.concat(), &chain).refused(TOKEN)
    };
    let sealed = world::hold(&token).seal().unwrap();
    vec![
        refused("token-no-root-key-id", "no root key id", |fields| {
            drop(fields.remove(0))
        }),
        refused(
            "token-large-root-key-id",
            "a root key id of more than 32 bits",
            |fields| fields[0] = forge::number(1, 1 << 32),
        ),
        refused(
            "token-root-key-id-last",
            "the root key id after everything else",
            |fields| fields.rotate_left(1),
        ),
        refused("token-root-key-id-twice", "two root key ids", |fields| {
            fields.insert(1, forge::number(1, 7))
        }),
        refused(
            "token-long-varint",
            "a number that is not in its shortest form",
            |fields| fields[0] = vec![0x08, 0x87, 0x00],
        ),
        refused(
            "token-unknown-field",
            "a field that Biscuit does not have",
            |fields| fields.push(forge::number(5, 1)),
        ),
        refused("token-trailing", "a byte after its end", |fields| {
            fields.push(vec![0x80])
        }),
        refused("token-truncated", "a byte less than announced", |fields| {
            let _last = fields[1].pop();
        }),
        refused("token-without-proof", "no proof field", |fields| {
            drop(fields.pop())
        }),
        refused(
            "token-with-secret",
            "the secret of its last holder, as stock libraries write it",
            |fields| {
                *fields.last_mut().unwrap() =
                    forge::bytes(4, &forge::bytes(1, &world::holder_seed(0)));
            },
        ),
        presented("token-sealed", "a sealed token", sealed.as_bytes(), &chain).refused(TOKEN),
        presented(
            "token-too-many-blocks",
            "seventeen blocks",
            &many_blocks(17),
            &chain,
        )
        .refused(TOKEN),
    ]
}

fn many_blocks(count: usize) -> Vec<u8> {
    let first = world::mint(world::base()).to_datalog().remove(0);
    let later = "delegate(\"next\");";
    let texts: Vec<_> = std::iter::once(first.as_str())
        .chain(std::iter::repeat_n(later, count - 1))
        .collect();
    forge::token(&texts)
}

fn signed_blocks() -> Vec<Presented> {
    let token = world::mint(world::base());
    let blocks: Vec<Vec<u8>> = token.block_bytes().map(<[u8]>::to_vec).collect();
    let chain = forge::chain(&blocks);
    let refused = |name: &str, comment, change: fn(&mut Vec<Vec<u8>>)| {
        let mut fields = chain[0].fields();
        change(&mut fields);
        let mut outer = forge::token_fields(&chain);
        outer[1] = forge::bytes(2, &fields.concat());
        presented(name, comment, &outer.concat(), &chain).refused(TOKEN)
    };
    vec![
        refused(
            "signed-block-version-0",
            "signature version 0, by its absence",
            |fields| drop(fields.pop()),
        ),
        refused(
            "signed-block-version-2",
            "a signature version that does not exist",
            |fields| fields[3] = forge::number(5, 2),
        ),
        refused(
            "signed-block-third-party",
            "an external signature",
            |fields| {
                let external = [
                    forge::bytes(1, &[0; 64]),
                    forge::bytes(
                        2,
                        &[forge::number(1, 0), forge::bytes(2, &[9; 32])].concat(),
                    ),
                ];
                fields.insert(3, forge::bytes(4, &external.concat()));
            },
        ),
        refused(
            "signed-block-no-content",
            "a block without a byte",
            |fields| fields[0] = forge::bytes(1, b""),
        ),
        refused(
            "signed-block-zero",
            "content that begins with a zero byte",
            |fields| fields[0] = forge::bytes(1, b"\0BAILIWICK\0"),
        ),
        refused(
            "next-key-algorithm",
            "a key of another algorithm",
            |fields| {
                fields[1] = forge::bytes(
                    2,
                    &[forge::number(1, 1), forge::bytes(2, &[2; 33])].concat(),
                );
            },
        ),
        refused("next-key-short", "a key of 31 bytes", |fields| {
            fields[1] = forge::bytes(
                2,
                &[forge::number(1, 0), forge::bytes(2, &[9; 31])].concat(),
            );
        }),
        refused("next-key-small-order", "a key of small order", |fields| {
            fields[1] = forge::bytes(
                2,
                &[forge::number(1, 0), forge::bytes(2, &[0; 32])].concat(),
            );
        }),
        refused(
            "next-key-second-spelling",
            "a key that has another spelling",
            |fields| {
                let mut key = [0xff; 32];
                (key[0], key[31]) = (0xf0, 0x7f);
                fields[1] = forge::bytes(2, &[forge::number(1, 0), forge::bytes(2, &key)].concat());
            },
        ),
        refused("signature-short", "a signature of 63 bytes", |fields| {
            fields[2] = forge::bytes(3, &[9; 63])
        }),
        refused(
            "signed-block-order",
            "key and signature the other way round",
            |fields| fields.swap(1, 2),
        ),
        refused(
            "signed-block-unknown-field",
            "a field that Biscuit does not have",
            |fields| fields.push(forge::number(6, 1)),
        ),
    ]
}
