//! The server under load.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server with data of its own, removed at the end.
pub struct Server {
    child: Child,
    dir: tempfile::TempDir,
    pub base: String,
    /// Bearer token of the demo customer.
    pub customer: String,
    /// Bearer token of a rep of the same vendor.
    pub rep: String,
    pub seeded_s: f64,
    pub started_ms: u128,
}

fn coco(dir: &std::path::Path, database: Option<&str>, port: u16) -> Command {
    let mut command = Command::new("target/release/coco");
    command.env("COCO_DATA_DIR", dir).env("COCO_LISTEN", format!("127.0.0.1:{port}")).env("COCO_LOG", "warn");
    // All the load comes from two people.
    for limit in ["COCO_API_RATE", "COCO_SOCKET_RATE", "COCO_SOCKETS_PER_STAFF", "COCO_SOCKETS_PER_CUSTOMER"] {
        command.env(limit, "1000000");
    }
    command.env_remove("COCO_DATABASE_URL");
    if let Some(url) = database {
        command.env("COCO_DATABASE_URL", url);
    }
    command
}

fn output(command: &mut Command) -> Result<String> {
    let out = command.stderr(Stdio::inherit()).output()?;
    if !out.status.success() {
        bail!("{command:?} failed");
    }
    Ok(String::from_utf8(out.stdout)?.trim().to_owned())
}

/// A new database beside the one at `url`.
async fn fresh_database(url: &str) -> Result<String> {
    let name = format!("coco_bench_{}", std::process::id());
    let (server, _) = url.rsplit_once('/').context("the address ends in /name")?;
    let sql = format!("CREATE DATABASE {name}");
    output(Command::new("psql").args([url, "-qc", &sql]))?;
    Ok(format!("{server}/{name}"))
}

impl Server {
    pub async fn start(name: &str, seed: &[&str], postgres: Option<&str>) -> Result<Self> {
        eprintln!("→ {name}: seeding and starting");
        let dir = tempfile::tempdir_in(target_dir())?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let database = match postgres {
            Some(url) => Some(fresh_database(url).await?),
            None => None,
        };
        let begun = Instant::now();
        output(coco(dir.path(), database.as_deref(), port).arg("seed").args(seed))?;
        let seeded_s = begun.elapsed().as_secs_f64();
        let token =
            |email| output(coco(dir.path(), database.as_deref(), port).args(["token", "create", "--name", "bench", "--email", email]));
        let (customer, rep) = (token("customer@coco.com")?, token("rep.l1@coco.com")?);
        let begun = Instant::now();
        let child = coco(dir.path(), database.as_deref(), port).arg("serve").stdout(Stdio::null()).spawn()?;
        let base = format!("http://127.0.0.1:{port}");
        while reqwest::get(format!("{base}/readyz")).await.is_ok_and(|r| r.status().is_success()).eq(&false) {
            if begun.elapsed() > Duration::from_secs(60) {
                bail!("the server did not get ready");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { child, dir, base, customer, rep, seeded_s, started_ms: begun.elapsed().as_millis() })
    }

    pub fn socket(&self, token: &str) -> String {
        format!("{}/ws?access_token={token}", self.base.replace("http://", "ws://"))
    }

    /// Resident memory of the process.
    pub fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
    }

    pub async fn stop(mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = tokio::task::spawn_blocking(move || self.child.wait()).await;
        let _ = self.dir.close();
    }
}

/// On the disk of the checkout: a memory file system would flatter.
fn target_dir() -> PathBuf {
    PathBuf::from("target")
}
