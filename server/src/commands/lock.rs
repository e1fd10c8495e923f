//! One server on a SQLite file: a lock that the system takes back when the process ends.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use std::fs::{File, TryLockError};

/// Held while a server runs. Dropping it frees the file.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

/// Takes the data directory for a server, or for replacing what is in it. PostgreSQL is for many.
///
/// # Errors
/// When a server holds it.
pub fn take(config: &Config) -> Result<Lock> {
    if config.sqlite_file().is_none() {
        return Ok(Lock { _file: None });
    }
    crate::integrations::private::make_dir(&config.data_dir)?;
    let path = config.data_dir.join("coco.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).with_context(|| path.display().to_string())?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => bail!("another COCO runs on {}; stop it first", config.data_dir.display()),
        // A file system without locks: nothing can be told.
        Err(TryLockError::Error(_)) => Ok(Lock { _file: None }),
    }
}
