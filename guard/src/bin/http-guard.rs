//! A guard in front of an HTTP API.
fn main() {}
