//! Capability tokens of [`bailiwick`] for the tools of agents built with Rig.
