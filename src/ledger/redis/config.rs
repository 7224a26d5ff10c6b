//! Where the server is, and what is known of it.

use std::fmt;
use std::time::Duration;

use ::redis::{ConnectionInfo, IntoConnectionInfo as _};

use super::RedisError;

/// Where a [`RedisLedger`](super::RedisLedger) finds its server, and what is known of it.
///
/// ```
/// use std::time::Duration;
///
/// use bailiwick::ledger::RedisConfig;
///
/// let config = RedisConfig::new(["redis://:secret@10.0.0.5:6379", "redis://:secret@10.0.0.6:6379"])?
///     .with_replicas(1, Duration::from_millis(100));
/// assert!(!format!("{config:?}").contains("secret"));
///
/// let error = RedisConfig::new(["10.0.0.5:secret"]).unwrap_err();
/// assert_eq!(error.to_string(), "address 0 is no redis:// address");
/// # Ok::<(), bailiwick::ledger::RedisError>(())
/// ```
#[derive(Clone)]
pub struct RedisConfig {
    pub(crate) nodes: Vec<ConnectionInfo>,
    pub(crate) topology: Topology,
    pub(crate) response_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(super) replicas: Option<Replicas>,
    pub(super) durable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topology {
    /// One server at a time: of the addresses, the first master.
    Single,
    Cluster,
}

/// How many replicas must have what cannot be taken back, and how long they have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Replicas {
    pub(super) count: u32,
    pub(super) timeout: Duration,
}

impl RedisConfig {
    /// How long an answer may take unless it is said otherwise.
    pub const DEFAULT_RESPONSE_TIMEOUT: Duration = Duration::from_millis(500);
    /// How long connecting may take unless it is said otherwise.
    pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

    /// One server. Of several addresses, such as those of a master and its replicas, the first that
    /// is a master is used.
    ///
    /// # Errors
    ///
    /// [`RedisError::Address`].
    pub fn new<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Result<Self, RedisError> {
        Self::of(addresses, Topology::Single)
    }

    /// A Redis Cluster, by the addresses of some of its nodes.
    ///
    /// # Errors
    ///
    /// [`RedisError::Address`].
    pub fn cluster<'a>(nodes: impl IntoIterator<Item = &'a str>) -> Result<Self, RedisError> {
        Self::of(nodes, Topology::Cluster)
    }

    fn of<'a>(
        addresses: impl IntoIterator<Item = &'a str>,
        topology: Topology,
    ) -> Result<Self, RedisError> {
        let parse = |(index, address): (usize, &'a str)| {
            let info = address.into_connection_info();
            info.map_err(|_| RedisError::Address { index })
        };
        let nodes: Vec<_> = addresses
            .into_iter()
            .enumerate()
            .map(parse)
            .collect::<Result<_, _>>()?;
        if nodes.is_empty() {
            return Err(RedisError::Address { index: 0 });
        }
        Ok(Self {
            nodes,
            topology,
            response_timeout: Self::DEFAULT_RESPONSE_TIMEOUT,
            connect_timeout: Self::DEFAULT_CONNECT_TIMEOUT,
            replicas: None,
            durable: false,
        })
    }

    /// How long an answer may take. After that, it is not known whether anything was settled.
    #[must_use]
    pub fn with_response_timeout(mut self, timeout: Duration) -> Self {
        self.response_timeout = timeout;
        self
    }

    /// How long connecting may take.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Approvals and sums count as settled only when so many replicas have them, within that time.
    ///
    /// If they do not, the answer is [`LedgerError::Unavailable`](crate::ledger::LedgerError); a
    /// retry of the same attempt asks the replicas again, and is not charged again.
    #[must_use]
    pub fn with_replicas(mut self, count: u32, timeout: Duration) -> Self {
        self.replicas = Some(Replicas { count, timeout });
        self
    }

    /// It is one server without replicas, whose `appendonly` is `yes` and whose `appendfsync` is
    /// `always`: if it starts again, nothing is taken for forgotten.
    ///
    /// What the server says of itself is checked too, whenever a connection is made. It is not
    /// believed alone: a replica that was promoted and started again looks just the same.
    ///
    /// # Security
    ///
    /// If it is not so, or its settings change while it runs, or its files are set back to a backup,
    /// what was used and spent may be used and spent again.
    #[must_use]
    pub fn with_durable_server(mut self) -> Self {
        self.durable = true;
        self
    }
}

/// Without names and passwords.
impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses: Vec<_> = self.nodes.iter().map(|it| it.addr().to_string()).collect();
        f.debug_struct("RedisConfig")
            .field("addresses", &addresses)
            .field("topology", &self.topology)
            .field("response_timeout", &self.response_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("replicas", &self.replicas)
            .field("durable", &self.durable)
            .finish()
    }
}
