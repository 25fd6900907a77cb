//! The pages of `docs/reference/` say what the tables say. `BLESS=1 cargo test` writes them anew.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use prov::{
    cli, eval,
    model::{language::Language, plan::Effect},
    provider::hooks::Kind,
    resources,
    schema::{Attribute, Check, Default, On, Presence, ResourceType, Rule, Type},
};

#[test]
fn the_reference_is_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let pages = pages();
    if env::var_os("BLESS").is_some() {
        for (name, text) in &pages {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let mut stale: Vec<String> = Vec::new();
    for (name, text) in &pages {
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            stale.push(name.clone());
        }
    }
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy();
        if !pages.contains_key(&*name) {
            stale.push(format!("{name} (of something that is gone)"));
        }
    }
    assert!(
        stale.is_empty(),
        "stale in docs/reference, run BLESS=1 cargo test: {stale:#?}"
    );
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
    {
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::from([
        ("README.md".to_owned(), index()),
        ("commands.md".to_owned(), commands()),
        ("errors.md".to_owned(), errors(Language::English)),
        ("errors.zh.md".to_owned(), errors(Language::Chinese)),
        ("functions.md".to_owned(), functions()),
    ]);
    for kind in resources::ALL {
        let page = format!("resources/{}.md", kind.ty.name);
        pages.insert(page, type_page(kind.ty, true));
    }
    for kind in resources::DATA {
        let page = format!("data-sources/{}.md", kind.ty.name);
        pages.insert(page, type_page(kind.ty, false));
    }
    for kind in resources::EPHEMERAL {
        let page = format!("ephemeral/{}.md", kind.ty.name);
        pages.insert(page, page_of(kind.ty, "ephemeral"));
    }
    pages
}

const NOTE: &str =
    "<!-- Made from the program's own tables by `BLESS=1 cargo test`. Do not edit. -->\n\n";

fn errors(language: Language) -> String {
    crate::errors::page::page(language, NOTE)
}

fn index() -> String {
    let mut text = format!("{NOTE}# Reference\n\n");
    text.push_str("- [Commands](commands.md)\n- [Errors](errors.md) ([中文](errors.zh.md))\n- [Functions](functions.md)\n");
    let mut list = |title: &str, folder: &str, kinds: &[Kind]| {
        write!(text, "\n## {title}\n\n").unwrap();
        for kind in kinds {
            let (name, doc) = (kind.ty.name, kind.ty.doc);
            writeln!(text, "- [{name}]({folder}/{name}.md): {doc}").unwrap();
        }
    };
    list("Resource types", "resources", resources::ALL);
    list("Data sources", "data-sources", resources::DATA);
    list("Ephemeral resources", "ephemeral", resources::EPHEMERAL);
    text
}

fn type_page(ty: &ResourceType, managed: bool) -> String {
    page_of(ty, if managed { "resources" } else { "data-sources" })
}

fn page_of(ty: &ResourceType, folder: &str) -> String {
    let managed = folder == "resources";
    let mut text = format!("{NOTE}# {}\n\n{}\n", ty.name, ty.doc);
    if let Some(name) = ty.alias_of {
        write!(
            text,
            "\nThe older name of [{name}]({name}.md): the same arguments, rules and import.\n"
        )
        .unwrap();
        return text;
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = example.join(format!("examples/{folder}/{}/main.tf", ty.name));
    if let Ok(example) = std::fs::read_to_string(example) {
        write!(
            text,
            "\n## Example\n\n```terraform\n{}\n```\n",
            example.trim()
        )
        .unwrap();
    }
    let (computed, arguments): (Vec<_>, Vec<_>) = ty
        .attributes
        .iter()
        .partition(|attribute| attribute.presence == Presence::Computed);
    section(&mut text, ty, "Arguments", &arguments, managed);
    section(&mut text, ty, "Attributes that prov sets", &computed, false);
    let mut nested = Vec::new();
    blocks(ty.attributes, "", &mut nested);
    for (path, attributes) in &nested {
        let title = format!("`{path}`");
        let all: Vec<&Attribute> = attributes.iter().collect();
        section(&mut text, ty, &title, &all, managed);
    }
    rules(&mut text, ty);
    timeouts(&mut text, ty);
    if managed && ty.import.is_empty() {
        text.push_str("\n## Import\n\nNone: the value says nothing of what it was made from.\n");
    } else if managed {
        write!(
            text,
            "\n## Import\n\nThe id is {}.\n\n    prov import {}.NAME ID\n",
            if ty.import.contains(' ') {
                ty.import.to_owned()
            } else {
                format!("of the form `{}`", ty.import)
            },
            ty.name
        )
        .unwrap();
    }
    text
}

fn blocks(
    list: &'static [Attribute],
    prefix: &str,
    found: &mut Vec<(String, &'static [Attribute])>,
) {
    for attribute in list {
        if let Type::Blocks(inner, ..) | Type::BlockSet(inner, ..) = attribute.ty {
            let path = format!("{prefix}{}", attribute.name);
            found.push((path.clone(), inner));
            blocks(inner, &format!("{path}."), found);
        }
    }
}

fn section(text: &mut String, ty: &ResourceType, title: &str, list: &[&Attribute], managed: bool) {
    if list.is_empty() {
        return;
    }
    write!(text, "\n## {title}\n\n").unwrap();
    text.push_str("| name | type | | what |\n|---|---|---|---|\n");
    for attribute in list {
        let what = [sentence(attribute), notes(ty, attribute, managed).join(" ")].join(" ");
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            attribute.name,
            type_name(attribute.ty),
            presence(attribute.presence),
            cell(what.trim())
        )
        .unwrap();
    }
}

fn sentence(attribute: &Attribute) -> String {
    match attribute.deprecated {
        None => attribute.doc.to_owned(),
        Some("") => format!("Deprecated. {}", attribute.doc),
        Some(successor) => format!("Deprecated: use `{successor}`. {}", attribute.doc),
    }
}

fn notes(ty: &ResourceType, attribute: &Attribute, managed: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(default) = attribute.default {
        notes.push(format!("Default: `{}`.", default_text(default)));
    }
    let said = |note: &String| attribute.doc.contains(note.trim_end_matches('.'));
    notes.extend(
        attribute
            .checks
            .iter()
            .filter_map(check)
            .filter(|note| !said(note)),
    );
    if let Type::Blocks(_, least, most) | Type::BlockSet(_, least, most) = attribute.ty {
        notes.extend(how_many(least, most));
    }
    if attribute.sensitive {
        notes.push("Sensitive.".to_owned());
    }
    if managed && attribute.replaces {
        notes.push("**A change replaces the object.**".to_owned());
    }
    let effects = attribute.effects.iter();
    notes.extend(effects.map(|(effect, on)| effect_text(*effect, on)));
    if let Some(other) = attribute.refers_to.filter(|other| *other != ty.name) {
        let page = if resources::find(other).is_some() {
            format!("[{other}](../resources/{other}.md)")
        } else {
            format!("`{other}`")
        };
        notes.push(format!("The id of an {page}."));
    }
    if !attribute.example.is_empty() {
        notes.push(format!("Example: `{}`.", attribute.example));
    }
    notes
}

fn check(check: &Check) -> Option<String> {
    let words = |words: &[&str]| -> String {
        let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        quoted.join(", ")
    };
    Some(match check {
        Check::Length(least, most) => format!("{least} to {most} bytes."),
        Check::Characters(least, most) => format!("{least} to {most} characters."),
        Check::Range(least, most) => format!("{least} to {most}."),
        Check::OneOf(all) => format!("One of {}.", words(all)),
        Check::OneOfInts(all) => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!("One of {}.", all.join(", "))
        }
        Check::Cidr(least, most) => format!("An IPv4 network, /{least} to /{most}."),
        Check::Ipv4 => "An IPv4 address.".to_owned(),
        Check::NoPrefix(all) => format!("Does not begin with {}.", words(all)),
        Check::Custom(_) => return None,
    })
}

fn how_many(least: usize, most: usize) -> Option<String> {
    match (least, most) {
        (0, usize::MAX) => None,
        (0, most) => Some(format!("At most {most}.")),
        (least, usize::MAX) => Some(format!("At least {least}.")),
        (least, most) if least == most => Some(format!("Exactly {least}.")),
        (least, most) => Some(format!("{least} to {most}.")),
    }
}

fn effect_text(effect: Effect, on: &On) -> String {
    let when = match on {
        On::Any => "A change".to_owned(),
        On::Larger => "More".to_owned(),
        On::Smaller => "Less".to_owned(),
        On::To(word) => format!("A change to `{word}`"),
        On::From(word) => format!("A change from `{word}`"),
        On::When(_) => return format!("Some changes: {}.", effect.told()),
    };
    let text = format!("{when} {}.", effect.told());
    match effect {
        Effect::LosesData | Effect::WipesSystemDisk => format!("**{text}**"),
        _ => text,
    }
}

fn default_text(default: Default) -> String {
    match default {
        Default::String(text) => format!("{text:?}"),
        Default::Int(number) => number.to_string(),
        Default::Bool(value) => value.to_string(),
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Kept => "optional, computed",
        Presence::Computed => "computed",
    }
}

fn type_name(ty: Type) -> String {
    match ty {
        Type::Any => "any".to_owned(),
        Type::String => "string".to_owned(),
        Type::Int | Type::Float => "number".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::List(inner) => format!("list of {}", type_name(*inner)),
        Type::Set(inner) => format!("set of {}", type_name(*inner)),
        Type::Map => "map of string".to_owned(),
        Type::Blocks(..) => "blocks".to_owned(),
        Type::BlockSet(..) => "blocks, unordered".to_owned(),
    }
}

fn rules(text: &mut String, ty: &ResourceType) {
    let words = |names: &[&str]| -> String {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        quoted.join(", ")
    };
    let told: Vec<String> = ty
        .rules
        .iter()
        .filter_map(|rule| match rule {
            Rule::ExactlyOneOf(names) => Some(format!("Exactly one of {} is set.", words(names))),
            Rule::AtLeastOneOf(names) => Some(format!("At least one of {} is set.", words(names))),
            Rule::Conflicts(a, b) => Some(format!("`{a}` and `{b}` exclude each other.")),
            Rule::Requires(a, b) => Some(format!("`{a}` needs `{b}`.")),
            Rule::Custom(_) | Rule::New(_) => None,
        })
        .collect();
    if !told.is_empty() {
        write!(text, "\n## Rules\n\n- {}\n", told.join("\n- ")).unwrap();
    }
}

fn timeouts(text: &mut String, ty: &ResourceType) {
    let declared = [
        ("create", ty.timeouts.create),
        ("update", ty.timeouts.update),
        ("delete", ty.timeouts.delete),
    ];
    let told: Vec<String> = declared
        .iter()
        .filter(|(_, minutes)| *minutes > 0)
        .map(|(name, minutes)| format!("`{name}` ({minutes} minutes)"))
        .collect();
    if !told.is_empty() {
        let list = told.join(", ");
        write!(
            text,
            "\n## Timeouts\n\nThe block `timeouts` takes {list}.\n"
        )
        .unwrap();
    }
}

/// Keeps a table's cell in one line and one cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn commands() -> String {
    let mut text = format!("{NOTE}# Commands\n\n");
    text.push_str("Flags are taken with one dash or two. `-chdir=DIR` before or after the command changes to a directory first.\n");
    let mut definition = cli::definition();
    definition.build();
    for command in definition.get_subcommands() {
        command_section(&mut text, command, "prov");
    }
    text
}

fn command_section(text: &mut String, command: &clap::Command, before: &str) {
    let name = format!("{before} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string);
    let about = about.unwrap_or_default();
    write!(text, "\n## {name}\n\n{}.\n", about.trim_end_matches('.')).unwrap();
    let own = |argument: &&clap::Arg| {
        !["help", "chdir"].contains(&argument.get_id().as_str()) && !argument.is_hide_set()
    };
    let arguments: Vec<&clap::Arg> = command.get_arguments().filter(own).collect();
    if !arguments.is_empty() {
        text.push_str("\n| | what |\n|---|---|\n");
    }
    for argument in arguments {
        let mut help = argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        if !help.ends_with('.') {
            help.push('.');
        }
        let defaults: Vec<_> = argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        if !defaults.is_empty() && argument.get_action().takes_values() {
            write!(help, " Default: `{}`.", defaults.join(" ")).unwrap();
        }
        writeln!(text, "| `{}` | {} |", usage(argument), cell(&help)).unwrap();
    }
    for inner in command.get_subcommands() {
        if inner.get_name() != "help" {
            command_section(text, inner, &name);
        }
    }
}

fn usage(argument: &clap::Arg) -> String {
    let value: Vec<String> = argument
        .get_value_names()
        .into_iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    let value = value.join(" ");
    let takes = argument.get_action().takes_values();
    let optional = argument
        .get_num_args()
        .is_some_and(|range| range.min_values() == 0);
    match (argument.get_long(), argument.get_short()) {
        (Some(long), _) if takes && optional => format!("-{long}[={value}]"),
        (Some(long), _) if takes => format!("-{long}={value}"),
        (Some(long), _) => format!("-{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) if argument.is_required_set() => value,
        (None, None) => format!("[{value}]"),
    }
}

fn functions() -> String {
    let mut text = format!("{NOTE}# Functions\n\n");
    text.push_str("| function | what | example |\n|---|---|---|\n");
    let mut rows: Vec<(String, String, String)> = eval::SPECIAL_FUNCTIONS
        .iter()
        .map(|(call, doc)| ((*call).to_owned(), (*doc).to_owned(), String::new()))
        .collect();
    for function in eval::functions() {
        let mut names: Vec<String> = function
            .params
            .iter()
            .map(|param| param.name.to_owned())
            .collect();
        names.extend(function.rest.map(|param| format!("{}...", param.name)));
        let example = match (function.example, function.result) {
            ("", _) => String::new(),
            (example, "") => format!("`{example}`"),
            (example, result) => format!("`{example}` is `{result}`"),
        };
        let call = format!("{}({})", function.name, names.join(", "));
        rows.push((call, function.doc.to_owned(), example));
    }
    rows.sort();
    for (call, doc, example) in rows {
        writeln!(text, "| `{call}` | {} | {} |", cell(&doc), cell(&example)).unwrap();
    }
    text
}

#[test]
fn links_of_all_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = files(&root.join("docs"));
    pages.extend(files(&root.join("state")));
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ] {
        pages.push(root.join(name));
    }
    pages.retain(|page| page.extension().is_some_and(|it| it == "md"));
    let mut broken = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for after in text.split("](").skip(1) {
            let target = after.split(')').next().unwrap();
            let target = target.split('#').next().unwrap();
            let outside = target.is_empty() || target.contains("://") || target.contains(' ');
            if !outside && !page.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(pages.len() > 20);
    assert!(broken.is_empty(), "{broken:#?}");
}
