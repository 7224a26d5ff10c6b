//! Digests, keys, and what is signed.

use bailiwick::action::{Action, Call, Tree, Value};
use bailiwick::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed,
};
use bailiwick::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey};
use bailiwick::present::dangerous::present_with;
use bailiwick::present::{AttemptId, Holder, Nonce};
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, Token};

use crate::file::Vector;
use crate::{examples, forge, hex, json, world};

pub fn all() -> [(&'static str, Vec<Vector>); 3] {
    [
        ("digest", digests()),
        ("key", keys()),
        ("signed", [signed(), examples::signed()].concat()),
    ]
}

pub fn check(vector: &Vector) {
    match vector.name.split('/').next().unwrap() {
        "digest" => check_digest(vector),
        "key" => check_key(vector),
        _ if vector.find("document").is_some() => examples::check_signed(vector),
        _ => check_signed(vector),
    }
}

// ---- digests ----

fn digests() -> Vec<Vector> {
    let tool = |arguments| Call::tool("send".parse().unwrap(), json::tree(arguments));
    let direct = |resource: &str| {
        Call::direct(
            "mail.send".parse().unwrap(),
            resource.parse().unwrap(),
            Tree::empty(),
        )
    };
    let http =
        |method, query, body: &str| Call::http(method, "/mail/1", query, body.as_bytes()).unwrap();
    let every = r#"{"z": null, "y": true, "x": -2, "w": {"$decimal": [2, "9870"]}, "v": {"$number": "98.70"},
        "u": "Zürich", "t": {"$bytes": "00ff"}, "s": ["a", [], {}], "é": {"$int": "-9223372036854775808"}}"#;
    let call = |name: &str, comment, call: &Call, body: &str| {
        Vector::new(format!("digest/{name}"), "digest", comment)
            .with("call", json::call_to(call, body))
            .with_body(call.digest().to_string())
    };
    let action = |name: &str, comment, action: &Action| {
        Vector::new(format!("digest/{name}"), "digest", comment)
            .with("action", json::action_to(action))
            .with_body(action.digest().to_string())
    };
    let numbers = |text: &str| {
        let tree = Tree::from_pairs([("n", Value::number(text).unwrap())]).unwrap();
        world::send().with_arguments(tree)
    };
    vec![
        call(
            "call-direct",
            "an operation and a resource",
            &direct("outbox"),
            "",
        ),
        call(
            "call-direct-segments",
            "three segments",
            &direct("box/ada/out"),
            "",
        ),
        call("call-tool", "a tool without arguments", &tool("{}"), ""),
        call(
            "call-tool-every-type",
            "one argument of each type",
            &tool(every),
            "",
        ),
        call(
            "call-http",
            "a request without query and body",
            &http("GET", None, ""),
            "",
        ),
        call(
            "call-http-empty-query",
            "an empty query is not none",
            &http("GET", Some(""), ""),
            "",
        ),
        call(
            "call-http-body",
            "a request with query and body",
            &http("POST", Some("a=1"), "{}"),
            "{}",
        ),
        action("action", "both trees empty", &world::send()),
        action(
            "action-arguments",
            "one argument of each type",
            &world::send().with_arguments(json::tree(every)),
        ),
        action(
            "action-attributes",
            "the same as attributes",
            &world::send().with_attributes(json::tree(every)),
        ),
        action(
            "number-integer",
            "1.0e2 is the integer 100",
            &numbers("1.0e2"),
        ),
        action("number-plain", "98.70 is 98.7", &numbers("98.70")),
        action(
            "number-large",
            "1e20 is no 64-bit integer",
            &numbers("100000000000000000000"),
        ),
        action(
            "number-small",
            "5e-19 has more than 18 digits after the point",
            &numbers("0.0000000000000000005"),
        ),
    ]
}

fn check_digest(vector: &Vector) {
    let digest = match vector.find("call") {
        Some(call) => json::call_from(call).digest().to_string(),
        None => json::action_from(vector.get("action")).digest().to_string(),
    };
    assert_eq!(digest, vector.body(), "{}", vector.name);
}

// ---- keys ----

fn keys() -> Vec<Vector> {
    let good = |name: &str, comment, seed: [u8; 32]| {
        Vector::new(format!("key/{name}"), "accepted", comment)
            .with("seed", hex::to(&seed))
            .with_body(issuer_key_from_seed(&seed).public_key().to_string())
    };
    let bad = |name: &str, comment, text: &str| {
        Vector::new(format!("key/{name}"), "refused", comment).with_body(text)
    };
    let rfc = hex::array("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let text = issuer_key_from_seed(&rfc).public_key().to_string();
    // y = 1, the neutral element, and its second spelling y = p + 1.
    let neutral = format!("ed25519/01{}", "00".repeat(31));
    let second = format!("ed25519/ee{}7f", "ff".repeat(30));
    vec![
        good("rfc-8032", "the first key of RFC 8032", rfc),
        good("issuer", "the issuer of these vectors", world::ISSUER_SEED),
        good(
            "holder-0",
            "the holder that the first block names",
            world::holder_seed(0),
        ),
        bad("neutral", "the neutral element: small order", &neutral),
        bad(
            "neutral-second-spelling",
            "the neutral element, not in its canonical encoding",
            &second,
        ),
        bad(
            "order-2",
            "the point of order 2",
            &format!("ed25519/ec{}7f", "ff".repeat(30)),
        ),
        bad(
            "order-4",
            "a point of order 4",
            &format!("ed25519/{}", "00".repeat(32)),
        ),
        bad(
            "not-on-the-curve",
            "no x has this y",
            &format!("ed25519/02{}", "00".repeat(31)),
        ),
        bad(
            "upper-case",
            "hex digits in upper case",
            &format!("ed25519/{}", text[8..].to_uppercase()),
        ),
        bad("too-short", "a digit less", &text[..71]),
        bad("too-long", "a byte more", &format!("{text}00")),
        bad("without-algorithm", "hex digits alone", &text[8..]),
        bad(
            "another-algorithm",
            "another algorithm",
            &text.replace("ed25519", "secp256r1"),
        ),
    ]
}

fn check_key(vector: &Vector) {
    let text = vector.body();
    let accepted = vector.get("expect") == "accepted";
    assert_eq!(
        text.parse::<IssuerPublicKey>().is_ok(),
        accepted,
        "{}",
        vector.name
    );
    assert_eq!(
        text.parse::<HolderPublicKey>().is_ok(),
        accepted,
        "{}",
        vector.name
    );
    assert_eq!(
        text.parse::<ApproverPublicKey>().is_ok(),
        accepted,
        "{}",
        vector.name
    );
    if accepted {
        let seed = hex::array(vector.get("seed"));
        let bytes = forge::public(seed);
        assert_eq!(text, format!("ed25519/{}", hex::to(&bytes)));
        assert_eq!(text, issuer_key_from_seed(&seed).public_key().to_string());
        assert_eq!(text, holder_key_from_seed(&seed).public_key().to_string());
        assert_eq!(text, approver_key_from_seed(&seed).public_key().to_string());
    }
}

// ---- what is signed ----

fn signed() -> Vec<Vector> {
    let first = world::mint(world::base());
    let second = world::delegate(&first, Scope::builder().max_depth(1).build().unwrap());
    let blocks: Vec<Vec<u8>> = second.block_bytes().map(<[u8]>::to_vec).collect();
    let chain = forge::chain(&blocks);
    let signature = |name: &str, comment, seed: [u8; 32], message: &[u8]| {
        Vector::new(format!("signed/{name}"), "signed", comment)
            .with("seed", hex::to(&seed))
            .with("message", hex::to(message))
            .with("token", second.to_text())
            .with_body(hex::to(&forge::sign(seed, message)))
    };
    let of_block = |index: usize| {
        let previous = index.checked_sub(1).map(|before| chain[before].signature);
        forge::payload(&blocks[index], chain[index].next, previous)
    };
    let seal = [&blocks[1][..], &[0; 4], &chain[1].next, &chain[1].signature].concat();
    let call = Call::tool("send".parse().unwrap(), Tree::empty());
    let (nonce, attempt, made) = ([0xaa; 16], [0xbb; 16], world::NOW * 1000 + 1);
    let digest = *call.digest().as_bytes();
    let proof = forge::proof_message(
        world::SERVICE,
        chain[1].signature,
        digest,
        made,
        nonce,
        attempt,
    );
    let proof_signature = forge::sign(world::holder_seed(1), &proof);
    let wire = forge::presentation(
        second.as_bytes(),
        &forge::proof(made, nonce, attempt, proof_signature),
    );
    vec![
        signature(
            "block-0",
            "the first block, by the root key",
            world::ISSUER_SEED,
            &of_block(0),
        ),
        signature(
            "block-1",
            "the second block, by the holder that the first names",
            world::holder_seed(0),
            &of_block(1),
        ),
        signature(
            "seal",
            "the seal, by the holder that the last block names",
            world::holder_seed(1),
            &seal,
        )
        .with("sealed", world::hold(&second).seal().unwrap().to_base64()),
        signature(
            "proof",
            "a proof of possession, by the same",
            world::holder_seed(1),
            &proof,
        )
        .with("service", world::SERVICE)
        .with("call", json::call_to(&call, ""))
        .with("made", made)
        .with("nonce", hex::to(&nonce))
        .with("attempt", hex::to(&attempt))
        .with("presentation", forge::text("bwp1_", &wire)),
    ]
}

fn check_signed(vector: &Vector) {
    let (seed, message) = (
        hex::array(vector.get("seed")),
        hex::from(vector.get("message")),
    );
    assert_eq!(
        hex::to(&forge::sign(seed, &message)),
        vector.body(),
        "{}",
        vector.name
    );
    let token = Token::parse(vector.get("token"), &Limits::default()).unwrap();
    let blocks: Vec<Vec<u8>> = token.block_bytes().map(<[u8]>::to_vec).collect();
    let chain = forge::chain(&blocks);
    assert_eq!(
        forge::token_fields(&chain).concat(),
        token.as_bytes(),
        "{}",
        vector.name
    );
    assert_eq!(forge::text("bwt1_", token.as_bytes()), token.to_text());
    let holder = || Holder::new(token.clone(), holder_key_from_seed(&seed)).unwrap();
    match vector.name.as_str() {
        "signed/block-0" => assert_eq!(hex::to(&chain[0].signature), vector.body()),
        "signed/block-1" => assert_eq!(hex::to(&chain[1].signature), vector.body()),
        "signed/seal" => {
            let sealed = holder().seal().unwrap();
            assert_eq!(sealed.to_base64(), vector.get("sealed"));
            assert!(sealed.as_bytes().ends_with(&hex::from(vector.body())));
        }
        _ => {
            let made = vector.get("made").parse().unwrap();
            let presentation = present_with(
                &holder(),
                &vector.get("service").parse().unwrap(),
                &json::call_from(vector.get("call")),
                bailiwick::clock::Timestamp::from_unix_millis(made).unwrap(),
                Nonce::from_bytes(hex::array(vector.get("nonce"))),
                AttemptId::from_bytes(hex::array(vector.get("attempt"))),
            );
            assert_eq!(presentation.to_text(), vector.get("presentation"));
        }
    }
}
