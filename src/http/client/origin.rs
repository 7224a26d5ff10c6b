//! Where a request goes.

use std::fmt;
use std::str::FromStr;

use http::Uri;

/// Where a request goes: scheme, host and port, as in `https://forum.example`.
///
/// Scheme and host are compared in lower case, and a port that goes without saying is filled in.
///
/// ```
/// use bailiwick::http::Origin;
///
/// let origin: Origin = "https://Forum.example".parse()?;
/// assert_eq!(Origin::of(&"https://forum.example:443/threads/42".parse()?), Some(origin.clone()));
/// assert_ne!(Origin::of(&"http://forum.example/".parse()?), Some(origin));
///
/// assert!("https://forum.example/threads".parse::<Origin>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scheme {
    Http,
    Https,
}

/// The text is no origin: `http` or `https`, a host, perhaps a port, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin is `https://` or `http://`, a host, and perhaps a port")]
pub struct OriginError;

impl Origin {
    /// The origin of a target; `None` if it is relative, has user information, or is of another
    /// scheme.
    pub fn of(uri: &Uri) -> Option<Self> {
        let scheme = match uri.scheme_str()? {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let authority = uri.authority()?;
        // Of `https://forum.example@evil.example`, readers differ on who is the host.
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return None;
        }
        let host = authority.host();
        let port = match authority.as_str().strip_prefix(host)? {
            "" => scheme.port(),
            _ => authority.port_u16()?,
        };
        let host = host.to_ascii_lowercase().into();
        Some(Self { scheme, host, port })
    }
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let uri: Uri = text.parse().map_err(|_| OriginError)?;
        let origin = Self::of(&uri).ok_or(OriginError)?;
        let (_, authority) = text.split_once("://").ok_or(OriginError)?;
        match uri.authority() {
            Some(whole) if whole.as_str() == authority => Ok(origin),
            _ => Err(OriginError),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        if self.port != self.scheme.port() {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str) -> Option<String> {
        Origin::of(&uri.parse().unwrap()).map(|origin| origin.to_string())
    }

    #[test]
    fn an_origin_has_one_spelling() {
        for (uri, origin) in [
            ("https://forum.example", "https://forum.example"),
            ("https://FORUM.example:443/a?b", "https://forum.example"),
            ("http://forum.example:80", "http://forum.example"),
            ("http://forum.example:443", "http://forum.example:443"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
        ] {
            assert_eq!(of(uri).as_deref(), Some(origin));
        }
    }

    #[test]
    fn what_has_no_certain_host_has_no_origin() {
        for uri in [
            "/threads/42",
            "forum.example",
            "ftp://forum.example/",
            "https://forum.example@evil.example/",
            "https://forum.example:@evil.example/",
        ] {
            assert_eq!(of(uri), None, "{uri}");
        }
    }

    #[test]
    fn an_origin_is_written_without_a_path() {
        for text in [
            "",
            "forum.example",
            "https://",
            "https://forum.example/",
            "https://forum.example?a",
            "https://forum.example#a",
            "https://a@forum.example",
            "https://forum.example:",
            "https://forum.example:65536",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(OriginError), "{text}");
        }
    }
}
