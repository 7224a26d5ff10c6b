//! Time, audience, depth, revocation; then what the gate decides and settles.

use std::time::Duration;

use bailiwick::action::{Action, Effect};
use bailiwick::scope::{
    ApprovalRule, Budget, Capability, Condition, Pattern, Requirement, Scope, ScopeBuilder,
};
use bailiwick::token::Token;

use super::{Presented, call, millis, present};
use crate::world::{NOW, seconds};
use crate::{forge, hex, world};

pub(super) fn all() -> Vec<Presented> {
    [proofs(), roots(), scopes(), revocations(), decisions()]
        .into_iter()
        .flatten()
        .collect()
}

fn first() -> Token {
    world::mint(world::base())
}

fn second(say: impl FnOnce(ScopeBuilder) -> ScopeBuilder) -> Token {
    world::delegate(&first(), say(Scope::builder()).build().unwrap())
}

fn made(name: &str, comment: &str, after: i64) -> Presented {
    Presented::text(name, comment, present(&first(), &call(), millis(after)))
}

fn proofs() -> Vec<Presented> {
    vec![
        made("skew-oldest", "a proof that was made 60 s ago", -60_000),
        made(
            "skew-too-old",
            "a proof that was made 60.001 s ago",
            -60_001,
        )
        .refused("proof_skewed"),
        made(
            "skew-newest",
            "a proof that was made 5 s in the future",
            5_000,
        ),
        made(
            "skew-too-new",
            "a proof that was made 5.001 s in the future",
            5_001,
        )
        .refused("proof_skewed"),
    ]
}

fn roots() -> Vec<Presented> {
    let good = |name: &str, comment| Presented::of(name, comment, &first());
    let mut unsigned = forge::token_fields(&forge::chain(&blocks(&first())));
    unsigned[0] = forge::number(1, 8);
    let altered = super::forms::presented(
        "root-id-altered",
        "the unsigned root key id was changed",
        &unsigned.concat(),
        &forge::chain(&blocks(&first())),
    );
    vec![
        good("root-unknown", "the service has a root of another id")
            .root(|root| root.id = bailiwick::keys::RootKeyId::new(1))
            .refused("root_unknown"),
        altered.refused("root_unknown"),
        good("root-key", "the service has another key under that id")
            .root(|root| root.key = other_root())
            .refused("chain_invalid"),
        good("root-first-moment", "the first moment of the root's window")
            .root(|root| root.window.0 = NOW),
        good("root-not-yet", "a moment before the root's window")
            .root(|root| root.window.0 = NOW + 1)
            .refused("root_not_yet_valid"),
        good("root-retired", "the end of the root's window")
            .root(|root| root.window.1 = NOW)
            .refused("root_retired"),
        good(
            "root-longest-lifetime",
            "a token that lives as long as its root may grant",
        )
        .root(|root| root.longest = Some(960)),
        good(
            "root-lifetime",
            "a token that lives a second longer than its root may grant",
        )
        .root(|root| root.longest = Some(959))
        .refused("lifetime_exceeded"),
    ]
}

fn other_root() -> bailiwick::keys::IssuerPublicKey {
    bailiwick::keys::dangerous::issuer_key_from_seed(&[9; 32]).public_key()
}

fn blocks(token: &Token) -> Vec<Vec<u8>> {
    token.block_bytes().map(<[u8]>::to_vec).collect()
}

fn scopes() -> Vec<Presented> {
    let presented_at = |name: &str, comment, token: &Token, now: i64| {
        Presented::text(name, comment, present(token, &call(), millis(now))).at(millis(now))
    };
    let texts = second(|scope| scope.max_depth(1)).to_datalog();
    let deep = forge::token(&[
        texts[0].as_str(),
        texts[1].as_str(),
        "delegate(\"deeper\");",
    ]);
    let deep = Token::from_bytes(&deep, &Default::default()).unwrap();
    vec![
        presented_at(
            "issued-within-skew",
            "issued 5 s in the future",
            &first(),
            -65_000,
        ),
        presented_at(
            "issued-in-future",
            "issued 5.001 s in the future",
            &first(),
            -65_001,
        )
        .refused("issued_in_future"),
        presented_at(
            "first-block-last-moment",
            "the last millisecond of the first block",
            &first(),
            899_999,
        ),
        presented_at(
            "first-block-expired",
            "the end of the first block",
            &first(),
            900_000,
        )
        .refused("expired"),
        presented_at(
            "later-block-expired",
            "the end of the second block",
            &second(|scope| scope.not_after(seconds(NOW + 1))),
            1_000,
        )
        .refused("expired"),
        presented_at(
            "later-block-starts",
            "the first moment of the second block",
            &second(|scope| scope.not_before(seconds(NOW + 1))),
            1_000,
        ),
        presented_at(
            "later-block-not-yet",
            "a moment before the second block",
            &second(|scope| scope.not_before(seconds(NOW + 1))),
            999,
        )
        .refused("not_yet_valid"),
        presented_at(
            "audience",
            "the second block is for another service",
            &second(|scope| scope.audience("drive.example".parse().unwrap())),
            0,
        )
        .refused("audience_mismatch"),
        presented_at("depth", "a block more than the second admits", &deep, 0)
            .refused("depth_exceeded"),
    ]
}

fn revocations() -> Vec<Presented> {
    let token = second(|scope| scope.max_depth(1));
    let chain = forge::chain(&blocks(&token));
    let root = world::issuer().public_key();
    let revoked = |name: &str, comment, what: String| {
        Presented::of(name, comment, &token)
            .revoked(what)
            .refused("revoked")
    };
    vec![
        revoked(
            "revoked-root",
            "the root key is revoked",
            format!("root {root}"),
        ),
        revoked(
            "revoked-task",
            "the task is revoked",
            format!("task {root} t-17"),
        ),
        revoked(
            "revoked-first-holder",
            "the holder that delegated it is revoked",
            format!("holder {}", world::holder(0).public_key()),
        ),
        revoked(
            "revoked-last-holder",
            "the holder that presents it is revoked",
            format!("holder {}", world::holder(1).public_key()),
        ),
        revoked(
            "revoked-first-block",
            "the first block is revoked",
            format!("block {}", hex::to(&chain[0].signature)),
        ),
        revoked(
            "revoked-last-block",
            "the second block is revoked",
            format!("block {}", hex::to(&chain[1].signature)),
        ),
        Presented::of(
            "revoked-beside",
            "a task of the same name of another root is revoked",
            &token,
        )
        .revoked(format!("task {} t-17", other_root())),
        Presented::of(
            "revoked-sibling",
            "the next holder of another chain is revoked",
            &token,
        )
        .revoked(format!("holder {}", world::holder(2).public_key())),
    ]
}

fn decisions() -> Vec<Presented> {
    let require = |condition| {
        second(|scope| {
            scope.require(Requirement::new(
                Pattern::any().operation("mail.send").unwrap(),
                condition,
            ))
        })
    };
    let good = |name: &str, comment| Presented::of(name, comment, &first());
    let elsewhere = Action::new(
        "drive.example".parse().unwrap(),
        "mail.send".parse().unwrap(),
        Effect::Send,
        "outbox".parse().unwrap(),
    );
    let uses = |cap| {
        require(Condition::Budget(
            Budget::uses("mail", cap)
                .unwrap()
                .each(Duration::from_secs(60))
                .unwrap(),
        ))
    };
    let two = || vec![world::send(), world::send()];
    let mut replayed =
        good("replayed", "a proof that was presented before").refused("proof_replayed");
    replayed.again = true;
    let mut reset =
        good("ledger-reset", "a proof from before the ledger began").refused("ledger_reset");
    reset.ledger_since = seconds(NOW + 6);
    let approval = require(Condition::Approval(
        ApprovalRule::any_of([world::approver(0)]).unwrap(),
    ));
    let only = second(|scope| scope.allow(Capability::operation("mail.send", "outbox/1").unwrap()));
    vec![
        replayed,
        reset,
        good("no-action", "a call that does nothing")
            .actions(Vec::new())
            .refused("no_actions"),
        good("sixteen-actions", "as many actions as a call may have")
            .actions(vec![world::send(); 16]),
        good("seventeen-actions", "one action more")
            .actions(vec![world::send(); 17])
            .refused("too_many_actions"),
        good("foreign-action", "an action of another service")
            .actions(vec![elsewhere])
            .refused("service_mismatch"),
        good("not-granted", "an operation that no block allows")
            .actions(vec![world::act("pay.transfer", Effect::Pay, "account")])
            .refused("operation_not_granted"),
        good("one-bad-action", "two actions, one of which is not allowed")
            .actions(vec![
                world::send(),
                world::act("pay.transfer", Effect::Pay, "account"),
            ])
            .refused("operation_not_granted"),
        Presented::of(
            "resource-outside",
            "a resource that the second block does not allow",
            &only,
        )
        .refused("resource_outside"),
        Presented::of(
            "approval-required",
            "an approval that nobody gave",
            &approval,
        )
        .refused("approval_required"),
        Presented::of("budget-spent", "a budget that the call spends", &uses(2)).actions(two()),
        Presented::of(
            "budget-exceeded",
            "a budget that the call would pass",
            &uses(1),
        )
        .actions(two())
        .refused("budget_exceeded"),
        Presented::of(
            "signature-suffices",
            "a signature is asked for, and given",
            &require(Condition::Signature),
        ),
    ]
}
