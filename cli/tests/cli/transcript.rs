//! Runs a page.

use std::path::{Path, PathBuf};
use std::process::Command;

use bailiwick::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed, revocation_key_from_seed,
};
use snapbox::Data;

/// Whether every command of a page prints what the page says.
pub(crate) fn holds(page: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let directory = World::new();
    snapbox::assert_data_eq!(
        run(&text, &directory),
        Data::read_from(Path::new(page), None).raw()
    );
}

/// The page with what its commands print now.
fn run(page: &str, world: &World) -> String {
    let mut out = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else {
                continue;
            };
            let mut command = command.to_owned();
            out.push_str(&format!("$ {command}\n"));
            // A command goes on after a backslash.
            while command.ends_with('\\') {
                let more = lines.next().unwrap();
                out.push_str(&format!("{more}\n"));
                command = format!("{command}\n{more}");
            }
            out.push_str(&world.shell(&command));
        }
    }
    out
}

/// A directory with keys that are always the same.
struct World(PathBuf);

impl World {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap().keep();
        let world = Self(directory);
        let issuer = issuer_key_from_seed(&[1; 32]);
        let agent = holder_key_from_seed(&[2; 32]);
        let scout = holder_key_from_seed(&[3; 32]);
        let ada = approver_key_from_seed(&[4; 32]);
        let security = revocation_key_from_seed(&[5; 32]);
        world.key(
            "root",
            &issuer.to_pkcs8_pem().unwrap(),
            &issuer.public_key(),
        );
        world.key("agent", &agent.to_pkcs8_pem().unwrap(), &agent.public_key());
        world.key("scout", &scout.to_pkcs8_pem().unwrap(), &scout.public_key());
        world.key("ada", &ada.to_pkcs8_pem().unwrap(), &ada.public_key());
        world.key(
            "security",
            &security.to_pkcs8_pem().unwrap(),
            &security.public_key(),
        );
        world
    }

    fn key(&self, name: &str, pem: &str, public: &dyn std::fmt::Display) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.0.join(format!("{name}.key"));
        std::fs::write(&path, pem).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(self.0.join(format!("{name}.pub")), public.to_string()).unwrap();
    }

    /// What a command prints, on both outputs, and how it ends if that is not with 0. There is no terminal.
    fn shell(&self, command: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_bailiwick"));
        let old = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{old}", program.parent().unwrap().display());
        let ended = Command::new("timeout")
            .args(["--kill-after=1", "20", "setsid", "--wait", "sh", "-c"])
            .arg(format!("exec 2>&1\n{command}"))
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", path)
            .env("LC_ALL", "C.UTF-8")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let mut printed = String::from_utf8(ended.stdout).unwrap();
        if !printed.is_empty() && !printed.ends_with('\n') {
            printed.push('\n');
        }
        match ended.status.code() {
            Some(0) => {}
            code => printed.push_str(
                &format!("? {code:?}\n")
                    .replace("Some(", "")
                    .replace(')', ""),
            ),
        }
        printed
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
