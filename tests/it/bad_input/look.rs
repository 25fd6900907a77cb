//! How errors look: colours, wide letters, tabs, line ends.

use super::Case;

const BAD: &str = "resource \"terraform_data\" \"a\" {\n  inputt = 1\n}\n";

#[test]
fn colours_when_they_are_forced() {
    Case::hcl(BAD)
        .with("CLICOLOR_FORCE", "1")
        .refused("look_color");
}

#[test]
fn no_colours_otherwise() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let ran = Case::hcl(BAD)
            .with("CLICOLOR_FORCE", "1")
            .with(name, value)
            .run();
        assert_eq!(ran.code, 1);
        assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    }
    let ran = Case::hcl(BAD)
        .with("CLICOLOR_FORCE", "1")
        .runs("plan -no-color")
        .run();
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

#[test]
fn markers_stand_below_wide_letters() {
    Case::hcl("output \"a\" {\n  value = [\"云服务器\", \"e\u{301}\", var.x]\n}\n")
        .refused("look_wide");
}

#[test]
fn markers_stand_below_text_after_tabs() {
    Case::hcl("output \"a\" {\n\tvalue = 1 +\tvar.x\n}\n").refused("look_tabs");
}

#[test]
fn line_ends_of_windows() {
    let unix = Case::hcl(BAD).run();
    let windows = Case::hcl(BAD.replace('\n', "\r\n")).run();
    assert_eq!(unix.stderr, windows.stderr);
    let yaml = "resource:\n  terraform_data:\n    a:\n      inputt: 1\n";
    let unix = Case::yaml(yaml).run();
    let windows = Case::yaml(yaml.replace('\n', "\r\n")).run();
    assert_eq!(unix.stderr, windows.stderr);
}

#[test]
fn a_byte_order_mark() {
    let plain = Case::hcl(BAD).run();
    let marked = Case::hcl(format!("\u{feff}{BAD}")).run();
    assert_eq!(plain.stderr, marked.stderr);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let ran = Case::hcl("output \"a\" {\n  value = \u{1b}[31mred\n}\n").refused("look_control");
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}
