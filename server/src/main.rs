//! The `coco` program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    server::commands::main().await
}
