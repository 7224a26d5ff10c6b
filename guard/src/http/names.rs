//! Names of headers.

use axum::http::HeaderName;
use axum::http::header;

/// Headers of one connection, which end with it (RFC 9110, 7.6.1), and such as say how a message is framed.
pub(crate) fn is_of_connection(name: &HeaderName) -> bool {
    const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
    const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
    [
        header::CONNECTION,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        KEEP_ALIVE,
        PROXY_CONNECTION,
    ]
    .contains(name)
}

/// Headers that the guard writes itself, so that no credential may have their names.
pub(crate) fn is_ours(name: &HeaderName) -> bool {
    is_of_connection(name)
        || [
            header::HOST,
            header::CONTENT_LENGTH,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            header::ACCEPT,
            header::ACCEPT_ENCODING,
            header::EXPECT,
            bailiwick::http::PROOF,
            bailiwick::http::NOTE,
        ]
        .contains(name)
        || name.as_str().starts_with("mcp-")
}
