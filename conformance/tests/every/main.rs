//! The table through every adapter.

mod guard;
mod http;
mod mcp;
mod rig;

use std::path::Path;
use std::process::Command;

use bailiwick_conformance::{CATALOG, World};

/// A world in a folder of its own, which is removed with it.
struct Place {
    world: World,
    folder: tempfile::TempDir,
}

impl Place {
    /// A guard program with its files, for its first start. It was built together with this test.
    fn guard(&self, program: &str) -> Command {
        let file = |name: &str| self.folder.path().join(name);
        std::fs::write(file("desk.toml"), CATALOG).unwrap();
        std::fs::write(file("roots.toml"), self.world.desk.roots_toml()).unwrap();
        let beside = Path::new(env!("CARGO_BIN_EXE_desk"));
        let mut guard = Command::new(beside.with_file_name(program));
        guard.arg("--catalog").arg(file("desk.toml"));
        guard.arg("--roots").arg(file("roots.toml"));
        guard.arg("--ledger").arg(file("spent.redb"));
        // As the tokens of the world began before it.
        guard.args(["--acknowledge-reset", "--clock-skew", "0"]);
        guard
    }
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place {
        world: World::new(folder.path()),
        folder,
    }
}
