use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    backend::Base,
    model::{
        Address, Number, Object, Type, Value,
        state::{Extra, History, State, Status},
    },
};

const HEAD: &str =
    r#""version":4,"terraform_version":"1.11.4","serial":7,"lineage":"L","outputs":{}"#;

fn of(kind: &str, attributes: Object) -> State {
    let mut state = State {
        lineage: "L".into(),
        serial: 7,
        ..State::default()
    };
    let address = Address::parse(&format!("{kind}.a")).unwrap();
    state
        .instance_mut(&address, &"provider[\"x\"]".into())
        .current = Some(Stored {
        attributes: attributes.into(),
        ..Stored::default()
    });
    state
}

fn round(state: &State) -> State {
    read(&to_bytes(state))
        .unwrap_or_else(|error| panic!("{error}:\n{}", String::from_utf8_lossy(&to_bytes(state))))
}

fn refused(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

/// Values as they come back without a type: no lists, sets and maps, nothing unknown.
fn untyped(typed: bool) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?[0-9]{1,30}\\.[0-9]{1,30}".prop_map(|text| Value::Number(Number::parse(&text).unwrap())),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        let entries = || {
            prop::collection::vec((any::<String>(), inner.clone()), 0..5)
                .prop_map(|entries| entries.into_iter().collect::<Object>())
        };
        let strings = prop::collection::vec(any::<String>().prop_map(Value::from), 0..5);
        let mut kinds = vec![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(Value::tuple)
                .boxed(),
            entries().prop_map(Value::object).boxed(),
        ];
        if typed {
            kinds.push(strings.clone().prop_map(Value::list).boxed());
            kinds.push(strings.clone().prop_map(Value::set).boxed());
            kinds.push(
                prop::collection::vec((any::<String>(), any::<i64>().prop_map(Value::from)), 0..4)
                    .prop_map(|entries| Value::map(entries.into_iter().collect()))
                    .boxed(),
            );
            // Objects of one type of which one has a null.
            kinds.push(
                strings
                    .prop_map(|items| {
                        let object = |value| Value::object([("a", value)].into_iter().collect());
                        let mut items: Vec<Value> = items.into_iter().map(object).collect();
                        items.insert(0, object(Value::Null));
                        Value::list(items)
                    })
                    .boxed(),
            );
        }
        prop::strategy::Union::new(kinds)
    })
}

proptest! {
    #[test]
    fn values_come_back(value in untyped(false)) {
        let state = of("x", [("v", value)].into_iter().collect());
        prop_assert_eq!(round(&state), state);
    }

    #[test]
    fn values_of_dynamic_type_come_back_with_their_type(value in untyped(true)) {
        let state = of("terraform_data", [("input", value)].into_iter().collect());
        prop_assert_eq!(round(&state), state);
    }

    #[test]
    fn marks_come_back(value in untyped(true), name in any::<String>()) {
        let secret = Value::string("s").sensitive();
        let map = Value::map([(name.as_str(), secret.clone())].into_iter().collect());
        let attributes = [
            ("id", secret.clone()),
            ("input", Value::tuple(vec![value.clone(), secret.clone(), map.clone()])),
            ("output", value.sensitive()),
            ("tags", map),
        ];
        let state = of("terraform_data", attributes.into_iter().collect());
        let back = round(&state);
        prop_assert_eq!(&back, &state);
        prop_assert_eq!(to_bytes(&back), to_bytes(&state));
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>(), cut in 0..400_usize) {
        let _ = read(text.as_bytes());
        let whole = to_bytes(&of("terraform_data", [("input", Value::from(text))].into_iter().collect()));
        let _ = read(&whole[..cut.min(whole.len())]);
    }
}

#[test]
fn everything_a_state_has_comes_back() {
    let mut state = of(
        "alicloud_vpc",
        [("id", Value::from("vpc-1"))].into_iter().collect(),
    );
    let provider = "provider[\"registry.terraform.io/aliyun/alicloud\"].b".into();
    for (at, key) in ["a[0]", "a[1]", "b[\"x.y\\\"z\"]", "c"]
        .into_iter()
        .enumerate()
    {
        let address = Address::parse(&format!("alicloud_instance.{key}")).unwrap();
        let stored = Stored {
            status: [
                Status::Ready,
                Status::Tainted,
                Status::Unsettled,
                Status::Ready,
            ][at],
            schema_version: at as u64,
            attributes: Object::from_iter([("id", Value::from(key))]).into(),
            private: (at == 0).then(|| "eyJhIjoxfQ==".into()),
            dependencies: [Address::parse("data.alicloud_zones.z").unwrap().resource].into(),
            create_before_destroy: at == 1,
        };
        let instance = state.instance_mut(&address, &provider);
        instance.deposed.insert("00c0ffee".into(), stored.clone());
        instance.current = (at < 3).then_some(stored);
    }
    state.outputs = BTreeMap::from([
        (
            "list".to_owned(),
            Output {
                value: Value::list(vec![]),
                ty: Type::list(Type::String),
                sensitive: false,
            },
        ),
        (
            "secret".to_owned(),
            Output {
                value: Value::from("x"),
                ty: Type::String,
                sensitive: true,
            },
        ),
    ]);
    state.extra = Extra {
        digest_key: "00ff".into(),
        history: BTreeMap::from([(
            "alicloud_vpc.gone".to_owned(),
            History {
                predecessor: "vpc-0".into(),
                attempt: 2,
            },
        )]),
        triggered: ["alicloud_vpc.a".to_owned()].into(),
        open: vec![serde_json::json!({"address": "alicloud_vpc.b"})],
    };
    assert_eq!(round(&state), state);
    assert_eq!(round(&State::default()), State::default());
}

#[test]
fn one_instance_is_one_line() {
    let mut state = of(
        "terraform_data",
        [("input", Value::from(1))].into_iter().collect(),
    );
    state.extra.digest_key = "ab".into();
    assert_eq!(
        String::from_utf8(to_bytes(&state)).unwrap(),
        r#"{
  "version": 4,
  "terraform_version": "1.11.4",
  "serial": 7,
  "lineage": "L",
  "outputs": {},
  "resources": [
    {"mode":"managed","type":"terraform_data","name":"a","provider":"provider[\"x\"]","instances":[
      {"schema_version":0,"attributes":{"input":{"value":1,"type":"number"}},"sensitive_attributes":[]}
    ]}
  ],
  "check_results": null,
  "prov": {
    "format": 1,
    "digest_key": "ab",
    "history": {}
  }
}
"#
    );
}

#[test]
fn numbers_keep_all_their_digits() {
    let text = "0.333333333333333333333333333333333333333333333333333333333333333333333333333";
    let state = of(
        "x",
        [("n", Value::Number(Number::parse(text).unwrap()))]
            .into_iter()
            .collect(),
    );
    assert!(String::from_utf8(to_bytes(&state)).unwrap().contains(text));
}

#[test]
fn an_unsettled_object_is_a_plain_one_to_terraform() {
    let mut state = of("x", Object::new());
    let address = Address::parse("x.a").unwrap();
    let set = |state: &mut State, status| {
        state
            .instance_mut(&address, &"p".into())
            .current
            .as_mut()
            .unwrap()
            .status = status;
    };
    set(&mut state, Status::Unsettled);
    let text = String::from_utf8(to_bytes(&state)).unwrap();
    assert!(!text.contains("\"status\""));
    assert_eq!(round(&state), state);
    // Terraform has tainted it since: that is the newer word.
    let tainted = text.replace(
        "{\"schema_version\"",
        "{\"status\":\"tainted\",\"schema_version\"",
    );
    set(&mut state, Status::Tainted);
    assert_eq!(read(tainted.as_bytes()).unwrap(), state);
}

#[test]
fn what_cannot_be_read_is_refused_with_a_reason() {
    for (text, reason) in [
        (
            "",
            "The state is not valid JSON: the file is empty at line 1, column 0",
        ),
        (
            "{\"version\":4,\n\"serial\":",
            "The state is not valid JSON: EOF while parsing a value at line 2, column 9",
        ),
        (
            "[]",
            "The state is not as expected: invalid length 0, expected a state (line 1)",
        ),
        (
            "{}",
            "The state is not as expected: it has no format version: this is not a state file",
        ),
        (
            "{\"version\":3}",
            "The state has format version 3; version 4 is needed",
        ),
        (
            "{\"version\":5,\"terraform_version\":\"2.0.0\"}",
            "The state was written by a newer version: its format version is 5 (of Terraform 2.0.0), and 4 is the newest known",
        ),
        (
            "{\"serial\":1,\"encrypted_data\":\"x\"}",
            "The state holds encrypted data of OpenTofu, which is not supported yet",
        ),
    ] {
        assert_eq!(refused(text), reason);
    }
    let newer = format!("{{{HEAD},\"resources\":[],\"prov\":{{\"format\":2}}}}");
    assert!(refused(&newer).contains("newer version"));
}

#[test]
fn resources_that_would_be_lost_are_refused() {
    let with = |resource: &str| refused(&format!("{{{HEAD},\"resources\":[{resource}]}}"));
    let module = r#"{"module":"modul.m","mode":"managed","type":"x","name":"a","provider":"p","instances":[]}"#;
    assert!(with(module).contains("not a module address"));
    let flat = r#"{"mode":"managed","type":"x","name":"a","provider":"p","instances":[{"attributes_flat":{}}]}"#;
    assert!(with(flat).contains("Terraform 0.11 in x.a"));
    let twice = r#"{"mode":"managed","type":"x","name":"a","provider":"p","instances":[{},{}]}"#;
    assert!(with(twice).contains("x.a: it has an instance twice"));
    let plain = r#"{"mode":"managed","type":"x","name":"a","provider":"p","instances":[]}"#;
    assert!(with(&format!("{plain},{plain}")).contains("two entries for the same resource"));
    let deep = "[".repeat(125) + &"]".repeat(125);
    let deep = format!(
        r#"{{"mode":"managed","type":"x","name":"a","provider":"p","instances":[{{"attributes":{{"a":{deep}}}}}]}}"#
    );
    assert!(with(&deep).contains("deep"));
}

#[test]
fn a_path_that_cannot_be_followed_protects_what_is_there() {
    let text = format!(
        r#"{{{HEAD},"resources":[{{"mode":"managed","type":"x","name":"a","provider":"p","instances":[
        {{"attributes":{{"s":["a"]}},"sensitive_attributes":[[{{"type":"get_attr","value":"s"}},{{"type":"index","value":{{"value":["a"],"type":["set","string"]}}}}]]}}]}}]}}"#
    );
    let state = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let stored = state.get(&Address::parse("x.a").unwrap()).unwrap();
    assert!(stored.attributes.get("s").unwrap().is_sensitive());
}

#[test]
fn the_head_is_read_without_the_rest() {
    let base = Base {
        lineage: "L".into(),
        serial: 7,
    };
    assert_eq!(head(format!("{{{HEAD}, broken").as_bytes()).unwrap(), base);
    assert_eq!(head(&to_bytes(&of("x", Object::new()))).unwrap(), base);
    assert!(head(b"{").is_err());
    assert_eq!(head(b"{}").unwrap(), Base::default());
}

#[test]
fn a_full_disk_is_an_error() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0 == 0 {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let state = of("x", [("v", Value::from("text"))].into_iter().collect());
    let length = to_bytes(&state).len();
    for room in 0..length {
        assert!(write(&state, Full(room)).is_err());
    }
    assert!(write(&state, Full(length)).is_ok());
}
