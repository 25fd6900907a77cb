//! `prov fmt`.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use clap::{Args as ClapArgs, ValueEnum};

use crate::{
    cli::{
        conversion::{Conversion, shown},
        failure::{Exit, Failed},
        settings::Settings,
        ui::{Ui, complain},
    },
    manifest,
    model::{Diagnostic, Diagnostics, Sources},
};

/// What the names of files end with that can be formatted.
const ENDINGS: &[&str] = &[
    ".tf",
    ".tfvars",
    ".tftest.hcl",
    ".tfmock.hcl",
    ".prov.hcl",
    ".prov.yaml",
    ".prov.yml",
];

/// Write files in the standard form, HCL as Terraform formats it; or convert manifests with `-to`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Files or directories; `-` formats standard input. The current directory by default.
    #[arg(value_name = "TARGET")]
    targets: Vec<PathBuf>,
    /// List the files whose form differs.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    list: bool,
    /// Write the files; not with `-check` or standard input.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true", action = clap::ArgAction::Set)]
    write: bool,
    /// Show what would change, as a diff.
    #[arg(long)]
    diff: bool,
    /// Change nothing, and exit with 3 if a file is not in the standard form.
    #[arg(long)]
    check: bool,
    /// Go into the directories below, too.
    #[arg(long)]
    recursive: bool,
    /// Convert manifests: write them in this language, beside what they are now.
    #[arg(long, value_name = "LANGUAGE")]
    to: Option<To>,
    /// Do not use colours.
    #[arg(long = "no-color")]
    no_color: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum To {
    Hcl,
    Yaml,
}

/// Formats files.
#[expect(clippy::unnecessary_wraps, reason = "every command answers alike")]
pub fn run(args: &Args, settings: &Settings) -> Result<Exit, Failed> {
    let ui = Ui::new(settings, args.no_color);
    let from_stdin = args.targets.first().is_some_and(|it| is_stdin(it));
    let mut work = Work {
        list: args.list && !from_stdin,
        write: args.write && !args.check && !from_stdin,
        diff: args.diff,
        check: args.check,
        recursive: args.recursive,
        ui: ui.clone(),
        differs: false,
        sources: Sources::default(),
        diags: Diagnostics::default(),
        conversion: args.to.map(|to| {
            Conversion::to(match to {
                To::Hcl => manifest::convert::To::Hcl,
                To::Yaml => manifest::convert::To::Yaml,
            })
        }),
    };
    if from_stdin {
        work.stdin();
    } else if args.targets.is_empty() {
        work.directory(Path::new("."));
    } else {
        args.targets.iter().for_each(|it| work.target(it));
    }
    work.converted();
    if work.diags.has_errors() {
        ui.diagnostics(&work.diags, &work.sources);
        return Ok(Exit::Malformed);
    }
    Ok(if work.check && work.differs {
        Exit::Unformatted
    } else {
        Exit::Done
    })
}

fn is_stdin(target: &Path) -> bool {
    target == Path::new("-")
}

/// What is to be done, and what has been found.
struct Work {
    list: bool,
    write: bool,
    diff: bool,
    check: bool,
    recursive: bool,
    ui: Ui,
    differs: bool,
    sources: Sources,
    diags: Diagnostics,
    conversion: Option<Conversion>,
}

impl Work {
    /// Whether a file is worked on that is found in a directory.
    fn is_wanted(&self, name: &str) -> bool {
        match &self.conversion {
            Some(conversion) => conversion.wants(name),
            None => is_formatted(name),
        }
    }

    fn target(&mut self, target: &Path) {
        if target.is_dir() {
            self.directory(target);
        } else if !target.exists() {
            let detail = format!("No file or directory at {}.", shown(target));
            let error = Diagnostic::error("Nothing to format", detail);
            self.diags.push(error.hint("Check the path."));
        } else if self.is_wanted(&target.to_string_lossy()) {
            self.file(target);
        } else {
            self.diags.push(match &self.conversion {
                Some(conversion) => conversion.unwanted(&shown(target)),
                None => not_formatted(target),
            });
        }
    }

    fn directory(&mut self, directory: &Path) {
        let entries = fs::read_dir(directory).and_then(|entries| {
            let entries: Result<Vec<_>, _> = entries.collect();
            let mut entries = entries?;
            entries.sort_by_key(fs::DirEntry::file_name);
            Ok(entries)
        });
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.failed("read", directory, &error),
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_ignored(&name) {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if self.recursive {
                    self.directory(&entry.path());
                }
            } else if self.is_wanted(&name) {
                self.file(&entry.path());
            }
        }
    }

    fn stdin(&mut self) {
        let mut bytes = Vec::new();
        match io::stdin().read_to_end(&mut bytes) {
            Ok(_) => self.text("<stdin>", bytes, None),
            Err(error) => self.failed("read", Path::new("<stdin>"), &error),
        }
    }

    fn file(&mut self, path: &Path) {
        match fs::read(path) {
            Ok(bytes) => self.text(&shown(path), bytes, Some(path)),
            Err(error) => self.failed("read", path, &error),
        }
    }

    /// Formats what was read, and tells or writes what differs.
    fn text(&mut self, name: &str, bytes: Vec<u8>, path: Option<&Path>) {
        let Ok(old) = String::from_utf8(bytes) else {
            let detail = format!("{name} is not text in UTF-8.");
            let error = Diagnostic::error("Cannot format the file", detail);
            return self.diags.push(error.hint("Save it in UTF-8."));
        };
        let source = self.sources.add(name, old);
        let old = &self.sources.get(source).text;
        if let Some(conversion) = &mut self.conversion {
            match (conversion.add(old, source, path), path) {
                (Err(errors), _) => self.diags.extend(errors),
                (Ok(text), None) => {
                    self.differs = text != old[..];
                    if !self.check {
                        self.ui.out(|out| out.write_all(text.as_bytes()));
                    }
                }
                (Ok(_), Some(_)) => {}
            }
            return;
        }
        let is_yaml = match path {
            Some(_) => name.ends_with(".yaml") || name.ends_with(".yml"),
            None => manifest::is_yaml(old),
        };
        let format = if is_yaml {
            manifest::format_yaml
        } else {
            manifest::format
        };
        let new = match format(old, source) {
            Ok(new) => new,
            Err(errors) => return self.diags.extend(errors),
        };
        let differs = new != old[..];
        if differs {
            self.differs = true;
            if self.list {
                self.ui.say(name);
            }
            if let Some(path) = path.filter(|_| self.write)
                && let Err(error) = replace(path, new.as_bytes())
            {
                return self.failed("write", path, &error);
            }
            if self.diff {
                let header = [name.to_owned(), name.to_owned()];
                self.ui.out(|out| difference(&header, old, &new, out));
            }
        }
        if !(self.list || self.write || self.diff || self.check) {
            self.ui.out(|out| out.write_all(new.as_bytes()));
        }
    }

    /// Writes what has been converted: all of it, or nothing if something is wrong.
    fn converted(&mut self) {
        let Some(conversion) = self.conversion.take() else {
            return;
        };
        self.diags.extend(conversion.obstacles());
        if self.diags.has_errors() {
            return;
        }
        for made in &conversion.made {
            self.differs = true;
            if self.list {
                self.ui.say(&shown(&made.target));
            }
            if self.write
                && let Err(error) = made.write()
            {
                return self.failed("write", &made.target, &error);
            }
            if self.diff {
                let (old, new) = (&self.sources.get(made.source).text, &made.text);
                let header = [shown(&made.original), shown(&made.target)];
                self.ui.out(|out| difference(&header, old, new, out));
            }
            if !(self.list || self.write || self.diff || self.check) {
                self.ui.out(|out| out.write_all(made.text.as_bytes()));
            }
        }
        if self.write && !conversion.made.is_empty() {
            let originals: Vec<String> = conversion
                .made
                .iter()
                .map(|made| shown(&made.original))
                .collect();
            complain(&format!(
                "\nThe files above say what these say already, and are read with them. Remove these when you are content:\n  rm {}\n",
                originals.join(" ")
            ));
        }
    }

    fn failed(&mut self, verb: &str, path: &Path, error: &io::Error) {
        let detail = format!("Cannot {verb} {}: {error}.", shown(path));
        let summary = format!("Could not {verb} the file");
        let error = Diagnostic::error(summary, detail);
        let hint = "Check that it is there and may be changed by you.";
        self.diags.push(error.hint(hint));
    }
}

fn is_formatted(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file is hidden, or what an editor left behind.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#')
}

fn not_formatted(target: &Path) -> Diagnostic {
    let (last, others) = ENDINGS.split_last().unwrap_or((&"", &[]));
    let detail = format!(
        "{} is none of the files that can be formatted: {} and {last}.",
        shown(target),
        others.join(", ")
    );
    let name = target.to_string_lossy().to_lowercase();
    let hint = if name.ends_with(".json") {
        "JSON is left as it was written; format it with a program for JSON, or convert it with -to=yaml or -to=hcl."
    } else {
        "Give its text on standard input with `prov fmt -`, whatever the file is called."
    };
    Diagnostic::error("Cannot format the file", detail).hint(hint)
}

/// Puts a new text in the place of a file in one step; a link stays a link, and the permissions stay.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path)?;
    let permissions = fs::metadata(&target)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".fmt-")
        .tempfile_in(folder)?;
    file.write_all(text)?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn difference(
    [before, after]: &[String; 2],
    old: &str,
    new: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let diff = similar::TextDiff::from_lines(old, new);
    let text = diff
        .unified_diff()
        .header(&format!("old/{before}"), &format!("new/{after}"))
        .to_string();
    out.write_all(text.as_bytes())
}
