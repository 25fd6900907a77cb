//! `random_pet`.

use super::{KEEPERS, amount, count, dice::Dice, id, kind, prefix, random, text, with, words};
use crate::{
    model::{Object, Value},
    provider::hooks::Kind,
    schema::{Default, ResourceType, string},
};

/// The type with its hooks.
pub const PET: Kind = kind(&TABLE, make, None);

static TABLE: ResourceType = ResourceType {
    attributes: &[
        id("The name."),
        KEEPERS,
        count("length", "The number of words.")
            .default(Default::Int(2))
            .example("3"),
        prefix("A text before the name, with a separator after it."),
        string("separator", "What stands between the words.")
            .default(Default::String("-"))
            .replaces()
            .example("_"),
    ],
    ..random(
        "random_pet",
        "A name of random words that is easy to say, such as `calm-otter`. Names of two words meet soon: add words, or \
         take a `random_id`, where they must not.",
    )
};

/// Adverbs, an adjective, an animal: as many words as asked for, counted from the last.
fn make(desired: &Object) -> Result<Object, String> {
    let mut dice = Dice::System;
    let (length, separator) = (amount(desired, "length"), text(desired, "separator"));
    let mut name = Vec::with_capacity(length + 1);
    name.extend(Some(text(desired, "prefix")).filter(|prefix| !prefix.is_empty()));
    for left in (1..=length).rev() {
        let list = match left {
            1 => words::ANIMALS,
            2 => words::ADJECTIVES,
            _ => words::ADVERBS,
        };
        name.push(dice.one_of(list)?);
    }
    Ok(with(desired, [("id", Value::string(name.join(separator)))]))
}
