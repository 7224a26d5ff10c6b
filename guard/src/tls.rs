//! TLS to what stands behind a guard.

/// Makes ring the cryptography of TLS in this process, whatever else is compiled in.
pub(crate) fn use_ring() {
    // Somebody was first: then there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
