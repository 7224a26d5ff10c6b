//! The file: what lies in it, and how it is read and written.

use std::path::Path;

use redb::{
    Database, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableHandle as _,
    WriteTransaction,
};

use super::RedbError;
use super::codec::{DiskKey, decode, first_key_after};
use crate::clock::Timestamp;
use crate::ledger::EntryKey;
use crate::ledger::entry::Entry;

const HEADER: TableDefinition<'_, &str, u64> = TableDefinition::new("bailiwick-ledger");
const ENTRIES: TableDefinition<'_, &DiskKey, &[u8]> = TableDefinition::new("entries");

const FORMAT: u32 = 1;
const ACKNOWLEDGED: u64 = u64::MAX;

/// A file that is open, and nobody else's.
pub(super) struct File(Database);

/// What a file says beside its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// From when on it remembers approvals and budgets; `None` since ever.
    pub(super) since: Option<Timestamp>,
    /// No proof was claimed after this.
    pub(super) seen: Timestamp,
}

/// What is written at once.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) writes: Vec<Write>,
    /// Whatever ended by then is dropped.
    pub(super) ended: Option<Timestamp>,
    pub(super) seen: Option<Timestamp>,
}

pub(super) enum Write {
    Put(DiskKey, Vec<u8>),
    Remove(DiskKey),
}

impl Batch {
    /// Whether it can wait: dropping what is past is in no hurry.
    pub(super) fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.seen.is_none()
    }
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, RedbError> {
        let database = Database::create(path).map_err(RedbError::of)?;
        // Until its directory is written, a new file can vanish: a ledger that has forgotten.
        #[cfg(unix)]
        {
            let directory = match path.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            std::fs::File::open(directory)
                .and_then(|directory| directory.sync_all())
                .map_err(|error| RedbError::Storage(error.to_string()))?;
        }
        Ok(Self(database))
    }

    #[cfg(test)]
    pub(super) fn of(database: Database) -> Self {
        Self(database)
    }

    /// What the file says; `None` if it is new.
    pub(super) fn header(&self) -> Result<Option<Header>, RedbError> {
        let read = self.0.begin_read().map_err(RedbError::of)?;
        let mut tables = read.list_tables().map_err(RedbError::of)?.peekable();
        if tables.peek().is_none() {
            return Ok(None);
        }
        if !tables.any(|table| table.name() == HEADER.name()) {
            return Err(RedbError::Foreign);
        }
        let table = read.open_table(HEADER).map_err(RedbError::of)?;
        let number = |name: &str| match table.get(name).map_err(RedbError::of)? {
            Some(value) => Ok(value.value()),
            None => Err(RedbError::Corrupt(format!("it has no `{name}`"))),
        };
        let format = number("format")?;
        if format != u64::from(FORMAT) {
            let found = u32::try_from(format).unwrap_or(u32::MAX);
            let known = FORMAT;
            return Err(RedbError::Version { found, known });
        }
        let time = |millis| {
            let damaged = |_| RedbError::Corrupt("a time is out of range".into());
            Timestamp::from_unix_millis(millis).map_err(damaged)
        };
        Ok(Some(Header {
            since: match number("since")? {
                ACKNOWLEDGED => None,
                since => Some(time(since)?),
            },
            seen: time(number("seen")?)?,
        }))
    }

    pub(super) fn write_header(&self, header: Header) -> Result<(), RedbError> {
        let write = self.0.begin_write().map_err(RedbError::of)?;
        {
            let mut table = write.open_table(HEADER).map_err(RedbError::of)?;
            let since = header.since.map_or(ACKNOWLEDGED, Timestamp::unix_millis);
            let values = [
                ("format", u64::from(FORMAT)),
                ("since", since),
                ("seen", header.seen.unix_millis()),
            ];
            for (name, value) in values {
                table.insert(name, value).map_err(RedbError::of)?;
            }
            write.open_table(ENTRIES).map_err(RedbError::of)?;
        }
        write.commit().map_err(RedbError::of)
    }

    /// Every entry.
    pub(super) fn entries(
        &self,
        mut each: impl FnMut(EntryKey, Entry) -> Result<(), RedbError>,
    ) -> Result<(), RedbError> {
        let read = self.0.begin_read().map_err(RedbError::of)?;
        let table = read.open_table(ENTRIES).map_err(RedbError::of)?;
        for record in table.iter().map_err(RedbError::of)? {
            let (key, value) = record.map_err(RedbError::of)?;
            let Some((name, entry)) = decode(key.value(), value.value()) else {
                return Err(RedbError::Corrupt("an entry is not readable".into()));
            };
            each(name, entry)?;
        }
        Ok(())
    }

    /// Writes a batch, all or nothing, and returns when it is on the disk.
    pub(super) fn commit(&self, batch: &Batch) -> Result<(), redb::Error> {
        let write = self.0.begin_write()?;
        fill(&write, batch)?;
        write.commit()?;
        Ok(())
    }
}

fn fill(write: &WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    let mut entries = write.open_table(ENTRIES)?;
    if let Some(ended) = batch.ended {
        entries.retain_in::<&DiskKey, _>(..&first_key_after(ended), |_, _| false)?;
    }
    for write in &batch.writes {
        match write {
            Write::Put(key, value) => {
                entries.insert(key, value.as_slice())?;
            }
            Write::Remove(key) => {
                entries.remove(key)?;
            }
        }
    }
    if let Some(seen) = batch.seen {
        write
            .open_table(HEADER)?
            .insert("seen", seen.unix_millis())?;
    }
    Ok(())
}
