//! `inspect`: what any of our texts says.

use std::path::PathBuf;

use bailiwick::action::{Action, quoted};
use bailiwick::approve::{Answer as Answered, ApprovalRequest, SignedRequest};
use bailiwick::clock::Timestamp;
use bailiwick::note::{DetachedNote, Note, NoteStatement};
use bailiwick::present::Presentation;
use bailiwick::revoke::StopTicket;
use bailiwick::token::{Limits, TextKind, Token};
use bailiwick::verify::TokenAtRest;
use clap::Args;
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Page, Tone};
use crate::failure::{Failure, Outcome, coded};
use crate::io::Text;
use crate::show;
use crate::trust::Trust;

/// Say what a token, presentation, request, approval, note or stop ticket says
#[derive(Args)]
pub(crate) struct Inspect {
    /// The text itself, a file, or `-`
    #[arg(default_value = "-")]
    text: Text,
    /// Verify what can be verified: whom to trust, in TOML
    #[arg(long, value_name = "FILE")]
    roots: Option<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let trust = self
            .roots
            .as_deref()
            .map(|roots| Trust::read(roots, now))
            .transpose()?;
        let text = self.text.read()?;
        let kind = TextKind::ALL
            .into_iter()
            .find(|kind| text.starts_with(kind.prefix()));
        let kind = kind.ok_or_else(|| {
            let what = format!("{} is none of our texts", self.text.name());
            let known: Vec<_> = TextKind::ALL.iter().map(|kind| kind.prefix()).collect();
            Failure::new(
                "not_ours",
                what,
                format!("give one that begins with one of {}", known.join(", ")),
            )
        })?;
        let mut seen = Seen {
            trust: trust.as_ref(),
            now,
            exit: Exit::Clean,
            page: Page::default(),
        };
        let json = seen.text(kind, &text)?;
        Ok(Answer::new(seen.page, json).ending(seen.exit))
    }
}

const DAMAGED: &str = "ask whoever sent it for the whole text";

/// What was seen so far.
struct Seen<'a> {
    trust: Option<&'a Trust>,
    now: Timestamp,
    exit: Exit,
    page: Page,
}

impl Seen<'_> {
    fn text(&mut self, kind: TextKind, text: &str) -> Outcome<Value> {
        let limits = Limits::default();
        Ok(match kind {
            TextKind::Token => {
                let token = coded!(Token::parse(text, &limits), DAMAGED)?;
                json!({ "kind": "token", "token": self.token(&token, 0) })
            }
            TextKind::Presentation => {
                let it = coded!(Presentation::parse(text, &limits), DAMAGED)?;
                self.presentation(&it, &limits)?
            }
            TextKind::ApprovalRequest => self.request(text, &limits)?,
            TextKind::Approval => {
                let it = coded!(Answered::parse(text), DAMAGED)?;
                self.answer(&it)
            }
            TextKind::Note => {
                let it = coded!(Note::parse(text), DAMAGED)?;
                let values: Vec<_> = it.values().collect();
                self.note("note", it.statement(), &values, None)
            }
            TextKind::DetachedNote => {
                let it = coded!(DetachedNote::parse(text), DAMAGED)?;
                self.note(
                    "detached note",
                    it.statement(),
                    &[],
                    Some(it.at().to_string()),
                )
            }
            TextKind::StopTicket => {
                let it = coded!(StopTicket::parse(text), DAMAGED)?;
                self.ticket(&it)
            }
            other => {
                let what = format!("{other} is of a kind that is not shown");
                return Err(Failure::new(
                    "kind_unknown",
                    what,
                    "use a newer `bailiwick`",
                ));
            }
        })
    }

    /// What nobody has verified says so, first.
    fn unverified(&mut self, depth: usize) -> Value {
        self.page.push(
            depth,
            Tone::Doubt,
            "not verified:",
            "anybody could have written this",
        );
        json!({ "state": "not_verified" })
    }

    fn refused(&mut self, depth: usize, code: &str, why: &str) -> Value {
        self.exit = Exit::Deny;
        self.page
            .push(depth, Tone::Bad, &format!("refused [{code}]:"), why);
        json!({ "state": "refused", "code": code, "message": why })
    }

    fn token(&mut self, token: &Token, depth: usize) -> Value {
        let kind = match token.block_count() {
            1 => "token, 1 block".to_owned(),
            blocks => format!("token, {blocks} blocks"),
        };
        self.page.head(depth, &kind);
        let depth = depth.saturating_add(1);
        let verified = self.verify(token, depth);
        let mut said = show::blocks(token);
        show::blocks_lines(&mut self.page, depth, &said);
        if let Some(said) = said.as_object_mut() {
            said.insert("verified".to_owned(), verified);
        }
        said
    }

    fn verify(&mut self, token: &Token, depth: usize) -> Value {
        let Some(trust) = self.trust else {
            return self.unverified(depth);
        };
        let checked = TokenAtRest::check(token.clone(), &trust.ring, self.now);
        let checked = checked.and_then(|checked| {
            checked.check_revocation(&trust.revocations, self.now)?;
            Ok(checked)
        });
        match checked {
            Err(error) => self.refused(depth, error.code(), &error.to_string()),
            Ok(_) if token.unverified().not_after() <= self.now => {
                let ended = format!(
                    "the token ended at {}, and it is {}",
                    token.unverified().not_after(),
                    self.now
                );
                self.refused(depth, "expired", &ended)
            }
            Ok(checked) => {
                let root = checked.root().id();
                let text = format!("signed under root {root}, and not revoked");
                self.page.push(depth, Tone::Good, "verified:", text);
                json!({ "state": "verified", "root": root.get() })
            }
        }
    }

    fn presentation(&mut self, it: &Presentation, limits: &Limits) -> Outcome<Value> {
        self.page.head(0, "presentation");
        self.page.push(
            1,
            Tone::Doubt,
            "not verified:",
            "the proof is for one call, which is not known here",
        );
        let proof = it.proof();
        self.page.field(1, "proof made", proof.issued());
        let mut approvals = Vec::new();
        for approval in it.approvals() {
            approvals.push(self.approval(approval, 1));
        }
        let mut notes = Vec::new();
        for note in it.notes() {
            let values: Vec<_> = note.values().collect();
            notes.push(self.statement(note.statement(), &values, 1));
        }
        let token = coded!(Token::from_bytes(it.token(), limits), DAMAGED)?;
        let token = self.token(&token, 1);
        Ok(json!({
            "kind": "presentation",
            "proof": { "issued": proof.issued() },
            "approvals": approvals,
            "notes": notes,
            "token": token,
        }))
    }

    fn request(&mut self, text: &str, limits: &Limits) -> Outcome<Value> {
        let signed = SignedRequest::parse(text, limits);
        let (request, state) = match signed {
            Ok(signed) => (signed.request().clone(), "signed"),
            Err(_) => (
                coded!(ApprovalRequest::parse(text, limits), DAMAGED)?,
                "unsigned",
            ),
        };
        self.page.head(0, &format!("approval request, {state}"));
        self.page.push(
            1,
            Tone::Doubt,
            "not verified:",
            "`bailiwick approve` verifies who asks, before it signs",
        );
        self.page
            .field(1, "service", quoted(request.service().as_str()));
        self.page.field(1, "made", request.issued());
        self.page.field(1, "to be answered before", request.until());
        for action in request.actions() {
            show::action_lines(&mut self.page, 1, action);
        }
        let actions: Vec<Value> = request
            .actions()
            .iter()
            .map(|it: &Action| show::action(it))
            .collect();
        let token = self.token(request.token(), 1);
        Ok(json!({
            "kind": "approval_request",
            "state": state,
            "service": request.service(),
            "issued": request.issued(),
            "until": request.until(),
            "actions": actions,
            "token": token,
        }))
    }

    fn answer(&mut self, it: &Answered) -> Value {
        match it {
            Answered::Approved(approval) => {
                let said = self.approval(approval, 0);
                json!({ "kind": "approval", "approval": said })
            }
            Answered::Declined(declined) => {
                self.page.head(0, "declined");
                self.unverified(1);
                self.page.field(1, "approver", declined.approver());
                self.page.field(1, "made", declined.issued());
                json!({
                    "kind": "declined",
                    "approver": declined.approver(),
                    "issued": declined.issued(),
                })
            }
        }
    }

    fn approval(&mut self, it: &bailiwick::approve::Approval, depth: usize) -> Value {
        let below = depth.saturating_add(1);
        self.page.head(depth, "approval");
        self.unverified(below);
        self.page.field(below, "approver", it.approver());
        self.page.field(below, "made", it.issued());
        self.page.field(below, "until", it.until());
        let digests: Vec<String> = it.digests().iter().map(ToString::to_string).collect();
        for digest in &digests {
            self.page.field(below, "action", digest);
        }
        json!({
            "approver": it.approver(),
            "issued": it.issued(),
            "until": it.until(),
            "actions": digests,
        })
    }

    fn note(
        &mut self,
        kind: &str,
        it: &NoteStatement,
        values: &[&str],
        at: Option<String>,
    ) -> Value {
        let mut said = self.statement(it, values, 0);
        if let Some(at) = &at {
            self.page.field(1, "values at", quoted(at));
        }
        if let Some(said) = said.as_object_mut() {
            said.insert("kind".to_owned(), json!(kind.replace(' ', "_")));
            said.insert("at".to_owned(), json!(at));
        }
        said
    }

    fn statement(&mut self, it: &NoteStatement, values: &[&str], depth: usize) -> Value {
        let below = depth.saturating_add(1);
        let object = it.object().map(ToString::to_string);
        self.page.head(depth, "note");
        self.unverified(below);
        self.page
            .field(below, "label", quoted(&it.label().to_string()));
        if let Some(object) = &object {
            self.page.field(below, "of", quoted(object));
        }
        self.page
            .field(below, "service", quoted(it.service().as_str()));
        self.page.field(below, "task", quoted(it.task().as_str()));
        self.page.field(below, "holder", it.holder());
        self.page.field(below, "signer", it.signer());
        self.page.field(below, "until", it.until());
        self.page.field(
            below,
            "values",
            format!("{} shown of {}", values.len(), it.count()),
        );
        for value in values {
            self.page.field(below, "value", quoted(value));
        }
        json!({
            "label": it.label().to_string(),
            "object": object,
            "service": it.service(),
            "task": it.task(),
            "holder": it.holder(),
            "signer": it.signer(),
            "issued": it.issued(),
            "until": it.until(),
            "count": it.count(),
            "values": values,
        })
    }

    fn ticket(&mut self, it: &StopTicket) -> Value {
        self.page.head(0, "stop ticket");
        let verified = match self.trust {
            None => self.unverified(1),
            Some(trust) => match it.verify(&trust.ring, self.now) {
                Ok(stop) => {
                    let text = format!("signed under root {}", stop.root_id);
                    self.page.push(1, Tone::Good, "verified:", text);
                    json!({ "state": "verified", "root": stop.root_id.get() })
                }
                Err(error) => self.refused(1, error.code(), &error.to_string()),
            },
        };
        let stop = it.unverified();
        self.page.field(1, "stops task", quoted(stop.task.as_str()));
        self.page
            .field(1, "of root", format!("{}, {}", stop.root_id, stop.root));
        self.page.field(1, "ends", stop.ends);
        json!({
            "kind": "stop_ticket",
            "task": stop.task,
            "root": stop.root_id.get(),
            "key": stop.root,
            "issued": stop.issued,
            "ends": stop.ends,
            "verified": verified,
        })
    }
}
