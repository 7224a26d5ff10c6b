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

/// Posts this, as anybody can: no token goes along. What is answered, whatever the status.
///
/// # Errors
///
/// There is no answer.
pub async fn post(url: &str, body: Vec<u8>) -> Outcome<String> {
    let said = http_client()?.post(url).body(body).send().await?;
    Ok(said.text().await?)
}
