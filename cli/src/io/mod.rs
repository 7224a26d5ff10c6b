//! Files, keys and standard input: read whole and up to a limit, written whole or not at all.

mod key;
mod read;
mod write;

pub(crate) use key::KeySource;
pub(crate) use read::{Text, file_bytes, file_text};
pub(crate) use write::{create, create_secret, lock, replace};
