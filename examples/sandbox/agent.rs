//! The agent: it does whatever it is told, by whoever wrote the last text that it read.

use std::env;
use std::fmt;
use std::io;
use std::sync::Arc;

use bailiwick::keys::HolderKey;
use bailiwick::present::Holder;
use bailiwick::token::{Limits, Token};
use bailiwick_examples::{Outcome, StoryClock};
use serde::{Deserialize, Serialize};

use crate::client::Client;

/// The argument by which the program knows that it is the agent.
pub(crate) const ROLE: &str = "agent";
/// Where a service keeps its token, and where its children find it.
pub(crate) const INHERITED: &str = "STORE_TOKEN";

/// What it is told, a line each.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Order<'a> {
    Read(&'a str),
    /// Write what was read last to this place.
    Write(&'a str),
    /// The same, and say that it is one byte.
    Understate(&'a str),
    /// The same, with the token that was inherited.
    WriteAsService(&'a str),
    Publish(&'a str),
    /// It is so many seconds later.
    Wait(u64),
}

/// Says its public key, is told its token, and answers each order with a line, until standard input ends.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(store: &str) -> Outcome {
    let key = HolderKey::generate()?;
    println!("{}", key.public_key());
    let mut lines = io::stdin().lines();
    let token = lines.next().ok_or("the agent was given no token")??;
    let holder = Holder::new(Token::parse(&token, &Limits::default())?, key)?;

    let clock = Arc::new(StoryClock::default());
    let client = Client::new(holder, store, clock.clone())?;
    let inherited = env::var(INHERITED)?;
    let mut text = String::new();
    for line in lines {
        let said = match serde_json::from_str(&line?)? {
            Order::Read(place) => client.read(place).await?,
            Order::Write(place) => client.write(place, &text, text.len()).await?,
            Order::Understate(place) => client.write(place, &text, 1).await?,
            Order::WriteAsService(place) => client.write_with(&inherited, place, &text).await?,
            Order::Publish(bucket) => client.publish(bucket).await?,
            Order::Wait(seconds) => {
                clock.later(seconds);
                println!("later");
                continue;
            }
        };
        println!("{said}");
        if let Some(read) = said.text() {
            text = read.to_owned();
        }
    }
    Ok(())
}

impl fmt::Display for Order<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(place) => write!(f, "read {place}"),
            Self::Write(place) => write!(f, "write {place}"),
            Self::Understate(place) => write!(f, "write {place} as one byte"),
            Self::WriteAsService(place) => write!(f, "write {place} as the service"),
            Self::Publish(bucket) => write!(f, "publish {bucket}"),
            Self::Wait(seconds) => write!(f, "{seconds} seconds later"),
        }
    }
}
