//! Parts an engine's module in two: what a first look runs, and what it has no use for. The second part is loaded before
//! somebody asks for more, so that a first visit waits for less.
//!
//! A function of the second part that the first one calls leaves a *stub* there, which calls it through the table and loads
//! the second part before, if nobody has yet. So a function in the wrong part costs time and never a wrong result. The second
//! part has no memory, table or globals of its own: it imports the first part's.
//!
//! wasm-opt's own tool for this is not among the programs that its npm package brings.

use anyhow::{Context, Result};
use std::collections::{HashMap, HashSet};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportedFunction, Module, ModuleConfig, TableId,
};

use crate::hash::sha256;

/// The function that loads the second part: an import of the first, in wasm-bindgen's own script.
pub const LOADER: &str = "__load_second_part";

/// Hexadecimal digits of a module's hash: 64 bits, enough to tell versions apart.
const DIGITS: usize = 16;

/// A function of fewer instructions is not worth a stub.
const SMALLEST: u64 = 60;

/// The two modules.
pub struct Parts {
    pub first: Vec<u8>,
    pub second: Vec<u8>,
    /// The module name of the second part's imports, which are exports of the first. It is another one for every other module,
    /// so that parts of two versions never run together.
    pub name: String,
}

/// Parts a module whose functions have names. `is_later` tells by the name of a function, in Rust's own words, whether a first
/// look has no use for it; what only such functions call goes with them. `imports` is the module name of wasm-bindgen's imports.
///
/// # Errors
/// A module without a table, or one that cannot be read.
pub fn split(module: &[u8], imports: &str, is_later: impl Fn(&str) -> bool) -> Result<Parts> {
    let read = || {
        let mut config = ModuleConfig::new();
        config.generate_producers_section(false);
        let mut module = config.parse(module).context("could not read the module")?;
        name_in_words(&mut module);
        Ok::<_, anyhow::Error>(module)
    };
    let mut first = read()?;
    let division = Division::of(&first, is_later)?;
    let mut second = read()?;
    let name = division.name(module);
    division.keep_first(&mut first, imports)?;
    division.keep_second(&mut second, &name)?;
    Ok(Parts { first: first.emit_wasm(), second: second.emit_wasm(), name })
}

/// Replaces mangled names by what they stand for, without the hashes.
pub fn name_in_words(module: &mut Module) {
    for function in module.funcs.iter_mut() {
        if let Some(name) = &mut function.name {
            *name = format!("{:#}", rustc_demangle::demangle(name));
        }
    }
}

/// Which functions go where, by their numbers in the whole module.
struct Division {
    /// Those of the second part that the first one refers to, in the order of their places in the table.
    entries: Vec<usize>,
    /// What the second part refers to in the first.
    exported: Vec<usize>,
    /// The length of the table of functions whose address is taken, before the entries are added.
    length: u64,
}

impl Division {
    fn of(module: &Module, is_later: impl Fn(&str) -> bool) -> Result<Self> {
        let table = module.tables.main_function_table()?.context("the module has no table of functions")?;
        let calls = calls(module);
        let seeds: HashSet<FunctionId> = module
            .funcs
            .iter_local()
            .filter(|(id, function)| {
                function.size() >= SMALLEST && module.funcs.get(*id).name.as_deref().is_some_and(&is_later)
            })
            .map(|(id, _)| id)
            .collect();
        let roots = roots(module);
        // What the first part reaches without a stub stays in it.
        let mut kept: HashSet<FunctionId> = HashSet::new();
        let mut unread: Vec<FunctionId> = roots.iter().copied().filter(|root| !seeds.contains(root)).collect();
        while let Some(function) = unread.pop() {
            if kept.insert(function) {
                let called = calls.get(&function).into_iter().flatten();
                unread.extend(called.copied().filter(|called| !seeds.contains(called)));
            }
        }
        let is_kept = |id: &FunctionId| kept.contains(id) || !calls.contains_key(id);
        let called_by = |of_first: bool| -> HashSet<FunctionId> {
            calls
                .iter()
                .filter(|(caller, _)| is_kept(caller) == of_first)
                .flat_map(|(_, called)| called)
                .copied()
                .collect()
        };
        let (from_first, from_second) = (called_by(true), called_by(false));
        let numbers = |wanted: &dyn Fn(&FunctionId) -> bool| -> Vec<usize> {
            functions(module).iter().enumerate().filter(|(_, id)| wanted(id)).map(|(number, _)| number).collect()
        };
        Ok(Self {
            entries: numbers(&|id| !is_kept(id) && (from_first.contains(id) || roots.contains(id))),
            exported: numbers(&|id| is_kept(id) && from_second.contains(id)),
            length: module.tables.get(table).initial,
        })
    }

    /// What tells this division of this module from every other one.
    fn name(&self, module: &[u8]) -> String {
        let numbers = format!("{:?} {:?}", self.entries, self.exported);
        format!("first part of {}", &sha256(&[module, numbers.as_bytes()])[..DIGITS])
    }

    /// Leaves the first part of the module: stubs for the entries, and exports for what the second part needs.
    fn keep_first(&self, module: &mut Module, imports: &str) -> Result<()> {
        let functions = functions(module);
        let table = self.lengthen_table(module)?;
        let nothing = module.types.add(&[], &[]);
        let (loader, _) = module.add_import_func(imports, LOADER, nothing);
        for (place, &number) in (self.length as i32..).zip(&self.entries) {
            let ty = module.funcs.get(functions[number]).ty();
            let (parameters, results) =
                (module.types.get(ty).params().to_vec(), module.types.get(ty).results().to_vec());
            let arguments: Vec<_> = parameters.iter().map(|&parameter| module.locals.add(parameter)).collect();
            let mut stub = FunctionBuilder::new(&mut module.types, &parameters, &results);
            let mut body = stub.func_body();
            body.i32_const(place).table_get(table).ref_is_null();
            body.if_else(None, |missing| _ = missing.call(loader), |_| {});
            for &argument in &arguments {
                body.local_get(argument);
            }
            body.i32_const(place).call_indirect(ty, table);
            module.funcs.get_mut(functions[number]).kind = FunctionKind::Local(stub.local_func(arguments));
        }
        for &number in &self.exported {
            module.exports.add(&format!("f{number}"), functions[number]);
        }
        for (name, state) in state(module) {
            module.exports.add(&name, state);
        }
        walrus::passes::gc::run(module);
        Ok(())
    }

    /// Leaves the second part of the module: nothing but its functions, which go into the first part's table.
    fn keep_second(&self, module: &mut Module, first: &str) -> Result<()> {
        let functions = functions(module);
        module.start = None;
        for export in module.exports.iter().map(walrus::Export::id).collect::<Vec<_>>() {
            module.exports.delete(export);
        }
        for element in module.elements.iter().map(walrus::Element::id).collect::<Vec<_>>() {
            module.elements.delete(element);
        }
        for data in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
            module.data.delete(data);
        }
        module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
        module.memories.iter_mut().for_each(|memory| memory.data_segments.clear());
        // What was imported before now comes from the first part as well, which has it from the script.
        let before: Vec<_> = module.imports.iter().map(walrus::Import::id).collect();
        let table = self.lengthen_table(module)?;
        for (name, item) in state(module) {
            match item {
                ExportItem::Memory(memory) => {
                    module.memories.get_mut(memory).import = Some(module.imports.add(first, &name, memory));
                }
                ExportItem::Table(table) => {
                    module.tables.get_mut(table).import = Some(module.imports.add(first, &name, table));
                }
                ExportItem::Global(global) => {
                    module.globals.get_mut(global).kind = GlobalKind::Import(module.imports.add(first, &name, global));
                }
                _ => {}
            }
        }
        for &number in &self.exported {
            let import = module.imports.add(first, &format!("f{number}"), functions[number]);
            let ty = module.funcs.get(functions[number]).ty();
            module.funcs.get_mut(functions[number]).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        for import in before {
            module.imports.delete(import);
        }
        let offset = ConstExpr::Value(Value::I32(self.length as i32));
        let entries = ElementItems::Functions(self.entries.iter().map(|&number| functions[number]).collect());
        let element = module.elements.add(ElementKind::Active { table, offset }, entries);
        module.tables.get_mut(table).elem_segments.insert(element);
        walrus::passes::gc::run(module);
        Ok(())
    }

    /// Makes room for the entries in the table of functions.
    fn lengthen_table(&self, module: &mut Module) -> Result<TableId> {
        let id = module.tables.main_function_table()?.context("the module has no table of functions")?;
        let table = module.tables.get_mut(id);
        table.initial = self.length + self.entries.len() as u64;
        table.maximum = table.maximum.map(|maximum| maximum.max(table.initial));
        Ok(id)
    }
}

/// All functions in the order of their numbers, which are the same in each copy of a module.
fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(walrus::Function::id).collect()
}

/// All that the parts share but functions, with the names that it is exported and imported under.
fn state(module: &Module) -> Vec<(String, ExportItem)> {
    let memories = module.memories.iter().map(|memory| ExportItem::Memory(memory.id()));
    let tables = module.tables.iter().map(|table| ExportItem::Table(table.id()));
    let globals = module.globals.iter().map(|global| ExportItem::Global(global.id()));
    memories.chain(tables).chain(globals).enumerate().map(|(number, item)| (format!("s{number}"), item)).collect()
}

/// Which functions each function names in its code.
pub fn calls(module: &Module) -> HashMap<FunctionId, Vec<FunctionId>> {
    struct Named(Vec<FunctionId>);
    impl<'instr> Visitor<'instr> for Named {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.push(*function);
        }
    }
    let of = |(id, function): (FunctionId, &walrus::LocalFunction)| {
        let mut named = Named(Vec::new());
        dfs_in_order(&mut named, function, function.entry_block());
        (id, named.0)
    };
    module.funcs.iter_local().map(of).collect()
}

/// The functions that somebody outside of the code refers to: JavaScript, or whoever has an address.
fn roots(module: &Module) -> HashSet<FunctionId> {
    let mut roots: HashSet<FunctionId> = module.start.into_iter().collect();
    roots.extend(module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(function) => Some(function),
        _ => None,
    }));
    for element in module.elements.iter() {
        match &element.items {
            ElementItems::Functions(functions) => roots.extend(functions),
            ElementItems::Expressions(_, expressions) => {
                roots.extend(expressions.iter().filter_map(|item| match item {
                    ConstExpr::RefFunc(function) => Some(*function),
                    _ => None,
                }))
            }
        }
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::ValType;
    use walrus::ir::BinaryOp;

    /// `first` and `later` are exported and take the same number; `first` calls `later`, which calls `helper` of both and `own`.
    fn sample() -> Vec<u8> {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        let table = module.tables.add_local(false, 1, Some(1), walrus::RefType::FUNCREF);
        let mut function = |name: &str, called: &[FunctionId], length: usize| {
            let argument = module.locals.add(ValType::I32);
            let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
            builder.name(name.to_owned());
            let mut body = builder.func_body();
            body.local_get(argument);
            for &function in called {
                body.call(function);
            }
            for _ in 0..length {
                body.i32_const(1).binop(BinaryOp::I32Add);
            }
            builder.finish(vec![argument], &mut module.funcs)
        };
        let helper = function("helper", &[], 1);
        let own = function("own", &[], 1);
        let later = function("later", &[helper, own], SMALLEST as usize);
        let first = function("first", &[helper, later], 1);
        module.exports.add("first", first);
        module.exports.add("later", later);
        let element = module.elements.add(
            ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(0)) },
            ElementItems::Functions(vec![first]),
        );
        module.tables.get_mut(table).elem_segments.insert(element);
        module.emit_wasm()
    }

    fn names(module: &Module) -> Vec<&str> {
        let mut names: Vec<&str> =
            module.funcs.iter_local().filter_map(|(id, _)| module.funcs.get(id).name.as_deref()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_only_later_functions_call_goes_with_them() {
        let parts = split(&sample(), "script", |name| name == "later").unwrap();
        let (first, second) = (Module::from_buffer(&parts.first).unwrap(), Module::from_buffer(&parts.second).unwrap());
        assert_eq!(names(&second), ["later", "own"]);
        assert_eq!(names(&first), ["first", "helper", "later"]);
        let sizes = first.funcs.iter_local().map(|(_, function)| function.size());
        assert!(sizes.max().is_some_and(|largest| largest < SMALLEST), "`later` is a stub");
    }

    #[test]
    fn the_second_part_has_nothing_of_its_own() {
        let parts = split(&sample(), "script", |name| name == "later").unwrap();
        let (first, second) = (Module::from_buffer(&parts.first).unwrap(), Module::from_buffer(&parts.second).unwrap());
        assert!(second.imports.iter().all(|import| import.module == parts.name));
        assert!(second.memories.iter().all(|memory| memory.import.is_some()));
        assert!(second.tables.iter().all(|table| table.import.is_some()));
        for import in second.imports.iter() {
            assert!(first.exports.iter().any(|export| export.name == import.name), "{} is exported", import.name);
        }
        let loader = first.imports.find("script", LOADER);
        assert!(loader.is_some());
        assert!(first.tables.iter().any(|table| table.initial == 2), "room for the one entry");
    }

    #[test]
    fn two_modules_have_two_names_and_so_have_two_divisions() {
        let whole = split(&sample(), "script", |_| false).unwrap();
        let mut other = Module::from_buffer(&sample()).unwrap();
        other.exports.remove("later").unwrap();
        assert_ne!(whole.name, split(&other.emit_wasm(), "script", |_| false).unwrap().name);
        assert_ne!(whole.name, split(&sample(), "script", |name| name == "later").unwrap().name);
    }
}
