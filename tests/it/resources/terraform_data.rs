//! The builtin `terraform_data`.

use super::{Life, lead, nothing, replace, update};

pub(super) const LIVES: &[Life] = &[Life {
    kind: "terraform_data",
    prepare: nothing,
    around: &[],
    base: &[("input", "{ a = 1 }"), ("triggers_replace", "[1]")],
    born: &[],
    steps: &[
        update(&[("input", "{ a = 2, b = [true, null] }")], &[]),
        update(&[("input", "")], &[]),
        update(&[("input", "\"text\"")], &[]),
        replace(&[("triggers_replace", "[2]")]),
        replace(&[("triggers_replace", "")]),
        replace(&[("triggers_replace", "{ a = 1 }"), ("input", "\"other\"")]),
    ],
    untold: &[],
    lose: |_, _| {},
    last: &[],
}];

#[test]
fn terraform_data() {
    LIVES.iter().for_each(lead);
}
