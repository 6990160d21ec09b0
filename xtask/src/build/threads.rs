//! The module of a thread: the functions that do parts of a kernel's work, over the memory of the engine that the work is from.
//!
//! It is cut out of the engine's module, so it costs no compilation, and is as small as what it does. The engine is compiled for one thread: its
//! allocator and whatever else it keeps have no locks. So a thread may run nothing that allocates or calls JavaScript, and a module that
//! could is an error here. Where the program would end with a message, a thread only ends: whoever waits for it learns of that.

use anyhow::{Context, Result, bail};
use std::collections::HashSet;
use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, FunctionBuilder, FunctionId, FunctionKind, GlobalId, Module, ModuleConfig,
    ValType,
};

use super::split::{calls, name_in_words};

/// The export that does a part of some work; see `crates/featurescope-kernels/src/entry.rs`.
const ENTRY: &str = "featurescope_work";

/// What every part of some work is called through.
const PARTS: &str = "featurescope_kernels::pool::Pool";

/// The module name of the memory's import, and its name.
const MEMORY: [&str; 2] = ["engine", "memory"];

/// The most pages of 64 KiB that a memory can have: those of 32 bits.
const PAGES: u64 = 1 << 16;

/// Functions that end the program with a message, by the beginnings of their names.
const ENDS: [&str; 7] = [
    "core::panicking::",
    "core::slice::index::slice_",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::cell::panic_",
    "core::option::",
    "core::result::",
    "alloc::raw_vec::handle_error",
];

/// The module of a thread. `module`'s functions have names.
///
/// # Errors
/// A module in which a part of some work may reach a function that no thread may run: the way there.
pub fn cut(module: &[u8]) -> Result<Vec<u8>> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false);
    let mut module = config.parse(module).context("could not read the module")?;
    name_in_words(&mut module);
    let entry = module.exports.get_func(ENTRY).with_context(|| format!("there is no export {ENTRY}"))?;
    let table = module.tables.main_function_table()?.context("the module has no table of functions")?;
    end_silently(&mut module);
    let parts = parts(&module)?;
    if parts.is_empty() {
        bail!("no function of the table does a part of some work");
    }
    check(&module, std::iter::once(entry).chain(parts.iter().map(|&(_, part)| part)))?;

    let stack = stack_pointer(&module)?;
    module.start = None;
    for export in module.exports.iter().map(walrus::Export::id).collect::<Vec<_>>() {
        module.exports.delete(export);
    }
    module.exports.add("work", entry);
    module.exports.add("stack", stack);
    for element in module.elements.iter().map(walrus::Element::id).collect::<Vec<_>>() {
        module.elements.delete(element);
    }
    for data in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
        module.data.delete(data);
    }
    module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
    for (place, part) in parts {
        let offset = ConstExpr::Value(Value::I32(i32::try_from(place)?));
        let element = module.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(vec![part]));
        module.tables.get_mut(table).elem_segments.insert(element);
    }
    let memory = module.memories.iter().map(walrus::Memory::id).next().context("the module has no memory")?;
    let import = module.imports.add(MEMORY[0], MEMORY[1], memory);
    let memory = module.memories.get_mut(memory);
    memory.data_segments.clear();
    memory.import = Some(import);
    memory.shared = true;
    memory.maximum = Some(PAGES);
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// Leaves of functions that would say why they end the program the end alone.
fn end_silently(module: &mut Module) {
    let ends = module.funcs.iter_local().map(|(id, _)| id).filter(|&id| {
        let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
        ENDS.iter().any(|end| name.starts_with(end))
    });
    for id in ends.collect::<Vec<_>>() {
        let ty = module.funcs.get(id).ty();
        let (parameters, results) = (module.types.get(ty).params().to_vec(), module.types.get(ty).results().to_vec());
        let arguments: Vec<_> = parameters.iter().map(|&parameter| module.locals.add(parameter)).collect();
        let mut end = FunctionBuilder::new(&mut module.types, &parameters, &results);
        end.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(end.local_func(arguments));
    }
}

/// The functions of the table that do a part of some work, with their places.
fn parts(module: &Module) -> Result<Vec<(usize, FunctionId)>> {
    let mut parts = Vec::new();
    for element in module.elements.iter() {
        let (ElementKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. }, ElementItems::Functions(listed)) =
            (&element.kind, &element.items)
        else {
            bail!("the table is filled in another way than expected");
        };
        let first = usize::try_from(*offset)?;
        parts.extend(listed.iter().enumerate().filter_map(|(index, &function)| {
            let name = module.funcs.get(function).name.as_deref()?;
            let ty = module.types.get(module.funcs.get(function).ty());
            let takes_a_part = ty.params() == [ValType::I32; 3] && ty.results().is_empty();
            (takes_a_part && name.contains(PARTS)).then_some((first + index, function))
        }));
    }
    Ok(parts)
}

/// Sees to it that these functions reach no import, and nothing that allocates.
fn check(module: &Module, roots: impl Iterator<Item = FunctionId>) -> Result<()> {
    let calls = calls(module);
    let name =
        |id: FunctionId| module.funcs.get(id).name.clone().unwrap_or_else(|| "a function without a name".to_owned());
    let mut seen: HashSet<FunctionId> = HashSet::new();
    let mut unread: Vec<(FunctionId, Vec<FunctionId>)> = roots.map(|root| (root, Vec::new())).collect();
    while let Some((function, way)) = unread.pop() {
        if !seen.insert(function) {
            continue;
        }
        let way = [way, vec![function]].concat();
        let is_import = !calls.contains_key(&function);
        if is_import
            || ["alloc::alloc::", "dlmalloc", "__rust_alloc", "__rdl_", "std::"]
                .iter()
                .any(|part| name(function).contains(part))
        {
            let names: Vec<String> = way.into_iter().map(name).collect();
            bail!("a thread may not run what is at the end of this way: {}", names.join(" → "));
        }
        unread.extend(calls[&function].iter().map(|&called| (called, way.clone())));
    }
    Ok(())
}

/// The global that every function takes its place on the stack from.
fn stack_pointer(module: &Module) -> Result<GlobalId> {
    let is_stack = |global: &&walrus::Global| global.name.as_deref() == Some("__stack_pointer");
    let stack = module.globals.iter().find(is_stack);
    let names =
        || module.globals.iter().map(|global| format!("{:?} {:?}", global.name, global.kind)).collect::<Vec<_>>();
    Ok(stack.with_context(|| format!("there is no stack pointer among {:?}", names()))?.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::RefType;
    use walrus::ir::{LoadKind, MemArg};

    /// An engine whose part of some work, at place 1 of its table, calls a function of this name.
    fn sample(called: &str) -> Vec<u8> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        let stack = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(1024)));
        module.globals.get_mut(stack).name = Some("__stack_pointer".to_owned());
        let table = module.tables.add_local(false, 2, Some(2), RefType::FUNCREF);
        let nothing = module.types.add(&[], &[]);
        let (import, _) = module.add_import_func("script", "log", nothing);
        let imported = called == "log";
        let ty = module.types.add(&[ValType::I32; 3], &[]);
        let function = |module: &mut Module, name: &str, parameters: &[ValType], calls: Option<FunctionId>| {
            let arguments: Vec<_> = parameters.iter().map(|&ty| module.locals.add(ty)).collect();
            let mut builder = FunctionBuilder::new(&mut module.types, parameters, &[]);
            builder.name(name.to_owned());
            calls.into_iter().for_each(|called| _ = builder.func_body().call(called));
            builder.finish(arguments, &mut module.funcs)
        };
        let helper = function(&mut module, called, &[], Some(import).filter(|_| !imported));
        let calls = if imported { import } else { helper };
        let part = function(
            &mut module,
            "<featurescope_kernels::pool::Pool>::each::{closure}",
            &[ValType::I32; 3],
            Some(calls),
        );
        let other = function(&mut module, "elsewhere", &[ValType::I32; 3], Some(import));
        let arguments: Vec<_> = [ValType::I32; 3].iter().map(|&ty| module.locals.add(ty)).collect();
        let mut entry = FunctionBuilder::new(&mut module.types, &[ValType::I32; 3], &[]);
        let mut body = entry.func_body();
        arguments.iter().for_each(|&argument| _ = body.local_get(argument));
        body.i32_const(1).call_indirect(ty, table);
        body.i32_const(0).load(memory, LoadKind::I32 { atomic: false }, MemArg { align: 4, offset: 0 }).drop();
        let entry = entry.finish(arguments, &mut module.funcs);
        module.exports.add(ENTRY, entry);
        let offset = ConstExpr::Value(Value::I32(0));
        let element =
            module.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(vec![other, part]));
        module.tables.get_mut(table).elem_segments.insert(element);
        module.emit_wasm()
    }

    #[test]
    fn a_thread_has_the_parts_of_works_at_their_places_and_a_shared_memory() {
        let thread = Module::from_buffer(&cut(&sample("core::panicking::panic_fmt")).unwrap()).unwrap();
        let exports: Vec<&str> = thread.exports.iter().map(|export| &export.name[..]).collect();
        assert_eq!(exports, ["work", "stack"]);
        let imports: Vec<&str> = thread.imports.iter().map(|import| &import.name[..]).collect();
        assert_eq!(imports, ["memory"]);
        assert!(thread.memories.iter().all(|memory| memory.shared && memory.maximum == Some(PAGES)));
        let offsets: Vec<_> = thread.elements.iter().map(|element| format!("{:?}", element.kind)).collect();
        assert!(matches!(&offsets[..], [only] if only.contains("I32(1)")), "{offsets:?}");
    }

    #[test]
    fn what_allocates_or_calls_javascript_is_no_part_of_a_work() {
        for called in ["log", "alloc::alloc::handle_alloc_error", "<dlmalloc::Dlmalloc>::malloc"] {
            let error = cut(&sample(called)).unwrap_err().to_string();
            assert!(error.contains("each::{closure}"), "{error}");
        }
    }
}
