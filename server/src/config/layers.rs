//! The layers of a configuration and where each value came from.

use super::KEYS;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that is read when it is there.
const DEFAULT_FILE: &str = "coco.toml";
/// What our variables begin with.
const PREFIX: &str = "COCO_";
/// Variables that others agreed upon, and the keys that they stand for where ours is not set.
const SHARED: [(&str, &str); 1] = [("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint")];
/// Variables that are ours and no setting.
const OTHER_VARIABLES: [&str; 2] = ["COCO_CONFIG", "COCO_REQUIRE_POSTGRES"];

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In this file.
    File(PathBuf),
    /// In the environment, as this variable.
    Environment(String),
    /// On the command line.
    Flag,
}

/// All values, the strongest of each key.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, Source)>,
    /// Variables that look like ours and are none.
    strangers: Vec<String>,
    file: Option<PathBuf>,
}

impl Layers {
    /// The file, then the environment of this process. `file` must exist when given.
    ///
    /// # Errors
    /// When the file cannot be read or has a key that is none of [`KEYS`].
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut layers = Self::default();
        let chosen = file.map(Path::to_owned).or_else(|| std::env::var_os("COCO_CONFIG").map(PathBuf::from));
        match chosen {
            Some(path) => layers.add_file(&path)?,
            None if Path::new(DEFAULT_FILE).exists() => layers.add_file(Path::new(DEFAULT_FILE))?,
            None => {}
        }
        let readable = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        layers.add_environment(readable);
        Ok(layers)
    }

    /// Adds the values of a file.
    ///
    /// # Errors
    /// When it cannot be read or has a key that is none of [`KEYS`].
    pub fn add_file(&mut self, path: &Path) -> Result<()> {
        let text = std::fs::read_to_string(path).with_context(|| format!("{}: can't be read", path.display()))?;
        let table: toml::Table = text.parse().with_context(|| format!("{}: is not valid TOML", path.display()))?;
        for (key, value) in table {
            let Some(known) = KEYS.into_iter().find(|k| *k == key) else {
                bail!("{}: there is no setting `{key}`; there are {}", path.display(), KEYS.join(", "));
            };
            let text = plain(&value).with_context(|| format!("{}: {key}: is not a text, a number, or a list of them", path.display()))?;
            self.values.insert(known, (text, Source::File(path.to_owned())));
        }
        self.file = Some(path.to_owned());
        Ok(())
    }

    /// Adds `COCO_…` variables, and those that others agreed upon where ours is not set.
    pub fn add_environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        let (ours, others): (Vec<_>, Vec<_>) = variables.into_iter().partition(|(name, _)| name.starts_with(PREFIX));
        for (name, value) in others {
            // Empty is the same as not set, as OpenTelemetry says of all its variables.
            if let Some((_, key)) = SHARED.into_iter().find(|(shared, _)| *shared == name && !value.is_empty()) {
                self.values.insert(key, (value, Source::Environment(name)));
            }
        }
        for (name, value) in ours {
            let key = name.strip_prefix(PREFIX).unwrap_or_default();
            match KEYS.into_iter().find(|k| k.eq_ignore_ascii_case(key)) {
                Some(known) => drop(self.values.insert(known, (value, Source::Environment(name)))),
                None if OTHER_VARIABLES.contains(&name.as_str()) => {}
                None => self.strangers.push(name),
            }
        }
    }

    /// Adds a flag, when it was given.
    pub fn add_flag(&mut self, key: &'static str, value: Option<&str>) {
        debug_assert!(KEYS.contains(&key));
        if let Some(value) = value {
            self.values.insert(key, (value.to_owned(), Source::Flag));
        }
    }

    /// The value of `key` as `read` makes it, or `default`.
    ///
    /// # Errors
    /// What `read` says, after the key as it was written.
    pub fn get<T>(&self, key: &'static str, default: T, read: impl FnOnce(&str) -> Result<T, String>) -> Result<T> {
        let Some((text, source)) = self.values.get(key) else { return Ok(default) };
        read(text.trim()).map_err(|fault| {
            let name = match source {
                Source::File(path) => format!("{}: {key}", path.display()),
                Source::Environment(name) => name.clone(),
                Source::Flag => format!("--{}", key.replace('_', "-")),
            };
            anyhow::anyhow!("{name}: {fault}")
        })
    }

    /// The file that was read.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Variables that begin like ours and are no setting: mistyped, most likely.
    #[must_use]
    pub fn strangers(&self) -> &[String] {
        &self.strangers
    }
}

/// A value as it would be written in the environment.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(s) => Some(s.clone()),
        toml::Value::Integer(n) => Some(n.to_string()),
        toml::Value::Boolean(b) => Some(b.to_string()),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(",")),
        _ => None,
    }
}
