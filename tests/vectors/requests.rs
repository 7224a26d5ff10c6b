//! Requests for approvals: text that an approver opens, or that a holder is to sign.

mod signed;
mod tokens;

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
        tokens::tokens(),
        signed::signatures(),
        signed::asks(),
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
