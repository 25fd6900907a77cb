use proptest::prelude::*;

use crate::apply::token::{Digester, Parameter, Seed, Sent, client_token, is_digest};

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn params() -> Vec<Parameter> {
    let digester = Digester::new(KEY);
    vec![
        digester.parameter("RegionId", "cn-hangzhou", false),
        digester.parameter("Password", "hunter2", true),
        digester.parameter("InstanceName", "wé\"b", false),
    ]
}

fn seed(params: &[Parameter]) -> Seed<'_> {
    Seed {
        lineage: "L",
        address: "alicloud_instance.web[0]",
        predecessor: "",
        attempt: 0,
        action: "CreateInstance",
        params,
    }
}

#[test]
fn the_token_never_changes_for_what_it_was_once_derived_from() {
    let params = params();
    let token = client_token(seed(&params));
    assert_eq!(
        token,
        "5f230669652f0f4e4be153b0ba964f881b1dbd83a366870a1a292abc826e586d"
    );
    let reversed: Vec<Parameter> = params.iter().rev().cloned().collect();
    assert_eq!(client_token(seed(&reversed)), token);
}

#[test]
fn everything_in_the_seed_counts() {
    let params = params();
    let first = seed(&params);
    let mut changed = params.clone();
    changed[1].sent = Sent::Value("hunter2".to_owned());
    let seeds = [
        first,
        Seed {
            lineage: "M",
            ..first
        },
        Seed {
            address: "alicloud_instance.web[1]",
            ..first
        },
        Seed {
            predecessor: "i-1",
            ..first
        },
        Seed {
            attempt: 1,
            ..first
        },
        Seed {
            action: "RunInstances",
            ..first
        },
        Seed {
            params: &params[1..],
            ..first
        },
        Seed {
            params: &changed,
            ..first
        },
    ];
    let tokens: std::collections::BTreeSet<String> = seeds.into_iter().map(client_token).collect();
    assert_eq!(tokens.len(), 8);
}

proptest! {
    #[test]
    fn a_token_is_64_hexadecimal_digits(
        address in any::<String>(),
        name in any::<String>(),
        value in any::<String>(),
        attempt in any::<u32>(),
    ) {
        let params = [Digester::new(KEY).parameter(&name, &value, false)];
        let token = client_token(Seed { address: &address, attempt, ..seed(&params) });
        prop_assert_eq!(token.len(), 64);
        prop_assert!(token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    }
}

#[test]
fn a_digest_shows_equality_and_nothing_else() {
    let digester = Digester::new(KEY);
    let digest = digester.digest("hunter2");
    assert_eq!(
        digest,
        "prov:v1:3d61955a7cdea5a8b82445994824bddfb2d25f0ee4227ea6b422de4247478c03"
    );
    assert!(is_digest(&digest));
    assert!(!is_digest("hunter2"));
    assert!(digester.matches(&digest, "hunter2"));
    assert!(!digester.matches(&digest, "hunter3"));
    assert_ne!(Digester::new("k").digest("hunter2"), digest);
    let (key, other) = (Digester::new_key(), Digester::new_key());
    assert_eq!(key.len(), 64);
    assert_ne!(key, other);
}

#[test]
fn a_parameter_is_small_json() {
    let json = serde_json::to_string(&params()).unwrap();
    let digest = Digester::new(KEY).digest("hunter2");
    assert_eq!(
        json,
        format!(
            r#"[{{"name":"RegionId","value":"cn-hangzhou"}},{{"name":"Password","digest":"{digest}"}},{{"name":"InstanceName","value":"wé\"b"}}]"#
        )
    );
    assert_eq!(
        serde_json::from_str::<Vec<Parameter>>(&json).unwrap(),
        params()
    );
}
