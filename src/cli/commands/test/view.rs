//! What a person, or a program with `-json`, sees of tests.

use crate::{
    cli::ui::{Ui, now},
    model::{
        Diagnostic, Diagnostics, Sources,
        plan::Plan,
        state::State,
        testing::{Ran, Status, Tally, Tested},
    },
    render::{
        self,
        testing::{self, About, Left, Progress, TestEvents},
    },
};

/// Shows tests.
#[derive(Clone)]
pub(super) struct View {
    ui: Ui,
    /// Whether plans and states are shown.
    pub verbose: bool,
}

impl View {
    pub(super) fn new(ui: Ui, verbose: bool) -> Self {
        Self { ui, verbose }
    }

    pub(super) fn suite(&self, files: &[Tested]) {
        self.line(|events| events.suite(&testing::names(files)));
    }

    pub(super) fn file(&self, name: &str, progress: Progress) {
        if self.ui.is_json() {
            self.line(|events| events.file(name, progress));
        } else {
            let style = self.ui.style;
            self.ui.out(|out| testing::file(name, progress, style, out));
        }
    }

    /// Tells that a run begins, or that what it made is destroyed.
    pub(super) fn run(&self, file: &str, name: &str, progress: Progress) {
        self.line(|events| events.run(file, name, progress));
    }

    /// Tells how a run ended.
    pub(super) fn ended(&self, name: &str, status: Status) {
        if !self.ui.is_json() {
            let style = self.ui.style;
            self.ui.out(|out| testing::run(name, status, style, out));
        }
    }

    /// Tells what is to be said of a run, and shows what it came to.
    pub(super) fn told(&self, file: &str, run: &Ran, shown: Option<&Shown>, sources: &Sources) {
        self.ended(&run.name, run.status);
        self.run(file, &run.name, Progress::Ended(run.status));
        let about = About {
            file: Some(file),
            run: Some(&run.name),
        };
        match shown.filter(|_| self.verbose) {
            None => {}
            Some(shown) if self.ui.is_json() => self.line(|events| match shown {
                Shown::Plan(plan) => events.plan(plan, about),
                Shown::State(state) => events.state(state, about),
            }),
            Some(shown) => {
                let style = self.ui.style;
                self.ui.out(|out| match shown {
                    Shown::Plan(plan) => render::terminal::plan(plan, style, out),
                    Shown::State(state) => {
                        writeln!(out)?;
                        render::terminal::state(state, style, out)
                    }
                });
                self.ui.say("");
            }
        }
        self.diagnostics(&run.diagnostics, about, sources);
    }

    pub(super) fn diagnostics(&self, list: &[Diagnostic], about: About<'_>, sources: &Sources) {
        if self.ui.is_json() {
            for it in list {
                self.line(|events| events.diagnostic(it, sources, about));
            }
        } else {
            let mut diags = Diagnostics::default();
            diags.extend(list.iter().cloned());
            self.ui.diagnostics(&diags, sources);
        }
    }

    /// Tells what could not be destroyed, and why.
    pub(super) fn undestroyed(
        &self,
        why: &[Diagnostic],
        left: &[Left],
        about: About<'_>,
        sources: &Sources,
    ) {
        if self.ui.is_json() && !left.is_empty() {
            self.line(|events| events.left(left, about));
        }
        self.diagnostics(why, about, sources);
        if !self.ui.is_json() && !left.is_empty() {
            let mut text = Vec::new();
            if testing::left(left, about, &mut text).is_ok() {
                crate::cli::ui::complain(&String::from_utf8_lossy(&text));
            }
        }
    }

    pub(super) fn interrupted(&self) {
        if self.ui.is_json() {
            self.line(|events| events.interrupted("Interrupt received"));
        } else {
            self.ui.say(
                "\nInterrupt received.\nWhat the tests made is destroyed now; another Ctrl-C leaves it.\n",
            );
        }
    }

    pub(super) fn tally(&self, tally: &Tally) {
        if self.ui.is_json() {
            self.line(|events| events.tally(tally));
        } else {
            let style = self.ui.style;
            self.ui.out(|out| testing::tally(tally, style, out));
        }
    }

    fn line(&self, write: impl FnOnce(&mut TestEvents<'_>) -> std::io::Result<()>) {
        if self.ui.is_json() {
            let now = now();
            self.ui.out(|out| write(&mut TestEvents::new(out, &now)));
        }
    }
}

/// What a run came to, for `-verbose`.
pub(super) enum Shown {
    Plan(Box<Plan>),
    State(Box<State>),
}
