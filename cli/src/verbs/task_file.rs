//! A task file with its catalogs and values, as several verbs take them.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use bailiwick::action::Value;
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

#[derive(Args)]
struct With {
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
        let manifest = self.manifest(file)?;
        let parameters = self.parameters(&manifest)?;
        Ok((manifest, parameters))
    }

    fn manifest(&self, file: &Path) -> Outcome<Manifest> {
        let name = file.display().to_string();
        let text = file_text(file)?;
        if self.no_catalog {
            return Ok(Manifest::parse_unchecked(&name, &text)?);
        }
        let catalogs = self.catalogs.iter().map(|file| catalog::read(file));
        let catalogs: Vec<Catalog> = catalogs.collect::<Outcome<_>>()?;
        let catalogs: Vec<&Catalog> = catalogs.iter().collect();
        Ok(Manifest::parse(&name, &text, &catalogs)?)
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
