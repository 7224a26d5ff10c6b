//! The way to the server behind the guard.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Uri};
use rmcp::RoleClient;
use rmcp::ServiceExt as _;
use rmcp::model::Tool;
use rmcp::service::RunningService;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use tokio::process::Command;
use tokio::time::timeout;

use super::Behind;
use super::client::HttpClient;
use crate::secret::{self, Credential};
use crate::{NoStart, http, way};

/// A server to connect to, with its credentials.
pub(super) enum Server {
    Child {
        program: OsString,
        arguments: Vec<OsString>,
        variables: Vec<(String, Credential)>,
        passed: Vec<(String, OsString)>,
        show_stderr: bool,
    },
    Url {
        url: Uri,
        headers: Vec<(HeaderName, HeaderValue)>,
    },
}

/// A connection. Dropped, or closed, it ends its child.
pub(super) type Connection = RunningService<RoleClient, ()>;

impl Server {
    /// Checks everything that can be checked before a connection is made.
    pub(super) fn of(behind: Behind) -> Result<Self, NoStart> {
        let mut command = behind.command.into_iter();
        match (behind.upstream, command.next()) {
            (Some(url), None) => {
                let headers = secret::headers(&behind.headers)?;
                let url = url_of(&url, !headers.is_empty())?;
                Ok(Self::Url { url, headers })
            }
            (None, Some(program)) => Ok(Self::Child {
                program,
                arguments: command.collect(),
                variables: secret::variables(&behind.variables)?,
                passed: behind
                    .passed
                    .iter()
                    .map(|name| passed(name))
                    .collect::<Result<_, _>>()?,
                show_stderr: behind.show_stderr,
            }),
            _ => {
                let why = "is either --upstream URL, or a command after --";
                Err(NoStart::Upstream { why })
            }
        }
    }

    /// Connects, within this time.
    pub(super) async fn connect(self, patience: Duration) -> Result<Connection, NoStart> {
        let connecting = async {
            match self {
                Self::Child {
                    program,
                    arguments,
                    variables,
                    passed,
                    show_stderr,
                } => {
                    let mut command = Command::new(program);
                    // Nothing of the guard's own environment, which may hold what is not for it.
                    command.args(arguments).env_clear();
                    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
                    command.envs(passed);
                    command.envs(variables.iter().map(|(name, value)| (name, value.reveal())));
                    let stderr = match show_stderr {
                        true => Stdio::inherit(),
                        false => Stdio::null(),
                    };
                    let child = TokioChildProcess::builder(command).stderr(stderr).spawn();
                    let (child, _) = child.map_err(|error| silent(&error))?;
                    ().serve(child).await.map_err(|error| silent(&error))
                }
                Self::Url { url, headers } => {
                    let client = HttpClient::new(way::client()?, headers);
                    let config = StreamableHttpClientTransportConfig::with_uri(url.to_string());
                    let transport = StreamableHttpClientTransport::with_client(client, config);
                    ().serve(transport).await.map_err(|error| silent(&error))
                }
            }
        };
        in_time(patience, connecting).await
    }
}

/// All tools of the server.
pub(super) async fn tools(
    connection: &Connection,
    patience: Duration,
) -> Result<Vec<Tool>, NoStart> {
    let listing = async {
        let tools = connection.list_all_tools().await;
        tools.map_err(|error| silent(&error))
    };
    in_time(patience, listing).await
}

async fn in_time<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, NoStart>>,
) -> Result<T, NoStart> {
    let late = |_| NoStart::Silent {
        why: format!("nothing came within {} seconds", patience.as_secs()),
    };
    timeout(patience, work).await.map_err(late)?
}

fn silent(error: &dyn std::error::Error) -> NoStart {
    NoStart::Silent {
        why: error.to_string(),
    }
}

fn passed(name: &str) -> Result<(String, OsString), NoStart> {
    let name = secret::variable(name)?;
    match std::env::var_os(&name) {
        Some(value) => Ok((name, value)),
        None => Err(NoStart::Name {
            name,
            why: "is no variable that the guard has",
        }),
    }
}

fn url_of(url: &str, with_credentials: bool) -> Result<Uri, NoStart> {
    let refused = |why| NoStart::Upstream { why };
    let uri: Uri = url.parse().map_err(|_| refused("is no URL"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(refused("is no URL"));
    };
    if authority.as_str().contains('@') {
        return Err(refused("has a credential in its URL: use --header"));
    }
    match scheme.as_str() {
        "https" => {}
        "http" if !with_credentials || http::is_this_machine(authority.host()) => {}
        "http" => return Err(refused("would get a credential without TLS")),
        _ => return Err(refused("is neither http nor https")),
    }
    Ok(uri)
}
