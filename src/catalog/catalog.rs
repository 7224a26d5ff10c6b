//! A service's vocabulary.

use std::collections::BTreeMap;

use super::builder::CatalogBuilder;
use super::check::{CatalogError, Problem, check};
use super::digest::CatalogDigest;
use super::spec::OperationSpec;
use crate::action::{Operation, Service, ToolName};
use crate::document::Findings;

/// A service's vocabulary: what its operations are, and by which tools and routes they are reached.
///
/// ```
/// use bailiwick::action::Call;
/// use bailiwick::catalog::{Catalog, NoAttributes};
///
/// let catalog = Catalog::parse("mail.toml", r#"
/// service = "mail.example"
///
/// [operation."mail.archive"]
/// effect = "write"
/// resource = "mail/{folder}/{id}"
///
/// [operation."mail.archive".arguments]
/// folder = { type = "text", default = "inbox" }
/// id = "text"
///
/// [operation."mail.archive".mcp]
/// tool = "archive_mail"
/// "#)?;
///
/// let arguments = |json: &str| bailiwick::action::Tree::from_json_slice(json.as_bytes());
/// let call = |json: &str| Ok::<_, bailiwick::action::JsonError>(Call::tool("archive_mail".parse().unwrap(), arguments(json)?));
///
/// let mapped = catalog.map(&call(r#"{"id": "7"}"#)?, None, &NoAttributes)?;
/// assert_eq!(mapped.actions()[0].resource().to_string(), "mail/inbox/7");
///
/// let refused = catalog.map(&call(r#"{"id": "7", "force": true}"#)?, None, &NoAttributes);
/// assert_eq!(refused.unwrap_err().code(), "argument_unknown");
/// let refused = catalog.map(&call(r#"{"id": "../sent/7"}"#)?, None, &NoAttributes);
/// assert_eq!(refused.unwrap_err().code(), "segment_not_canonical");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    pub(super) service: Service,
    operations: BTreeMap<Operation, OperationSpec>,
    pub(super) tools: BTreeMap<ToolName, Vec<Operation>>,
    digest: CatalogDigest,
}

impl Catalog {
    /// The most operations.
    pub const MAX_OPERATIONS: usize = 1024;
    /// The most arguments of one operation, and the most attributes.
    pub const MAX_ARGUMENTS: usize = 256;
    /// The most fields of one operation's answer that are noted.
    pub const MAX_NOTES: usize = 16;

    /// Reads a catalog in TOML. `file_name` is for messages.
    ///
    /// # Errors
    ///
    /// [`Findings`]: everything that is wrong, each with its place.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, Findings> {
        super::parse::parse(file_name, text)
    }

    /// Begins a catalog in code.
    #[must_use]
    pub const fn builder(service: Service) -> CatalogBuilder {
        CatalogBuilder::new(service)
    }

    /// Whose catalog it is.
    #[must_use]
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// The operations, by name.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = &OperationSpec> {
        self.operations.values()
    }

    /// An operation, if there is one of that name.
    #[must_use]
    pub fn operation(&self, name: &Operation) -> Option<&OperationSpec> {
        self.operations.get(name)
    }

    /// The tools that operations are reached by.
    pub fn tools(&self) -> impl ExactSizeIterator<Item = &ToolName> {
        self.tools.keys()
    }

    /// The operations that a tool does, in the order of their names; none for a tool that is not in the catalog.
    pub fn operations_of(&self, tool: &ToolName) -> impl Iterator<Item = &OperationSpec> {
        let names = self.tools.get(tool).map(Vec::as_slice).unwrap_or_default();
        names.iter().filter_map(|name| self.operations.get(name))
    }

    /// What the catalog says, as 32 bytes: the same whatever the order and the comments of the file.
    #[must_use]
    pub const fn digest(&self) -> CatalogDigest {
        self.digest
    }

    /// A catalog of these operations, or what is wrong with them.
    pub(super) fn of(
        service: Service,
        operations: Vec<OperationSpec>,
    ) -> Result<Self, CatalogError> {
        let problems = check(&operations);
        if !problems.is_empty() {
            return Err(CatalogError { problems });
        }
        let digest = CatalogDigest::of(&service, &operations);
        let operations: BTreeMap<_, _> = operations
            .into_iter()
            .map(|spec| (spec.operation.clone(), spec))
            .collect();
        let mut tools: BTreeMap<ToolName, Vec<Operation>> = BTreeMap::new();
        for spec in operations.values() {
            if let Some(route) = &spec.tool {
                let names = tools.entry(route.tool.clone()).or_default();
                names.push(spec.operation.clone());
            }
        }
        Ok(Self {
            service,
            operations,
            tools,
            digest,
        })
    }
}

impl From<Problem> for CatalogError {
    fn from(problem: Problem) -> Self {
        let problems = vec![problem];
        Self { problems }
    }
}
