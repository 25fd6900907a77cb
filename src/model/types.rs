//! Terraform's types, as type constraints and as the types of unknown values.

use std::{fmt, sync::Arc};

use super::value::Value;

/// A type constraint of Terraform's language.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Type {
    /// Any type: nothing is known (`any`).
    #[default]
    Any,
    Bool,
    Number,
    String,
    List(Arc<Self>),
    Set(Arc<Self>),
    Map(Arc<Self>),
    Tuple(Arc<[Self]>),
    /// Fields sorted by name.
    Object(Arc<[Field]>),
}

/// One attribute of an object type.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: Arc<str>,
    pub ty: Type,
    /// Whether `optional(…)` was written around the type.
    pub optional: bool,
    /// The second argument of `optional(…)`.
    pub default: Option<Value>,
}

impl Type {
    /// Returns `list(element)`.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// Returns `set(element)`.
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// Returns `map(element)`.
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// Returns the type's JSON form as Terraform's state and plan spell it: `"string"`, `["list","string"]`, ….
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::{Value as Json, json};
        match self {
            Self::Any => json!("dynamic"),
            Self::Bool => json!("bool"),
            Self::Number => json!("number"),
            Self::String => json!("string"),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Tuple(elements) => {
                json!([
                    "tuple",
                    elements.iter().map(Self::to_json).collect::<Vec<_>>()
                ])
            }
            Self::Object(fields) => {
                let fields: serde_json::Map<String, Json> = fields
                    .iter()
                    .map(|field| (field.name.to_string(), field.ty.to_json()))
                    .collect();
                json!(["object", fields])
            }
        }
    }

    /// Reads the JSON form; `None` when it is not one.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        match json {
            Json::String(name) => Some(match name.as_str() {
                "dynamic" => Self::Any,
                "bool" => Self::Bool,
                "number" => Self::Number,
                "string" => Self::String,
                _ => return None,
            }),
            Json::Array(parts) => match (parts.first()?.as_str()?, parts.get(1)?) {
                ("list", element) => Some(Self::list(Self::from_json(element)?)),
                ("set", element) => Some(Self::set(Self::from_json(element)?)),
                ("map", element) => Some(Self::map(Self::from_json(element)?)),
                ("tuple", Json::Array(elements)) => Some(Self::Tuple(
                    elements
                        .iter()
                        .map(Self::from_json)
                        .collect::<Option<_>>()?,
                )),
                ("object", Json::Object(fields)) => {
                    let field = |(name, ty): (&String, &Json)| {
                        Some(Field {
                            name: name.as_str().into(),
                            ty: Self::from_json(ty)?,
                            optional: false,
                            default: None,
                        })
                    };
                    Some(Self::Object(
                        fields.iter().map(field).collect::<Option<_>>()?,
                    ))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    /// Prints the type as one writes it in a variable block.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => out.write_str("any"),
            Self::Bool => out.write_str("bool"),
            Self::Number => out.write_str("number"),
            Self::String => out.write_str("string"),
            Self::List(element) => write!(out, "list({element})"),
            Self::Set(element) => write!(out, "set({element})"),
            Self::Map(element) => write!(out, "map({element})"),
            Self::Tuple(elements) => {
                out.write_str("tuple([")?;
                for (at, element) in elements.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(out, "{comma}{element}")?;
                }
                out.write_str("])")
            }
            Self::Object(fields) => {
                out.write_str("object({")?;
                for (at, field) in fields.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    if field.optional {
                        write!(out, "{comma}{} = optional({})", field.name, field.ty)?;
                    } else {
                        write!(out, "{comma}{} = {}", field.name, field.ty)?;
                    }
                }
                out.write_str("})")
            }
        }
    }
}
