//! The console at a terminal: lines can be edited and called back.

use rustyline::{
    Completer, Config, Editor, Helper, Highlighter, Hinter,
    error::ReadlineError,
    history::MemHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};

use crate::{
    cli::{
        console::{Console, Said},
        failure::{Exit, Failed},
        session::Session,
    },
    manifest::goes_on,
    model::Diagnostic,
};

/// Lets Enter start a new line as long as something is open.
#[derive(Completer, Helper, Highlighter, Hinter)]
struct Brackets;

impl Validator for Brackets {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if goes_on(context.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

/// Answers until Control-D or `exit`. The history is not kept: what is typed may be a secret.
pub(super) fn serve(session: &mut Session, console: &mut Console<'_>) -> Result<Exit, Failed> {
    let unusable = |session: &Session, error: &ReadlineError| {
        session.failed(
            Diagnostic::error("Unusable terminal", format!("{error}."))
                .hint("Pipe the expression in: echo 'var.name' | prov console."),
        )
    };
    let config = Config::builder().auto_add_history(true).build();
    let mut editor: Editor<Brackets, MemHistory> = Editor::with_history(config, MemHistory::new())
        .map_err(|error| unusable(session, &error))?;
    editor.set_helper(Some(Brackets));
    loop {
        let entered = match editor.readline("> ") {
            Ok(entered) => entered,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(Exit::Done),
            Err(error) => return Err(unusable(session, &error)),
        };
        match console.answer(&entered) {
            Ok(Said::Exit) => return Ok(Exit::Done),
            Ok(Said::Result(text)) => session.ui.out(|out| writeln!(out, "{text}")),
            Err(diags) => session.ui.diagnostics(&diags, &console.sources),
        }
    }
}
