//! What tests share.
#![allow(dead_code, reason = "each test uses a part")]

pub mod cases;
pub mod dice;
