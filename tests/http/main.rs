//! The layers, over real sockets.

mod admitted;
mod world;
