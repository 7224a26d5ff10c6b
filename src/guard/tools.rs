//! What tools do.

use std::sync::Arc;

use crate::action::{Mapped, ToolCall, ToolName, Unmapped};
use crate::catalog::{Attributes, Catalog, NoAttributes, OperationSpec};
use crate::scope::{Capability, Scope};
use crate::verify::Verified;

/// Says what a call of a tool does: the service's vocabulary, or a closure.
///
/// # Security
///
/// What it does not know it must refuse. A tool that is guessed at is a tool without a guard.
pub trait Tools: Send + Sync {
    /// The actions that this call does, for whom it is done.
    ///
    /// # Errors
    ///
    /// [`Unmapped`] if there is no such tool, or its arguments are not what they must be.
    fn map(&self, call: &ToolCall, verified: &Verified) -> Result<Mapped, Unmapped>;

    /// Whether some call of this tool could be permitted to whoever holds this token. A list of tools
    /// shows no others. Where it cannot be told, it is so: the call itself is decided all the same.
    fn offers(&self, tool: &ToolName, verified: &Verified) -> bool {
        let _ = (tool, verified);
        true
    }
}

impl<F, M> Tools for F
where
    F: Fn(&ToolCall, &Verified) -> Result<M, Unmapped> + Send + Sync,
    M: Into<Mapped>,
{
    fn map(&self, call: &ToolCall, verified: &Verified) -> Result<Mapped, Unmapped> {
        self(call, verified).map(Into::into)
    }
}

impl<T: Tools + ?Sized> Tools for Arc<T> {
    fn map(&self, call: &ToolCall, verified: &Verified) -> Result<Mapped, Unmapped> {
        (**self).map(call, verified)
    }

    fn offers(&self, tool: &ToolName, verified: &Verified) -> bool {
        (**self).offers(tool, verified)
    }
}

/// The tools of a catalog, with what the service knows of what they touch.
///
/// ```
/// use bailiwick::catalog::{Catalog, NoAttributes};
/// use bailiwick::guard::ByCatalog;
///
/// let catalog = Catalog::parse("mail.toml", r#"
/// service = "mail.example"
///
/// [operation."mail.read"]
/// effect = "read"
/// resource = "inbox/{id}"
/// arguments = { id = "text" }
/// mcp = { tool = "read_mail" }
/// "#)?;
/// let tools = ByCatalog::new(catalog, NoAttributes);
/// # let _ = tools;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ByCatalog<A = NoAttributes> {
    catalog: Arc<Catalog>,
    attributes: A,
}

impl<A: Attributes> ByCatalog<A> {
    /// The tools of this catalog.
    pub fn new(catalog: impl Into<Arc<Catalog>>, attributes: A) -> Self {
        Self {
            catalog: catalog.into(),
            attributes,
        }
    }
}

impl<A: Attributes + Send + Sync> Tools for ByCatalog<A> {
    fn map(&self, call: &ToolCall, _: &Verified) -> Result<Mapped, Unmapped> {
        Ok(self.catalog.map_tool(call, &self.attributes)?)
    }

    /// Whether each operation of the tool could be allowed by every scope of the token, as far as its
    /// name, its effect and what it touches say.
    fn offers(&self, tool: &ToolName, verified: &Verified) -> bool {
        let scopes = || verified.scopes().iter().chain(verified.ceiling());
        let mut operations = self.catalog.operations_of(tool).peekable();
        operations.peek().is_some()
            && operations.all(|spec| scopes().all(|scope| could_allow(spec, scope)))
    }
}

fn could_allow(spec: &OperationSpec, scope: &Scope) -> bool {
    let fits = |capability: &Capability| {
        let target = capability.target();
        let resource = capability.resource();
        let segments: Vec<_> = resource.segments().iter().map(Some).collect();
        target
            .operation()
            .is_none_or(|pattern| pattern.matches(spec.operation()))
            && target.effect().is_none_or(|effect| effect == spec.effect())
            && spec.resource().meets(&segments, resource.tail())
    };
    scope.allow().is_none_or(|allow| allow.iter().any(fits))
}
