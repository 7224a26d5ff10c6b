//! What the guards have in common.
