//! `prov fmt` does to files what `terraform fmt` does. The files in `messy` have been formatted by Terraform 1.11.4
//! into `formatted`.

mod round;
mod yaml;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::support::project::Project;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/fmt")
        .join(name)
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect()
}

fn messy() -> Project {
    let project = Project::new();
    for (name, text) in texts(&folder("messy")) {
        project.write(&name, &text);
    }
    project
}

#[test]
fn files_become_what_terraform_makes_of_them() {
    let (before, after) = (texts(&folder("messy")), texts(&folder("formatted")));
    assert!(before.len() >= 40);
    let project = messy();
    let listed = project.prov("fmt").ok().stdout;
    assert_eq!(texts(project.path()), after);
    let changed = before.iter().filter(|(name, text)| after[*name] != **text);
    let changed: Vec<&str> = changed.map(|(name, _)| &**name).collect();
    assert_eq!(listed.lines().collect::<Vec<_>>(), changed);
    let again = project.prov("fmt -check").ok();
    assert_eq!(again.stdout, "");
}

#[test]
fn the_installed_terraform_agrees() {
    let project = messy();
    let terraform = Command::new("terraform")
        .args(["fmt", "-list=false"])
        .current_dir(project.path())
        .status();
    match terraform {
        Ok(status) => {
            assert!(status.success());
            assert_eq!(texts(project.path()), texts(&folder("formatted")));
        }
        Err(_) => eprintln!("skipped: terraform is not installed"),
    }
}

const MESSY: &str = "locals {\na=1\nbbb   = 2\n}\n";
const FORMATTED: &str = "locals {\n  a   = 1\n  bbb = 2\n}\n";

#[test]
fn a_check_changes_nothing_and_exits_with_3() {
    let project = Project::of(&[("main.tf", MESSY), ("fine.tf", FORMATTED)]);
    let checked = project.prov("fmt -check");
    assert_eq!((checked.code, &*checked.stdout), (3, "main.tf\n"));
    let silent = project.prov("fmt -check -list=false");
    assert_eq!((silent.code, &*silent.stdout), (3, ""));
    let unwritten = project.prov("fmt -write=false");
    assert_eq!((unwritten.code, &*unwritten.stdout), (0, "main.tf\n"));
    assert_eq!(project.read("main.tf"), MESSY);
    assert_eq!(project.prov("fmt -check fine.tf").ok().stdout, "");
}

#[test]
fn a_diff_shows_what_would_change() {
    let project = Project::of(&[("main.tf", MESSY)]);
    let shown = project.prov("fmt -check -diff main.tf");
    let diff = "main.tf\n--- old/main.tf\n+++ new/main.tf\n@@ -1,4 +1,4 @@\n locals {\n-a=1\n-bbb   = 2\n+  a   = 1\n+  bbb = 2\n }\n";
    assert_eq!((shown.code, &*shown.stdout), (3, diff));
}

#[test]
fn directories_below_are_formatted_when_asked() {
    let project = Project::of(&[("main.tf", FORMATTED)]);
    for name in ["one", "one/two", ".hidden"] {
        fs::create_dir(project.path().join(name)).unwrap();
        project.write(&format!("{name}/x.tf"), MESSY);
        project.write(&format!("{name}/x.json"), "{ }");
        project.write(&format!("{name}/x.tf~"), MESSY);
    }
    assert_eq!(project.prov("fmt").ok().stdout, "");
    assert_eq!(project.prov("fmt one/two").ok().stdout, "one/two/x.tf\n");
    assert_eq!(project.prov("fmt -recursive").ok().stdout, "one/x.tf\n");
    assert_eq!(project.read("one/x.tf"), FORMATTED);
    assert_eq!(project.read("one/x.tf~"), MESSY);
    assert_eq!(project.read(".hidden/x.tf"), MESSY);
}

/// Runs `prov fmt` with this on standard input.
fn piped(project: &Project, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_prov"))
        .arg("fmt")
        .args(arguments)
        .current_dir(project.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (code, text(output.stdout), text(output.stderr))
}

#[test]
fn standard_input_comes_back_formatted() {
    let project = Project::new();
    let (code, out, _) = piped(&project, &["-"], MESSY);
    assert_eq!((code, &*out), (0, FORMATTED));
    let (code, out, _) = piped(&project, &["-check", "-"], MESSY);
    assert_eq!((code, &*out), (3, ""));
    let (code, _, err) = piped(&project, &["-no-color", "-"], "locals {\n  a =\n}\n");
    assert_eq!(code, 2);
    assert!(err.contains("on <stdin> line 2"), "{err}");
}

#[test]
fn what_cannot_be_read_stays_and_the_others_are_formatted() {
    let broken = "locals {\n  a = [1,\n";
    let project = Project::of(&[("broken.tf", broken), ("main.tf", MESSY)]);
    let ran = project.prov("fmt -no-color");
    assert_eq!((ran.code, &*ran.stdout), (2, "main.tf\n"));
    assert!(ran.stderr.contains("on broken.tf line"), "{ran}");
    assert_eq!(project.read("broken.tf"), broken);
    assert_eq!(project.read("main.tf"), FORMATTED);
}

#[test]
fn other_languages_are_refused_with_the_way_out() {
    let project = Project::of(&[("x.yaml", "a:   1\n"), ("x.txt", ""), ("y.json", "")]);
    for (name, hint) in [
        ("x.yaml", "prov fmt -"),
        ("x.txt", "prov fmt -"),
        ("y.json", "JSON is left as it was"),
        ("missing.tf", "Check the path"),
    ] {
        let ran = project.prov(&format!("fmt -no-color {name}"));
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.stderr.contains(hint), "no {hint:?} in {ran}");
    }
    assert_eq!(project.prov("fmt").ok().stdout, "");
}

#[test]
fn permissions_and_links_stay() {
    let project = Project::of(&[("real.txt", MESSY), ("main.tf", MESSY)]);
    let path = |name: &str| project.path().join(name);
    fs::set_permissions(path("main.tf"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.txt", path("link.tf")).unwrap();
    project.prov("fmt").ok();
    assert_eq!(project.read("real.txt"), FORMATTED);
    assert!(path("link.tf").is_symlink());
    let mode = fs::metadata(path("main.tf")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let files = texts(project.path());
    assert_eq!(files.len(), 2, "something was left behind: {files:?}");
}

#[test]
fn a_file_that_may_not_be_written_stays() {
    let project = Project::of(&[("main.tf", MESSY)]);
    let path = project.path().join("main.tf");
    fs::set_permissions(path, fs::Permissions::from_mode(0o444)).unwrap();
    let ran = project.prov("fmt -no-color");
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stderr.contains("Could not write the file"), "{ran}");
    assert_eq!(project.read("main.tf"), MESSY);
}
