//! The layers, over real sockets.

mod admitted;
mod binding;
mod client;
mod credentials;
mod grpc;
mod raw;
mod told;
mod wiring;
mod world;
