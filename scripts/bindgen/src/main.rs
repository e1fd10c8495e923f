//! Turns a compiled `.wasm` into a module for the browser: `bindgen <in.wasm> <out dir> <name>`.
//!
//! The same work as the `wasm-bindgen` command line, whose version must match the library's to
//! the digit; being a member of the workspace it always does, and it compiles in a fraction of
//! the time.

use walrus::{FunctionBuilder, FunctionKind, Module};

/// Parts of names of functions that a page of ours never calls, but that trait objects keep in the
/// bundle: a twentieth of it. `hydrate_async` is for islands and lazy routes, templates are for
/// `view!`s of macros we do not use, `generate_routes` is the server's.
const NEVER_CALLED: [&str; 3] = ["hydrate_async", "hydrate_from_template", "generate_routes"];

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(input), Some(out_dir), Some(name)) = (args.next(), args.next(), args.next()) else {
        anyhow::bail!("usage: bindgen <in.wasm> <out dir> <name>");
    };
    let mut module = Module::from_file(input)?;
    empty_what_is_never_called(&mut module);
    wasm_bindgen_cli_support::Bindgen::new()
        .input_module(&name, module)
        .out_name(&name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The page names the WASM, whose file name carries a hash of its content.
        .omit_default_module_path(true)
        .generate(out_dir)
}

/// Called after all, an emptied function stops the bundle with an error that the browser tests see.
fn empty_what_is_never_called(module: &mut Module) {
    let ids: Vec<_> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let ids = ids.into_iter().filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(is_never_called)).collect::<Vec<_>>();
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

/// Whether this mangled name is of such a function or its future. What is nested deeper the compiler
/// may have merged with the same code of functions that are called.
fn is_never_called(name: &str) -> bool {
    let ends = |rest: &str| rest.starts_with("17h") || rest.starts_with("28_$u7b$$u7b$closure$u7d$$u7d$17h");
    NEVER_CALLED.iter().any(|part| name.rsplit_once(part).is_some_and(|(_, rest)| ends(rest)))
}
