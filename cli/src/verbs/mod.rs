//! The verbs, one a file: arguments in, an answer out.

mod approve;
mod asked;
mod attenuate;
mod brake;
mod catalog;
mod check;
mod completions;
mod diff;
mod init;
mod inspect;
mod keygen;
mod kill_list;
mod lint;
mod lock;
mod mint;
mod pattern;
mod prove;
mod report;
mod request;
mod reviewed;
mod revoke;
mod schema;
mod stop;
mod task_file;

use clap::Subcommand;

use crate::answer::Answer;
use crate::args::Asked;
use crate::failure::Outcome;

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Verb {
    Keygen(keygen::Keygen),
    Init(init::Init),
    Catalog(catalog::CatalogVerb),
    Lock(lock::Lock),
    Mint(mint::Mint),
    Inspect(inspect::Inspect),
    Check(check::Check),
    /// Say what each hop of a token says to an action, and why
    Explain(check::Check),
    Diff(diff::Diff),
    Prove(prove::Prove),
    Lint(lint::Lint),
    Report(report::Report),
    Attenuate(attenuate::Attenuate),
    Request(request::Request),
    Approve(approve::Approve),
    Decline(approve::Decline),
    Revoke(revoke::Revoke),
    Stop(stop::StopVerb),
    Brake(brake::BrakeVerb),
    Schema(schema::Schema),
    Completions(completions::Completions),
}

pub(crate) fn run(asked: Asked) -> Outcome<Answer> {
    let now = asked.now();
    match asked.verb {
        Verb::Keygen(verb) => verb.run(),
        Verb::Init(verb) => verb.run(now),
        Verb::Catalog(verb) => verb.run(),
        Verb::Lock(verb) => verb.run(),
        Verb::Mint(verb) => verb.run(now),
        Verb::Inspect(verb) => verb.run(now),
        Verb::Check(verb) => verb.run(now),
        Verb::Explain(verb) => verb.explain(now),
        Verb::Diff(verb) => verb.run(now),
        Verb::Prove(verb) => verb.run(now),
        Verb::Lint(verb) => verb.run(now),
        Verb::Report(verb) => verb.run(now),
        Verb::Attenuate(verb) => verb.run(now),
        Verb::Request(verb) => verb.run(now),
        Verb::Approve(verb) => verb.run(now),
        Verb::Decline(verb) => verb.run(now),
        Verb::Revoke(verb) => verb.run(now),
        Verb::Stop(verb) => verb.run(now),
        Verb::Brake(verb) => verb.run(now),
        Verb::Schema(verb) => verb.run(),
        Verb::Completions(verb) => verb.run(),
    }
}
