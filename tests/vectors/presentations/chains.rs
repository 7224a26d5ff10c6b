//! Chains that do not hold, and proofs by nobody.

use bailiwick::action::{Call, Effect, Tree};
use bailiwick::scope::Scope;
use bailiwick::token::Token;

use super::forms::{presented, proof_over};
use super::{Presented, millis, present};
use crate::forge::{self, SignedBlock};
use crate::world;

const CHAIN: &str = "chain_invalid";
const PROOF: &str = "proof_invalid";

pub(super) fn all() -> Vec<Presented> {
    [chains(), proofs()].into_iter().flatten().collect()
}

fn narrow() -> Scope {
    Scope::builder().max_depth(2).build().unwrap()
}

/// Texts of a first and a later block.
pub(super) fn texts() -> [String; 2] {
    world::delegate(&world::mint(world::base()), narrow())
        .to_datalog()
        .try_into()
        .unwrap()
}

fn chains() -> Vec<Presented> {
    let [first, later] = texts();
    let contents = forge::blocks(&[&first, &later]);
    let chain = forge::chain(&contents);
    let other = |issued: &str| {
        let texts = [first.replace("2027-01-15T07:59:00Z", issued), later.clone()];
        forge::chain(&forge::blocks(&[&texts[0], &texts[1]]))
    };
    let changed = |name: &str, comment: &str, change: &dyn Fn(&mut Vec<SignedBlock>)| {
        let mut chain = chain.clone();
        change(&mut chain);
        presented(name, comment, &forge::token_fields(&chain).concat(), &chain).refused(CHAIN)
    };
    let resign = |block: &mut SignedBlock, seed: [u8; 32], previous: Option<[u8; 64]>| {
        block.signature = forge::sign(seed, &forge::payload(&block.content, block.next, previous));
    };
    // Blocks without symbols of their own stand well in any later place.
    let deeper = later.replace("$depth <= 2", "$depth <= 3");
    let whole = forge::chain(&forge::blocks(&[&first, &later, &later, &deeper]));
    let [mut swapped, mut doubled] = [whole.clone(), whole];
    swapped.swap(2, 3);
    doubled.push(doubled[3].clone());
    vec![
        presented(
            "chain-good",
            "two blocks, signed by a second writer",
            &forge::token_fields(&chain).concat(),
            &chain,
        ),
        changed(
            "chain-first-signature",
            "a bit of the first signature",
            &|chain| chain[0].signature[40] ^= 1,
        ),
        changed(
            "chain-last-signature",
            "a bit of the last signature",
            &|chain| chain[1].signature[3] ^= 1,
        ),
        changed(
            "chain-signature-not-reduced",
            "a signature whose s is not reduced",
            &|chain| chain[0].signature[63] |= 0xe0,
        ),
        changed("chain-next-key", "another next key", &|chain| {
            chain[0].next = forge::public([9; 32])
        }),
        changed(
            "chain-another-root",
            "signed by another root key",
            &|chain| {
                resign(&mut chain[0], [9; 32], None);
                let previous = Some(chain[0].signature);
                resign(&mut chain[1], world::holder_seed(0), previous);
            },
        ),
        changed(
            "chain-another-holder",
            "a block by another holder than the one before it names",
            &|chain| {
                let previous = Some(chain[0].signature);
                resign(&mut chain[1], world::holder_seed(5), previous);
            },
        ),
        changed(
            "chain-by-the-root-again",
            "a later block by the root key",
            &|chain| {
                let previous = Some(chain[0].signature);
                resign(&mut chain[1], world::ISSUER_SEED, previous);
            },
        ),
        changed("chain-spliced", "a block of another token", &|chain| {
            chain[1] = other("2027-01-15T07:59:01Z")[1].clone()
        }),
        changed(
            "chain-spliced-below",
            "a first block of another token",
            &|chain| chain[0] = other("2027-01-15T07:59:01Z")[0].clone(),
        ),
        changed(
            "chain-unhinged",
            "a later block that is signed as a first one",
            &|chain| resign(&mut chain[1], world::holder_seed(0), None),
        ),
        changed(
            "chain-root-is-holder",
            "the root key as a holder",
            &|chain| {
                chain[1].next = forge::public(world::ISSUER_SEED);
                let previous = Some(chain[0].signature);
                resign(&mut chain[1], world::holder_seed(0), previous);
            },
        ),
        presented(
            "chain-reordered",
            "the last two blocks the other way round",
            &forge::token_fields(&swapped).concat(),
            &swapped,
        )
        .refused(CHAIN),
        presented(
            "chain-duplicated",
            "the last block twice",
            &forge::token_fields(&doubled).concat(),
            &doubled,
        )
        .refused(CHAIN),
    ]
}

fn proofs() -> Vec<Presented> {
    let first = world::mint(world::base());
    let second = world::delegate(&first, narrow());
    let text = |token: &Token, proof: &[u8]| {
        forge::text("bwp1_", &forge::presentation(token.as_bytes(), proof))
    };
    let blocks: Vec<Vec<u8>> = second.block_bytes().map(<[u8]>::to_vec).collect();
    let chain = forge::chain(&blocks);
    let bad =
        |name: &str, comment, text: String| Presented::text(name, comment, text).refused(PROOF);
    let argument = |to: &str| {
        Call::tool(
            "send".parse().unwrap(),
            Tree::from_pairs([("to", to)]).unwrap(),
        )
    };
    let mut flipped = proof_over(chain[1].signature, 1);
    flipped[60] ^= 1;
    let http = |query| Call::http("POST", "/mail", query, b"{}").unwrap();
    let mut of_http = Presented::text(
        "proof-of-http",
        "a call that is an HTTP request",
        present(&first, &http(Some("a")), millis(0)),
    );
    (of_http.call, of_http.body) = (http(Some("a")), "{}".to_owned());
    let mut of_other = Presented {
        name: "proof-of-another-query".to_owned(),
        ..of_http.clone()
    }
    .refused(PROOF);
    (of_other.call, of_other.comment) =
        (http(None), "the same request without its query".to_owned());
    let direct = Call::direct(
        "mail.send".parse().unwrap(),
        "outbox".parse().unwrap(),
        Tree::empty(),
    );
    let of_direct = Presented::text(
        "proof-of-direct",
        "a call by its operation and resource",
        present(&first, &direct, millis(0)),
    );
    let elsewhere = Presented::of(
        "proof-for-another-service",
        "a proof for another service",
        &first,
    );
    let elsewhere = Presented {
        service: "drive.example".to_owned(),
        ..elsewhere
    }
    .refused(PROOF);
    let read = world::act("mail.read", Effect::Read, "inbox");
    vec![
        Presented::of(
            "proof-good",
            "a token of two blocks, presented by its last holder",
            &second,
        ),
        of_http,
        of_other,
        of_direct.call(direct),
        elsewhere,
        bad(
            "proof-by-another-key",
            "a stolen token, presented with another key",
            text(&second, &proof_over(chain[1].signature, 7)),
        ),
        bad(
            "proof-by-an-earlier-holder",
            "by the holder that delegated it",
            text(&second, &proof_over(chain[1].signature, 0)),
        ),
        bad(
            "proof-of-a-longer-token",
            "its last block cut off, with the proof that came with it",
            text(&first, &proof_over(chain[1].signature, 1)),
        ),
        bad(
            "proof-with-a-dropped-block",
            "its last block cut off, presented by the last holder",
            text(&first, &proof_over(chain[0].signature, 1)),
        ),
        bad(
            "proof-of-another-argument",
            "another argument than the call has",
            present(&first, &argument("eve"), millis(0)),
        ),
        bad(
            "proof-of-another-tool",
            "another tool than the call has",
            present(
                &first,
                &Call::tool("read".parse().unwrap(), Tree::empty()),
                millis(0),
            ),
        ),
        bad(
            "proof-damaged",
            "a bit of its signature",
            text(&second, &flipped),
        ),
        Presented::of("two-actions", "a call that does two things", &first)
            .actions(vec![world::send(), read]),
    ]
}
