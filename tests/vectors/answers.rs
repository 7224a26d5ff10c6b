//! Answers to requests: text that comes to an agent that waits.

mod refused;

use bailiwick::action::Action;
use bailiwick::approve::{Answer, SignedRequest, WaitState, Waiting};
use bailiwick::token::{Limits, Token};

use crate::asked::{self, NOW, say};
use crate::file::Vector;
use crate::forge_approval::{Approval, Declined, Request};
use crate::layout::Layout;
use crate::{forge, world};

pub const KIND: &str = "answer";

const MALFORMED: &str = "approval_malformed";

pub fn all() -> Vec<Vector> {
    [
        good(),
        texts(),
        wires(),
        declines(),
        refused::foreign(),
        refused::signatures(),
        refused::times(),
        refused::before(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An answer to the request for one action.
fn vector(name: &str, expect: &str, comment: &str, answer: &Layout) -> Vector {
    of_text(name, expect, comment, &text(answer))
}

fn of_text(name: &str, expect: &str, comment: &str, answer: &str) -> Vector {
    to(
        &asked::request().signed(world::holder_seed(0)),
        name,
        expect,
        comment,
        answer,
    )
}

fn to(request: &Layout, name: &str, expect: &str, comment: &str, answer: &str) -> Vector {
    // A part of a plan, or the no of one of two, leaves it open.
    let state = match expect {
        "declined" => Some("pending"),
        _ if name == "approval-subset" => Some("pending"),
        "approved" => Some("approved"),
        _ => None,
    };
    Vector::new(format!("{KIND}/{name}"), expect, comment)
        .with("now", world::seconds(world::NOW))
        .with("request", forge::text("bwr1_", &request.bytes()))
        .with_all("state", state)
        .with_body(answer)
}

fn text(answer: &Layout) -> String {
    forge::text("bwa1_", &answer.bytes())
}

fn refused(name: &str, comment: &str, answer: &Layout, code: &str) -> Vector {
    vector(name, "", comment, answer).refused(code)
}

fn by(number: u8) -> [u8; 32] {
    asked::approver_seed(number)
}

/// The good approval with some change before it is signed.
fn approval(change: impl FnOnce(&mut Approval)) -> Layout {
    let mut approval = asked::approval();
    change(&mut approval);
    approval.signed(by(1))
}

fn plan() -> Vec<Action> {
    ["One.", "Two.", "Three."].map(say).to_vec()
}

fn good() -> Vec<Vector> {
    let request = asked::request_for(&asked::token(), &plan()).signed(world::holder_seed(0));
    let to_plan = |name: &str, comment: &str, actions: &[Action]| {
        let approval = asked::approval_of(&asked::token(), 1, actions).signed(by(1));
        to(&request, name, "approved", comment, &text(&approval))
    };
    let [one, two, three] = [0, 1, 2].map(|index| plan()[index].clone());
    let free = asked::request_for(&asked::free(), &[say("It depends.")]);
    let of_free = asked::approval_of(&asked::free(), 9, &[say("It depends.")]).signed(by(9));
    vec![
        vector("approval", "approved", "one action", &approval(|_| {})),
        vector(
            "declined",
            "declined",
            "a no",
            &asked::declined().signed(by(1)),
        ),
        to_plan(
            "approval-plan",
            "three actions",
            &[one.clone(), two.clone(), three.clone()],
        ),
        to_plan(
            "approval-another-order",
            "three actions in another order",
            &[three.clone(), one, two],
        ),
        to_plan("approval-subset", "one action of three", &[three]),
        to(
            &free.signed(world::holder_seed(0)),
            "approval-not-wanted",
            "approved",
            "the token wants no approval: anybody may answer",
            &text(&of_free),
        ),
    ]
}

fn texts() -> Vec<Vector> {
    let (good, other) = (text(&approval(|_| {})), asked::token().to_text());
    let request = asked::request().signed(world::holder_seed(0)).bytes();
    let request = forge::text("bwa1_", &request);
    let bad = asked::bad_texts(&good, &other);
    let bad = bad
        .iter()
        .map(|(name, comment, text)| of_text(name, "", comment, text).refused(MALFORMED));
    bad.chain([
        of_text("request-relabelled", "", "the bytes of a request", &request).refused(MALFORMED),
    ])
    .collect()
}

fn wires() -> Vec<Vector> {
    let good = || approval(|_| {});
    let bad = |name, comment, answer: Layout| refused(name, comment, &answer, MALFORMED);
    let cut = |name, comment, by: usize| {
        let bytes = good().bytes();
        let bytes = &bytes[..bytes.len() - by];
        of_text(name, "", comment, &forge::text("bwa1_", bytes)).refused(MALFORMED)
    };
    let lasting = |name, comment, made, ends| {
        let answer = approval(|approval| (approval.made, approval.ends) = (made, ends));
        refused(name, comment, &answer, MALFORMED)
    };
    let of = |name, comment, digests: Vec<[u8; 32]>| {
        let answer = approval(|approval| approval.digests = digests);
        refused(name, comment, &answer, MALFORMED)
    };
    let digest = asked::digest(&say("It depends."));
    let many = (0..65).map(|byte| [byte; 32]).collect();
    vec![
        bad(
            "kind-0",
            "a kind that does not exist",
            good().with("approval", [0]),
        ),
        bad(
            "kind-3",
            "a kind that does not exist",
            good().with("approval", [3]),
        ),
        bad(
            "approval-as-declined",
            "an approval under the kind of a no",
            good().with("approval", [2]),
        ),
        cut("wire-cut-by-one", "a byte less", 1),
        cut("wire-cut-signature", "without its signature", 64),
        cut(
            "wire-cut-in-key",
            "cut in the approver's key",
            good().bytes().len() - 20,
        ),
        bad(
            "wire-trailing",
            "a byte after its signature",
            good().put("", [0]),
        ),
        bad(
            "wire-digest-missing",
            "two digests announced, and one there",
            good().with("number of digests", [0, 2]),
        ),
        bad(
            "key-small-order",
            "a key of small order",
            good().with("approver's key", [0; 32]),
        ),
        bad(
            "key-not-canonical",
            "a key that has another spelling",
            good().with("approver's key", asked::not_canonical()),
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
        lasting("lifetime-zero", "it ends when it is made", NOW, NOW),
        lasting(
            "lifetime-negative",
            "it ends before it is made",
            NOW + 1,
            NOW,
        ),
        lasting(
            "lifetime-too-long",
            "it lasts a millisecond more than 30 days",
            NOW,
            NOW + 30 * 86_400_000 + 1,
        ),
        of("digests-none", "it approves nothing", Vec::new()),
        of("digests-too-many", "65 digests", many),
        of("digest-twice", "a digest twice", vec![digest, digest]),
    ]
}

fn declines() -> Vec<Vector> {
    let good = || asked::declined().signed(by(1));
    let bad = |name, comment, answer: Layout| refused(name, comment, &answer, MALFORMED);
    let changed = |change: fn(&mut Declined)| {
        let mut declined = asked::declined();
        change(&mut declined);
        declined.signed(by(1))
    };
    let cut = good().bytes();
    let cut = forge::text("bwa1_", &cut[..cut.len() - 1]);
    let for_approval = forge::sign(by(1), &asked::declined().message(Approval::PURPOSE));
    vec![
        of_text("declined-cut", "", "a no with a byte less", &cut).refused(MALFORMED),
        bad(
            "declined-trailing",
            "a no with a byte more",
            good().put("", [0]),
        ),
        bad(
            "declined-as-approval",
            "a no under the kind of an approval",
            good().with("declined", [1]),
        ),
        bad(
            "declined-key-small-order",
            "a no by a key of small order",
            good().with("approver's key", [0; 32]),
        ),
        bad(
            "declined-after-9999",
            "a no made after the year 9999",
            good().with("made", [0xff; 8]),
        ),
        refused(
            "declined-another-token",
            "a no for another token",
            &changed(|no| no.token[0] ^= 1),
            "approval_foreign",
        ),
        refused(
            "declined-another-request",
            "a no to another request",
            &changed(|no| no.request[0] ^= 1),
            "approval_foreign",
        ),
        refused(
            "declined-in-future",
            "a no made 5.001 s in the future",
            &changed(|no| no.made = NOW + 5_001),
            "approval_not_yet_valid",
        ),
        refused(
            "declined-by-another",
            "a no that another key signed",
            &asked::declined().signed(by(2)),
            "approval_invalid",
        ),
        refused(
            "declined-signed-as-approval",
            "a no signed under the purpose of approvals",
            &asked::declined().with_signature(for_approval),
            "approval_invalid",
        ),
    ]
}

pub fn check(vector: &Vector) {
    let request = SignedRequest::parse(vector.get("request"), &Limits::default()).unwrap();
    let now = vector.get("now").parse().unwrap();
    let mut waiting = Waiting::new(request);
    for text in vector.all("before") {
        waiting.receive_text(text, now).unwrap();
    }
    let received = waiting.receive_text(vector.body(), now);
    let code = received.as_ref().err().map(|error| error.code());
    assert_eq!(code, vector.find("code"), "{}: {received:?}", vector.name);
    if code.is_some() {
        assert_eq!(vector.get("expect"), "refused");
        return;
    }
    let answer = Answer::parse(vector.body()).unwrap();
    assert_eq!(answer.to_text(), vector.body(), "{}", vector.name);
    assert_eq!(
        vector.get("expect") == "approved",
        answer.approval().is_some()
    );
    let state = match waiting.state(now) {
        WaitState::Approved(_) => "approved",
        WaitState::Pending { .. } => "pending",
        WaitState::Denied { .. } => "denied",
        WaitState::Expired => "expired",
    };
    assert_eq!(state, vector.get("state"), "{}", vector.name);
}
