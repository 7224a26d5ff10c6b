//! A vector as a file: lines `name: value`, an empty line, and a body.

use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector {
    /// The path below `tests/vectors`.
    pub name: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Vector {
    pub fn new(name: impl Into<String>, expect: &str, comment: &str) -> Self {
        let vector = Self {
            name: name.into(),
            headers: Vec::new(),
            body: String::new(),
        };
        vector.with("expect", expect).with("comment", comment)
    }

    /// The same, to be refused with this code.
    pub fn refused(mut self, code: &str) -> Self {
        "refused".clone_into(&mut self.headers[0].1);
        self.headers.insert(2, ("code".to_owned(), code.to_owned()));
        self
    }

    pub fn with(mut self, header: &str, value: impl ToString) -> Self {
        let value = value.to_string();
        assert!(
            !value.contains('\n'),
            "{}: {header} has several lines",
            self.name
        );
        self.headers.push((header.to_owned(), value));
        self
    }

    pub fn with_all<V: ToString>(self, header: &str, values: impl IntoIterator<Item = V>) -> Self {
        values
            .into_iter()
            .fold(self, |vector, value| vector.with(header, value))
    }

    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        assert!(
            !self.body.ends_with('\n'),
            "{}: the body ends with an empty line",
            self.name
        );
        self
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    /// The one value of a header.
    pub fn get(&self, header: &str) -> &str {
        self.find(header)
            .unwrap_or_else(|| panic!("{} has no `{header}:`", self.name))
    }

    pub fn find(&self, header: &str) -> Option<&str> {
        let mut all = self.all(header);
        let found = all.next();
        assert!(
            all.next().is_none(),
            "{} has several `{header}:`",
            self.name
        );
        found
    }

    pub fn all<'v>(&'v self, header: &str) -> impl Iterator<Item = &'v str> + use<'v> {
        let wanted = header.to_owned();
        let wanted = self.headers.iter().filter(move |(name, _)| *name == wanted);
        wanted.map(|(_, value)| value.as_str())
    }

    pub fn to_text(&self) -> String {
        let lines = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"));
        format!("{}\n{}\n", lines.collect::<String>(), self.body)
    }

    fn parse(name: &str, text: &str) -> Self {
        let (head, body) = text
            .split_once("\n\n")
            .unwrap_or_else(|| panic!("{name} has no body"));
        let header = |line: &str| {
            let (header, value) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("{name}: `{line}`"));
            (header.to_owned(), value.to_owned())
        };
        let body = body.strip_suffix('\n').expect("a last line end").to_owned();
        Self {
            name: name.to_owned(),
            headers: head.lines().map(header).collect(),
            body,
        }
    }
}

/// Where the vectors lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// Every vector below one folder, as it lies there.
pub fn read(kind: &str) -> Vec<Vector> {
    let paths: Vec<_> = std::fs::read_dir(folder().join(kind))
        .unwrap_or_else(|error| panic!("tests/vectors/{kind}: {error}"))
        .map(|entry| entry.unwrap().path())
        .collect();
    let read = |path: &PathBuf| {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        Vector::parse(
            &format!("{kind}/{stem}"),
            &std::fs::read_to_string(path).unwrap(),
        )
    };
    let mut vectors: Vec<_> = paths.iter().map(read).collect();
    vectors.sort_by(|one, other| one.name.cmp(&other.name));
    vectors
}

/// Compares the vectors of one kind with the files, or writes the files.
pub fn compare_or_write(kind: &str, vectors: &[Vector]) {
    let folder = folder().join(kind);
    if std::env::var_os("BAILIWICK_WRITE_VECTORS").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for vector in vectors {
            let path = folder.join(format!("{}.txt", vector.name.rsplit('/').next().unwrap()));
            assert!(!path.exists(), "{} twice", vector.name);
            std::fs::write(path, vector.to_text()).unwrap();
        }
    }
    let mut wanted = vectors.to_vec();
    wanted.sort_by(|one, other| one.name.cmp(&other.name));
    let found = read(kind);
    let names = |all: &[Vector]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&found),
        names(&wanted),
        "other files than vectors; {HINT}"
    );
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found.to_text(), wanted.to_text(), "{}: {HINT}", found.name);
    }
}

pub const HINT: &str = "BAILIWICK_WRITE_VECTORS=1 writes them anew";
