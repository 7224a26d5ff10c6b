//! One issuer, one agent, one approver, and what the service lets them do.

use std::time::Duration;

use bailiwick::action::{Action, Call, Effect, Service, Task, Tree};
use bailiwick::approve::{Approval, ApprovalRequest, Approver};
use bailiwick::clock::{Clock as _, SystemClock, Timestamp};
use bailiwick::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed, revocation_key_from_seed,
};
use bailiwick::keys::{HolderKey, KeyRing, Root, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::revoke::{KillSwitch, RevocationSet};
use bailiwick::scope::{
    ApprovalRule, Budget, Capability, Condition, Measure, Pattern, Requirement, Scope,
};
use bailiwick::verify::Verifier;

pub const HOUR: Duration = Duration::from_secs(3_600);
/// How far clocks may differ: what a server may have forgotten is denied for as long.
pub const SKEW: Duration = Duration::from_millis(500);
/// After so long without contact, revocations are stale.
pub const MAX_SILENCE: Duration = Duration::from_millis(1_500);

/// How many posts a token is good for, and how much it may pay.
pub const POSTS: i64 = 1_000;
pub const MONEY: i64 = 700;

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// One of so many.
    Post(i64),
    /// So much, of a sum.
    Pay(i64),
    /// With an approval.
    Publish(i64),
}

impl Deed {
    pub fn of(word: &str, number: i64) -> Option<Self> {
        match word {
            "post" => Some(Self::Post(number)),
            "pay" => Some(Self::Pay(number)),
            "publish" => Some(Self::Publish(number)),
            _ => None,
        }
    }

    pub fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Post(number) => ("post", number),
            Self::Pay(number) => ("pay", number),
            Self::Publish(number) => ("publish", number),
        }
    }

    fn arguments(self) -> Tree {
        Tree::from_pairs([("number", self.parts().1)]).unwrap()
    }

    pub fn call(self) -> Call {
        Call::tool(self.parts().0.parse().unwrap(), self.arguments())
    }

    pub fn action(self) -> Action {
        let (word, effect) = match self {
            Self::Post(_) => ("forum.post", Effect::Write),
            Self::Pay(_) => ("forum.pay", Effect::Pay),
            Self::Publish(_) => ("forum.publish", Effect::Publish),
        };
        let place = "forum/thread/42".parse().unwrap();
        Action::new(service(), word.parse().unwrap(), effect, place)
            .with_arguments(self.arguments())
    }
}

/// An agent with its token, and the ticket that stops it.
pub struct Agent {
    pub holder: Holder,
    pub stop: String,
}

impl Agent {
    /// One with a task of its own.
    pub fn mint(task: &str) -> Self {
        let task = Task::new(task, "look after thread 42", "ada@example.com", "helper").unwrap();
        let on = |word: &str| Pattern::any().operation(word).unwrap();
        let grant = |word: &str| Capability::operation(word, "forum/thread/42").unwrap();
        let sum = Budget::sum("money", Measure::int("number").unwrap(), MONEY).unwrap();
        let posts = Budget::uses("posts", POSTS).unwrap();
        let rule = ApprovalRule::any_of([approver().public_key()]).unwrap();
        let scope = Scope::builder()
            .allow(grant("forum.post"))
            .allow(grant("forum.pay"))
            .allow(grant("forum.publish"))
            .require(Requirement::new(on("forum.post"), Condition::Budget(posts)))
            .require(Requirement::new(on("forum.pay"), Condition::Budget(sum)))
            .require(Requirement::new(
                on("forum.publish"),
                Condition::Approval(rule),
            ))
            .audience(service())
            .not_after(now() + HOUR);
        let issuer = Issuer::new(issuer_key_from_seed(&[1; 32]), RootKeyId::new(1));
        let agent = agent_key();
        let minted = issuer
            .mint(&task, scope.build().unwrap(), &agent.public_key(), now())
            .unwrap();
        Self {
            stop: minted.stop.to_text(),
            holder: Holder::new(minted.token, agent).unwrap(),
        }
    }

    /// A yes to one deed, once.
    pub fn approval(&self, deed: Deed) -> Approval {
        let sent = self
            .holder
            .present(&service(), &deed.call(), now())
            .unwrap();
        let known = RevocationSet::default();
        let verified = verifier().verify(&sent.to_text(), &deed.call(), now(), &known);
        let request = ApprovalRequest::new(&verified.unwrap(), vec![deed.action()], HOUR);
        let asked = self.holder.ask(&request.unwrap(), now()).unwrap();
        let approver = approver();
        let opened = approver.open(&asked.to_text(), now()).unwrap();
        approver.approve(&opened, HOUR, now()).unwrap()
    }
}

pub fn now() -> Timestamp {
    SystemClock.now()
}

pub fn service() -> Service {
    "forum.example".parse().unwrap()
}

pub fn agent_key() -> HolderKey {
    holder_key_from_seed(&[3; 32])
}

pub fn switch() -> KillSwitch {
    KillSwitch::new(revocation_key_from_seed(&[2; 32]), HOUR)
}

pub fn ring() -> KeyRing {
    let root = issuer_key_from_seed(&[1; 32]).public_key();
    let root = Root::new(RootKeyId::new(1), root, Timestamp::MIN..Timestamp::MAX);
    let switch = revocation_key_from_seed(&[2; 32]).public_key();
    KeyRing::new([root.with_revocation_key(switch)]).unwrap()
}

pub fn verifier() -> Verifier {
    Verifier::new(service(), ring())
        .with_skew(SKEW)
        .with_proof_window(Duration::from_secs(60))
}

fn approver() -> Approver {
    Approver::new(approver_key_from_seed(&[4; 32]), ring())
}
