//! `prov test`: runs of files of tests, each file in a world of its own.
//!
//! Start with `run`; a file's life is in `file`, what one run needs in `prepare`, what has to hold in `judge`.

mod file;
mod judge;
mod known;
mod mocks;
mod prepare;
mod scope;
mod suite;
mod view;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args as ClapArgs;
use tokio::sync::watch;

use self::{suite::Suite, view::View};
use super::apply::listen;
use crate::{
    cli::{
        failure::{Exit, Failed},
        inputs::Given,
        session::{Session, ViewArgs, at_least_one},
        settings::Settings,
    },
    manifest::test_file::{self, TestFile},
    model::{
        Diagnostic, Diagnostics,
        diagnostic::did_you_mean,
        testing::{Ran, Tally, Tested},
    },
    render,
};

/// Run the tests of the manifests: files that end in .tftest.hcl or .tftest.json.
///
/// Everything that the tests create is created in an emulator inside this process, with an empty world for each file
/// of tests, and destroyed at its end.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    view: ViewArgs,
    /// Run only this file of tests (repeatable).
    #[arg(long = "filter", value_name = "FILE")]
    filters: Vec<PathBuf>,
    /// The folder of the tests, besides the directory itself.
    #[arg(long = "test-directory", value_name = "DIR", default_value = "tests")]
    folder: PathBuf,
    /// Give a variable a value: `-var 'name=value'` (repeatable).
    #[arg(long = "var", value_name = "NAME=VALUE")]
    vars: Vec<String>,
    /// Read values of variables from a file (repeatable).
    #[arg(long = "var-file", value_name = "FILE")]
    var_files: Vec<PathBuf>,
    /// Show the plan or the state of each run.
    #[arg(long)]
    verbose: bool,
    /// Write a report in JUnit's XML to this file.
    #[arg(long = "junit-xml", value_name = "FILE")]
    junit: Option<PathBuf>,
    /// At most this many operations at once.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    parallelism: usize,
    /// Create real things in the cloud, with the credentials and the region that the provider blocks and the
    /// environment give. They cost money until they are destroyed at the end.
    #[arg(long)]
    real: bool,
    /// Use the emulator's world that is kept in DIR, instead of an empty one for each file.
    #[arg(
        long,
        value_name = "DIR",
        require_equals = true,
        conflicts_with = "real"
    )]
    emulator: Option<PathBuf>,
    /// Not supported: prov runs tests on this machine only.
    #[arg(long = "cloud-run", value_name = "SOURCE", hide = true)]
    cloud_run: Option<String>,
}

/// Runs the files of tests.
pub async fn run(args: Args, settings: Settings, given: Vec<Given>) -> Result<Exit, Failed> {
    let mut session = Session::new(settings, &args.view, None);
    if args.cloud_run.is_some() {
        return Err(session.failed(
            Diagnostic::error(
                "Unsupported flag",
                "-cloud-run asks for a run in HCP Terraform, which prov does not use.",
            )
            .hint("Leave -cloud-run out: the tests run here."),
        ));
    }
    let mut diags = Diagnostics::default();
    let root = session.root.clone();
    let tests = test_file::load(&root, &args.folder, &mut session.sources, &mut diags);
    session.checkpoint(&mut diags)?;
    let tests = chosen(tests, &args.filters, &mut diags);
    let suite = Suite::new(session, &args, &given, &tests, diags)?;
    let (stopper, stop) = watch::channel(0);
    let (later, teardown) = watch::channel(0);
    let view = suite.view.clone();
    let work = all(suite, &tests, (stop.clone(), teardown));
    let (suite, tested) = tokio::select! {
        ended = work => ended,
        never = listen(stopper) => match never {},
        never = afterwards(stop, later, view) => match never {},
    };
    let tally = Tally::of(&tested);
    suite.view.tally(&tally);
    if let Some(path) = &args.junit {
        written(path, &tested, &suite)?;
    }
    Ok(if tally.is_success() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// Returns the files that `-filter` names; all without it.
fn chosen(mut tests: Vec<TestFile>, filters: &[PathBuf], diags: &mut Diagnostics) -> Vec<TestFile> {
    let plain = |path: &Path| {
        let parts = path.components().filter(|it| it.as_os_str() != ".");
        parts.collect::<PathBuf>().display().to_string()
    };
    let wanted: Vec<String> = filters.iter().map(|path| plain(path)).collect();
    for filter in &wanted {
        if tests.iter().any(|test| test.name == *filter) {
            continue;
        }
        let near = did_you_mean(filter, tests.iter().map(|test| test.name.as_str()));
        let detail = format!("There is no file of tests {filter}.");
        diags.push(
            Diagnostic::warning("Nothing to run", detail).hint(near.map_or_else(
                || {
                    "Name a file as it is reached from here, for example tests/main.tftest.hcl."
                        .to_owned()
                },
                |near| format!("Did you mean {near}?"),
            )),
        );
    }
    if !wanted.is_empty() {
        tests.retain(|test| wanted.contains(&test.name));
    }
    tests
}

/// Runs every file.
async fn all(
    mut suite: Suite,
    tests: &[TestFile],
    stops: (watch::Receiver<u8>, watch::Receiver<u8>),
) -> (Suite, Vec<Tested>) {
    let mut tested: Vec<Tested> = tests.iter().map(pending).collect();
    suite.view.suite(&tested);
    for (test, ended) in tests.iter().zip(&mut tested) {
        file::File::new(&mut suite, test, stops.clone())
            .run(ended)
            .await;
    }
    (suite, tested)
}

fn pending(test: &TestFile) -> Tested {
    let run = |run: &test_file::Run| Ran {
        name: run.name.text.to_string(),
        asserts: run.asserts.len(),
        ..Ran::default()
    };
    Tested {
        name: test.name.clone(),
        runs: test.runs.iter().map(run).collect(),
        ..Tested::default()
    }
}

/// Lets what is destroyed at the end of a file go on at the first Ctrl-C, and stops that at the second.
async fn afterwards(
    mut stop: watch::Receiver<u8>,
    later: watch::Sender<u8>,
    view: View,
) -> std::convert::Infallible {
    loop {
        if stop.changed().await.is_err() {
            return std::future::pending().await;
        }
        let count = *stop.borrow_and_update();
        if count == 1 {
            view.interrupted();
        }
        later.send_replace(count.saturating_sub(1));
    }
}

/// Writes the report for CI systems.
fn written(path: &Path, tested: &[Tested], suite: &Suite) -> Result<(), Failed> {
    let report = || -> io::Result<()> {
        let mut file = io::BufWriter::new(fs::File::create(path)?);
        render::junit::report(tested, &suite.session.sources, &mut file)?;
        io::Write::flush(&mut file)
    };
    report().map_err(|error| {
        suite.session.failed(
            Diagnostic::error(
                "Could not write the report",
                format!("{}: {error}.", path.display()),
            )
            .hint("Check the path after -junit-xml."),
        )
    })
}
