//! `attenuate`: hand a narrower token on.

use std::path::PathBuf;
use std::time::Duration;

use bailiwick::action::{AgentName, Effect, Service};
use bailiwick::clock::Timestamp;
use bailiwick::keys::{HolderKey, HolderPublicKey};
use bailiwick::present::Holder;
use bailiwick::scope::{OperationPattern, Pattern, Scope, ScopeBuilder};
use bailiwick::token::{Limits, Token};
use clap::Args;
use serde_json::json;

use super::task_file::OptionalTaskFile;
use crate::answer::{Answer, Page};
use crate::failure::{Failure, OrFail as _, Outcome, coded};
use crate::io::{KeySource, Text, create};

/// Hand a narrower token on to another agent
///
/// The new block is a task file, flags, or both. It can only take away.
#[derive(Args)]
pub(crate) struct Attenuate {
    /// The token: the text itself, a file, or `-`
    token: Text,
    #[command(flatten)]
    task_file: OptionalTaskFile,
    /// The key of the token's holder: a file, `-`, or env:NAME
    #[arg(long, value_name = "KEY")]
    key: KeySource,
    /// The public key of the agent that it is handed on to
    #[arg(long, value_name = "KEY")]
    holder: HolderPublicKey,
    /// What that agent is called
    #[arg(long, value_name = "NAME")]
    agent: AgentName,
    /// End it after so many seconds
    #[arg(long, value_name = "SECONDS")]
    ttl: Option<u64>,
    /// Only for this service; once for each
    #[arg(long, value_name = "SERVICE")]
    audience: Vec<Service>,
    /// Nothing of this effect; once for each
    #[arg(long, value_name = "EFFECT")]
    deny_effect: Vec<Effect>,
    /// Not this operation, or not what is below it (`forum.*`); once for each
    #[arg(long, value_name = "OPERATION")]
    deny_operation: Vec<String>,
    /// Nothing that is touched here (`forum/thread/42/**`); once for each
    #[arg(long, value_name = "RESOURCE")]
    deny_resource: Vec<String>,
    /// How often it may be handed on again
    #[arg(long, value_name = "N")]
    hand_on: Option<u32>,
    /// Write the token to a new file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Attenuate {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let token = Token::parse(&self.token.read()?, &Limits::default());
        let token = coded!(token, "give the whole token, as it came")?;
        let scope = self.scope(&token, now)?;
        let holder = Holder::new(token, self.key.key(HolderKey::from_pkcs8_pem)?).or_fail(
            "not_the_holder",
            "give the key that the token's last block names",
        )?;
        let narrower = holder.delegate(&self.holder, self.agent.clone(), scope);
        let narrower = coded!(
            narrower,
            "narrow it within what the token says: see `bailiwick inspect`"
        )?;
        let text = narrower.to_text();
        let mut page = Page::default();
        match &self.out {
            Some(file) => {
                create(file, format!("{text}\n").as_bytes())?;
                page.field(0, "wrote", format!("`{}`", file.display()));
            }
            None => page.copy(&text),
        }
        Ok(Answer::new(page, json!({ "token": text })))
    }

    fn scope(&self, token: &Token, now: Timestamp) -> Outcome<Scope> {
        // The new block's number, which is also how many blocks follow the first.
        let depth = u32::try_from(token.block_count()).unwrap_or(u32::MAX);
        let mut scope = self.of_task_file(token, depth, now)?;
        if let Some(seconds) = self.ttl {
            scope = scope.not_after(now.saturating_add(Duration::from_secs(seconds)));
        }
        if !self.audience.is_empty() {
            scope = scope.audience_only(self.audience.iter().cloned());
        }
        for effect in &self.deny_effect {
            scope = scope.deny(Pattern::any().with_effect(*effect));
        }
        for operation in &self.deny_operation {
            let operation: OperationPattern = operation
                .parse()
                .or_fail("operation_malformed", "write forum.read, or forum.*")?;
            scope = scope.deny(Pattern::any().with_operation(operation));
        }
        for resource in &self.deny_resource {
            let pattern = Pattern::any().resource(resource);
            scope = scope
                .deny(pattern.or_fail("resource_malformed", "write forum/thread/42, or forum/**")?);
        }
        if let Some(more) = self.hand_on {
            scope = scope.max_depth(depth.saturating_add(more));
        }
        scope
            .build()
            .or_fail("scope_invalid", "leave out what is there twice")
    }

    /// A task file speaks of a task from its start; here it is for what is left of one.
    fn of_task_file(&self, token: &Token, depth: u32, now: Timestamp) -> Outcome<ScopeBuilder> {
        let Some((manifest, parameters)) = self.task_file.read(now)? else {
            if self.says_nothing() {
                let what = "the new block would take nothing away";
                return Err(Failure::new(
                    "nothing_narrowed",
                    what,
                    "give a task file, or what to deny",
                ));
            }
            return Ok(Scope::builder());
        };
        let scope = manifest.scope(&parameters, now);
        let scope = coded!(
            scope,
            "give each parameter with --param NAME=VALUE, as the task file asks"
        )?;
        let ends = now
            .saturating_add(manifest.ttl())
            .min(token.unverified().not_after());
        let deepest = depth.saturating_add(manifest.max_depth());
        Ok(scope.into_builder().not_after(ends).max_depth(deepest))
    }

    fn says_nothing(&self) -> bool {
        let denies = [&self.deny_operation, &self.deny_resource];
        self.ttl.is_none()
            && self.hand_on.is_none()
            && self.audience.is_empty()
            && self.deny_effect.is_empty()
            && denies.iter().all(|it| it.is_empty())
    }
}
