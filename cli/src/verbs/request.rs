//! `request`: ask for an approval, in the name of the token's holder.

use std::path::PathBuf;
use std::time::Duration;

use bailiwick::action::Call;
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::Timestamp;
use bailiwick::keys::HolderKey;
use bailiwick::present::Holder;
use bailiwick::token::{Limits, TextKind, Token};
use bailiwick::verify::Verifier;
use clap::Args;
use serde_json::json;

use super::asked::Wish;
use crate::answer::{Answer, Page};
use crate::failure::{Failure, OrFail as _, Outcome, coded};
use crate::io::{KeySource, Text};
use crate::trust::Trust;

/// Ask for an approval: sign a service's request, or make one for an action
///
/// A service that wants an approval answers with an unsigned request: give that, or an action with the roots by which the token
/// is verified first.
#[derive(Args)]
pub(crate) struct Request {
    /// A service's request, the text itself, a file or `-`; or the token, with --action or --call
    text: Text,
    /// The holder's key: a file, `-`, or env:NAME
    #[arg(long, value_name = "KEY")]
    key: KeySource,
    /// With --action or --call: whom to trust, in TOML
    #[arg(long, value_name = "FILE")]
    roots: Option<PathBuf>,
    #[command(flatten)]
    wish: Wish,
    /// With --action or --call: how many seconds there are to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    valid_for: u64,
}

const WHOLE: &str = "give the whole text, as it came";

impl Request {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let text = self.text.read()?;
        let limits = Limits::default();
        let (token, request) = if text.starts_with(TextKind::ApprovalRequest.prefix()) {
            let request = coded!(ApprovalRequest::parse(&text, &limits), WHOLE)?;
            (request.token().clone(), Some(request))
        } else {
            (coded!(Token::parse(&text, &limits), WHOLE)?, None)
        };
        let key = self.key.key(HolderKey::from_pkcs8_pem)?;
        let holder = Holder::new(token, key).or_fail(
            "not_the_holder",
            "give the key that the token's last block names",
        )?;
        let request = request.map_or_else(|| self.ask_for_action(&holder, now), Ok)?;
        let signed = coded!(
            holder.ask(&request, now),
            "ask the service for a new request"
        )?
        .to_text();
        let mut page = Page::default();
        page.copy(&signed);
        let mut notes = Page::default();
        notes.field(
            0,
            "send it to whoever approves; to be answered before",
            request.until(),
        );
        let json = json!({ "request": signed, "until": request.until() });
        Ok(Answer::new(page, json).with_notes(notes))
    }

    fn ask_for_action(&self, holder: &Holder, now: Timestamp) -> Outcome<ApprovalRequest> {
        let Some(roots) = self.roots.as_ref().filter(|_| !self.wish.is_empty()) else {
            let help = "give --action and --roots beside a token, or a service's request alone";
            return Err(Failure::new(
                "action_missing",
                "there is nothing to ask for",
                help,
            ));
        };
        let (service, actions) = self.wish.actions()?;
        let Some(first) = actions.first() else {
            return Err(Failure::new(
                "action_missing",
                "the call does nothing",
                "ask for another",
            ));
        };
        let trust = Trust::read(roots, now)?;
        // A presentation that goes nowhere: the holder proves to this verifier what it would to the service's.
        let (operation, resource) = (first.operation().clone(), first.resource().clone());
        let call = Call::direct(operation, resource, first.arguments().clone());
        let sent = holder
            .present(&service, &call, now)
            .or_fail("no_randomness", "try again")?;
        let verifier = Verifier::new(service, trust.ring.clone());
        let verified = verifier.verify_presentation(&sent, &call, now, &trust.revocations);
        let verified = coded!(
            verified,
            "see `bailiwick check` for what the token is good for"
        )?;
        ApprovalRequest::new(&verified, actions, Duration::from_secs(self.valid_for))
            .or_fail("request_invalid", "ask for less, or for another time")
    }
}
