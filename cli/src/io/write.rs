//! Files that are there whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::Builder;

use crate::failure::{Failure, Outcome};

/// A new file that only its owner reads. What is there stays.
pub(crate) fn create_secret(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(path)
        .map_err(|error| unwritten(path, &error))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written
        .and_then(|()| sync_directory(path))
        .map_err(|error| {
            // Half a key is no key, and would be in the way.
            let _ = std::fs::remove_file(path);
            unwritten(path, &error)
        })
}

/// A new file that everybody may read. What is there stays.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let made = beside(path, bytes).and_then(|file| {
        file.persist_noclobber(path).map_err(|error| error.error)?;
        sync_directory(path)
    });
    made.map_err(|error| unwritten(path, &error))
}

/// A file instead of the one that is there, if one is: whoever reads it sees the old one or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let made = beside(path, bytes).and_then(|file| {
        file.persist(path).map_err(|error| error.error)?;
        sync_directory(path)
    });
    made.map_err(|error| unwritten(path, &error))
}

/// One process at a time: others wait until this is dropped. The lock is a file beside, as the file itself is replaced.
pub(crate) fn lock(path: &Path) -> Outcome<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let locked = OpenOptions::new().create(true).append(true).open(&name);
    let locked = locked.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| unwritten(Path::new(&name), &error))
}

fn beside(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".bailiwick-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(directory(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new name lasts once its directory does.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory(path))?.sync_all()?;
    }
    Ok(())
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    let file = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let help = "choose another name; nothing is written over it";
            Failure::new("file_exists", format!("`{file}` is there already"), help)
        }
        _ => {
            let what = format!("`{file}` cannot be written: {error}");
            Failure::new(
                "file_unwritable",
                what,
                "check the path, and who may write there",
            )
        }
    }
}
