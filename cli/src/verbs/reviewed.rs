//! What is reviewed: a task file with values, or all blocks of a token.

use bailiwick::action::Purpose;
use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::{Compared, Lock, Manifest, Parameters, Samples, Subject};
use bailiwick::review::{Claim, Comparison, Effort, Vocabulary, Witness};
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, TextKind, Token};
use serde_json::{Map, Value, json};

use super::task_file::{With, unmade};
use crate::answer::{Exit, Page};
use crate::failure::{Outcome, coded};
use crate::finding::Finding;
use crate::io::Text;
use crate::show;

/// One side, with its scopes.
pub(crate) struct Reviewed {
    pub(crate) name: String,
    /// Of a task file, with the values that were given or taken.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) is: Kind,
}

/// What it is.
pub(crate) enum Kind {
    File {
        manifest: Box<Manifest>,
        /// With the values in it.
        purpose: Purpose,
        parameters: Parameters,
        /// What was taken for parameters that nobody gave.
        taken: Vec<(String, String)>,
        lock: Option<Lock>,
    },
    Token(Box<Token>),
}

impl Reviewed {
    pub(crate) fn read(
        side: &Text,
        with: &With,
        catalogs: &[Catalog],
        now: Timestamp,
    ) -> Outcome<Self> {
        let name = side.name();
        let text = side.read()?;
        if text.starts_with(TextKind::Token.prefix()) {
            let token = coded!(
                Token::parse(&text, &Limits::default()),
                "give the whole token, as it came"
            )?;
            return Ok(Self {
                name,
                scopes: token.unverified().scopes().to_vec(),
                is: Kind::Token(Box::new(token)),
            });
        }
        let lock = with.lock(side.file())?;
        let manifest = with.manifest((&name, &text), catalogs, lock.as_ref(), now)?;
        let (parameters, taken) = with.sampled(&manifest)?;
        let scope = manifest.scope(&parameters, now);
        let scope = scope.map_err(|error| unmade(error.code(), &error))?;
        let purpose = manifest.purpose(&parameters);
        Ok(Self {
            name,
            scopes: vec![scope],
            is: Kind::File {
                manifest: Box::new(manifest),
                purpose: coded!(purpose, "give a shorter --param")?,
                parameters,
                taken,
                lock,
            },
        })
    }

    /// With whatever values its parameters have.
    pub(crate) fn subject(&self) -> Subject<'_> {
        match &self.is {
            Kind::File { manifest, .. } => Subject::Manifest(manifest),
            Kind::Token(_) => Subject::Blocks(&self.scopes),
        }
    }

    /// What a reviewer should look at twice.
    pub(crate) fn findings(&self, catalogs: &[Catalog], now: Timestamp) -> Outcome<Vec<Finding>> {
        match &self.is {
            Kind::File {
                manifest,
                parameters,
                taken,
                ..
            } => {
                // Of the others every value counts.
                let is_given = |name: &str| !taken.iter().any(|(it, _)| it == name);
                let given = parameters.iter().filter(|(name, _)| is_given(name));
                let given = given.fold(Parameters::new(), |all, (name, value)| {
                    all.with(name, value.clone())
                });
                let found = Finding::of_file(manifest, &given, now);
                found.map_err(|error| unmade(error.code(), &error))
            }
            Kind::Token(_) => Ok(Finding::of_token(&self.scopes, &vocabulary(catalogs), now)),
        }
    }

    fn manifest(&self) -> Option<&Manifest> {
        match &self.is {
            Kind::File { manifest, .. } => Some(manifest),
            Kind::Token(_) => None,
        }
    }
}

/// The actions that count: those that the catalogs know, or all.
pub(crate) fn vocabulary(catalogs: &[Catalog]) -> Vocabulary {
    match catalogs {
        [] => Vocabulary::everything(),
        some => Vocabulary::of(some),
    }
}

/// Sets of values for the parameters of all sides that have none, as few as stand for all.
pub(crate) fn samples(
    sides: &[&Reviewed],
    claims: &[&Claim],
    vocabulary: &Vocabulary,
    with: &With,
) -> Outcome<Samples> {
    let given = given(sides, with)?;
    let subjects: Vec<Subject<'_>> = sides.iter().map(|side| side.subject()).collect();
    Ok(Samples::of(&subjects, claims, vocabulary, &given))
}

/// The values that are given for parameters of any side.
pub(crate) fn given(sides: &[&Reviewed], with: &With) -> Outcome<Parameters> {
    let manifests = sides.iter().filter_map(|side| side.manifest());
    with.given(&manifests.collect::<Vec<_>>())
}

/// Which of two allows more, whatever values the parameters have that nobody gave.
pub(crate) fn compared(
    (old, new): (&Reviewed, &Reviewed),
    vocabulary: &Vocabulary,
    with: &With,
    now: Timestamp,
) -> Outcome<(Compared, Samples)> {
    let samples = samples(&[old, new], &[], vocabulary, with)?;
    let (before, after) = (old.subject(), new.subject());
    let compared = samples.compare(before, after, vocabulary, now, Effort::default());
    Ok((compared, samples))
}

/// It grew, whether or not it also shrank; and what is not decided did not stay as it was.
pub(crate) fn exit(comparison: &Comparison) -> Exit {
    match comparison {
        _ if comparison.gained().is_some() => Exit::Deny,
        Comparison::Equal | Comparison::Narrower(_) => Exit::Clean,
        _ => Exit::Undecided,
    }
}

/// Says for which values the answer is.
pub(crate) fn say_samples(page: &mut Page, samples: &Samples) {
    if samples.are_all() {
        return;
    }
    let text = format!(
        "{} sets of values, which do not stand for all: decide for one by --param",
        samples.sets().len()
    );
    page.field(1, "tried:", text);
}

/// A witness with the values that it is for as lines, and as JSON.
pub(crate) fn witness(
    page: &mut Page,
    head: &str,
    it: &Witness,
    values: Option<&Parameters>,
) -> Value {
    page.head(1, head);
    let values = values.into_iter().flat_map(Parameters::iter);
    let mut parameters = Map::new();
    for (name, value) in values {
        page.field(2, &format!("with {name}:"), value.preview());
        parameters.insert(name.to_owned(), value.preview().into());
    }
    for line in it.to_string().lines() {
        page.field(2, "", line);
    }
    let lines: Vec<String> = it.to_string().lines().map(str::to_owned).collect();
    json!({
        "action": show::action(it.case().action()),
        "case": lines,
        "parameters": parameters,
    })
}
