//! Which of all that exists is wanted: by VPC, by tags, by type.

use super::Existing;
use crate::{
    cli::references::Index,
    model::{Object, Value},
    schema::{Presence, ResourceType},
};

/// What is wanted of all that exists.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only what is in this VPC, and the VPC itself.
    pub vpc: Option<String>,
    /// Only what has all of these tags, and what is part of it.
    pub tags: Vec<(String, String)>,
    /// Only these types; all of them when there are none.
    pub types: Vec<&'static ResourceType>,
}

impl Choice {
    /// Whether objects of the type with this canonical name are wanted.
    pub fn wants(&self, canonical: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|ty| ty.canonical() == canonical)
    }
}

/// Keeps what is wanted.
pub fn choose(mut existing: Vec<Existing>, choice: &Choice) -> Vec<Existing> {
    let names = Names::new(&existing);
    let inside = choice.vpc.as_deref();
    let inside = inside.map(|vpc| inside_of(vpc, &existing, &names));
    let kept: Vec<bool> = (0..existing.len())
        .map(|place| {
            choice.wants(existing[place].ty.canonical())
                && inside.as_ref().is_none_or(|inside| inside[place])
                && (choice.tags.is_empty() || has(place, &choice.tags, &existing, &names, DEEP))
        })
        .collect();
    let mut kept = kept.into_iter();
    existing.retain(|_| kept.next() == Some(true));
    existing
}

/// What each object names.
pub struct Names(Vec<Vec<Named>>);

struct Named {
    place: usize,
    /// Whether the object cannot be without it.
    required: bool,
}

impl Names {
    /// Looks for what each object names among all of them.
    pub fn new(existing: &[Existing]) -> Self {
        let index = Index::new(existing.iter().map(|one| (one.ty, &*one.object)));
        let of = |(own, one): (usize, &Existing)| {
            let mut named = Vec::new();
            for attribute in one.ty.attributes {
                let Some(value) = one.object.get(attribute.name) else {
                    continue;
                };
                let required = attribute.presence == Presence::Required
                    && (attribute.name.ends_with("_id") || attribute.name.ends_with("_ids"));
                let places = index.named(attribute, value).map(|(place, _)| place);
                let others = places.filter(|place| *place != own);
                named.extend(others.map(|place| Named { place, required }));
            }
            named
        };
        Self(existing.iter().enumerate().map(of).collect())
    }

    /// The objects that this one cannot be without.
    pub fn required(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        let named = self.0[place].iter();
        named.filter(|it| it.required).map(|it| it.place)
    }
}

/// Types that are places to be in.
const PLACES: &[&str] = &[
    "alicloud_vpc",
    "alicloud_vswitch",
    "alicloud_security_group",
];

/// Returns which objects are in a VPC: what says so itself; what cannot be without, or is placed by, something that
/// is in it; and what is attached to something that is.
fn inside_of(vpc: &str, existing: &[Existing], names: &Names) -> Vec<bool> {
    let mut inside: Vec<Option<bool>> = existing.iter().map(|one| says(one, vpc)).collect();
    loop {
        let before = inside.clone();
        for (place, one) in existing.iter().enumerate() {
            let is_place = |at: usize| PLACES.contains(&existing[at].ty.canonical());
            let mut named = names.0[place].iter();
            if inside[place].is_none()
                && named
                    .any(|it| (it.required || is_place(it.place)) && inside[it.place] == Some(true))
            {
                inside[place] = Some(true);
            }
            if inside[place] == Some(true) && is_joint(one.ty) {
                for end in names.required(place) {
                    inside[end].get_or_insert(true);
                }
            }
        }
        if inside == before {
            return inside.into_iter().map(|it| it == Some(true)).collect();
        }
    }
}

/// What an object says of its VPC by itself, if anything.
fn says(one: &Existing, vpc: &str) -> Option<bool> {
    if one.ty.canonical() == "alicloud_vpc" {
        return Some(one.id == vpc);
    }
    let own = one.object.get("vpc_id").and_then(Value::as_str);
    own.filter(|own| !own.is_empty()).map(|own| own == vpc)
}

/// Whether objects of a type do nothing but tie two others together.
fn is_joint(ty: &ResourceType) -> bool {
    ["_attachment", "_association"]
        .iter()
        .any(|end| ty.name.ends_with(end))
}

/// How far parts of parts are followed.
const DEEP: u32 = 4;

/// Whether an object has all tags; a type without tags goes with all that it is part of.
fn has(
    place: usize,
    tags: &[(String, String)],
    existing: &[Existing],
    names: &Names,
    deep: u32,
) -> bool {
    let one = &existing[place];
    let attribute = ["template_tags", "tags"].into_iter().find(|name| {
        let mut attributes = one.ty.attributes.iter();
        attributes.any(|attribute| attribute.name == *name)
    });
    if let Some(attribute) = attribute {
        let own = one.object.get(attribute).and_then(Value::as_object);
        let own = |key: &str| own.and_then(|tags: &Object| tags.get(key)?.as_str());
        return tags.iter().all(|(key, value)| own(key) == Some(value));
    }
    let mut wholes = names.required(place).peekable();
    deep > 0
        && wholes.peek().is_some()
        && wholes.all(|whole| has(whole, tags, existing, names, deep - 1))
}
