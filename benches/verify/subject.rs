//! What is measured, for a token of so many blocks.

use std::cell::Cell;

use bailiwick::action::{Action, AgentName, Call, Service, Task};
use bailiwick::clock::Timestamp;
use bailiwick::decide::{Decision, Facts, decide};
use bailiwick::mint::Issuer;
use bailiwick::present::{Holder, Presentation};
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, Token};
use bailiwick::verify::{Verified, Verifier};

use crate::raw::Raw;
use crate::stock::Stock;
use crate::task;

pub(crate) struct Subjects {
    pub(crate) blocks: usize,
    pub(crate) chains: Vec<Chain>,
    turn: Cell<usize>,
    forgetful: Verifier,
    remembering: Verifier,
    revocations: RevocationSet,
    limits: Limits,
    now: Timestamp,
    service: Service,
    call: Call,
    actions: [Action; 1],
    issuer: Issuer,
    name: AgentName,
    last_scope: Scope,
}

/// One token, and everything that it is compared with.
pub(crate) struct Chain {
    pub(crate) holder: Holder,
    pub(crate) text: String,
    pub(crate) plain: Stock,
    bytes: Vec<u8>,
    sealed: Stock,
    raw: Raw,
    verified: Verified,
    task: Task,
    /// Who hands on to the last holder; nobody if there is one block.
    before: Option<Holder>,
}

impl Subjects {
    pub(crate) fn new(blocks: usize) -> Self {
        let (now, call, service) = (task::at(0), task::call(), task::service());
        let remembering = task::verifier(10 * task::CHAINS);
        let revocations = RevocationSet::default();
        let chain = |number| {
            let holder = task::holder(number, blocks);
            let presentation = holder.present(&service, &call, now).unwrap();
            let sealed = Stock::sealed(&holder);
            Chain {
                text: presentation.to_text(),
                bytes: presentation.to_bytes(),
                raw: Raw::new(number, &sealed.contents()),
                sealed,
                plain: Stock::plain(number, blocks),
                verified: remembering
                    .verify_presentation(&presentation, &call, now, &revocations)
                    .unwrap(),
                task: task::task(number),
                before: (blocks > 1).then(|| task::holder(number, blocks - 1)),
                holder,
            }
        };
        let own = Self {
            blocks,
            chains: (0..task::CHAINS).map(chain).collect(),
            turn: Cell::new(0),
            forgetful: task::verifier(0),
            remembering,
            revocations,
            limits: Limits::default(),
            now,
            call,
            service,
            actions: [task::action()],
            issuer: task::issuer(),
            name: task::DELEGATE.parse().unwrap(),
            last_scope: task::scope(blocks - 1),
        };
        own.try_everything();
        own
    }

    fn try_everything(&self) {
        for chain in &self.chains {
            assert!(self.raw() && self.raw_proof() && self.sealed() && self.plain());
            assert!(self.cold_from_text() && self.cold_from_bytes() && self.decide());
            assert!(self.warm_from_text() && self.warm_from_bytes());
            let token = self.made_by(chain);
            assert_eq!(token.as_bytes(), chain.holder.token().as_bytes());
        }
    }

    /// The strict verifications that chain and proof need.
    pub(crate) fn raw(&self) -> bool {
        self.next().raw.verify_all()
    }

    /// The one that the proof needs.
    pub(crate) fn raw_proof(&self) -> bool {
        self.next().raw.verify_proof()
    }

    /// Stock biscuit-auth, our token.
    pub(crate) fn sealed(&self) -> bool {
        self.next().sealed.parse_and_authorize()
    }

    /// Stock biscuit-auth, the same task in plain checks.
    pub(crate) fn plain(&self) -> bool {
        self.next().plain.parse_and_authorize()
    }

    /// Presentation text → verified → decision, by a verifier that remembers no token.
    pub(crate) fn cold_from_text(&self) -> bool {
        self.verify_text(&self.forgetful)
    }

    /// As from text, from the binary form of the presentation.
    pub(crate) fn cold_from_bytes(&self) -> bool {
        self.verify_bytes(&self.forgetful)
    }

    /// As cold, by a verifier that remembers the token: only the proof is new.
    pub(crate) fn warm_from_text(&self) -> bool {
        self.verify_text(&self.remembering)
    }

    pub(crate) fn warm_from_bytes(&self) -> bool {
        self.verify_bytes(&self.remembering)
    }

    fn verify_text(&self, verifier: &Verifier) -> bool {
        let text = &self.next().text;
        let verified = verifier.verify(text, &self.call, self.now, &self.revocations);
        self.allows(&verified.unwrap())
    }

    fn verify_bytes(&self, verifier: &Verifier) -> bool {
        let presentation = Presentation::from_bytes(&self.next().bytes, &self.limits).unwrap();
        let verified =
            verifier.verify_presentation(&presentation, &self.call, self.now, &self.revocations);
        self.allows(&verified.unwrap())
    }

    /// A verified token and an action → decision.
    pub(crate) fn decide(&self) -> bool {
        self.allows(&self.next().verified)
    }

    fn allows(&self, verified: &Verified) -> bool {
        let facts = Facts::of(verified);
        matches!(
            decide(verified, None, &self.actions, &facts),
            Decision::Allow(_)
        )
    }

    /// Makes the last block: mints a token of one block, or delegates one.
    pub(crate) fn mint_or_delegate(&self) -> Token {
        self.made_by(self.next())
    }

    fn made_by(&self, chain: &Chain) -> Token {
        let (scope, to) = (self.last_scope.clone(), chain.holder.public_key());
        match &chain.before {
            None => {
                self.issuer
                    .mint(&chain.task, scope, &to, self.now)
                    .unwrap()
                    .token
            }
            Some(holder) => holder.delegate(&to, self.name.clone(), scope).unwrap(),
        }
    }

    /// A fresh proof, and the text form of the presentation.
    pub(crate) fn present(&self) -> String {
        let holder = &self.next().holder;
        holder
            .present(&self.service, &self.call, self.now)
            .unwrap()
            .to_text()
    }

    fn next(&self) -> &Chain {
        self.turn.set((self.turn.get() + 1) % task::CHAINS);
        &self.chains[self.turn.get()]
    }
}
