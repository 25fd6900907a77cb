//! Values of Terraform's language: with unknowns, sensitivity and exact numbers.
//!
//! Collections are shared (`Arc`), so that a clone costs nothing. Sensitivity is a wrapper around the
//! value it protects, at any depth; whoever looks inside goes through [`Value::unmarked`].

use std::{borrow::Cow, cmp::Ordering, fmt, sync::Arc};

use bigdecimal::{BigDecimal, ToPrimitive};

use super::{
    object::Object,
    types::{Field, Type},
};

/// A value of Terraform's language.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    /// `list(…)`: every element has one type.
    List(Arc<Vec<Self>>),
    /// `set(…)`: sorted by [`Value::order`], without duplicates. Build with [`Value::set`].
    Set(Arc<Vec<Self>>),
    /// What `[…]` makes: each element has its own type.
    Tuple(Arc<Vec<Self>>),
    /// `map(…)`: every element has one type.
    Map(Arc<Object>),
    /// What `{…}` makes: each attribute has its own type.
    Object(Arc<Object>),
    /// A value that is known only after apply.
    Unknown(Type),
    /// A value that must not be shown. Never nested in itself.
    Sensitive(Arc<Self>),
}

/// A number: an integer where it fits, else an exact decimal.
#[derive(Clone, Debug)]
pub enum Number {
    Int(i64),
    /// Normalized; never a value that `Int` can hold.
    Decimal(Arc<BigDecimal>),
}

impl Value {
    /// A value of which nothing is known.
    pub const UNKNOWN: Self = Self::Unknown(Type::Any);

    /// Returns a string value, in the normal form that all texts have.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        match normalized(&text) {
            Cow::Borrowed(_) => Self::String(text),
            Cow::Owned(text) => Self::String(text.into()),
        }
    }

    /// Returns an integer value.
    pub fn int(number: i64) -> Self {
        Self::Number(Number::Int(number))
    }

    /// Returns a list value.
    pub fn list(elements: Vec<Self>) -> Self {
        Self::List(Arc::new(elements))
    }

    /// Returns a tuple value.
    pub fn tuple(elements: Vec<Self>) -> Self {
        Self::Tuple(Arc::new(elements))
    }

    /// Returns a set value: sorted, duplicates dropped.
    pub fn set(mut elements: Vec<Self>) -> Self {
        elements.sort_by(Self::order);
        elements.dedup();
        Self::Set(Arc::new(elements))
    }

    /// Returns a map value.
    pub fn map(entries: Object) -> Self {
        Self::Map(Arc::new(entries))
    }

    /// Returns an object value.
    pub fn object(entries: Object) -> Self {
        Self::Object(Arc::new(entries))
    }

    /// Returns the value marked as sensitive.
    #[must_use]
    pub fn sensitive(self) -> Self {
        match self {
            Self::Sensitive(_) => self,
            other => Self::Sensitive(Arc::new(other)),
        }
    }

    /// Returns the value marked as sensitive if `sensitive`.
    #[must_use]
    pub fn marked(self, sensitive: bool) -> Self {
        if sensitive { self.sensitive() } else { self }
    }

    /// Returns the value under the outermost mark.
    pub fn unmarked(&self) -> &Self {
        match self {
            Self::Sensitive(inner) => inner,
            other => other,
        }
    }

    /// Whether the value itself (not something inside it) is sensitive.
    pub fn is_sensitive(&self) -> bool {
        matches!(self, Self::Sensitive(_))
    }

    /// Whether the value itself (not something inside it) is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self.unmarked(), Self::Unknown(_))
    }

    /// Whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self.unmarked(), Self::Null)
    }

    /// Whether nothing in the value is unknown, at any depth.
    pub fn is_wholly_known(&self) -> bool {
        !self.any(&|value| matches!(value, Self::Unknown(_)))
    }

    /// Whether something in the value is sensitive, at any depth.
    pub fn has_sensitive(&self) -> bool {
        self.any(&|value| matches!(value, Self::Sensitive(_)))
    }

    /// Whether more than `most` values are in it, itself included. Takes no longer than to count to `most`.
    pub fn holds_more_than(&self, most: usize) -> bool {
        self.count_to(most).is_none()
    }

    /// Returns how many values are in it, itself included, each as often as it is there; `None`: more than `most`.
    pub fn count_to(&self, most: usize) -> Option<usize> {
        fn left_of(value: &Value, left: usize) -> Option<usize> {
            let fewer = left.checked_sub(1)?;
            match value {
                Value::List(items) | Value::Set(items) | Value::Tuple(items) => items
                    .iter()
                    .try_fold(fewer, |fewer, item| left_of(item, fewer)),
                Value::Map(entries) | Value::Object(entries) => entries
                    .values()
                    .try_fold(fewer, |fewer, item| left_of(item, fewer)),
                Value::Sensitive(inner) => left_of(inner, fewer),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Unknown(_) => Some(fewer),
            }
        }
        left_of(self, most).map(|left| most - left)
    }

    /// Whether `test` holds for the value or for something inside it.
    fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        if test(self) {
            return true;
        }
        match self {
            Self::List(items) | Self::Set(items) | Self::Tuple(items) => {
                items.iter().any(|item| item.any(test))
            }
            Self::Map(entries) | Self::Object(entries) => {
                entries.values().any(|item| item.any(test))
            }
            Self::Sensitive(inner) => inner.any(test),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Unknown(_) => {
                false
            }
        }
    }

    /// Returns the value with every mark at every depth taken off.
    #[must_use]
    pub fn unmarked_deep(&self) -> Self {
        if !self.has_sensitive() {
            return self.clone();
        }
        let all =
            |items: &[Self]| Arc::new(items.iter().map(Self::unmarked_deep).collect::<Vec<_>>());
        let each = |entries: &Object| {
            Arc::new(
                entries
                    .iter()
                    .map(|(k, v)| (k.clone(), v.unmarked_deep()))
                    .collect::<Object>(),
            )
        };
        match self {
            Self::List(items) => Self::List(all(items)),
            Self::Set(items) => Self::set(items.iter().map(Self::unmarked_deep).collect()),
            Self::Tuple(items) => Self::Tuple(all(items)),
            Self::Map(entries) => Self::Map(each(entries)),
            Self::Object(entries) => Self::Object(each(entries)),
            Self::Sensitive(inner) => inner.unmarked_deep(),
            other => other.clone(),
        }
    }

    /// Returns the text of a known string, through a mark.
    pub fn as_str(&self) -> Option<&str> {
        match self.unmarked() {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a known boolean, through a mark.
    pub fn as_bool(&self) -> Option<bool> {
        match self.unmarked() {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns a known integer, through a mark.
    pub fn as_int(&self) -> Option<i64> {
        match self.unmarked() {
            Self::Number(Number::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// Returns the elements of a known list, set or tuple, through a mark.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self.unmarked() {
            Self::List(items) | Self::Set(items) | Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the entries of a known map or object, through a mark.
    pub fn as_object(&self) -> Option<&Object> {
        match self.unmarked() {
            Self::Map(entries) | Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the value's type; a collection's element type is that of its first known element.
    pub fn type_of(&self) -> Type {
        let first = |items: &[Self]| {
            let ty = items.iter().map(Self::type_of).find(|ty| *ty != Type::Any);
            Arc::new(ty.unwrap_or_default())
        };
        match self {
            Self::Null => Type::Any,
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::List(items) => Type::List(first(items)),
            Self::Set(items) => Type::Set(first(items)),
            Self::Tuple(items) => Type::Tuple(items.iter().map(Self::type_of).collect()),
            Self::Map(entries) => {
                let ty = entries
                    .values()
                    .map(Self::type_of)
                    .find(|ty| *ty != Type::Any);
                Type::map(ty.unwrap_or_default())
            }
            Self::Object(entries) => Type::Object(
                entries
                    .iter()
                    .map(|(name, value)| Field {
                        name: name.clone(),
                        ty: value.type_of(),
                        optional: false,
                        default: None,
                    })
                    .collect(),
            ),
            Self::Unknown(ty) => ty.clone(),
            Self::Sensitive(inner) => inner.type_of(),
        }
    }

    /// Orders values for sets and output: by kind, then by content; strings by bytes.
    pub fn order(&self, other: &Self) -> Ordering {
        let all = |a: &[Self], b: &[Self]| {
            a.iter()
                .zip(b)
                .map(|(x, y)| x.order(y))
                .find(|o| o.is_ne())
                .unwrap_or(a.len().cmp(&b.len()))
        };
        match (self.unmarked(), other.unmarked()) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (
                Self::List(a) | Self::Set(a) | Self::Tuple(a),
                Self::List(b) | Self::Set(b) | Self::Tuple(b),
            ) => all(a, b),
            (Self::Map(a) | Self::Object(a), Self::Map(b) | Self::Object(b)) => a
                .iter()
                .zip(b.iter())
                .map(|((ka, va), (kb, vb))| ka.cmp(kb).then_with(|| va.order(vb)))
                .find(|o| o.is_ne())
                .unwrap_or(a.len().cmp(&b.len())),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 1,
            Self::Number(_) => 2,
            Self::String(_) => 3,
            Self::List(_) | Self::Set(_) | Self::Tuple(_) => 4,
            Self::Map(_) | Self::Object(_) => 5,
            Self::Null => 6,
            Self::Unknown(_) => 7,
            Self::Sensitive(inner) => inner.rank(),
        }
    }

    /// Returns the value as JSON. Marks are dropped and unknowns become null: callers that show or
    /// store it redact first.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Null | Self::Unknown(_) => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(number) => number.to_json(),
            Self::String(text) => Json::String(text.to_string()),
            Self::List(items) | Self::Set(items) | Self::Tuple(items) => {
                Json::Array(items.iter().map(Self::to_json).collect())
            }
            Self::Map(entries) | Self::Object(entries) => Json::Object(
                entries
                    .iter()
                    .map(|(k, v)| (k.to_string(), v.to_json()))
                    .collect(),
            ),
            Self::Sensitive(inner) => inner.to_json(),
        }
    }

    /// Reads JSON: arrays become tuples and objects become objects.
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(Number::from_json(number)),
            Json::String(text) => Self::string(text.as_str()),
            Json::Array(items) => Self::tuple(items.iter().map(Self::from_json).collect()),
            Json::Object(entries) => Self::object(
                entries
                    .iter()
                    .map(|(name, value)| (name.as_str(), Self::from_json(value)))
                    .collect(),
            ),
        }
    }
}

/// Returns a text in Unicode's normal form C, as Terraform keeps all of them: letters with their accents.
pub fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

impl Number {
    /// Returns the number that `decimal` is, as an integer where it fits.
    pub fn from_decimal(decimal: &BigDecimal) -> Self {
        let decimal = decimal.normalized();
        if decimal.is_integer()
            && let Some(int) = decimal.to_i64()
        {
            return Self::Int(int);
        }
        Self::Decimal(Arc::new(decimal))
    }

    /// Reads a number as written in a manifest or in JSON; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(int) = text.parse::<i64>() {
            return Some(Self::Int(int));
        }
        // Reading digits takes time quadratic in their number.
        if text.len() > 4096 {
            return None;
        }
        let exponent = text
            .rsplit_once(['e', 'E'])
            .and_then(|(_, e)| e.parse::<i64>().ok());
        // An exponent is text of a few bytes and a number of as many digits as it says.
        if exponent.is_some_and(|e| e.unsigned_abs() > 4096) {
            return None;
        }
        text.parse::<BigDecimal>()
            .ok()
            .map(|decimal| Self::from_decimal(&super::binary::settled(decimal)))
    }

    fn from_json(number: &serde_json::Number) -> Self {
        number.as_i64().map_or_else(
            || Self::parse(&number.to_string()).unwrap_or(Self::Int(0)),
            Self::Int,
        )
    }

    /// Returns the JSON number; digits beyond a double's are lost there, as in Terraform's own JSON readers.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Int(int) => (*int).into(),
            Self::Decimal(decimal) => decimal
                .to_u64()
                .filter(|_| decimal.is_integer())
                .map(Into::into)
                .or_else(|| serde_json::from_str(&decimal.to_string()).ok())
                .unwrap_or(serde_json::Value::Null),
        }
    }

    /// Returns the exact decimal.
    pub fn to_decimal(&self) -> BigDecimal {
        match self {
            Self::Int(int) => BigDecimal::from(*int),
            Self::Decimal(decimal) => (**decimal).clone(),
        }
    }

    /// Returns the nearest double.
    pub fn to_f64(&self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest double is what is asked for"
            )]
            Self::Int(int) => *int as f64,
            Self::Decimal(decimal) => decimal.to_f64().unwrap_or(f64::NAN),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (a, b) => a.to_decimal().cmp(&b.to_decimal()),
        }
    }
}

impl fmt::Display for Number {
    /// Prints without an exponent, as Terraform converts numbers to strings.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => write!(out, "{int}"),
            Self::Decimal(decimal) => out.write_str(&decimal.to_plain_string()),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}
