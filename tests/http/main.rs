//! The layers, over real sockets.

mod admitted;
mod arrives;
mod binding;
mod catalog;
mod client;
mod credentials;
mod grpc;
mod noted;
mod notes;
mod raw;
mod told;
mod wiring;
mod world;
