//! What a note adds to a warm verification.

use std::cell::Cell;
use std::sync::Arc;

use bailiwick::action::Call;
use bailiwick::clock::FixedClock;
use bailiwick::gate::Gate;
use bailiwick::keys::dangerous::note_key_from_seed;
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::note::{Note, NoteSigner, NoteSigners};
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::Label;
use bailiwick::verify::Verifier;

use crate::task;

/// Presentations of tokens of one block that were seen before, with a note and without.
pub(crate) struct Noted {
    pub(crate) values: usize,
    verifier: Verifier,
    call: Call,
    revocations: RevocationSet,
    plain: Vec<String>,
    noted: Vec<String>,
    turn: Cell<usize>,
}

impl Noted {
    /// With a note of so many values, of which one is shown.
    pub(crate) fn new(values: usize) -> Self {
        let (now, call, service) = (task::at(0), task::call(), task::service());
        let (signer, label) = (
            NoteSigner::new(note_key_from_seed(&[1; 32])),
            Label::new("calendar:attendees").unwrap(),
        );
        let signers = NoteSigners::new().with(label.clone(), signer.public_key());
        let verifier = || task::verifier(10 * task::CHAINS).with_note_signers(signers.clone());
        let gate = Gate::new(verifier(), ForgetfulLedger::started_at(task::at(0)))
            .with_clock(Arc::new(FixedClock::new(task::at(60))));
        let all: Vec<String> = (0..values)
            .map(|n| format!("person-{n}@example.com"))
            .collect();
        let note = |holder: &bailiwick::present::Holder| -> Note {
            let sent = holder
                .present(&service, &call, task::at(60))
                .unwrap()
                .to_text();
            let permit = gate
                .admit(&sent, &call, task::action())
                .unwrap()
                .first()
                .unwrap();
            signer.sign(&permit, &label, &all, now).unwrap()
        };
        let (mut plain, mut noted) = (Vec::new(), Vec::new());
        for chain in 0..task::CHAINS {
            let holder = task::holder(chain, 1);
            let presentation = holder.present(&service, &call, now).unwrap();
            plain.push(presentation.to_text());
            let opened = note(&holder).open([all[values / 2].as_str()]);
            noted.push(presentation.with_notes(opened).unwrap().to_text());
        }
        let own = Self {
            values,
            verifier: verifier(),
            call,
            revocations: RevocationSet::default(),
            plain,
            noted,
            turn: Cell::new(0),
        };
        for _ in 0..task::CHAINS {
            assert_eq!((own.without(), own.with()), (0, 1));
        }
        own
    }

    /// How many bytes the note adds to the text.
    pub(crate) fn characters(&self) -> usize {
        self.noted[0].len() - self.plain[0].len()
    }

    pub(crate) fn without(&self) -> usize {
        self.verify(&self.plain)
    }

    pub(crate) fn with(&self) -> usize {
        self.verify(&self.noted)
    }

    /// How many values are seen.
    fn verify(&self, texts: &[String]) -> usize {
        self.turn.set((self.turn.get() + 1) % task::CHAINS);
        let text = &texts[self.turn.get()];
        let verified = self
            .verifier
            .verify(text, &self.call, task::at(0), &self.revocations);
        let seen = verified.unwrap().seen(None, None);
        // Noted under its field and its object.
        seen.iter().count() / 2
    }
}
