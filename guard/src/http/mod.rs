//! A guard in front of an HTTP API: a reverse proxy.

mod names;

pub(crate) use names::{is_ours, is_this_machine};
