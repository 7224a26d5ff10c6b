//! Connections, to one server or to a cluster.

use std::time::Duration;

use ::redis::aio::{ConnectionLike as _, MultiplexedConnection};
use ::redis::cluster::ClusterClient;
use ::redis::cluster_async::ClusterConnection;
use ::redis::cluster_routing::{Route, RoutingInfo, SingleNodeRoutingInfo, SlotAddr};
use ::redis::{AsyncConnectionConfig, Client, Cmd, ConnectionInfo, Pipeline, Value};

use super::config::RedisConfig;
use super::error::Failure;

/// A connection to one process of a server, or those to a cluster. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Wire {
    /// It does not connect again by itself: another process is another wire.
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Wire {
    /// Connects to one of the servers. An answer never takes longer than `longest`.
    pub(crate) async fn to_server(
        config: &RedisConfig,
        node: &ConnectionInfo,
        longest: Duration,
    ) -> Result<Self, Failure> {
        let options = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(config.connect_timeout))
            .set_response_timeout(Some(longest));
        let client = Client::open(node.clone()).map_err(|error| Failure::of(&error))?;
        let connecting = client.get_multiplexed_async_connection_with_config(&options);
        let connected = in_time(config.connect_timeout, connecting).await;
        connected.map(Self::Single)
    }

    /// Connects to a cluster, of which any nodes are known. An answer never takes longer than
    /// `longest`.
    pub(crate) async fn to_cluster(
        config: &RedisConfig,
        longest: Duration,
    ) -> Result<Self, Failure> {
        let client = ClusterClient::builder(config.nodes.clone())
            .connection_timeout(config.connect_timeout)
            .response_timeout(longest)
            .retries(2)
            .build()
            .map_err(|error| Failure::of(&error))?;
        let timeout = config
            .connect_timeout
            .saturating_add(config.response_timeout);
        let connected = in_time(timeout, client.get_async_connection()).await;
        connected.map(Self::Cluster)
    }

    /// Sends a command, in a cluster to the master that has this key; others need none.
    pub(crate) async fn send(
        self,
        command: Cmd,
        key: impl FnOnce() -> Vec<u8>,
        timeout: Duration,
    ) -> Result<Value, Failure> {
        match self {
            Self::Single(mut wire) => in_time(timeout, wire.send_packed_command(&command)).await,
            Self::Cluster(mut wire) => {
                let route = RoutingInfo::SingleNode(master_of(&key()));
                in_time(timeout, wire.route_command(command, route)).await
            }
        }
    }

    /// Sends commands in one round trip, in a cluster to the master that has this key. The server's
    /// errors are among the answers.
    pub(crate) async fn send_all(
        self,
        commands: Pipeline,
        key: impl FnOnce() -> Vec<u8>,
        timeout: Duration,
    ) -> Result<Vec<Value>, Failure> {
        let count = commands.len();
        match self {
            Self::Single(mut wire) => {
                in_time(timeout, wire.req_packed_commands(&commands, 0, count)).await
            }
            Self::Cluster(mut wire) => {
                let sent = wire.route_pipeline(commands, 0, count, master_of(&key()));
                in_time(timeout, sent).await
            }
        }
    }
}

fn master_of(key: &[u8]) -> SingleNodeRoutingInfo {
    SingleNodeRoutingInfo::SpecificNode(Route::with_key(key, SlotAddr::Master))
}

async fn in_time<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, ::redis::RedisError>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(timeout, answer).await {
        Ok(answer) => answer.map_err(|error| Failure::of(&error)),
        Err(_) => Err(Failure::Late),
    }
}
