//! Tells the program the newest migration it was built with, and builds it anew when the site changes.

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "cargo tells the profile this way")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../migrations");
    // A development build reads the site from disk.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed=../target/site");
    }
    for (name, dialect) in [("COCO_SCHEMA_SQLITE", "sqlite"), ("COCO_SCHEMA_POSTGRES", "postgres")] {
        let newest = newest("common").max(newest(dialect));
        println!("cargo::rustc-env={name}={newest}");
    }
}

/// The highest number at the beginning of a file's name.
fn newest(folder: &str) -> i64 {
    let dir = Path::new("../migrations").join(folder);
    let names = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.file_name().to_string_lossy().into_owned());
    names.filter_map(|n| n.split('_').next()?.parse().ok()).max().unwrap_or(0)
}
