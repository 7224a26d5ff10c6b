//! A draft of a catalog.

use bailiwick::catalog::import;
use serde_json::Value;

use super::Importing;
use super::connect::{Server, tools};
use crate::NoStart;

/// Drafts a catalog from what the server says of its tools.
///
/// # Errors
///
/// [`NoStart`] if the server cannot be asked, or says nothing that makes a draft.
///
/// # Security
///
/// A draft is a guess out of a server's own words. Let a person read it.
pub async fn draft(importing: Importing) -> Result<String, NoStart> {
    let patience = importing.patience.duration();
    let mut connection = Server::of(importing.behind)?.connect(patience).await?;
    let listed = tools(&connection, patience).await;
    // Its child ends with it, whatever it said.
    let _ = connection.close().await;
    let tools = serde_json::to_value(listed?).unwrap_or(Value::Null);
    Ok(import(&importing.service, &tools)?)
}
