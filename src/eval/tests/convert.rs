//! Conversions to type constraints.

use proptest::prelude::*;

use super::{eval, show};
use crate::{
    eval::convert,
    model::{Object, Type, Value, types::Field},
};

fn field(name: &str, ty: Type) -> Field {
    Field {
        name: name.into(),
        ty,
        optional: false,
        default: None,
    }
}

fn optional(name: &str, ty: Type, default: Option<Value>) -> Field {
    Field {
        optional: true,
        default,
        ..field(name, ty)
    }
}

fn converted(text: &str, ty: &Type) -> Result<String, String> {
    convert(&eval(text).unwrap(), ty).map(|value| show(&value))
}

#[test]
fn values_convert() {
    let strings = Type::list(Type::String);
    assert_eq!(
        converted("[1, true]", &strings).unwrap(),
        r#"tolist(["1", "true"])"#
    );
    assert_eq!(
        converted("[1, null]", &strings).unwrap(),
        r#"tolist(["1", null])"#
    );
    assert_eq!(
        converted("[var.s]", &strings).unwrap(),
        r#"tolist([sensitive "sec"])"#
    );
    assert_eq!(
        converted("vpc.new.id", &Type::Number).unwrap(),
        "unknown number"
    );
    assert_eq!(
        converted("var.sn", &Type::String).unwrap(),
        "sensitive \"2\""
    );
    assert_eq!(
        converted("{a=1}", &Type::map(Type::String)).unwrap(),
        r#"tomap({a = "1"})"#
    );
    assert_eq!(
        converted("[[1], []]", &Type::list(Type::Any)).unwrap(),
        "tolist([tolist([1]), tolist([])])"
    );
    assert_eq!(converted("\"0\"", &Type::Bool).unwrap(), "false");
}

#[test]
fn optional_attributes_have_defaults() {
    let inner = Type::Object([optional("n", Type::Number, Some(Value::int(1)))].into());
    let empty = Value::object(Object::new());
    let ty = Type::Object(
        [
            field("a", Type::Number),
            optional("b", Type::String, Some("x".into())),
            optional("c", Type::String, None),
            optional("d", inner, Some(empty)),
        ]
        .into(),
    );
    assert_eq!(
        converted("{a=\"2\", b=null, extra=1}", &ty).unwrap(),
        r#"{a = 2, b = "x", c = null, d = {n = 1}}"#
    );
    assert_eq!(
        converted("{b=1}", &ty).unwrap_err(),
        "attribute \"a\" is required"
    );
    assert_eq!(
        converted("{a=\"x\"}", &ty).unwrap_err(),
        "attribute \"a\": a number is required"
    );
    assert_eq!(converted("[]", &ty).unwrap_err(), "object required");
    assert_eq!(
        converted("[{a=[]}]", &Type::list(ty)).unwrap_err(),
        "element 0: attribute \"a\": number required"
    );
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9.]{0,6}".prop_map(Value::from),
        Just(Value::UNKNOWN),
        Just(Value::string("s").sensitive()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::tuple),
            prop::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|entries| Value::object(entries.into_iter().collect())),
        ]
    })
}

fn any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Any),
        Just(Type::Bool),
        Just(Type::Number),
        Just(Type::String)
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            inner.prop_map(|ty| Type::Object([optional("a", ty, None)].into())),
        ]
    })
}

proptest! {
    #[test]
    fn converting_twice_changes_nothing(value in any_value(), ty in any_type()) {
        if let Ok(once) = convert(&value, &ty) {
            prop_assert_eq!(convert(&once, &ty).map(|twice| show(&twice)), Ok(show(&once)));
        }
    }

    #[test]
    fn marks_survive(value in any_value(), ty in any_type()) {
        let whole = value.sensitive();
        if let Ok(converted) = convert(&whole, &ty) {
            prop_assert!(converted.is_sensitive());
        }
    }

    #[test]
    fn no_text_panics(text in "[ -~]{0,40}") {
        if let Ok(parsed) = hcl_edit::parser::parse_expr(&text) {
            drop(parsed);
            let _ = eval(&text);
        }
    }

    #[test]
    fn no_call_panics(at in any::<prop::sample::Index>(), args in prop::collection::vec(any_value(), 0..4)) {
        let function = crate::eval::functions()[at.index(crate::eval::functions().len())];
        let arg = |value: &Value| crate::manifest::ast::Expr {
            kind: crate::manifest::ast::ExprKind::Literal(value.clone()),
            ..super::parse::expression("1")
        };
        let mut call = super::parse::expression(&format!("{}(1)", function.name));
        if let crate::manifest::ast::ExprKind::Call { args: given, .. } = &mut call.kind {
            *given = args.iter().map(arg).collect();
        }
        let _ = crate::eval::evaluate(&call, &super::World);
    }
}
