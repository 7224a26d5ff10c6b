//! Answers to requests: text that comes to an agent that waits.

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
        foreign(),
        signatures(),
        times(),
        before(),
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

fn foreign() -> Vec<Vector> {
    let of = |token: &Token, number, actions: &[Action]| {
        asked::approval_of(token, number, actions).signed(by(number))
    };
    let one = [say("It depends.")];
    let narrowed = of(&asked::narrowed(), 1, &one);
    let other = of(&asked::token(), 1, &[say("It dependt.")]);
    let more = of(&asked::token(), 1, &[one[0].clone(), say("More.")]);
    let in_chain = Approval {
        approver: forge::public(world::holder_seed(0)),
        ..asked::approval()
    };
    let nowhere = approval(|approval| approval.approver = asked::not_on_the_curve());
    vec![
        refused(
            "another-token",
            "for the token in the hands of the next",
            &narrowed,
            "approval_foreign",
        ),
        refused(
            "another-action",
            "of an action that the request does not have",
            &other,
            "approval_foreign",
        ),
        refused(
            "another-action-too",
            "of one more action than was asked for",
            &more,
            "approval_foreign",
        ),
        refused(
            "approver-is-holder",
            "by the holder itself",
            &in_chain.signed(world::holder_seed(0)),
            "approver_in_chain",
        ),
        refused(
            "approver-not-asked",
            "by an approver whom no requirement names",
            &of(&asked::token(), 9, &one),
            "approver_not_asked",
        ),
        refused(
            "key-not-on-the-curve",
            "a key that no requirement can name",
            &nowhere,
            "approver_not_asked",
        ),
    ]
}

fn signatures() -> Vec<Vector> {
    let approval = asked::approval();
    let invalid =
        |name, comment, answer: Layout| refused(name, comment, &answer, "approval_invalid");
    let for_purpose = |purpose| {
        let signature = forge::sign(by(1), &approval.message(purpose));
        approval.with_signature(signature)
    };
    let good = || approval.signed(by(1));
    let two = asked::approval_of(&asked::token(), 1, &plan()[..2]);
    let turned = asked::approval_of(&asked::token(), 1, &[say("Two."), say("One.")]);
    let turned = turned.with_signature(forge::sign(by(1), &two.message(Approval::PURPOSE)));
    let request = asked::request_for(&asked::token(), &plan()).signed(world::holder_seed(0));
    vec![
        invalid(
            "signature-zero",
            "a signature of zeros",
            approval.with_signature([0; 64]),
        ),
        invalid(
            "signature-by-another",
            "another approver's signature",
            approval.signed(by(2)),
        ),
        invalid(
            "signature-of-a-no",
            "signed under the purpose of a no",
            for_purpose(Declined::PURPOSE),
        ),
        invalid(
            "signature-of-a-request",
            "signed under the purpose of requests",
            for_purpose(Request::PURPOSE),
        ),
        invalid(
            "signature-of-a-digest",
            "signed under purpose 0",
            for_purpose(0),
        ),
        invalid(
            "signed-another-end",
            "its end changed after it was signed",
            good().with("ends", (NOW + 600_000).to_be_bytes()),
        ),
        invalid(
            "signed-another-start",
            "its start changed after it was signed",
            good().with("made", (NOW - 501).to_be_bytes()),
        ),
        invalid(
            "signed-another-nonce",
            "its nonce changed after it was signed",
            good().with("nonce", [0xde; 16]),
        ),
        to(
            &request,
            "signed-another-order",
            "",
            "its digests the other way round",
            &text(&turned),
        )
        .refused("approval_invalid"),
    ]
}

fn times() -> Vec<Vector> {
    let ending = |made, ends| approval(|approval| (approval.made, approval.ends) = (made, ends));
    let late = Request {
        ends: NOW,
        ..asked::request()
    };
    let longest = ending(NOW + 5_000, NOW + 5_000 + 30 * 86_400_000);
    vec![
        vector(
            "within-skew",
            "approved",
            "made 5 s in the future, for 30 days",
            &longest,
        ),
        refused(
            "not-yet-valid",
            "made 5.001 s in the future",
            &ending(NOW + 5_001, NOW + 9_000),
            "approval_not_yet_valid",
        ),
        vector(
            "last-moment",
            "approved",
            "a millisecond before its end",
            &ending(NOW - 500, NOW + 1),
        ),
        refused(
            "expired",
            "its end",
            &ending(NOW - 500, NOW),
            "approval_expired",
        ),
        to(
            &late.signed(world::holder_seed(0)),
            "request-expired",
            "",
            "the end of the request",
            &text(&approval(|_| {})),
        )
        .refused("request_expired"),
    ]
}

/// Answers that came before.
fn before() -> Vec<Vector> {
    let good = approval(|_| {});
    let again = approval(|approval| approval.nonce = [0xde; 16]);
    let no = asked::declined().signed(by(1));
    let free = asked::request_for(&asked::free(), &[say("It depends.")]);
    let yes = |number| {
        text(&asked::approval_of(&asked::free(), number, &[say("It depends.")]).signed(by(number)))
    };
    vec![
        vector(
            "before-the-same",
            "approved",
            "the same answer came before",
            &good,
        )
        .with("before", text(&good)),
        refused(
            "before-another",
            "another approval by the same approver",
            &again,
            "approval_duplicate",
        )
        .with("before", text(&good)),
        refused(
            "before-a-no",
            "the same approver said no before",
            &good,
            "approval_duplicate",
        )
        .with("before", text(&no)),
        refused(
            "before-a-yes",
            "the same approver said yes before",
            &no,
            "approval_duplicate",
        )
        .with("before", text(&good)),
        to(
            &free.signed(world::holder_seed(0)),
            "before-32",
            "",
            "32 answers came before",
            &yes(32),
        )
        .with_all("before", (0..32).map(yes))
        .refused("too_many_approvals"),
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
