//! A root key that is trusted, as a line: id, key, from, until (excluded), longest lifetime in seconds or `-`.

use std::time::Duration;

use bailiwick::keys::{IssuerPublicKey, Root, RootKeyId};

use crate::world;

/// Trusted for a day before and after [`world::NOW`].
pub fn line(id: u32, key: IssuerPublicKey) -> String {
    let window = (world::NOW - 86_400, world::NOW + 86_400);
    line_within(id, key, window, None)
}

pub fn line_within(
    id: u32,
    key: IssuerPublicKey,
    (from, until): (u64, u64),
    longest: Option<u64>,
) -> String {
    let longest = longest.map_or("-".to_owned(), |longest| longest.to_string());
    let [from, until] = [from, until].map(world::seconds);
    format!("{id} {key} {from} {until} {longest}")
}

pub fn read(line: &str) -> Root {
    let words: Vec<_> = line.split(' ').collect();
    let id = RootKeyId::new(words[0].parse().unwrap());
    let window = words[2].parse().unwrap()..words[3].parse().unwrap();
    let root = Root::new(id, words[1].parse().unwrap(), window);
    match words[4].parse() {
        Ok(longest) => root.with_longest_lifetime(Duration::from_secs(longest)),
        Err(_) => root,
    }
}
