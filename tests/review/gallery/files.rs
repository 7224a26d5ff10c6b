//! The files of the gallery, with values for their parameters.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::action::{Decimal, Value};
use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::{Findings, Lock, Manifest, ParameterType, Parameters};
use bailiwick::review::Effort;
use bailiwick::scope::{IntRange, Scope};

/// A task file, filled in several ways.
pub struct Task<'c> {
    /// Its folder and name.
    pub name: String,
    pub catalogs: Vec<&'c Catalog>,
    /// A scope for each way to fill it in.
    pub scopes: Vec<Scope>,
    pub manifest: Manifest,
    text: String,
    lock: Option<Lock>,
}

pub fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_795_000_000).unwrap()
}

pub fn catalogs() -> Vec<Catalog> {
    let files = toml_in(&gallery().join("catalogs"));
    let parse = |path: PathBuf| {
        let name = path.display().to_string();
        let catalog = Catalog::parse(&name, &fs::read_to_string(&path).unwrap());
        catalog.unwrap_or_else(|findings| panic!("{findings}"))
    };
    files.into_iter().map(parse).collect()
}

pub fn tasks(catalogs: &[Catalog]) -> Vec<Task<'_>> {
    let folders = sorted(&gallery()).into_iter();
    let folders = folders.filter(|path| path.is_dir() && !path.ends_with("catalogs"));
    let files = folders.flat_map(|folder| toml_in(&folder));
    files.map(|path| Task::read(&path, catalogs)).collect()
}

impl<'c> Task<'c> {
    fn read(path: &Path, catalogs: &'c [Catalog]) -> Self {
        let name = path.strip_prefix(gallery()).unwrap().display().to_string();
        let text = fs::read_to_string(path).unwrap();
        let all: Vec<&Catalog> = catalogs.iter().collect();
        let lock = fs::read_to_string(path.with_extension("lock")).ok();
        let lock = lock.map(|lock| Lock::parse("lock", &lock).unwrap());
        let manifest = parsed(&name, &text, &all, lock.as_ref());
        let manifest = manifest.unwrap_or_else(|findings| panic!("{findings}"));
        let scope = |way: Way| {
            let scope = manifest.scope(&way.values(&manifest), now());
            scope.unwrap_or_else(|error| panic!("{name}, {way:?}: {error}"))
        };
        Self {
            scopes: vec![scope(Way::Most), scope(Way::Least), scope(Way::Hostile)],
            catalogs: all
                .into_iter()
                .filter(|catalog| manifest.audience().contains(catalog.service()))
                .collect(),
            name,
            manifest,
            text,
            lock,
        }
    }

    /// The same with the last number of each kind one higher, each in a file of its own.
    pub fn raised(&self) -> impl Iterator<Item = Manifest> {
        let kinds = ["max_len", "max", "uses", "at_most", "max_count"].into_iter();
        let texts = kinds.filter_map(|kind| raised(&self.text, &format!("{kind} = ")));
        texts.filter_map(|text| {
            let parsed = parsed(&self.name, &text, &self.catalogs, self.lock.as_ref());
            parsed.ok()
        })
    }

    pub fn shares_a_service_with(&self, other: &Self) -> bool {
        let audience = other.manifest.audience();
        self.manifest
            .audience()
            .iter()
            .any(|it| audience.contains(it))
    }

    /// What lint finds and the file has no words for, with whatever values.
    pub fn unexcused(&self) -> Vec<String> {
        let given = Parameters::new();
        let found = self.manifest.lint(&given, now(), Effort::default());
        let unexcused = found.unwrap().into_iter().filter(|it| it.excuse.is_none());
        unexcused
            .map(|it| format!("{}: {}", it.lint.rule, it.lint.message))
            .collect()
    }
}

fn parsed(
    name: &str,
    text: &str,
    catalogs: &[&Catalog],
    lock: Option<&Lock>,
) -> Result<Manifest, Findings> {
    match lock {
        Some(lock) => Manifest::parse_locked(name, text, catalogs, lock),
        None => Manifest::parse(name, text, catalogs),
    }
}

/// The text with the last number after `key` one higher.
fn raised(text: &str, key: &str) -> Option<String> {
    let (before, after) = text.rsplit_once(key)?;
    let digits = after.find(|c: char| !c.is_ascii_digit())?;
    let (number, after) = after.split_at(digits);
    let number: u64 = number.parse().ok()?;
    Some(format!("{before}{key}{}{after}", number + 1))
}

/// How parameters are filled in.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// With the greatest and first values, which let most through.
    Most,
    /// With the least and last values.
    Least,
    /// With what looks like a pattern, and values from the middle.
    Hostile,
}

impl Way {
    fn values(self, manifest: &Manifest) -> Parameters {
        let each = manifest.parameters();
        each.fold(Parameters::new(), |values, (name, kind)| {
            values.with(name.as_str(), self.value(name.as_str(), kind))
        })
    }

    fn value(self, name: &str, kind: &ParameterType) -> Value {
        let text = match self {
            Self::Most => format!("any-{name}"),
            Self::Least => name.chars().take(1).collect(),
            Self::Hostile => "*".to_owned(),
        };
        match kind {
            ParameterType::Text { max_len } => {
                Value::Text(text.chars().take(*max_len as usize).collect())
            }
            ParameterType::Enum { values } => match self {
                Self::Most => values[0].as_str().into(),
                Self::Least => values[values.len() - 1].as_str().into(),
                Self::Hostile => values[values.len() / 2].as_str().into(),
            },
            ParameterType::Integer { range } => self.number(range.as_ref()).into(),
            ParameterType::Decimal { scale, range } => {
                let units = self.number(range.as_ref());
                Decimal::new(*scale, units).unwrap().into()
            }
            ParameterType::Boolean => matches!(self, Self::Most).into(),
            _ => text.as_str().into(),
        }
    }

    fn number(self, range: Option<&IntRange>) -> i64 {
        let min = range.and_then(IntRange::min).unwrap_or(1);
        let max = range
            .and_then(IntRange::max)
            .unwrap_or(min.saturating_add(1000));
        match self {
            Self::Most => max,
            Self::Least => min,
            Self::Hostile => min.midpoint(max),
        }
    }
}

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tasks")
}

fn toml_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = sorted(folder);
    files.retain(|path| path.extension().is_some_and(|it| it == "toml"));
    files
}

/// In an order that does not depend on the file system.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}
