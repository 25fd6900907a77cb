//! `prov fmt -to`: what one language says, the other says too.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::piped;
use crate::support::project::Project;

/// Every folder with manifests of its own below one.
fn folders(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let mut has = false;
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            match entry.path().is_dir() {
                true => open.push(entry.path()),
                false => has |= is_manifest(&name),
            }
        }
        if has {
            found.push(folder);
        }
    }
    found.sort();
    found
}

fn is_manifest(name: &str) -> bool {
    [".tf", ".tf.json", ".prov.yaml"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// Returns the manifests of a project, those of its modules too.
fn manifests(project: &Project) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in folders(project.path()) {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        all.extend(paths.filter(|path| is_manifest(&path.to_string_lossy())));
    }
    all.sort();
    all
}

/// Converts a project with all its modules, and removes what it was.
fn converted(project: &Project, to: &str) {
    let before = manifests(project);
    let ran = project
        .prov(&format!("fmt -recursive -no-color -to={to}"))
        .ok();
    let written: Vec<&str> = ran.stdout.lines().collect();
    let after = manifests(project);
    assert_eq!(after.len(), before.len() + written.len(), "{ran}");
    for path in before {
        let name = path.to_string_lossy().into_owned();
        if name.ends_with(".prov.yaml") != (to == "yaml") {
            fs::remove_file(path).unwrap();
        }
    }
}

fn texts(project: &Project) -> Vec<(PathBuf, String)> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    manifests(project).into_iter().map(read).collect()
}

/// Returns the plan of a project as JSON, without when it was made.
fn plan(project: &Project) -> Json {
    let _ = project.succeeds(["plan", "-out=saved", "-emulator"]);
    let shown = project.succeeds(["show", "-json", "saved"]).stdout;
    project.remove("saved");
    let mut plan: Json = serde_json::from_str(&shown).unwrap();
    plan["timestamp"] = Json::Null;
    plan
}

fn refused(project: &Project, arguments: &str, said: &[&str]) {
    let ran = project.prov(&format!("fmt -no-color {arguments}"));
    assert_eq!(ran.code, 2, "{ran}");
    for said in said {
        assert!(ran.stderr.contains(said), "no {said:?} in {ran}");
    }
}

/// Returns every comment of a text, as the words in it.
fn comments(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim_start().strip_prefix('#'))
        .map(|comment| comment.trim().to_owned())
        .filter(|comment| !comment.is_empty())
        .collect()
}

#[test]
fn every_example_says_the_same_in_the_other_language() {
    for folder in folders(&examples()) {
        if folder.starts_with(examples().join("modules")) && folder != examples().join("modules") {
            continue;
        }
        let project = Project::copy_of(&folder);
        let of = folder.display();
        let (before, originals) = (plan(&project), texts(&project));
        let is_yaml = originals
            .iter()
            .all(|(path, _)| path.ends_with("web.prov.yaml"));
        let (there, back) = match is_yaml {
            true => ("hcl", "yaml"),
            false => ("yaml", "hcl"),
        };
        converted(&project, there);
        assert_eq!(plan(&project), before, "{of} in {there}");
        let once = texts(&project);
        for ((_, old), (_, new)) in originals.iter().zip(&once) {
            let (mut old, mut new) = (comments(old), comments(new));
            old.sort();
            new.sort();
            assert_eq!(old, new, "the comments of {of}");
        }
        assert_eq!(
            project.prov("fmt -check -recursive").code,
            0,
            "{of} is formatted"
        );
        converted(&project, back);
        assert_eq!(plan(&project), before, "{of} in {there} and in {back}");
        converted(&project, there);
        assert_eq!(texts(&project), once, "{of} there and back and there");
    }
}

#[test]
fn new_files_stand_beside_and_nothing_is_lost() {
    let text = "locals {\n  a = 1\n}\n";
    let project = Project::of(&[
        ("main.tf", text),
        ("other.tf.json", "{\"locals\": {\"b\": 2}}"),
    ]);
    let checked = project.prov("fmt -to=yaml -check");
    assert_eq!(
        (checked.code, &*checked.stdout),
        (3, "main.prov.yaml\nother.prov.yaml\n")
    );
    let ran = project.prov("fmt -to=yaml").ok();
    assert_eq!(ran.stdout, "main.prov.yaml\nother.prov.yaml\n");
    assert!(ran.stderr.contains("rm main.tf other.tf.json"), "{ran}");
    assert_eq!(project.read("main.tf"), text);
    assert_eq!(project.read("main.prov.yaml"), "locals:\n  a: 1\n");
    assert_eq!(project.read("other.prov.yaml"), "locals:\n  b: 2\n");
    let taken = "main.tf would become main.prov.yaml, which exists";
    refused(&project, "-to=yaml", &[taken]);
}

#[test]
fn where_one_file_cannot_be_converted_none_is_written() {
    let project = Project::of(&[
        ("fine.tf", "locals {\n  a = 1\n}\n"),
        ("odd.tf", "variable \"a\" {\n  default = 1 + 2\n}\n"),
        ("same.tf", "locals {\n  b = 1\n}\n"),
        ("same.tf.json", "{\"locals\": {\"c\": 1}}"),
    ]);
    let both = "same.tf and same.tf.json would both become same.prov.yaml";
    let constant = "only a constant can stand here";
    refused(&project, "-to=yaml", &["on odd.tf line 2", constant, both]);
    assert!(!project.path().join("fine.prov.yaml").exists());
}

#[test]
fn standard_input_comes_back_in_the_other_language() {
    let project = Project::new();
    let (code, out, _) = piped(
        &project,
        &["-to=yaml", "-"],
        "locals {\n  a = \"no\" # b\n}\n",
    );
    assert_eq!((code, &*out), (0, "locals:\n  a: \"no\" # b\n"));
    let (code, out, _) = piped(&project, &["-to=hcl", "-"], "locals:\n  a: ${var.b} # c\n");
    assert_eq!((code, &*out), (0, "locals {\n  a = var.b # c\n}\n"));
    let json = "{\"locals\": {\"//\": \"why\", \"a\": \"${var.b}\"}}";
    let (code, out, _) = piped(&project, &["-to=hcl", "-"], json);
    assert_eq!((code, &*out), (0, "locals {\n  # why\n  a = var.b\n}\n"));
    let (code, _, err) = piped(&project, &["-to=hcl", "-no-color", "-"], "a: [1\n");
    assert_eq!(code, 2);
    assert!(err.contains("<stdin> line"), "{err}");
}

#[test]
fn what_is_no_manifest_of_another_language_is_refused() {
    let project = Project::of(&[("main.tf", ""), ("terraform.tfvars", "a = 1\n")]);
    let already = "main.tf is a manifest in HCL already";
    refused(&project, "-to=hcl main.tf", &[already]);
    let none = "terraform.tfvars is no manifest";
    refused(&project, "-to=yaml terraform.tfvars", &[none]);
}

/// The pairs of the guide: HCL, and below it YAML.
fn guide() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/manifests.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, below) = text
        .split_once("### Every construct in both languages")
        .unwrap();
    let (section, _) = below.split_once("\n## ").unwrap();
    let mut pairs = Vec::new();
    for chapter in section.split("\n#### ").skip(1) {
        let code = |language: &str| {
            let (_, rest) = chapter.split_once(&format!("```{language}\n")).unwrap();
            rest.split_once("```").unwrap().0.to_owned()
        };
        pairs.push((code("hcl"), code("yaml")));
    }
    pairs
}

#[test]
fn the_guide_shows_what_is_made() {
    let pairs = guide();
    assert!(pairs.len() >= 9, "{}", pairs.len());
    let project = Project::new();
    for (hcl, yaml) in pairs {
        let (code, out, err) = piped(&project, &["-to=yaml", "-"], &hcl);
        assert_eq!((code, &out), (0, &yaml), "{err}");
        let (code, out, err) = piped(&project, &["-to=hcl", "-"], &yaml);
        assert_eq!((code, &out), (0, &hcl), "{err}");
    }
}
