//! The builtin `terraform_data`.

use super::{LIFE, Life, lead, replace, update};

pub(super) const LIVES: &[Life] = &[Life {
    kind: "terraform_data",
    base: &[("input", "{ a = 1 }"), ("triggers_replace", "[1]")],
    steps: &[
        update(&[("input", "{ a = 2, b = [true, null] }")], &[]),
        update(&[("input", "")], &[]),
        update(&[("input", "\"text\"")], &[]),
        replace(&[("triggers_replace", "[2]")]),
        replace(&[("triggers_replace", "")]),
        replace(&[("triggers_replace", "{ a = 1 }"), ("input", "\"other\"")]),
    ],
    ..LIFE
}];

#[test]
fn terraform_data() {
    LIVES.iter().for_each(lead);
}
