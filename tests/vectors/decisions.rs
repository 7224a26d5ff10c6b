//! Decisions: a token, the actions of a call, and what is known, to allow or a reason.

use bailiwick::keys::ApproverPublicKey;
use bailiwick::scope::{Capability, DueKind, Layers, Origin, Possession, Scope, Verdict, evaluate};
use bailiwick::token::{Limits, Token};
use serde_json::Value as Json;

use crate::ask::{Ask, SpentLines, budgets, with};
use crate::constructs;
use crate::file::Vector;
use crate::{forge, json, world};

pub const KIND: &str = "decision";

pub fn all() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for construct in constructs::all() {
        let token = world::delegate(&world::mint(world::base()), construct.scope);
        for case in construct.cases {
            let name = format!("{}--{}", construct.name, case.label);
            let comment = format!("{}: {}", construct.comment, case.label.replace('-', " "));
            vectors.push(Question::of(&token).vector(&name, case.denied, &comment, &case.ask));
        }
    }
    vectors.extend(of_chains());
    vectors.extend(of_layers());
    vectors
}

/// Longer chains, and what later blocks cannot do.
fn of_chains() -> Vec<Vector> {
    let later = |scope: bailiwick::scope::ScopeBuilder| scope.build().unwrap();
    let only =
        |operation: &str| Scope::builder().allow(Capability::operation(operation, "**").unwrap());
    let first = world::mint(world::base());
    let wider = world::delegate(
        &first,
        later(only("mail.*").allow(Capability::operation("pay.*", "**").unwrap())),
    );
    let pay = || {
        Ask::new(world::act(
            "pay.transfer",
            bailiwick::action::Effect::Pay,
            "account",
        ))
    };
    let narrow = world::delegate(
        &world::delegate(&first, later(only("mail.send"))),
        later(only("mail.*")),
    );
    let read = || {
        Ask::new(world::act(
            "mail.read",
            bailiwick::action::Effect::Read,
            "inbox",
        ))
    };
    // A holder that asks for more depth than it has: no service accepts the result.
    let texts: Vec<_> = world::delegate(&first, later(Scope::builder().max_depth(1))).to_datalog();
    let deep = forge::token(&[
        texts[0].as_str(),
        texts[1].as_str(),
        "delegate(\"deeper\");",
    ]);
    let one = Question::of;
    vec![
        one(&first).vector(
            "chain--first-block-alone",
            None,
            "a token of one block",
            &with("{}"),
        ),
        one(&wider).vector(
            "chain--a-later-block-cannot-widen",
            Some("operation_not_granted"),
            "a later block allows more than the first",
            &pay(),
        ),
        one(&wider).vector(
            "chain--a-wider-block-takes-nothing",
            None,
            "a later block that allows more takes nothing away",
            &with("{}"),
        ),
        one(&narrow).vector(
            "chain--a-block-narrows-all-after-it",
            Some("operation_not_granted"),
            "the second of three blocks is the narrowest",
            &read(),
        ),
        one(&narrow).vector(
            "chain--what-every-block-allows",
            None,
            "what each of three blocks allows",
            &with("{}"),
        ),
        one(&Token::from_bytes(&deep, &Limits::default()).unwrap()).vector(
            "depth--more-blocks",
            Some("depth_exceeded"),
            "a block more than the second admits",
            &with("{}"),
        ),
    ]
}

/// A ceiling and house rules: scopes that are in no block.
fn of_layers() -> Vec<Vector> {
    let first = world::mint(world::base());
    let only = Scope::builder().allow(Capability::operation("mail.*", "outbox").unwrap());
    let uses = bailiwick::scope::Budget::uses("calls", 2).unwrap();
    let budget = bailiwick::scope::Requirement::new(
        bailiwick::scope::Pattern::any(),
        bailiwick::scope::Condition::Budget(uses),
    );
    let layer = world::delegate(&first, only.require(budget).build().unwrap());
    let elsewhere = || {
        Ask::new(world::act(
            "mail.send",
            bailiwick::action::Effect::Send,
            "box",
        ))
    };
    let question = || Question::of(&first);
    let ceiling = || question().with_ceiling(&layer);
    let house = || question().with_house(&layer);
    vec![
        ceiling().vector(
            "ceiling--inside",
            None,
            "the ceiling allows it too",
            &with("{}").spent("calls", 1),
        ),
        ceiling().vector(
            "ceiling--outside",
            Some("resource_outside"),
            "the ceiling does not allow it",
            &elsewhere(),
        ),
        ceiling().vector(
            "ceiling--budget",
            Some("budget_exceeded"),
            "a budget of the ceiling",
            &with("{}").spent("calls", 2),
        ),
        house().vector(
            "house--inside",
            None,
            "the house rules allow it too",
            &with("{}").spent("calls", 1),
        ),
        house().vector(
            "house--outside",
            Some("resource_outside"),
            "the house rules do not allow it",
            &elsewhere(),
        ),
        house().vector(
            "house--budget",
            Some("budget_exceeded"),
            "a budget of the house rules",
            &with("{}").spent("calls", 2),
        ),
    ]
}

/// The scopes of a question.
pub struct Question {
    pub token: Token,
    /// Tokens whose last block says what the ceiling and the house rules say.
    ceiling: Option<Token>,
    house: Option<Token>,
}

impl Question {
    fn of(token: &Token) -> Self {
        Self {
            token: token.clone(),
            ceiling: None,
            house: None,
        }
    }

    fn with_ceiling(self, token: &Token) -> Self {
        Self {
            ceiling: Some(token.clone()),
            ..self
        }
    }

    fn with_house(self, token: &Token) -> Self {
        Self {
            house: Some(token.clone()),
            ..self
        }
    }

    pub fn layers(&self) -> Layers<'_> {
        Layers {
            ceiling: self.ceiling.as_ref().and_then(last_scope),
            blocks: self.token.unverified().scopes(),
            house: self.house.as_ref().and_then(last_scope),
            brakes: None,
        }
    }

    fn vector(&self, name: &str, denied: Option<&str>, comment: &str, ask: &Ask) -> Vector {
        let spent = ask.spending(self.layers());
        let name = format!("{KIND}/{name}");
        let vector = match denied {
            None => Vector::new(name, "allow", comment),
            Some(code) => Vector::new(name, "deny", comment).with("code", code),
        };
        let keys = |keys: &Vec<ApproverPublicKey>| {
            keys.iter().map(|key| format!(" {key}")).collect::<String>()
        };
        let seen: serde_json::Map<String, Json> = ask
            .seen
            .iter()
            .map(|(label, values)| (label.to_string(), Json::from(values.collect::<Vec<_>>())))
            .collect();
        let possession = match ask.possession {
            Possession::Signature => "signature",
            Possession::Session => "session",
        };
        let spent_line = |(origin, name, of): &(Origin, _, String)| {
            let own = spent
                .iter()
                .find(|(other, own, _)| (other, own) == (origin, name));
            own.map(|(_, _, amount)| format!("{of} {amount}"))
        };
        vector
            .with("now", ask.now)
            .with("root-key", world::issuer().public_key())
            .with("possession", possession)
            .with("tainted", ask.tainted)
            .with("seen", Json::Object(seen))
            .with_all("action", ask.actions.iter().map(json::action_to))
            .with_all(
                "approved",
                ask.approved
                    .iter()
                    .enumerate()
                    .map(|(index, all)| format!("{index}{}", keys(all))),
            )
            .with_all(
                "spent",
                budgets(self.layers()).iter().filter_map(spent_line),
            )
            .with_all("pending", self.pending(ask, &spent))
            .with_all("ceiling", self.ceiling.as_ref().map(Token::to_text))
            .with_all(
                "ceiling-check",
                self.ceiling
                    .as_ref()
                    .map(|token| checks(token, "ceiling"))
                    .unwrap_or_default(),
            )
            .with_all("house", self.house.as_ref().map(Token::to_text))
            .with_all(
                "house-check",
                self.house
                    .as_ref()
                    .map(|token| checks(token, "house"))
                    .unwrap_or_default(),
            )
            .with(
                "sealed",
                world::hold(&self.token).seal().unwrap().to_base64(),
            )
            .with_body(self.token.to_text())
    }

    /// What earlier actions of the call would spend, for each later one.
    pub fn pending(&self, ask: &Ask, spent: &SpentLines) -> Vec<String> {
        let of = |index: usize| {
            ask.with_context(spent, |context| {
                let mut sums = std::collections::BTreeMap::new();
                if let Verdict::Allow(dues) =
                    evaluate(self.layers(), &ask.actions[..index], context)
                {
                    for due in dues.iter() {
                        if let DueKind::Spend(budget, amount) = due.kind {
                            *sums
                                .entry(crate::ask::budget_id(due.origin, budget.name()))
                                .or_insert(0) += amount;
                        }
                    }
                }
                sums.into_iter()
                    .map(|(id, sum)| format!("{index} {id} {sum}"))
                    .collect::<Vec<_>>()
            })
        };
        (1..ask.actions.len()).flat_map(of).collect()
    }

    pub fn parse(vector: &Vector) -> Self {
        let token = |text: &str| Token::parse(text, &Limits::default()).unwrap();
        Self {
            token: token(vector.body()),
            ceiling: vector.find("ceiling").map(token),
            house: vector.find("house").map(token),
        }
    }
}

fn last_scope(token: &Token) -> Option<&Scope> {
    token.unverified().scopes().last()
}

/// The checks of a token's last block, as those of a scope that is in no block.
fn checks(token: &Token, layer: &str) -> Vec<String> {
    let block = token.block_count() - 1;
    let text = token.to_datalog().pop().unwrap();
    let checks = text.lines().filter(|line| line.starts_with("check"));
    checks
        .map(|line| line.replace(&format!("spent(\"{block}/"), &format!("spent(\"{layer}/")))
        .collect()
}
