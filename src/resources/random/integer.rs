//! `random_integer`.

use super::{KEEPERS, dice::Dice, id, kind, number, random, seed, text, with};
use crate::{
    model::{Object, Value},
    provider::hooks::Kind,
    schema::{Problem, ResourceType, Rule, int},
};

/// The type with its hooks.
pub const INTEGER: Kind = kind(&TABLE, make, Some(import));

static TABLE: ResourceType = ResourceType {
    attributes: &[
        id("The number as text."),
        KEEPERS,
        int("max", "The largest number that it can be.")
            .required()
            .replaces()
            .example("50000"),
        int("min", "The smallest number that it can be.")
            .required()
            .replaces()
            .example("1"),
        int("result", "The number.").computed(),
        seed(
            "A text that chooses the number: the same for the same seed and range, in every project. It is another \
             number than that of Terraform for this seed.",
        ),
    ],
    rules: &[Rule::Custom(in_order)],
    import: "`RESULT,MIN,MAX` or `RESULT,MIN,MAX,SEED`, in numbers",
    ..random(
        "random_integer",
        "A random whole number of a range, such as a port.",
    )
};

fn in_order(arguments: &Object) -> Vec<Problem> {
    let of = |name: &str| arguments.get(name).and_then(Value::as_int);
    let (Some(min), Some(max)) = (of("min"), of("max")) else {
        return Vec::new();
    };
    if min <= max {
        return Vec::new();
    }
    vec![Problem::new(
        "max",
        "Empty range",
        format!("\"max\" is {max}, which is below \"min\", {min}."),
        "Raise \"max\", or lower \"min\".",
    )]
}

fn make(desired: &Object) -> Result<Object, String> {
    let (min, max) = (number(desired, "min"), number(desired, "max"));
    // 0 where all numbers of 64 bits are in the range.
    let count = max.wrapping_sub(min).cast_unsigned().wrapping_add(1);
    let above = Dice::of(text(desired, "seed")).below(count)?;
    let result = min.wrapping_add(above.cast_signed());
    Ok(with(
        desired,
        [
            ("id", Value::string(result.to_string())),
            ("result", Value::int(result)),
        ],
    ))
}

fn import(id: &str) -> Result<Object, String> {
    let wrong = || format!("\"{id}\" is not RESULT,MIN,MAX or RESULT,MIN,MAX,SEED in numbers.");
    let parts: Vec<&str> = id.splitn(4, ',').collect();
    let (&[result, min, max], seed) = parts.split_first_chunk().ok_or_else(wrong)?;
    let whole = |text: &str| text.parse::<i64>().map(Value::int).map_err(|_| wrong());
    let seed = seed.first().filter(|seed| !seed.is_empty());
    Ok(Object::from_iter([
        ("id", Value::string(result)),
        ("keepers", Value::Null),
        ("max", whole(max)?),
        ("min", whole(min)?),
        ("result", whole(result)?),
        (
            "seed",
            seed.map_or(Value::Null, |seed| Value::string(*seed)),
        ),
    ]))
}
