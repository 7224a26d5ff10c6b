//! A task file with its catalogs and values, as several verbs take them.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use bailiwick::action::{Decimal, Value};
use bailiwick::catalog::Catalog;
use bailiwick::manifest::{Manifest, ParameterType, Parameters};
use clap::Args;

use super::catalog;
use crate::failure::{Failure, OrFail as _, Outcome};
use crate::io::file_text;

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
    pub(crate) fn read(&self) -> Outcome<(Manifest, Parameters)> {
        self.with.read(&self.file)
    }
}

impl OptionalTaskFile {
    pub(crate) fn read(&self) -> Outcome<Option<(Manifest, Parameters)>> {
        self.file
            .as_deref()
            .map(|file| self.with.read(file))
            .transpose()
    }
}

impl With {
    fn read(&self, file: &Path) -> Outcome<(Manifest, Parameters)> {
        let manifest = self.manifest(&file.display().to_string(), &file_text(file)?)?;
        let parameters = self.parameters(&manifest)?;
        Ok((manifest, parameters))
    }

    pub(crate) fn catalogs(&self) -> Outcome<Vec<Catalog>> {
        self.catalogs
            .iter()
            .map(|file| catalog::read(file))
            .collect()
    }

    pub(crate) fn manifest(&self, name: &str, text: &str) -> Outcome<Manifest> {
        if self.no_catalog {
            return Ok(Manifest::parse_unchecked(name, text)?);
        }
        let catalogs = self.catalogs()?;
        let catalogs: Vec<&Catalog> = catalogs.iter().collect();
        Ok(Manifest::parse(name, text, &catalogs)?)
    }

    /// Every parameter with its value, or with one that stands for all of its kind; and which of these were taken.
    pub(crate) fn sampled(
        &self,
        manifest: &Manifest,
    ) -> Outcome<(Parameters, Vec<(String, String)>)> {
        let (mut parameters, mut taken) = (Parameters::new(), Vec::new());
        for (name, kind) in manifest.parameters() {
            let name = name.as_str();
            let given = self.parameters.iter().find(|it| it.name == name);
            let text = given.map_or_else(|| sample(kind, name), |it| it.value.clone());
            parameters = parameters.with(name, read(kind, name, &text)?);
            if given.is_none() {
                taken.push((name.to_owned(), text));
            }
        }
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

/// A value that is like no other, or the one that lets most through.
fn sample(kind: &ParameterType, name: &str) -> String {
    match kind {
        ParameterType::Integer { range } => {
            let range = range.as_ref();
            let end = range.and_then(|it| it.max().or(it.min()));
            end.unwrap_or(1).to_string()
        }
        ParameterType::Decimal { scale, range } => {
            let range = range.as_ref();
            let units = range.and_then(|it| it.max().or(it.min())).unwrap_or(1);
            Decimal::new(*scale, units).map_or_else(|_| units.to_string(), |it| it.to_string())
        }
        ParameterType::Boolean => "true".to_owned(),
        ParameterType::Enum { values } => values.first().cloned().unwrap_or_default(),
        ParameterType::Text { max_len } => {
            let most = usize::try_from(*max_len).unwrap_or(usize::MAX);
            format!("any-{name}").chars().take(most).collect()
        }
        _ => format!("any-{name}"),
    }
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
