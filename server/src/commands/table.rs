//! Tables for people, JSON for programs; both on standard output.

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use std::io::Write;

/// How wide a table may be.
const WIDTH: u16 = 140;

/// Prints rows under a header.
///
/// # Errors
/// When nobody reads on.
pub fn print(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row);
    }
    line(&table.trim_fmt())
}

/// Prints a value as JSON.
///
/// # Errors
/// When nobody reads on.
pub fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// Prints a line. A pipe that was closed ends the command quietly, as other programs do.
///
/// # Errors
/// When it cannot be written.
pub fn line(text: &str) -> Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
