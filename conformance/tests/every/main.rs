//! The table through every adapter.

mod guard;
mod http;
mod mcp;

use bailiwick_conformance::World;

/// A world in a folder of its own, which is removed with it.
struct Place {
    world: World,
    _folder: tempfile::TempDir,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place {
        world: World::new(folder.path()),
        _folder: folder,
    }
}
