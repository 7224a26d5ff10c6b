//! Clients.

use crate::Outcome;

/// A client for services on this machine. It follows no redirect, which would take the headers of a request along.
///
/// # Errors
///
/// There can be no client.
pub fn http_client() -> Outcome<reqwest::Client> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    Ok(client.build()?)
}
