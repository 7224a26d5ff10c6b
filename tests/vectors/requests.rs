//! Requests for approvals: text that an approver opens, or that a holder is to sign.

use std::time::Duration;

use bailiwick::action::{Action, Effect, Tree, Value};
use bailiwick::approve::{ApprovalRequest, Approver, RequestError};
use bailiwick::keys::dangerous::{approver_key_from_seed, holder_key_from_seed};
use bailiwick::keys::{IssuerPublicKey, KeyRing};
use bailiwick::present::Holder;
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, Token};

use crate::asked::{self, NOW, say};
use crate::file::Vector;
use crate::forge_approval::{Approval, Request};
use crate::layout::Layout;
use crate::{forge, hex, json, roots, world};

pub const KIND: &str = "request";

const MALFORMED: &str = "request_malformed";

pub fn all() -> Vec<Vector> {
    [
        good(),
        texts(),
        wires(),
        contents(),
        tokens(),
        signatures(),
        asks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A request that approver 1 opens.
fn vector(name: &str, comment: &str, text: &str) -> Vector {
    opened_by(name, comment, text, asked::approver_seed(1))
}

fn opened_by(name: &str, comment: &str, text: &str, approver: [u8; 32]) -> Vector {
    Vector::new(format!("{KIND}/{name}"), "opened", comment)
        .with("now", world::seconds(world::NOW))
        .with("root", roots::line(7, world::issuer().public_key()))
        .with("approver-seed", hex::to(&approver))
        .with_body(text)
}

fn text(layout: &Layout) -> String {
    forge::text("bwr1_", &layout.bytes())
}

fn signed(request: &Request) -> String {
    text(&request.signed(world::holder_seed(0)))
}

fn refused(name: &str, comment: &str, text: &str, code: &'static str) -> Vector {
    vector(name, comment, text).refused(code)
}

fn good() -> Vec<Vector> {
    let plan = [
        say("One."),
        say("Two."),
        world::act("mail.read", Effect::Read, "inbox"),
    ];
    let longest = Request {
        ends: NOW - 1_000 + 30 * 86_400_000,
        ..asked::request()
    };
    let fast = |made| Request {
        made,
        ..asked::request()
    };
    let narrowed = asked::request_for(&asked::narrowed(), &[say("It depends.")]);
    let with_actions = |vector: Vector, actions: &[Action]| {
        vector.with_all("action", actions.iter().map(json::action_to))
    };
    let one = [say("It depends.")];
    vec![
        with_actions(
            vector(
                "good",
                "one action, asked for by the first holder",
                &signed(&asked::request()),
            ),
            &one,
        ),
        with_actions(
            vector(
                "good-plan",
                "three actions, one of which wants no approval",
                &signed(&asked::request_for(&asked::token(), &plan)),
            ),
            &plan,
        ),
        with_actions(
            vector(
                "good-two-blocks",
                "asked for by the holder that the second block names",
                &text(&narrowed.signed(world::holder_seed(1))),
            ),
            &one,
        ),
        with_actions(
            vector("good-longest", "it lasts 30 days", &signed(&longest)),
            &one,
        ),
        with_actions(
            vector(
                "good-within-skew",
                "made 5 s in the future",
                &signed(&fast(NOW + 5_000)),
            ),
            &one,
        ),
        Vector::new(
            format!("{KIND}/good-unsigned"),
            "unsigned",
            "what a service gives to the holder",
        )
        .with("holder-seed", hex::to(&world::holder_seed(0)))
        .with("signed", signed(&asked::request()))
        .with_body(text(&asked::request().unsigned())),
        Vector::new(
            format!("{KIND}/signed-already"),
            "refused",
            "a signed request, where a holder is to sign it",
        )
        .with("code", MALFORMED)
        .with("holder-seed", hex::to(&world::holder_seed(0)))
        .with_body(signed(&asked::request())),
        refused(
            "unsigned",
            "not signed by anybody, for an approver",
            &text(&asked::request().unsigned()),
            "request_unsigned",
        ),
    ]
}

fn texts() -> Vec<Vector> {
    let (good, other) = (signed(&asked::request()), asked::token().to_text());
    asked::bad_texts(&good, &other)
        .iter()
        .map(|(name, comment, text)| refused(name, comment, text, MALFORMED))
        .collect()
}

fn wires() -> Vec<Vector> {
    let good = || asked::request().signed(world::holder_seed(0));
    let bad = |name, comment, layout: Layout| refused(name, comment, &text(&layout), MALFORMED);
    let cut = |name, comment, end: fn(usize) -> usize| {
        let bytes = good().bytes();
        let bytes = &bytes[..end(bytes.len())];
        refused(name, comment, &forge::text("bwr1_", bytes), MALFORMED)
    };
    let of_action = |name, comment, change: fn(&mut Vec<u8>)| {
        let mut request = asked::request();
        change(&mut request.actions[0]);
        refused(name, comment, &signed(&request), MALFORMED)
    };
    let of_service = |name, comment, service: &[u8]| {
        let request = Request {
            service: service.to_vec(),
            ..asked::request()
        };
        refused(name, comment, &signed(&request), MALFORMED)
    };
    vec![
        bad(
            "kind-2",
            "a kind that does not exist",
            good().with("signed", [2]),
        ),
        cut("wire-cut-in-half", "half of its bytes", |length| length / 2),
        cut("wire-cut-by-one", "a byte less", |length| length - 1),
        cut("wire-cut-signature", "without its signature", |length| {
            length - 64
        }),
        bad(
            "wire-trailing",
            "a byte after its signature",
            good().put("", [0]),
        ),
        bad(
            "wire-service-too-long",
            "a service longer than the whole",
            good().with("length", [1, 0, 0, 0]),
        ),
        bad(
            "wire-too-few-actions",
            "two actions announced, and one there",
            good().with("number of actions", [0, 2]),
        ),
        bad(
            "made-after-9999",
            "made after the year 9999",
            good().with("made", [0xff; 8]),
        ),
        bad(
            "ends-after-9999",
            "ends after the year 9999",
            good().with("ends", [0xff; 8]),
        ),
        of_service("service-not-utf-8", "a service that is not UTF-8", &[0xff]),
        of_service("service-empty", "a service without a name", b""),
        of_service("service-name", "a service that is none", b"mail example"),
        of_action("action-truncated", "an action with a byte less", |action| {
            _ = action.pop()
        }),
        of_action("action-trailing", "an action with a byte more", |action| {
            action.push(0)
        }),
        of_action(
            "action-type",
            "an action with a value of unknown type",
            |action| {
                let at = action.len() - 5;
                action[at] = 9;
            },
        ),
        of_action(
            "action-not-canonical",
            "an action with a bool that is 2",
            |action| {
                let at = action
                    .windows(4)
                    .position(|window| window == b"text")
                    .unwrap()
                    + 4;
                let rest = action.split_off(action.len() - 5);
                action.truncate(at);
                action.extend([1, 2]);
                action.extend(rest);
            },
        ),
    ]
}

fn contents() -> Vec<Vector> {
    let of =
        |name, comment, request: Request, code| refused(name, comment, &signed(&request), code);
    let lasting = |made, ends| Request {
        made,
        ends,
        ..asked::request()
    };
    let with = |actions: &[Action]| asked::request_for(&asked::token(), actions);
    let many: Vec<_> = (0..65).map(|number| say(&number.to_string())).collect();
    let elsewhere = Action::new(
        "drive.example".parse().unwrap(),
        "mail.send".parse().unwrap(),
        Effect::Send,
        "outbox".parse().unwrap(),
    );
    // 4 000 lines of over 270 characters each, in a few thousand bytes.
    let nothing = Value::List(vec![Value::Null; 4_000]);
    let wordy = Tree::from_pairs([("k".repeat(256).as_str(), nothing)]).unwrap();
    vec![
        of("no-actions", "it asks for nothing", with(&[]), "no_actions"),
        of(
            "too-many-actions",
            "65 actions",
            with(&many),
            "too_many_actions",
        ),
        of(
            "action-twice",
            "an action twice",
            with(&[say("One."), say("One.")]),
            MALFORMED,
        ),
        of(
            "action-of-another-service",
            "an action of another service",
            with(&[say("One."), elsewhere]),
            "service_mismatch",
        ),
        of(
            "too-long",
            "more than anybody is asked to read",
            with(&[world::send().with_arguments(wordy)]),
            "request_too_long",
        ),
        of(
            "lifetime-zero",
            "it ends when it is made",
            lasting(NOW, NOW),
            MALFORMED,
        ),
        of(
            "lifetime-negative",
            "it ends before it is made",
            lasting(NOW + 1, NOW),
            MALFORMED,
        ),
        of(
            "lifetime-too-long",
            "it lasts a millisecond more than 30 days",
            lasting(NOW, NOW + 30 * 86_400_000 + 1),
            MALFORMED,
        ),
    ]
}

/// A request for a token of these bytes, signed by its first holder.
fn of_token(name: &str, comment: &str, token: Vec<u8>, code: &'static str) -> Vector {
    let request = Request {
        token,
        ..asked::request()
    };
    refused(name, comment, &signed(&request), code)
}

fn tokens() -> Vec<Vector> {
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

fn signatures() -> Vec<Vector> {
    let request = asked::request();
    let invalid = |name, comment, layout: Layout| {
        refused(name, comment, &text(&layout), "request_signature_invalid")
    };
    let by = |seed| request.signed(seed);
    let for_purpose = |purpose| {
        let signature = forge::sign(world::holder_seed(0), &request.message(purpose));
        request.with_signature(signature)
    };
    let good = || by(world::holder_seed(0));
    let narrowed = asked::request_for(&asked::narrowed(), &[say("It depends.")]);
    let plan = asked::request_for(&asked::token(), &[say("One."), say("Two.")]);
    let swapped = asked::request_for(&asked::token(), &[say("Two."), say("One.")]);
    let over_plan = forge::sign(world::holder_seed(0), &plan.message(Request::PURPOSE));
    vec![
        invalid(
            "signature-zero",
            "a signature of zeros",
            request.with_signature([0; 64]),
        ),
        invalid("signature-by-another", "signed by another key", by([9; 32])),
        invalid(
            "signature-by-the-root",
            "signed by the root key",
            by(world::ISSUER_SEED),
        ),
        invalid(
            "signature-by-the-approver",
            "signed by the approver",
            by(asked::approver_seed(1)),
        ),
        invalid(
            "signature-by-an-earlier-holder",
            "signed by the holder that delegated the token",
            narrowed.signed(world::holder_seed(0)),
        ),
        invalid(
            "signature-of-an-approval",
            "signed under the purpose of approvals",
            for_purpose(Approval::PURPOSE),
        ),
        invalid(
            "signature-of-a-proof",
            "signed under the purpose of proofs",
            for_purpose(1),
        ),
        invalid(
            "signed-another-id",
            "the request's id changed after it was signed",
            good().with("request id", [0xce; 16]),
        ),
        invalid(
            "signed-another-end",
            "its end changed after it was signed",
            good().with("ends", (NOW + 700_000).to_be_bytes()),
        ),
        invalid(
            "signed-another-action",
            "its action changed after it was signed",
            good().with("action", asked::bytes(&say("It dependt."))),
        ),
        invalid(
            "signed-another-order",
            "its actions the other way round",
            swapped.with_signature(over_plan),
        ),
    ]
}

fn asks() -> Vec<Vector> {
    let good = signed(&asked::request());
    let of = |request: &Request| signed(request);
    let elsewhere = Action::new(
        "drive.example".parse().unwrap(),
        "mail.send".parse().unwrap(),
        Effect::Send,
        "outbox".parse().unwrap(),
    );
    let elsewhere = Request {
        service: b"drive.example".to_vec(),
        ..asked::request_for(&asked::token(), &[elsewhere])
    };
    let by = |name, comment, seed, code| opened_by(name, comment, &good, seed).refused(code);
    let read = world::act("mail.read", Effect::Read, "inbox");
    let again = vector(
        "answered-before",
        "a request that the approver has answered",
        &good,
    );
    vec![
        refused(
            "not-yet-valid",
            "made 5.001 s in the future",
            &of(&Request {
                made: NOW + 5_001,
                ..asked::request()
            }),
            "request_not_yet_valid",
        ),
        refused(
            "expired",
            "the end of the request",
            &of(&Request {
                ends: NOW,
                ..asked::request()
            }),
            "request_expired",
        ),
        refused(
            "service-of-no-audience",
            "a service that the token is not for",
            &of(&elsewhere),
            "service_mismatch",
        ),
        by(
            "approver-is-holder",
            "the approver has the key of the holder",
            world::holder_seed(0),
            "approver_in_chain",
        ),
        by(
            "approver-is-root",
            "the approver has the root key",
            world::ISSUER_SEED,
            "approver_in_chain",
        ),
        by(
            "approver-not-named",
            "an approver whom no requirement names",
            asked::approver_seed(9),
            "approver_not_asked",
        ),
        refused(
            "approval-not-wanted",
            "actions that want no approval",
            &of(&asked::request_for(&asked::token(), &[read])),
            "approver_not_asked",
        ),
        again
            .with("answered-before", "yes")
            .refused("request_replayed"),
    ]
}

fn millis(millis: u64) -> bailiwick::clock::Timestamp {
    bailiwick::clock::Timestamp::from_unix_millis(millis).unwrap()
}

pub fn check(vector: &Vector) {
    match vector.find("holder-seed") {
        Some(seed) => check_unsigned(vector, hex::array(seed)),
        None => check_opened(vector),
    }
}

/// As a holder reads it, and signs it.
fn check_unsigned(vector: &Vector, seed: [u8; 32]) {
    let read = ApprovalRequest::parse(vector.body(), &Limits::default());
    let Ok(request) = read else {
        assert_eq!(read.map_err(|e| e.code()).err(), vector.find("code"));
        return;
    };
    assert_eq!(vector.get("expect"), "unsigned", "{}", vector.name);
    assert_eq!(request.to_text(), vector.body());
    let token: Token = request.token().clone();
    let holder = Holder::new(token, holder_key_from_seed(&seed)).unwrap();
    let signed = holder.ask(&request, request.issued()).unwrap();
    assert_eq!(signed.to_text(), vector.get("signed"));
}

fn check_opened(vector: &Vector) {
    let ring = KeyRing::new(vector.all("root").map(roots::read)).unwrap();
    let key = approver_key_from_seed(&hex::array(vector.get("approver-seed")));
    let approver = Approver::new(key, ring);
    let now = vector.get("now").parse().unwrap();
    if vector.find("answered-before") == Some("yes") {
        let opened = approver.open(vector.body(), now).unwrap();
        let _no = approver.decline(&opened, now).unwrap();
    }
    let opened = approver.open(vector.body(), now);
    let code = opened.as_ref().err().map(RequestError::code);
    assert_eq!(
        code,
        vector.find("code"),
        "{}: {:?}",
        vector.name,
        opened.err()
    );
    assert_eq!(vector.get("expect") == "opened", code.is_none());
    let Ok(opened) = approver.open(vector.body(), now) else {
        return;
    };
    let actions: Vec<_> = vector.all("action").map(json::action_from).collect();
    assert_eq!(opened.actions(), actions, "{}", vector.name);
    // What our writers write is what the second writer writes, nonce and all.
    let token = opened_token(vector.body());
    let yes = approver
        .approve(&opened, Duration::from_secs(60), now)
        .unwrap();
    let by_hand = Approval {
        approver: *approver.public_key().as_bytes(),
        token: asked::last_signature(&token),
        made: yes.issued().unix_millis(),
        ends: yes.until().unix_millis(),
        nonce: *yes.nonce().as_bytes(),
        digests: actions.iter().map(asked::digest).collect(),
    };
    let by_hand = by_hand.signed(hex::array(vector.get("approver-seed")));
    assert_eq!(yes.to_bytes(), by_hand.bytes(), "{}", vector.name);
}

fn opened_token(text: &str) -> Token {
    let request = bailiwick::approve::SignedRequest::parse(text, &Limits::default()).unwrap();
    assert_eq!(request.to_text(), text);
    request.request().token().clone()
}
