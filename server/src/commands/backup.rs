//! `coco backup`
//!
//! The database first, then the files: whatever a row of the copy names was there before it. Both
//! are written beside and renamed at the end, so a directory of that name is always a whole backup.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use clap::Args;
use coco::time::Civil;
use std::fs;
use std::path::{Path, PathBuf};

/// The database in a backup.
pub const DATABASE: &str = "coco.db";
/// The uploads, in a backup as in the data directory.
pub const FILES: &str = "attachments";

/// Where to.
#[derive(Debug, Args)]
#[command(
    after_help = "Works while COCO runs. Put it back with `coco restore DIR`.\n\nExamples:\n  coco backup\n  coco backup /mnt/backups/monday"
)]
pub struct Options {
    /// The directory to make [default: backup-<time> here]
    dir: Option<PathBuf>,
}

/// Copies everything; prints where to.
pub async fn run(config: &Config, options: &Options) -> Result<()> {
    let services = super::open_as_it_is(config).await?;
    let now = services.core.now().civil();
    let dir = options.dir.clone().unwrap_or_else(|| PathBuf::from(name(now)));
    if dir.exists() {
        bail!("{} exists already", dir.display());
    }
    let part = beside(&dir, "part")?;
    let made = async {
        fs::create_dir_all(&part).with_context(|| format!("{} can't be made", part.display()))?;
        services.core.db.backup_to(&part.join(DATABASE)).await.map_err(crate::cause)?;
        let files = copy_dir(&config.data_dir.join(FILES), &part.join(FILES))?;
        sync(&part.join(DATABASE))?;
        fs::rename(&part, &dir).with_context(|| format!("{} can't be made", dir.display()))?;
        #[cfg(unix)]
        sync(&dir)?;
        anyhow::Ok(files)
    };
    let outcome = made.await;
    services.core.db.close().await;
    let files = outcome.inspect_err(|_| drop(fs::remove_dir_all(&part)))?;
    eprintln!("Copied the database and {files} files.");
    super::table::line(&dir.display().to_string())
}

fn name(c: Civil) -> String {
    format!("backup-{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

/// A hidden sibling, on the same file system, so that it can be renamed.
///
/// # Errors
/// When the path has no last part.
pub fn beside(path: &Path, what: &str) -> Result<PathBuf> {
    let name = path.file_name().with_context(|| format!("{} is not a name for a directory", path.display()))?;
    Ok(path.with_file_name(format!(".{}.{what}-{}", name.to_string_lossy(), std::process::id())))
}

/// Copies a tree of files and tells how many; an absent one is empty.
///
/// # Errors
/// When a file cannot be read or written. One that was removed meanwhile is left out.
pub fn copy_dir(from: &Path, to: &Path) -> Result<u64> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    let mut copied = 0;
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(e).with_context(|| from.display().to_string()),
    };
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied += copy_dir(&entry.path(), &target)?;
            continue;
        }
        match fs::copy(entry.path(), &target) {
            Ok(_) => copied += 1,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(e).with_context(|| target.display().to_string()),
        }
        sync(&target)?;
    }
    Ok(copied)
}

/// Waits until a file is on disk.
///
/// # Errors
/// The file system's.
pub fn sync(path: &Path) -> Result<()> {
    fs::File::open(path).and_then(|f| f.sync_all()).with_context(|| path.display().to_string())
}
