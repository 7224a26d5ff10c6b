//! Agents of Rig whose model calls what it should and what it should not.

mod approvals;
mod calls;
mod handed;
mod notes;
mod party;
mod rewritten;
