//! Reads a task file, and notes everything that is wrong with it.

mod condition;
mod constant;
mod constraint;
mod context;
mod duration;
mod head;
mod hidden;
mod noted;
mod parameter;
mod resource;
mod rule;
mod text;
mod vocabulary;
mod wanted;

use super::slot::Values;
use super::{Findings, Manifest, ManifestError};
use crate::catalog::Catalog;
use crate::clock::Timestamp;
use crate::document::{Mark, Report, Table};
use context::Context;
use head::Head;
use rule::Rules;

/// Without catalogs, names are not checked.
pub(super) fn manifest(
    file: &str,
    text: &str,
    catalogs: Option<&[&Catalog]>,
) -> Result<Manifest, Findings> {
    let report = Report::new(file, text);
    let table = report.parse();
    if table.is_some() {
        hidden::hidden(&report, text);
    }
    let manifest = table.as_ref().and_then(|table| {
        let mut root = report.root(table);
        let manifest = read(&mut root, catalogs);
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
fn read(root: &mut Table<'_, '_>, catalogs: Option<&[&Catalog]>) -> Option<Manifest> {
    let (head, vocabulary) = Head::read(root, catalogs);
    let context = Context::read(root);
    let purpose = root.require("purpose");
    let purpose = purpose.and_then(|node| text::purpose(node, &context));
    let rules = Rules::read(root, &context, &vocabulary);
    context.finish();
    let (parameters, approvers) = context.into_parts()?;
    let head = head?;
    Some(Manifest {
        name: head.name,
        purpose: purpose?,
        audience: head.audience,
        ttl: head.ttl,
        max_depth: head.max_depth,
        parameters,
        approvers,
        allow: rules.allow,
        deny: rules.deny,
        require: rules.require,
        places: rules.places,
    })
}

/// Notes what would be refused whatever the parameters are. What needs their values is tried when there are some.
fn trial<T>(mark: Mark<'_, '_>, code: &'static str, result: &Result<T, ManifestError>) {
    match result {
        Err(ManifestError::Scope(error)) => {
            mark.fail(code, error.to_string());
        }
        Ok(_) | Err(ManifestError::Parameter(_) | ManifestError::Purpose(_)) => {}
    }
}
