//! Decision vectors, read back and decided.

use bailiwick::action::Action;
use bailiwick::scope::{Context, Label, Layers, Seen, Verdict, evaluate};
#[cfg(feature = "oracle")]
use bailiwick::token::Token;
use serde_json::Value as Json;

use crate::ask::{Ask, SpentLines, budgets};
use crate::decisions::Question;
use crate::file::Vector;
use crate::{json, world};

/// A vector, read back: what a second implementation has to make of it.
pub struct Read {
    pub question: Question,
    pub actions: Vec<Action>,
    ask: Ask,
    spent: SpentLines,
}

impl Read {
    pub fn of(vector: &Vector) -> Self {
        let question = Question::parse(vector);
        let actions: Vec<Action> = vector.all("action").map(json::action_from).collect();
        let mut approved = vec![Vec::new(); actions.len()];
        for line in vector.all("approved") {
            let mut words = line.split(' ');
            let index: usize = words.next().unwrap().parse().unwrap();
            approved[index] = words.map(|key| key.parse().unwrap()).collect();
        }
        let mut seen = Seen::new();
        let labels: serde_json::Map<String, Json> =
            serde_json::from_str(vector.get("seen")).unwrap();
        for (label, values) in &labels {
            for value in values.as_array().unwrap() {
                seen.note(Label::new(label).unwrap(), value.as_str().unwrap());
            }
        }
        let known = budgets(question.layers());
        let spent = vector.all("spent").map(|line| {
            let (of, amount) = line.rsplit_once(' ').unwrap();
            let (origin, name, _) = known.iter().find(|(_, _, own)| own == of).unwrap();
            (*origin, name.clone(), amount.parse().unwrap())
        });
        let spent = spent.collect();
        let mut ask = Ask::new(actions[0].clone());
        ask.actions = actions.clone();
        ask.now = vector.get("now").parse().unwrap();
        ask.approved = approved;
        ask.seen = seen;
        ask.tainted = vector.get("tainted") == "true";
        if vector.get("possession") == "session" {
            ask = ask.session();
        }
        Self {
            question,
            actions,
            ask,
            spent,
        }
    }

    pub fn layers(&self) -> Layers<'_> {
        self.question.layers()
    }

    pub fn with_context<T>(&self, look: impl FnOnce(&Context<'_>) -> T) -> T {
        self.ask.with_context(&self.spent, look)
    }

    #[cfg(feature = "oracle")]
    pub fn token(&self) -> &Token {
        &self.question.token
    }
}

/// What is decided: nothing, or the code of the first reason.
fn decide(read: &Read) -> Option<&'static str> {
    read.with_context(
        |context| match evaluate(read.layers(), &read.actions, context) {
            Verdict::Allow(_) => None,
            Verdict::Deny(reasons) => Some(reasons[0].code.as_str()),
        },
    )
}

pub fn check(vector: &Vector) {
    let read = Read::of(vector);
    assert_eq!(decide(&read), vector.find("code"), "{}", vector.name);
    assert_eq!(
        vector.get("expect") == "allow",
        vector.find("code").is_none()
    );
    let pending: Vec<_> = vector.all("pending").map(str::to_owned).collect();
    assert_eq!(
        read.question.pending(&read.ask, &read.spent),
        pending,
        "{}",
        vector.name
    );
    let sealed = world::hold(&read.question.token)
        .seal()
        .unwrap()
        .to_base64();
    assert_eq!(vector.get("sealed"), sealed, "{}", vector.name);
    #[cfg(feature = "oracle")]
    crate::stock::check(vector, &read);
}
