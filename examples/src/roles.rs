//! Roles of a program, and what every service among them needs.

use std::io;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use axum::Router;
use bailiwick::clock::{Clock, SystemClock, Timestamp};
use bailiwick::keys::{IssuerPublicKey, Root, RootKeyId};

use crate::Outcome;

/// Where a service finds the issuer's key on its key ring.
pub const ROOT: RootKeyId = RootKeyId::new(1);

/// The one root that the services trust, for a day either way.
pub fn trusted_root(key: IssuerPublicKey, now: Timestamp) -> Root {
    let day = Duration::from_secs(24 * 3600);
    Root::new(ROOT, key, now.saturating_sub(day)..now.saturating_add(day))
        .with_longest_lifetime(Duration::from_secs(3600))
}

/// Runs the role that the arguments of this process name; without arguments, the story. Errors end it with a failure.
pub fn play(program: &str, role: impl FnOnce(&[&str]) -> Outcome) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match role(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{program}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves on a free port of this machine, says which, and goes on until standard input ends.
///
/// # Errors
///
/// There is no port, or the server fails.
pub async fn serve(routes: Router) -> Outcome {
    serve_until(end_of_input(), routes).await
}

/// As [`serve`], until something else.
///
/// # Errors
///
/// As [`serve`].
pub async fn serve_until(
    end: impl Future<Output = ()> + Send + 'static,
    routes: Router,
) -> Outcome {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    axum::serve(listener, routes)
        .with_graceful_shutdown(end)
        .await?;
    Ok(())
}

/// Waits until whoever started this process closes its standard input, or is no more.
pub async fn end_of_input() {
    let read = || io::copy(&mut io::stdin(), &mut io::sink());
    let _ = tokio::task::spawn_blocking(read).await;
}

/// Sleeps until then.
pub fn wait_until(end: Timestamp) {
    while let now = SystemClock.now()
        && now < end
    {
        thread::sleep(end.saturating_since(now));
    }
}
