//! A task file with its catalogs and values, as several verbs take them.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use bailiwick::action::Value;
use bailiwick::approve::Directory;
use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::keys::DirectoryPublicKey;
use bailiwick::manifest::{Lock, Manifest, ParameterType, Parameters};
use clap::Args;

use super::catalog;
use crate::failure::{Failure, OrFail as _, Outcome, coded};
use crate::io::{file_bytes, file_text};

#[derive(Args)]
pub(crate) struct TaskFile {
    /// The task file, in TOML
    #[arg(value_name = "TASK-FILE")]
    file: PathBuf,
    #[command(flatten)]
    with: With,
}

/// The same, where a verb can do without.
#[derive(Args)]
pub(crate) struct OptionalTaskFile {
    /// A task file, in TOML
    #[arg(value_name = "TASK-FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    with: With,
}

/// What a task file is read with.
#[derive(Args)]
pub(crate) struct With {
    /// The catalog of a service that the task is for; once for each
    #[arg(long = "catalog", value_name = "FILE")]
    catalogs: Vec<PathBuf>,
    /// Do without catalogs: operations and arguments are taken as they stand
    #[arg(long, conflicts_with = "catalogs")]
    no_catalog: bool,
    /// The lock of the task file [default: the one beside it, if there is one]
    #[arg(long, value_name = "FILE", conflicts_with = "no_catalog")]
    lock: Option<PathBuf>,
    /// A signed directory of approvers, for those that the task file asks by name
    #[arg(long, value_name = "FILE", requires = "directory_key")]
    directory: Option<PathBuf>,
    /// Who signs the directory
    #[arg(long, value_name = "KEY", requires = "directory")]
    directory_key: Option<DirectoryPublicKey>,
    /// A value for a parameter; once for each
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<Parameter>,
}

/// `NAME=VALUE`.
#[derive(Clone)]
struct Parameter {
    name: String,
    value: String,
}

impl FromStr for Parameter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl TaskFile {
    pub(crate) fn read(&self, now: Timestamp) -> Outcome<(Manifest, Parameters)> {
        self.with.read(&self.file, now)
    }
}

impl OptionalTaskFile {
    pub(crate) fn read(&self, now: Timestamp) -> Outcome<Option<(Manifest, Parameters)>> {
        self.file
            .as_deref()
            .map(|file| self.with.read(file, now))
            .transpose()
    }
}

impl With {
    fn read(&self, file: &Path, now: Timestamp) -> Outcome<(Manifest, Parameters)> {
        let (name, text) = (file.display().to_string(), file_text(file)?);
        let (lock, catalogs) = (self.lock(Some(file))?, self.catalogs()?);
        let manifest = self.manifest((&name, &text), &catalogs, lock.as_ref(), now)?;
        let parameters = self.parameters(&manifest)?;
        Ok((manifest, parameters))
    }

    pub(crate) fn catalogs(&self) -> Outcome<Vec<Catalog>> {
        self.catalogs
            .iter()
            .map(|file| catalog::read(file))
            .collect()
    }

    /// A task file with its lock, and with its approvers.
    pub(crate) fn manifest(
        &self,
        (name, text): (&str, &str),
        catalogs: &[Catalog],
        lock: Option<&Lock>,
        now: Timestamp,
    ) -> Outcome<Manifest> {
        let all: Vec<&Catalog> = catalogs.iter().collect();
        let manifest = match lock {
            _ if self.no_catalog => Manifest::parse_unchecked(name, text)?,
            Some(lock) => Manifest::parse_locked(name, text, &all, lock)?,
            None => Manifest::parse(name, text, &all)?,
        };
        let (Some(path), Some(key)) = (&self.directory, &self.directory_key) else {
            return Ok(manifest);
        };
        let help = "fetch the newest directory of approvers";
        // Ten thousand entries of a key, a name and a state.
        let directory = Directory::verify(&file_bytes(path, 4 << 20)?, key, now, 0);
        let directory = coded!(directory, help)?;
        let help = "correct [approvers] of the task file, or fetch the newest directory";
        coded!(manifest.with_directory(&directory), help)
    }

    /// The lock that is named, or the one beside the file.
    pub(crate) fn lock(&self, file: Option<&Path>) -> Outcome<Option<Lock>> {
        let beside = file.map(beside).filter(|it| it.exists());
        let path = self.lock.clone().or(beside);
        path.filter(|_| !self.no_catalog)
            .map(|path| lock_file(&path))
            .transpose()
    }

    /// Every parameter with its value, or with one that stands for all of its kind; and which of these were taken.
    pub(crate) fn sampled(
        &self,
        manifest: &Manifest,
    ) -> Outcome<(Parameters, Vec<(String, String)>)> {
        let own = |it: &&Parameter| {
            manifest
                .parameters()
                .any(|(name, _)| name.as_str() == it.name)
        };
        let mut given = Parameters::new();
        for Parameter { name, value } in self.parameters.iter().filter(own) {
            let mut declared = manifest.parameters();
            if let Some((_, kind)) = declared.find(|(it, _)| it.as_str() == name) {
                given = given.with(name, read(kind, name, value)?);
            }
        }
        let parameters = manifest.sample(&given);
        let taken = parameters
            .iter()
            .filter(|(name, _)| given.get(name).is_none());
        let taken = taken.map(|(name, value)| (name.to_owned(), shown(value)));
        let taken = taken.collect();
        Ok((parameters, taken))
    }

    /// The values that are given, each for a parameter of one of these.
    pub(crate) fn given(&self, manifests: &[&Manifest]) -> Outcome<Parameters> {
        let mut parameters = Parameters::new();
        for Parameter { name, value } in &self.parameters {
            let mut declared = manifests.iter().flat_map(|it| it.parameters());
            let Some((_, kind)) = declared.find(|(it, _)| it.as_str() == name) else {
                let what = format!("there is no parameter `{name}`");
                let help = "name one that a task file declares";
                return Err(Failure::new("parameter_unknown", what, help));
            };
            parameters = parameters.with(name, read(kind, name, value)?);
        }
        Ok(parameters)
    }

    fn parameters(&self, manifest: &Manifest) -> Outcome<Parameters> {
        let mut parameters = Parameters::new();
        for (index, Parameter { name, value }) in self.parameters.iter().enumerate() {
            let mut before = self.parameters.iter().take(index);
            if before.any(|other| other.name == *name) {
                let what = format!("parameter `{name}` is given twice");
                return Err(Failure::new("parameter_twice", what, "give it once"));
            }
            let mut declared = manifest.parameters();
            let kind = declared.find(|(it, _)| it.as_str() == name);
            // An unknown name is refused where all others are.
            let value = kind.map_or(Ok(value.as_str().into()), |(_, kind)| {
                read(kind, name, value)
            })?;
            parameters = parameters.with(name, value);
        }
        Ok(parameters)
    }
}

/// Why a task file makes no scope, and what to do about it.
pub(crate) fn unmade(code: &'static str, error: &impl Display) -> Failure {
    let help = match code {
        "never_refuted" | "never_undecided" => {
            "narrow what the task file allows, or correct what it says never happens"
        }
        "approver_unresolved" => "give --directory and --directory-key",
        _ => "give each parameter with --param NAME=VALUE, as the task file asks",
    };
    Failure::new(code, error, help)
}

/// A value as somebody would write it in a shell.
fn shown(value: &Value) -> String {
    value
        .as_text()
        .map_or_else(|| value.preview(), str::to_owned)
}

/// The lock of a task file: `task.lock` for `task.toml`.
pub(crate) fn beside(file: &Path) -> PathBuf {
    file.with_extension("lock")
}

pub(crate) fn lock_file(path: &Path) -> Outcome<Lock> {
    Ok(Lock::parse(&path.display().to_string(), &file_text(path)?)?)
}

/// A value as it is written in a shell. Whether the task file admits it is not asked here.
fn read(kind: &ParameterType, name: &str, text: &str) -> Outcome<Value> {
    let mistyped = |kind: &str| format!("give --param {name}= {kind}");
    match kind {
        ParameterType::Integer { .. } | ParameterType::Decimal { .. } => {
            Value::number(text).or_fail("parameter_mistyped", mistyped("a number"))
        }
        ParameterType::Boolean => match text {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => {
                let what = format!("`{text}` is neither `true` nor `false`");
                Err(Failure::new(
                    "parameter_mistyped",
                    what,
                    mistyped("true or false"),
                ))
            }
        },
        _ => Ok(text.into()),
    }
}
