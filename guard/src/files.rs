//! Files, read whole up to a limit.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::NoStart;

/// The bytes of a file that has no more than `limit` of them.
pub(crate) fn bytes(path: &Path, limit: usize) -> Result<Vec<u8>, NoStart> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    let mut bytes = Vec::new();
    read(path, &file, limit, &mut bytes)?;
    Ok(bytes)
}

/// Reads into bytes of the caller's, for one that wipes them.
pub(crate) fn read(
    path: &Path,
    file: &File,
    limit: usize,
    bytes: &mut Vec<u8>,
) -> Result<(), NoStart> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most)
        .read_to_end(bytes)
        .map_err(|error| unreadable(path, error))?;
    if bytes.len() > limit {
        let file = path.to_owned();
        return Err(NoStart::TooLarge { file, limit });
    }
    Ok(())
}

/// The text of a file that has no more than a mebibyte of it.
pub(crate) fn text(path: &Path) -> Result<String, NoStart> {
    const LIMIT: usize = 1 << 20;
    String::from_utf8(bytes(path, LIMIT)?)
        .map_err(|error| unreadable(path, std::io::Error::other(error.utf8_error())))
}

pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> NoStart {
    let file = path.to_owned();
    NoStart::Unreadable { file, error }
}
