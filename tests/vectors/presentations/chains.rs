//! Blocks outside the grammar, chains that do not hold, and proofs by nobody.

use bailiwick::action::{Call, Effect, Tree};
use bailiwick::scope::Scope;
use bailiwick::token::Token;

use super::forms::{presented, proof_over};
use super::{Presented, millis, present};
use crate::forge::{self, SignedBlock};
use crate::world;

const BLOCK: &str = "block_malformed";
const CHAIN: &str = "chain_invalid";
const PROOF: &str = "proof_invalid";

pub(super) fn all() -> Vec<Presented> {
    [blocks(), chains(), proofs()]
        .into_iter()
        .flatten()
        .collect()
}

fn narrow() -> Scope {
    Scope::builder().max_depth(2).build().unwrap()
}

/// Texts of a first and a later block.
fn texts() -> [String; 2] {
    world::delegate(&world::mint(world::base()), narrow())
        .to_datalog()
        .try_into()
        .unwrap()
}

fn of_blocks(name: &str, comment: &str, contents: &[Vec<u8>]) -> Presented {
    let chain = forge::chain(contents);
    presented(name, comment, &forge::token_fields(&chain).concat(), &chain)
}

/// Well signed, of these texts.
fn of_texts(name: &str, comment: &str, texts: &[&str]) -> Presented {
    of_blocks(name, comment, &forge::blocks(texts)).refused(BLOCK)
}

fn blocks() -> Vec<Presented> {
    let [first, later] = texts();
    let with = |line: &str| format!("{later}{line}\n");
    let second =
        |name: &str, comment: &str, line: &str| of_texts(name, comment, &[&first, &with(line)]);
    let first_without = |name: &str, comment: &str, start: &str| {
        let kept: String = first
            .lines()
            .filter(|line| !line.starts_with(start))
            .map(|line| format!("{line}\n"))
            .collect();
        of_texts(name, comment, &[&kept])
    };
    let raw = |name: &str, comment: &str, change: fn(&mut Vec<u8>)| {
        let mut blocks = forge::blocks(&[&first]);
        change(&mut blocks[0]);
        of_blocks(name, comment, &blocks).refused(BLOCK)
    };
    vec![
        of_blocks(
            "block-good",
            "two blocks, written by a stock builder",
            &forge::blocks(&[&first, &later]),
        ),
        of_blocks(
            "block-version-3",
            "a lower block version",
            &forge::blocks_of_version(&[&first], 3),
        )
        .refused(BLOCK),
        of_blocks(
            "block-version-7",
            "a higher block version",
            &forge::blocks_of_version(&[&first], 7),
        )
        .refused(BLOCK),
        raw("block-not-protobuf", "bytes that are no message", |block| {
            block.truncate(40)
        }),
        raw(
            "block-trailing",
            "a field that Biscuit does not have",
            |block| block.extend(forge::number(9, 1)),
        ),
        raw("block-context", "a context", |block| {
            block.extend(forge::bytes(2, b"free text"))
        }),
        raw("block-scope", "a scope annotation", |block| {
            block.extend(forge::bytes(7, &forge::number(1, 0)))
        }),
        raw("block-public-key", "a public key", |block| {
            block.extend(forge::bytes(8, &forge::number(1, 0)))
        }),
        raw(
            "block-symbol-not-used",
            "a symbol that nothing uses",
            |block| {
                let symbol = forge::bytes(1, b"unused");
                block.splice(0..0, symbol);
            },
        ),
        of_texts(
            "block-first-twice",
            "a first block in a later place",
            &[&first, &first],
        ),
        of_texts(
            "block-later-first",
            "a later block in the first place",
            &[&later],
        ),
        second(
            "block-fact",
            "a fact in a later block",
            "operation(\"mail.send\");",
        ),
        second(
            "block-fact-of-format",
            "the format stated again",
            "bailiwick(1);",
        ),
        second("block-rule", "a rule", "operation($task) <- task($task);"),
        second(
            "block-check-all",
            "`check all`, which passes where a fact is absent",
            "check all depth($depth), $depth <= 2;",
        ),
        second(
            "block-reject",
            "`reject if`, which passes where a fact is absent",
            "reject if operation(\"mail.send\");",
        ),
        second(
            "block-check-of-nothing",
            "a check that looks harmless",
            "check if true;",
        ),
        second(
            "block-check-regex",
            "a regular expression",
            "check if operation($operation), $operation.matches(\"mail\");",
        ),
        second(
            "block-check-trusting",
            "a scope annotation on a check",
            "check if operation(\"mail.send\") trusting previous;",
        ),
        second(
            "block-check-twice",
            "the depth twice",
            "check if depth($depth), $depth <= 2;",
        ),
        second(
            "block-order",
            "a window after the depth",
            "check if time($time), $time < 2027-01-15T08:15:00Z;",
        ),
        second(
            "block-variable",
            "a variable of another name",
            "check if effect($e), !($e === \"delete\");",
        ),
        second(
            "block-parens",
            "parentheses where none are needed",
            "check if effect($effect), !(($effect === \"delete\"));",
        ),
        second(
            "block-budget-position",
            "a budget that claims to stand in the first block",
            "check if spent(\"0/mail\", \"uses\", 0, $spent), $spent >= 0, $spent < 5;",
        ),
        second(
            "block-budget-cap",
            "a budget of nothing",
            "check if spent(\"1/mail\", \"uses\", 0, $spent), $spent >= 0, $spent < 0;",
        ),
        second(
            "block-empty-approval",
            "approvals of nobody",
            "check if approved_by($approved_by), $approved_by.intersection({,}).length() >= 1;",
        ),
        first_without(
            "block-no-allow",
            "a first block without allow",
            "check if operation",
        ),
        first_without(
            "block-no-end",
            "a first block without an end",
            "check if time",
        ),
        first_without(
            "block-no-audience",
            "a first block without an audience",
            "check if service",
        ),
        first_without(
            "block-no-possession",
            "a first block without the check on possession",
            "check if possession",
        ),
        first_without("block-no-task", "a first block without a task", "task("),
        of_texts(
            "block-format-2",
            "a format that does not exist",
            &[&first.replace("bailiwick(1)", "bailiwick(2)")],
        ),
        of_texts(
            "block-empty-agent",
            "an agent without a name",
            &[&first.replace("mail-helper", "")],
        ),
        of_texts(
            "block-operation-name",
            "an operation that is no operation",
            &[&first.replace("\"mail.\"", "\"Mail.\"")],
        ),
    ]
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
