#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a report for people, over temporary files"
)]

//! Each stage by itself at 1,000, 10,000 and 100,000 resources: microseconds per resource, so that a slope shows.
//!
//! `cargo bench --bench stages`. A stage is linear if its three figures are about equal.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Instant};

use prov::{
    apply::{journal, store::Store},
    backend::{Lease, Local, format},
    manifest,
    model::{Address, Key, ResourceAddress},
    model::{
        Diagnostics, Object, Sources, Value,
        state::{Instance, Resource, State, Stored},
    },
    plan::{self, Options, Planned, Special, steps},
    provider::{builtin::Builtin, registry::Registry},
    render::{Style, json, terminal},
    resources,
    schema::source::TERRAFORM,
};

#[path = "programs/shapes.rs"]
#[expect(dead_code, reason = "the other benchmark has more")]
mod shapes;

const REGISTRY: Registry = Registry {
    kinds: resources::ALL,
    data: resources::DATA,
};
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!(
        "{:<34} {:>10} {:>10} {:>10}",
        "microseconds per resource", SIZES[0], SIZES[1], SIZES[2]
    );
    let mut rows: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for size in SIZES {
        for (stage, seconds) in stages(size) {
            #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
            rows.entry(stage)
                .or_default()
                .push(seconds * 1e6 / size as f64);
        }
    }
    for (stage, figures) in rows {
        let figures: String = figures.iter().map(|it| format!(" {it:>10.2}")).collect();
        println!("{stage:<34}{figures}");
    }
}

fn timed<T>(
    rows: &mut Vec<(&'static str, f64)>,
    stage: &'static str,
    work: impl FnOnce() -> T,
) -> T {
    let start = Instant::now();
    let result = work();
    rows.push((stage, start.elapsed().as_secs_f64()));
    result
}

fn stages(size: usize) -> Vec<(&'static str, f64)> {
    let mut rows = Vec::new();
    let directory = tempfile::tempdir().expect("a temporary directory");
    literal_blocks(directory.path(), size, &mut rows);
    let state = recorded(size);
    let bytes = timed(&mut rows, "5 state: write", || format::to_bytes(&state));
    timed(&mut rows, "6 state: read", || {
        format::read(&bytes).expect("what was written")
    });
    let module = counted(directory.path(), size);
    let nothing = State::default();
    let planned = timed(&mut rows, "2 plan: all new", || build(&module, &nothing));
    timed(&mut rows, "4 graph of steps", || steps::steps(&planned));
    timed(&mut rows, "7 render: text, in full", || {
        let style = Style {
            full: true,
            ..Style::default()
        };
        let mut text = Vec::new();
        terminal::plan(&planned.plan, style, &mut text).expect("memory takes all");
        text.len()
    });
    timed(&mut rows, "8 render: JSON", || {
        let mut text = Vec::new();
        json::write(
            &json::plan_json(&planned.plan, &serde_json::Value::Null),
            &mut text,
        )
        .expect("memory takes all");
        text.len()
    });
    timed(&mut rows, "3 plan: all unchanged", || {
        build(&module, &state)
    });
    journal_of(directory.path(), &state, &mut rows);
    for (shape, names) in SHAPES {
        shaped(shape, *names, size, &mut rows);
    }
    rows
}

/// Other configurations, and what their stages are called.
const SHAPES: &[(&shapes::Shape, [&str; 3])] = &[
    (
        &shapes::LINKED,
        ["a linked: parse", "a linked: plan", "a linked: steps"],
    ),
    (
        &shapes::CHAIN,
        ["b chain: parse", "b chain: plan", "b chain: steps"],
    ),
    (
        &shapes::MODULES,
        ["c modules: parse", "c modules: plan", "c modules: steps"],
    ),
    (
        &shapes::INSTANCES,
        [
            "d instances: parse",
            "d instances: plan",
            "d instances: steps",
        ],
    ),
    (
        &shapes::INSTANCE_BLOCKS,
        [
            "e instance blocks: parse",
            "e instance blocks: plan",
            "e instance blocks: steps",
        ],
    ),
];

fn shaped(
    shape: &shapes::Shape,
    [parse, plan, graph]: [&'static str; 3],
    size: usize,
    rows: &mut Vec<(&'static str, f64)>,
) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    shape.write(directory.path(), size);
    let module = timed(rows, parse, || {
        let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
        let mut module = manifest::load(directory.path(), &[], &mut sources, &mut diags);
        let installed = directory.path().join("modules");
        manifest::modules::load(&mut module, &installed, &mut sources, &mut diags);
        assert!(!diags.has_errors(), "{diags:?}");
        module
    });
    let planned = timed(rows, plan, || build(&module, &State::default()));
    timed(rows, graph, || steps::steps(&planned));
}

fn literal_blocks(directory: &Path, size: usize, rows: &mut Vec<(&'static str, f64)>) {
    let mut text = String::new();
    for n in 0..size {
        text.push_str(&format!("resource \"terraform_data\" \"r{n}\" {{\n  input = {{ n = {n}, name = \"item-{n}\" }}\n}}\n"));
    }
    let path = directory.join("literal.tf");
    fs::write(&path, text).expect("a temporary file");
    let mut diags = Diagnostics::default();
    let module = timed(rows, "1 parse: literal blocks", || {
        manifest::load(directory, &[], &mut Sources::default(), &mut diags)
    });
    assert_eq!(module.resources.len(), size);
    fs::remove_file(path).expect("a temporary file");
}

fn counted(directory: &Path, size: usize) -> manifest::ast::Module {
    let text = format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {size}\n  input = {{ n = count.index, name = \"item-${{count.index}}\" }}\n}}\n"
    );
    fs::write(directory.join("main.tf"), text).expect("a temporary file");
    manifest::load(
        directory,
        &[],
        &mut Sources::default(),
        &mut Diagnostics::default(),
    )
}

fn recorded(size: usize) -> State {
    let address = Arc::new(ResourceAddress::managed("terraform_data", "a"));
    let instance = |n: usize| {
        let number = i64::try_from(n).expect("sizes are small");
        let input = Value::object(Object::from_iter([
            ("n", Value::int(number)),
            ("name", Value::string(format!("item-{n}"))),
        ]));
        let attributes = Object::from_iter([
            (
                "id",
                Value::string(format!("00000000-0000-4000-8000-{n:012}")),
            ),
            ("input", input.clone()),
            ("output", input),
            ("triggers_replace", Value::Null),
        ]);
        let stored = Stored {
            attributes: Arc::new(attributes),
            ..Stored::default()
        };
        let current = Some(stored);
        (
            Key::Int(n as u64),
            Instance {
                current,
                deposed: BTreeMap::new(),
            },
        )
    };
    let provider = TERRAFORM.string.into();
    let resource = Resource {
        provider,
        instances: (0..size).map(instance).collect(),
    };
    State {
        lineage: "00000000-0000-4000-8000-000000000000".to_owned(),
        serial: 1,
        resources: BTreeMap::from([(address, resource)]),
        ..State::default()
    }
}

fn build<'m>(module: &'m manifest::ast::Module, recorded: &State) -> Planned<'m> {
    static NONE: BTreeMap<String, Value> = BTreeMap::new();
    let mut providers = plan::Providers::default();
    // Nothing is read: any provider will do.
    for name in [TERRAFORM.string, plan::providers::ALICLOUD] {
        providers.insert(name, Arc::new(Builtin::new(REGISTRY)));
    }
    let options = Options::default();
    let input = plan::Input {
        module,
        variables: &NONE,
        recorded,
        options: &options,
        registry: REGISTRY,
        providers: &providers,
        special: Special::default(),
        digest: &|text| text.to_owned(),
        events: &|_| {},
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let planned = runtime.block_on(plan::build(&input, &mut Diagnostics::default()));
    planned.expect("a plan")
}

fn journal_of(directory: &Path, state: &State, rows: &mut Vec<(&'static str, f64)>) {
    let records: Vec<journal::Record> = state
        .current()
        .map(
            |(address, stored): (Address, &Stored)| journal::Record::Done {
                object: format::Encoded::object("terraform_data", stored),
                address,
                deposed: None,
                provider: TERRAFORM.string.to_owned(),
            },
        )
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let path = directory.join("bench.tfstate");
    let backend = Box::new(Local::at(&path));
    let mut store = runtime
        .block_on(Store::open(backend, Lease::without_lock()))
        .expect("a store");
    timed(rows, "9 journal: append, 1,000 a batch", || {
        for batch in records.chunks(1_000) {
            runtime
                .block_on(store.append(batch))
                .expect("it is durable");
        }
    });
}
