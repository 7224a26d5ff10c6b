//! Which catalogs a task file was reviewed with.

use std::collections::BTreeMap;
use std::fmt;

use super::{Findings, read};
use crate::action::Service;
use crate::catalog::{Catalog, CatalogDigest};
use crate::document::{Node, Report, Table};

/// Which catalogs a task file was reviewed with: their digests, as a file to keep beside it.
///
/// What a line such as `forum.*` covers is read from catalogs, so a review holds for these catalogs alone.
/// [`Manifest::parse_locked`](super::Manifest::parse_locked) refuses any other.
///
/// ```
/// use bailiwick::catalog::Catalog;
/// use bailiwick::manifest::Lock;
///
/// let forum = Catalog::parse("forum.toml", r#"
///     service = "forum.example"
///     [operation."forum.read"]
///     effect = "read"
///     resource = "forum/thread/{id}"
///     arguments.id = "text"
/// "#)?;
/// let text = Lock::pin([&forum]).to_string();
/// assert!(text.contains("[[catalog]]\nservice = \"forum.example\"\ndigest = \""));
///
/// let lock = Lock::parse("read.lock", &text)?;
/// assert_eq!(lock.digest_of(forum.service()), Some(forum.digest()));
/// let slip = Lock::parse("read.lock", &text.replace("digest", "digset")).unwrap_err();
/// assert_eq!(slip.iter().next().map(|finding| finding.code()), Some("key_missing"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// It has no secret and no signature: whoever may change a task file may change its lock. Review both together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(BTreeMap<Service, CatalogDigest>);

impl Lock {
    /// Pins these catalogs. Of two of one service the last is pinned, and a task file is refused beside the other.
    pub fn pin<'c>(catalogs: impl IntoIterator<Item = &'c Catalog>) -> Self {
        let pinned = catalogs.into_iter();
        Self(
            pinned
                .map(|it| (it.service().clone(), it.digest()))
                .collect(),
        )
    }

    /// Reads what [`Display`](fmt::Display) writes. `file` is for messages.
    ///
    /// # Errors
    ///
    /// [`Findings`]: everything that is wrong, each with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Findings> {
        let report = Report::new(file, text);
        let table = report.parse();
        if table.is_some() {
            read::hidden(&report, text);
        }
        let lock = table.as_ref().map(|table| {
            let mut root = report.root(table);
            let lock = Self::read(&mut root);
            root.finish();
            lock
        });
        report.finish(lock)
    }

    /// The digest of a service's catalog, if it is pinned.
    #[must_use]
    pub fn digest_of(&self, service: &Service) -> Option<CatalogDigest> {
        self.0.get(service).copied()
    }

    /// Each service with the digest of its catalog, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Service, CatalogDigest)> {
        self.0.iter().map(|(service, digest)| (service, *digest))
    }

    fn read(root: &mut Table<'_, '_>) -> Self {
        let mut pinned = BTreeMap::new();
        let entries = root.take("catalog").and_then(Node::list);
        for mut table in entries.into_iter().flatten().filter_map(Node::table) {
            let (service, digest) = (table.require("service"), table.require("digest"));
            let own = service.and_then(|node| node.parse::<Service>("service_malformed"));
            let digest = digest.and_then(|node| node.parse("digest_malformed"));
            if let (Some(node), Some(own), Some(digest)) = (service, own, digest) {
                let message = format!("`{own}` stands twice");
                if pinned.insert(own, digest).is_some() {
                    node.mark.fail("catalog_duplicate", message);
                }
            }
            table.finish();
        }
        Self(pinned)
    }
}

/// TOML, with a line for people on top.
impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("# Which catalogs the task file beside this was reviewed with. Written anew, and not by hand.\n")?;
        for (service, digest) in self.iter() {
            // Nothing in the name of a service ends a text.
            write!(
                f,
                "\n[[catalog]]\nservice = \"{service}\"\ndigest = \"{digest}\"\n"
            )?;
        }
        Ok(())
    }
}
