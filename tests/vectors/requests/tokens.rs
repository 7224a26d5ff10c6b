//! Tokens in requests, and roots that approvers know.

use super::{
    IssuerPublicKey, KIND, NOW, Request, Scope, Vector, asked, forge, hex, millis, refused, roots,
    say, signed, text, world,
};

/// A request for a token of these bytes, signed by its first holder.
fn of_token(name: &str, comment: &str, token: Vec<u8>, code: &'static str) -> Vector {
    let request = Request {
        token,
        ..asked::request()
    };
    refused(name, comment, &signed(&request), code)
}

pub(super) fn tokens() -> Vec<Vector> {
    let token = asked::token();
    let chain = asked::chain(&token);
    let fields = |chain: &[forge::SignedBlock]| forge::token_fields(chain).concat();
    let mut flipped = chain.clone();
    flipped[0].signature[40] ^= 1;
    let first = token.to_datalog().remove(0);
    let foreign = forge::token(&[&format!("{first}check if true;\n")]);
    let sealed = world::hold(&token).seal().unwrap().as_bytes().to_vec();
    let texts = asked::narrowed().to_datalog();
    let deeper = texts[1].replace("$depth <= 2", "$depth <= 0");
    let deep = forge::token(&[&texts[0], &deeper]);
    let deep = Request {
        token: deep,
        ..asked::request()
    };
    let deep = text(&deep.signed(world::holder_seed(1)));
    let later = |seconds: u64| {
        let scope = Scope::builder().not_before(world::seconds(world::NOW + seconds));
        world::delegate(&token, scope.build().unwrap())
    };
    let early = asked::request_for(&later(1), &[say("It depends.")]);
    let early = text(&early.signed(world::holder_seed(1)));
    let good = signed(&asked::request());
    let of_root = |name, comment, line: String, code| {
        let vector = Vector::new(format!("{KIND}/{name}"), "opened", comment);
        vector
            .with("now", world::seconds(world::NOW))
            .with("root", line)
            .with("approver-seed", hex::to(&asked::approver_seed(1)))
            .with_body(&good)
            .refused(code)
    };
    let key = world::issuer().public_key();
    let other: IssuerPublicKey = IssuerPublicKey::from_bytes(forge::public([9; 32])).unwrap();
    let at = |name, comment, now: u64, code| {
        // It lasts longer than the token, which a service's request does not.
        let request = Request {
            made: now.min(NOW),
            ends: NOW + 86_000_000,
            ..asked::request()
        };
        let vector = Vector::new(format!("{KIND}/{name}"), "opened", comment);
        vector
            .with("now", millis(now))
            .with("root", roots::line(7, key))
            .with("approver-seed", hex::to(&asked::approver_seed(1)))
            .with_body(signed(&request))
            .refused(code)
    };
    vec![
        of_token("token-sealed", "a sealed token", sealed, "token_malformed"),
        of_token("token-empty", "no token", Vec::new(), "token_malformed"),
        of_token(
            "token-block",
            "a block outside the grammar",
            foreign,
            "block_malformed",
        ),
        of_token(
            "token-chain",
            "a bit of the token's first signature",
            fields(&flipped),
            "chain_invalid",
        ),
        refused(
            "token-depth",
            "more blocks than one of them admits",
            &deep,
            "depth_exceeded",
        ),
        refused(
            "token-not-yet-valid",
            "a block that holds not yet",
            &early,
            "not_yet_valid",
        ),
        at(
            "token-expired",
            "the end of the token",
            NOW + 900_000,
            "expired",
        ),
        at(
            "token-issued-in-future",
            "a token issued 5.001 s in the future",
            NOW - 65_001,
            "issued_in_future",
        ),
        of_root(
            "root-unknown",
            "the approver knows a root of another id",
            roots::line(8, key),
            "root_unknown",
        ),
        of_root(
            "root-another",
            "the approver knows another key under that id",
            roots::line(7, other),
            "chain_invalid",
        ),
        of_root(
            "root-not-yet",
            "a moment before the root's window",
            roots::line_within(7, key, (world::NOW + 1, world::NOW + 2), None),
            "root_not_yet_valid",
        ),
        of_root(
            "root-retired",
            "the end of the root's window",
            roots::line_within(7, key, (1, world::NOW), None),
            "root_retired",
        ),
        of_root(
            "root-lifetime",
            "a token that lives longer than its root may grant",
            roots::line_within(7, key, (1, world::NOW + 1), Some(959)),
            "lifetime_exceeded",
        ),
    ]
}
