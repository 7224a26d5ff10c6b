//! What is reviewed: a task file with values, or all blocks of a token.

use bailiwick::action::Purpose;
use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::{Manifest, Parameters, Samples, Subject};
use bailiwick::review::{Claim, Vocabulary, Witness};
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, TextKind, Token};
use serde_json::{Map, Value, json};

use super::task_file::{With, unmade};
use crate::answer::Page;
use crate::failure::{Outcome, coded};
use crate::io::Text;
use crate::show;

/// The scopes of one side, and what was taken for parameters that nobody gave.
pub(crate) struct Reviewed {
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    /// Of a task file: itself, for the places of its lines.
    pub(crate) manifest: Option<Manifest>,
    /// Of a task file: its purpose with the values in it.
    pub(crate) purpose: Option<Purpose>,
    /// Of a token: itself.
    pub(crate) token: Option<Token>,
    /// The values that the scope is of.
    pub(crate) parameters: Parameters,
    /// What was taken for parameters that nobody gave.
    pub(crate) taken: Vec<(String, String)>,
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
                manifest: None,
                purpose: None,
                token: Some(token),
                parameters: Parameters::new(),
                taken: Vec::new(),
            });
        }
        let manifest = with.manifest((&name, side.file()), &text, catalogs, now)?;
        let (parameters, taken) = with.sampled(&manifest)?;
        let scope = manifest.scope(&parameters, now);
        let scope = scope.map_err(|error| unmade(error.code(), &error))?;
        let purpose = manifest.purpose(&parameters);
        Ok(Self {
            name,
            purpose: Some(coded!(purpose, "give a shorter --param")?),
            scopes: vec![scope],
            manifest: Some(manifest),
            token: None,
            parameters,
            taken,
        })
    }

    /// With whatever values its parameters have.
    pub(crate) fn subject(&self) -> Subject<'_> {
        match &self.manifest {
            Some(manifest) => Subject::Manifest(manifest),
            None => Subject::Blocks(&self.scopes),
        }
    }

    /// Says which values stand for parameters: the answer is about these.
    pub(crate) fn say_taken(&self, page: &mut Page) {
        for (name, value) in &self.taken {
            let of = format!("{name} = {value} in `{}`", self.name);
            page.field(1, "taken:", of);
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
    let manifests = sides.iter().filter_map(|side| side.manifest.as_ref());
    let given = with.given(&manifests.collect::<Vec<_>>())?;
    let subjects: Vec<Subject<'_>> = sides.iter().map(|side| side.subject()).collect();
    Ok(Samples::of(&subjects, claims, vocabulary, &given))
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
