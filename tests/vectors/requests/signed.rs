//! Whose request it is, and of whom it asks something.

use super::{
    Action, Approval, Effect, Layout, NOW, Request, Vector, asked, forge, opened_by, refused, say,
    signed, text, vector, world,
};

pub(super) fn signatures() -> Vec<Vector> {
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

pub(super) fn asks() -> Vec<Vector> {
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
