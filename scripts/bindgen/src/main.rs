//! Turns a compiled `.wasm` into a module for the browser: `bindgen <in.wasm> <out dir> <name>`.
//!
//! The same work as the `wasm-bindgen` command line, whose version must match the library's to
//! the digit; being a member of the workspace it always does, and it compiles in a fraction of
//! the time.

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(input), Some(out_dir), Some(name)) = (args.next(), args.next(), args.next()) else {
        anyhow::bail!("usage: bindgen <in.wasm> <out dir> <name>");
    };
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(input)
        .out_name(&name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The page names the WASM, whose file name carries a hash of its content.
        .omit_default_module_path(true)
        .generate(out_dir)
}
