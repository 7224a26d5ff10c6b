//! Reads a task file, and notes everything that is wrong with it.

mod approver;
mod condition;
mod constant;
mod constraint;
mod context;
mod duration;
mod excuse;
mod expand;
mod head;
mod hidden;
mod never;
mod noted;
mod parameter;
mod resource;
mod rule;
mod text;
mod vocabulary;
mod wanted;

use std::sync::Arc;

use super::approver::Approvers;
use super::slot::Values;
pub(super) use hidden::hidden;

use super::{Findings, Lock, Manifest, ManifestError};
use crate::catalog::Catalog;
use crate::clock::Timestamp;
use crate::document::{Mark, Report, Table};
use crate::review::Vocabulary;
use context::Context;
use head::Head;
use rule::Rules;

/// What is known of the services that a file is for.
#[derive(Clone, Copy)]
pub(super) enum Source<'s, 'c> {
    /// Nothing: names are not checked.
    Nothing,
    /// These catalogs, as they happen to be.
    Catalogs(&'s [&'c Catalog]),
    /// These catalogs, which must be the ones that were reviewed.
    Pinned(&'s [&'c Catalog], &'s Lock),
}

impl<'s, 'c> Source<'s, 'c> {
    const fn catalogs(self) -> Option<&'s [&'c Catalog]> {
        match self {
            Self::Nothing => None,
            Self::Catalogs(catalogs) | Self::Pinned(catalogs, _) => Some(catalogs),
        }
    }

    const fn lock(self) -> Option<&'s Lock> {
        match self {
            Self::Pinned(_, lock) => Some(lock),
            Self::Nothing | Self::Catalogs(_) => None,
        }
    }
}

pub(super) fn manifest(
    file: &str,
    text: &str,
    source: Source<'_, '_>,
) -> Result<Manifest, Findings> {
    let report = Report::new(file, text);
    let table = report.parse();
    if table.is_some() {
        hidden(&report, text);
    }
    let manifest = table.as_ref().and_then(|table| {
        let mut root = report.root(table);
        let manifest = read(&mut root, source);
        root.finish();
        manifest
    });
    if let Some(manifest) = &manifest
        && report.is_clean()
    {
        let scope = manifest.fill(&Values::new(), Timestamp::MIN);
        trial(report.mark(0..0), "scope_invalid", &scope);
    }
    report.finish(manifest)
}

/// `None` only if something was noted.
fn read(root: &mut Table<'_, '_>, source: Source<'_, '_>) -> Option<Manifest> {
    let (head, words) = Head::read(root, source);
    let context = Context::read(root);
    let purpose = root.require("purpose");
    let purpose = purpose.and_then(|node| text::purpose(node, &context));
    let rules = Rules::read(root, &context, &words);
    context.finish();
    let (parameters, approvers) = context.into_parts()?;
    let head = head?;
    let vocabulary = match source.catalogs() {
        Some(catalogs) => {
            let own = catalogs.iter().copied();
            Vocabulary::of(own.filter(|it| head.audience.contains(it.service())))
        }
        None => Vocabulary::everything(),
    };
    Some(Manifest {
        name: head.name,
        purpose: purpose?,
        audience: head.audience,
        ttl: head.ttl,
        max_depth: head.max_depth,
        parameters,
        approvers: Approvers::new(approvers),
        allow: rules.allow,
        deny: rules.deny,
        require: rules.require,
        never: rules.never,
        vocabulary: Arc::new(vocabulary),
        has_future: rules.has_future,
        excuses: rules.excuses,
        expansions: rules.expansions,
        places: rules.places,
    })
}

/// Notes what would be refused whatever the parameters are. What needs their values is tried when there are some.
fn trial<T>(mark: Mark<'_, '_>, code: &'static str, result: &Result<T, ManifestError>) {
    if let Err(ManifestError::Scope(error)) = result {
        mark.fail(code, error.to_string());
    }
}
