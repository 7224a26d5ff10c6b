//! What an agent sends.

use sha2::{Digest, Sha256};

use super::names::ToolName;
use super::operation::Operation;
use super::preview::preview_text;
use super::resource::Resource;
use super::tree::Tree;

/// What an agent sends, as it sends it: a proof of possession covers exactly this.
///
/// A service maps a call to the [`Action`](super::Action)s that it does; the agent needs no knowledge of the mapping.
///
/// ```
/// use bailiwick::action::{Call, ToolName, Tree};
///
/// let name = ToolName::parse("read_thread")?;
/// let one = Call::tool(name.clone(), Tree::from_json_slice(br#"{"id": 42}"#)?);
/// let two = Call::tool(name.clone(), Tree::from_json_slice(br#"{"id":42.0}"#)?);
/// let other = Call::tool(name, Tree::from_json_slice(br#"{"id": "42"}"#)?);
///
/// assert_eq!(one.digest(), two.digest());
/// assert_ne!(one.digest(), other.digest());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// An operation on a resource, in the service's own words.
    Direct(DirectCall),
    /// A tool with its arguments.
    Tool(ToolCall),
    /// An HTTP request.
    Http(HttpCall),
}

impl Call {
    /// An operation on a resource, in the service's own words: for agents that know these.
    #[must_use]
    pub const fn direct(operation: Operation, resource: Resource, arguments: Tree) -> Call {
        Call::Direct(DirectCall {
            operation,
            resource,
            arguments,
        })
    }

    /// A tool with its arguments.
    #[must_use]
    pub const fn tool(name: ToolName, arguments: Tree) -> Call {
        Call::Tool(ToolCall::new(name, arguments))
    }

    /// An HTTP request, as it goes over the wire: nothing is decoded, sorted or folded.
    ///
    /// `path` is the path of the request target, `query` what follows its `?`. A `?` with nothing behind it is
    /// `Some("")`, which is another call than `None`. Of the body, the SHA-256 is kept.
    ///
    /// ```
    /// use bailiwick::action::Call;
    ///
    /// let call = Call::http("POST", "/threads/42/drafts", None, b"{\"text\":\"It depends.\"}")?;
    /// let slash = Call::http("POST", "/threads/42/drafts/", None, b"{\"text\":\"It depends.\"}")?;
    /// assert_ne!(call.digest(), slash.digest());
    ///
    /// // The query has a place of its own.
    /// assert!(Call::http("GET", "/threads?id=42", None, b"").is_err());
    /// # Ok::<(), bailiwick::action::CallError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the method is no token, the path does not begin with `/` (`*` alone is allowed), or path or query has
    /// anything but printing ASCII characters or is longer than 8 KiB.
    ///
    /// # Security
    ///
    /// Headers are not covered. A service that lets a header or a form field override the method must refuse that.
    pub fn http(
        method: &str,
        path: &str,
        query: Option<&str>,
        body: &[u8],
    ) -> Result<Call, CallError> {
        check_method(method)?;
        if !path.starts_with('/') && path != "*" {
            return Err(CallError::RelativePath {
                path: preview_text(path),
            });
        }
        check_target("path", path, &['?', '#'])?;
        if let Some(query) = query {
            check_target("query", query, &['#'])?;
        }
        Ok(Call::Http(HttpCall {
            method: method.into(),
            path: path.into(),
            query: query.map(Into::into),
            body_sha256: Sha256::digest(body).into(),
        }))
    }
}

/// A call in the service's own words: see [`Call::direct`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectCall {
    operation: Operation,
    resource: Resource,
    arguments: Tree,
}

impl DirectCall {
    /// What is to be done.
    #[must_use]
    pub const fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What is to be touched.
    #[must_use]
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The arguments.
    #[must_use]
    pub const fn arguments(&self) -> &Tree {
        &self.arguments
    }
}

/// A tool call: see [`Call::tool`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    name: ToolName,
    arguments: Tree,
}

impl ToolCall {
    /// A tool with its arguments.
    #[must_use]
    pub const fn new(name: ToolName, arguments: Tree) -> Self {
        Self { name, arguments }
    }

    /// The tool.
    #[must_use]
    pub const fn name(&self) -> &ToolName {
        &self.name
    }

    /// The arguments.
    #[must_use]
    pub const fn arguments(&self) -> &Tree {
        &self.arguments
    }
}

/// An HTTP request: see [`Call::http`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpCall {
    method: Box<str>,
    path: Box<str>,
    query: Option<Box<str>>,
    body_sha256: [u8; 32],
}

impl HttpCall {
    /// The most bytes that a path has, and a query.
    pub const MAX_TARGET_BYTES: usize = 8192;
    /// The most bytes that a method has.
    pub const MAX_METHOD_BYTES: usize = 64;

    /// The method, in the letter case that it is sent in.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, still encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query without its `?`, still encoded.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The SHA-256 of the body.
    #[must_use]
    pub const fn body_sha256(&self) -> &[u8; 32] {
        &self.body_sha256
    }
}

/// Why an HTTP request is no [`Call`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The method is not a token (RFC 9110, section 5.6.2) of at most 64 bytes.
    #[error("`{method}` is not an HTTP method")]
    BadMethod {
        /// The method, escaped and shortened.
        method: String,
    },
    /// The path does not begin with `/`.
    #[error("path `{path}` does not begin with `/`")]
    RelativePath {
        /// The path, escaped and shortened.
        path: String,
    },
    /// Path or query has a character that does not occur there on the wire.
    #[error("{part} `{text}` contains {character:?}")]
    Character {
        /// `path` or `query`.
        part: &'static str,
        /// The character.
        character: char,
        /// The whole, escaped and shortened.
        text: String,
    },
    /// Path or query is longer than [`HttpCall::MAX_TARGET_BYTES`].
    #[error("{part} has {bytes} bytes, more than {}", HttpCall::MAX_TARGET_BYTES)]
    TooLong {
        /// `path` or `query`.
        part: &'static str,
        /// Its length.
        bytes: usize,
    },
}

fn check_method(method: &str) -> Result<(), CallError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if method.is_empty()
        || method.len() > HttpCall::MAX_METHOD_BYTES
        || !method.bytes().all(is_token)
    {
        return Err(CallError::BadMethod {
            method: preview_text(method),
        });
    }
    Ok(())
}

fn check_target(part: &'static str, text: &str, refused: &[char]) -> Result<(), CallError> {
    if text.len() > HttpCall::MAX_TARGET_BYTES {
        return Err(CallError::TooLong {
            part,
            bytes: text.len(),
        });
    }
    match text
        .chars()
        .find(|c| !c.is_ascii_graphic() || refused.contains(c))
    {
        Some(character) => Err(CallError::Character {
            part,
            character,
            text: preview_text(text),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> Result<Call, CallError> {
        Call::http("GET", path, None, b"")
    }

    #[test]
    fn a_request_keeps_every_byte_of_its_target() {
        for text in ["/", "*", "/a//b", "/a/../b", "/%2e%2E/a;x=1", "/a\\b"] {
            let Ok(Call::Http(call)) = path(text) else {
                panic!("{text}");
            };
            assert_eq!(call.path(), text);
        }
    }

    #[test]
    fn two_spellings_of_a_target_are_two_calls() {
        let digests = [
            Call::http("GET", "/a", None, b""),
            Call::http("get", "/a", None, b""),
            Call::http("GET", "/A", None, b""),
            Call::http("GET", "/a/", None, b""),
            Call::http("GET", "/%61", None, b""),
            Call::http("GET", "/a", Some(""), b""),
            Call::http("GET", "/a", Some("x"), b""),
            Call::http("GET", "/a", Some("x="), b""),
            Call::http("GET", "/a", None, b"\n"),
            Call::http("PUT", "/a", None, b""),
        ]
        .map(|call| call.unwrap().digest().to_string());
        let distinct: std::collections::BTreeSet<_> = digests.iter().collect();
        assert_eq!(distinct.len(), digests.len());
    }

    #[test]
    fn what_is_not_on_the_wire_so_is_refused() {
        for text in ["/a b", "/a\n", "/\0", "/é", "/a?b", "/a#b", "/\u{7f}"] {
            assert!(
                matches!(path(text), Err(CallError::Character { .. })),
                "{text:?}"
            );
        }
        for text in ["", "a", "http://x/", "**", "*/"] {
            assert!(
                matches!(path(text), Err(CallError::RelativePath { .. })),
                "{text:?}"
            );
        }
        for method in ["", "GE T", "GET\r", "GÉT", "(", &"A".repeat(65)] {
            assert!(
                matches!(
                    Call::http(method, "/", None, b""),
                    Err(CallError::BadMethod { .. })
                ),
                "{method:?}"
            );
        }
        assert!(matches!(
            Call::http("GET", "/", Some("a#b"), b""),
            Err(CallError::Character { part: "query", .. })
        ));
        assert!(path(&format!("/{}", "a".repeat(8191))).is_ok());
        assert!(matches!(
            path(&format!("/{}", "a".repeat(8192))),
            Err(CallError::TooLong { .. })
        ));
    }
}
