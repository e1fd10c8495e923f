//! `coco restore`
//!
//! The backup is copied beside what is there and checked, and only then put in its place; what was
//! there is kept beside it.

use super::backup::{DATABASE, FILES, beside, copy_dir, sync};
use super::lock;
use crate::config::Config;
use anyhow::{Context, Result, bail};
use clap::Args;
use coco::db::Db;
use std::fs;
use std::path::{Path, PathBuf};

/// What SQLite keeps beside a database that was not closed.
const LOGS: [&str; 2] = ["-wal", "-shm"];

/// What to put back.
#[derive(Debug, Args)]
#[command(
    after_help = "COCO must not run meanwhile. What is replaced is kept beside it.\n\nExamples:\n  coco restore backup-20261121T080000Z\n  coco restore /mnt/backups/monday --force"
)]
pub struct Options {
    /// A directory made by `coco backup`
    dir: PathBuf,
    /// Replace the database and the uploads that are there
    #[arg(long)]
    force: bool,
}

/// Puts a backup in the place of what is there.
pub async fn run(config: &Config, options: &Options) -> Result<()> {
    let Some(database) = config.sqlite_file() else {
        bail!("COCO_DATABASE_URL: only SQLite is restored by COCO; use pg_restore for PostgreSQL, see docs/backup.md");
    };
    let files = config.data_dir.join(FILES);
    let _lock = lock::take(config)?;
    if database.exists() && !options.force {
        bail!("{} is there already; use --force to replace it", database.display());
    }
    let (new_database, new_files) = (beside(&database, "new")?, beside(&files, "new")?);
    let outcome = prepare(&options.dir, &new_database, &new_files).await;
    if let Err(e) = outcome {
        remove(&new_database);
        fs::remove_dir_all(&new_files).ok();
        return Err(e);
    }
    let kept = swap(&new_database, &database, &new_files, &files)?;
    eprintln!("Restored {} from {}.", database.display(), options.dir.display());
    if !kept.is_empty() {
        eprintln!("What was there is kept as {}.", kept.join(" and "));
    }
    Ok(())
}

/// Copies the backup beside its place, makes sure that it is sound, and brings it up to date.
async fn prepare(backup: &Path, database: &Path, files: &Path) -> Result<()> {
    let source = backup.join(DATABASE);
    if !source.is_file() {
        bail!("{} is not a backup: there is no {DATABASE} in it", backup.display());
    }
    if let Some(dir) = database.parent().filter(|d| !d.as_os_str().is_empty()) {
        fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    }
    fs::copy(&source, database).with_context(|| format!("{} can't be copied", source.display()))?;
    sync(database)?;
    let db = Db::open(&format!("sqlite://{}", database.display())).await.map_err(crate::cause).context("the backup is not a database")?;
    let faults = db.check().await.map_err(crate::cause).context("the backup can't be read")?;
    if let Some(fault) = faults.first() {
        bail!("the backup is damaged: {fault}");
    }
    db.migrate().await.map_err(crate::cause).context("the backup is of another version of COCO")?;
    db.close().await;
    copy_dir(&backup.join(FILES), files)?;
    Ok(())
}

/// Puts the new in the place of the old; where the old is now.
fn swap(new_database: &Path, database: &Path, new_files: &Path, files: &Path) -> Result<Vec<String>> {
    let (old_files, old_database) = (old_name(files), old_name(database));
    let kept = [keep(files, &old_files)?, keep(database, &old_database)?];
    // The log of the old database holds its newest rows, and would be taken for the new one's.
    for suffix in LOGS {
        keep(&with_suffix(database, suffix), &with_suffix(&old_database, suffix))?;
    }
    fs::rename(new_files, files).with_context(|| files.display().to_string())?;
    fs::rename(new_database, database).with_context(|| database.display().to_string())?;
    remove(new_database);
    Ok([old_files, old_database].iter().zip(kept).filter(|(_, kept)| *kept).map(|(old, _)| old.display().to_string()).collect())
}

/// Renames what is there; false when nothing is.
fn keep(path: &Path, old: &Path) -> Result<bool> {
    let there = path.exists();
    if there {
        fs::rename(path, old).with_context(|| path.display().to_string())?;
    }
    Ok(there)
}

/// `coco.db` as `coco.db.before-restore`, with a number when there is one already.
fn old_name(path: &Path) -> PathBuf {
    let plain = with_suffix(path, ".before-restore");
    let numbered = |n: u32| with_suffix(path, &format!(".before-restore-{n}"));
    std::iter::once(plain).chain((2..).map(numbered)).find(|p| !p.exists()).unwrap_or_default()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Removes a database and its log.
fn remove(database: &Path) {
    fs::remove_file(database).ok();
    for suffix in LOGS {
        fs::remove_file(with_suffix(database, suffix)).ok();
    }
}
