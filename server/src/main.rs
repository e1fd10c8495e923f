//! The `coco` program.

use std::process::ExitCode;

// A page is made of some ten thousand small values, often freed by another thread than the one that made them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    server::commands::main().await
}
