//! `random_shuffle`.

use super::{KEEPERS, MOST, dice::Dice, id, kind, number, random, seed, text, with};
use crate::{
    model::{Object, Value},
    provider::hooks::Kind,
    schema::{Check, ResourceType, int, strings},
};

/// The type with its hooks.
pub const SHUFFLE: Kind = kind(&TABLE, make, None);

static TABLE: ResourceType = ResourceType {
    attributes: &[
        id("Always `-`."),
        strings("input", "The texts to put in any order.")
            .required()
            .replaces()
            .example("cn-hangzhou-h"),
        KEEPERS,
        strings("result", "The texts in their order.").computed(),
        int(
            "result_count",
            "How many of them are wanted: all of them where it is unset or 0. Where it is more than there are, each comes \
             again only after all the others.",
        )
        .check(&[Check::Range(0, MOST)])
        .replaces()
        .example("2"),
        seed(
            "A text that chooses the order: the same for the same seed and texts, in every project. It is another order \
             than that of Terraform for this seed.",
        ),
    ],
    ..random(
        "random_shuffle",
        "A list of texts in a random order, or some of them, such as zones.",
    )
};

fn make(desired: &Object) -> Result<Object, String> {
    let input = desired
        .get("input")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let wanted = match number(desired, "result_count") {
        0 => input.len(),
        count => usize::try_from(count).unwrap_or_default(),
    };
    let mut dice = Dice::of(text(desired, "seed"));
    let mut result = Vec::with_capacity(wanted);
    while result.len() < wanted && !input.is_empty() {
        let mut round = input.to_vec();
        dice.shuffle(&mut round)?;
        round.truncate(wanted - result.len());
        result.extend(round);
    }
    Ok(with(
        desired,
        [("id", Value::string("-")), ("result", Value::list(result))],
    ))
}
