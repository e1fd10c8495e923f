//! Turns a compiled `.wasm` into a module for the browser: `bindgen <in.wasm> <out dir> <name>`.
//!
//! The same work as the `wasm-bindgen` command line, whose version must match the library's to
//! the digit; being a member of the workspace it always does, and it compiles in a fraction of
//! the time.

use walrus::{FunctionBuilder, FunctionKind, Module};

/// How the mangled names of futures begin to end that no page of ours ever polls: views that hydrate
/// bit by bit, for islands and lazy routes. Trait objects keep them all in the bundle, a twentieth of it.
/// Only the futures themselves: the compiler merges equal functions, and simpler ones it shares with
/// functions that are called.
const NEVER_POLLED: &str = "hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h";

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(input), Some(out_dir), Some(name)) = (args.next(), args.next(), args.next()) else {
        anyhow::bail!("usage: bindgen <in.wasm> <out dir> <name>");
    };
    let mut module = Module::from_file(input)?;
    empty_what_is_never_polled(&mut module);
    wasm_bindgen_cli_support::Bindgen::new()
        .input_module(&name, module)
        .out_name(&name)
        .web(true)?
        .typescript(false)
        // The page names the WASM, whose file name carries a hash of its content.
        .omit_default_module_path(true)
        .generate(out_dir)
}

/// Polled after all, an emptied future stops the bundle with an error that the browser tests see.
fn empty_what_is_never_polled(module: &mut Module) {
    let never = |name: &Option<String>| name.as_ref().is_some_and(|name| name.contains(NEVER_POLLED));
    let ids: Vec<_> = module.funcs.iter_local().filter(|(id, _)| never(&module.funcs.get(*id).name)).map(|(id, _)| id).collect();
    for id in ids {
        let ty = module.types.get(module.funcs.get(id).ty());
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let mut empty = FunctionBuilder::new(&mut module.types, &params, &results);
        empty.func_body().unreachable();
        let args = params.iter().map(|ty| module.locals.add(*ty)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(empty.local_func(args));
    }
    walrus::passes::gc::run(module);
}
