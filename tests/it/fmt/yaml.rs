//! `prov fmt` gives YAML one form and keeps its comments.

use super::piped;
use crate::support::project::Project;

const MESSY: &str = "# top\nlocals:     # of locals\n    a:   1\n    b: [x,   'y',  {z: 1}]   # of b\n\n\n\n    # before c\n    c:\n    - ${var.x}\n    # between\n    -   d:  |\n           text   \n             more\n        e: &anchor\n           f: \"no\"\n        g: *anchor\n        # at the end\n# last\n";
const FORMATTED: &str = "# top\nlocals: # of locals\n  a: 1\n  b: [x, \"y\", { z: 1 }] # of b\n\n  # before c\n  c:\n    - ${var.x}\n    # between\n    - d: |\n        text   \n          more\n      e: &anchor\n        f: \"no\"\n      g: *anchor\n      # at the end\n# last\n";

#[test]
fn it_is_formatted_with_the_options_that_hcl_has() {
    let project = Project::of(&[("main.prov.yaml", MESSY), ("a.prov.yml", "b: 1\n")]);
    let checked = project.prov("fmt -check -diff");
    assert_eq!(checked.code, 3);
    let diff = "main.prov.yaml\n--- old/main.prov.yaml\n+++ new/main.prov.yaml\n";
    assert!(checked.stdout.starts_with(diff), "{checked}");
    assert_eq!(project.read("main.prov.yaml"), MESSY);
    assert_eq!(project.prov("fmt").ok().stdout, "main.prov.yaml\n");
    assert_eq!(project.read("main.prov.yaml"), FORMATTED);
    assert_eq!(project.prov("fmt -check").ok().stdout, "");
}

#[test]
fn standard_input_is_known_by_its_text() {
    let (code, out, _) = piped(&Project::new(), &["-"], MESSY);
    assert_eq!((code, &*out), (0, FORMATTED));
}

#[test]
fn what_cannot_be_read_stays() {
    let broken = "locals:\n  a: [1,\n";
    let project = Project::of(&[("main.prov.yaml", broken)]);
    let ran = project.prov("fmt -no-color");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("on main.prov.yaml line 2"), "{ran}");
    assert_eq!(project.read("main.prov.yaml"), broken);
}

#[test]
fn lines_end_as_they_did() {
    let (code, out, _) = piped(&Project::new(), &["-"], "a:\r\n    b:   1\r\n");
    assert_eq!((code, &*out), (0, "a:\r\n  b: 1\r\n"));
}
