//! Catalogs in code.

use super::catalog::Catalog;
use super::check::{CatalogError, Place, Problem};
use super::spec::OperationSpec;
use crate::action::Service;

/// A catalog in the making: [`Catalog::builder`].
///
/// ```
/// use bailiwick::action::Effect;
/// use bailiwick::catalog::{Catalog, OperationSpec, Parameter, Type};
///
/// let read = || Ok::<_, Box<dyn std::error::Error>>(
///     OperationSpec::new("mail.read".parse()?, Effect::Read, "mail/{id}".parse()?),
/// );
/// let id = Parameter::required(Type::Text);
/// let builder = Catalog::builder("mail.example".parse()?);
/// assert!(builder.clone().operation(read()?.argument("id".parse()?, id)).build().is_ok());
///
/// // What the resource names is no argument.
/// let error = builder.operation(read()?).build().unwrap_err();
/// assert_eq!(error.problems()[0].code(), "parameter_unknown");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CatalogBuilder {
    service: Service,
    operations: Vec<OperationSpec>,
}

impl CatalogBuilder {
    pub(super) const fn new(service: Service) -> Self {
        let operations = Vec::new();
        Self {
            service,
            operations,
        }
    }

    /// Adds an operation.
    #[must_use]
    pub fn operation(mut self, operation: OperationSpec) -> Self {
        self.operations.push(operation);
        self
    }

    /// The catalog.
    ///
    /// # Errors
    ///
    /// [`CatalogError`]: everything that is wrong, as [`Catalog::parse`] would find it.
    pub fn build(self) -> Result<Catalog, CatalogError> {
        if let Some(extra) = self.operations.get(Catalog::MAX_OPERATIONS) {
            let problem = Problem {
                operation: extra.operation.clone(),
                place: Place::Operation,
                code: "operations_too_many",
                message: format!("there are more than {} operations", Catalog::MAX_OPERATIONS),
            };
            return Err(problem.into());
        }
        Catalog::of(self.service, self.operations)
    }
}
