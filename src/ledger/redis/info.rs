//! What a server says of itself.

use super::RedisError;

/// The answers to `INFO` and `CONFIG GET appendfsync`.
pub(super) struct ServerInfo<'a> {
    pub(super) info: &'a str,
    /// `None` if it does not say.
    pub(super) appendfsync: Option<&'a str>,
}

/// Which process of which server it is, and what becomes of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    /// The process, and whose place it took: it changes with every start and every promotion.
    pub(super) identity: String,
    /// If it starts again, it has all that it answered to.
    pub(super) durable: bool,
}

impl ServerInfo<'_> {
    /// The server, if it may keep a ledger.
    pub(super) fn check(&self) -> Result<Server, RedisError> {
        let version = self.field("redis_version");
        let major = version
            .split('.')
            .next()
            .and_then(|it| it.parse::<u32>().ok());
        if major.is_none_or(|major| major < 7) {
            let version = version.to_owned();
            return Err(RedisError::TooOld { version });
        }
        if self.field("role") != "master" {
            return Err(RedisError::Replica);
        }
        let policy = self.field("maxmemory_policy");
        if policy != "noeviction" {
            let policy = policy.to_owned();
            return Err(RedisError::Evicts { policy });
        }
        let identity = [self.field("run_id"), self.field("master_replid2")].concat();
        if identity.len() != 80 || !identity.bytes().all(|it| it.is_ascii_hexdigit()) {
            let why = "the server does not say which it is".to_owned();
            return Err(RedisError::Unavailable(why));
        }
        Ok(Server {
            identity,
            durable: self.is_durable(),
        })
    }

    fn is_durable(&self) -> bool {
        let never_promoted = self.field("master_replid2").bytes().all(|it| it == b'0');
        never_promoted
            && self.appendfsync == Some("always")
            && self.field("connected_slaves") == "0"
            && self.field("aof_enabled") == "1"
            && self.field("aof_last_write_status") == "ok"
            // Until the first file is written, there is nothing to append to.
            && self.field("aof_rewrite_in_progress") == "0"
            && self.field("aof_rewrite_scheduled") == "0"
    }

    fn field(&self, name: &str) -> &str {
        let value = |line: &'_ str| -> Option<usize> {
            let rest = line.strip_prefix(name)?;
            rest.starts_with(':')
                .then_some(name.len().saturating_add(1))
        };
        self.info
            .lines()
            .find_map(|line| line.get(value(line)?..))
            .unwrap_or("")
            .trim_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# Server\r\nredis_version:7.0.15\r\n\
        run_id:caa11de563417eef80d5785a4b89e8097e599165\r\n# Memory\r\n\
        maxmemory_policy:noeviction\r\n# Persistence\r\naof_enabled:1\r\n\
        aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0\r\naof_last_write_status:ok\r\n\
        # Replication\r\nrole:master\r\nconnected_slaves:0\r\n\
        master_replid2:0000000000000000000000000000000000000000\r\n";

    fn check(info: &str) -> Result<Server, RedisError> {
        let appendfsync = Some("always");
        ServerInfo { info, appendfsync }.check()
    }

    #[test]
    fn a_master_that_never_evicts_may_keep_a_ledger() {
        let server = check(GOOD).unwrap();
        assert!(server.identity.starts_with("caa11de5") && server.durable);
    }

    #[test]
    fn other_servers_may_not() {
        let code = |from: &str, to: &str| check(&GOOD.replace(from, to)).unwrap_err().code();
        assert_eq!(code("noeviction", "allkeys-lru"), "redis_evicts");
        assert_eq!(code("maxmemory_policy", "other"), "redis_evicts");
        assert_eq!(code("role:master", "role:slave"), "redis_replica");
        assert_eq!(code("7.0.15", "6.2.0"), "redis_too_old");
        assert_eq!(code("redis_version", "other"), "redis_too_old");
        assert_eq!(code("run_id", "other"), "ledger_unavailable");
        assert_eq!(code("master_replid2", "other"), "ledger_unavailable");
    }

    #[test]
    fn each_doubt_makes_a_restart_count() {
        for (from, to) in [
            ("aof_enabled:1", "aof_enabled:0"),
            ("status:ok", "status:err"),
            ("in_progress:0", "in_progress:1"),
            ("scheduled:0", "scheduled:1"),
            ("connected_slaves:0", "connected_slaves:1"),
            ("replid2:0", "replid2:1"),
        ] {
            assert!(!check(&GOOD.replace(from, to)).unwrap().durable, "{to}");
        }
        for appendfsync in [None, Some("everysec")] {
            let info = GOOD;
            let server = ServerInfo { info, appendfsync }.check().unwrap();
            assert!(!server.durable);
        }
    }
}
