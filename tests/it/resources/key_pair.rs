//! Key pairs, and the instances that have them.

use prov::cloud::Product;

use super::{
    LIFE, Life, Setting, lead, replace,
    surroundings::{INSTANCES, NETWORK},
    update,
};
use crate::support::cloud::Cloud;

const PAIRS: &str = r#"
resource "alicloud_key_pair" "one" {
  key_pair_name = "one"
}
resource "alicloud_ecs_key_pair" "two" {
  key_pair_name = "two"
}
"#;

fn lose_pair(cloud: &Cloud, id: &str) {
    let names = format!("[{id:?}]");
    cloud.console(Product::Ecs, "DeleteKeyPairs", &[("KeyPairNames", &names)]);
}

fn lose_attachment(cloud: &Cloud, id: &str) {
    let (name, ids) = id.split_once(':').unwrap();
    let asked = [("KeyPairName", name), ("InstanceIds", ids)];
    cloud.console(Product::Ecs, "DetachKeyPair", &asked);
}

const MINE: Setting = (
    "public_key",
    "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd5dYbVhY2rqWb3GmQJdfxQyXhLq1rXyWm3mW9j6X0p me\\n\"",
);

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_ecs_key_pair",
        base: &[
            ("key_pair_name", "\"it\""),
            ("key_file", "\"it.pem\""),
            ("resource_group_id", "\"rg-one\""),
            ("tags", "{ a = \"1\", b = \"2\" }"),
        ],
        born: &[
            ("key_pairs", "/name", "\"it\""),
            ("key_pairs", "/resource_group", "\"rg-one\""),
            ("key_pairs", "/tags/b", "\"2\""),
        ],
        steps: &[
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["JoinResourceGroup"],
            )
            .shows(&[("key_pairs", "/resource_group", "\"rg-two\"")]),
            update(
                &[("tags", "{ a = \"3\", c = \"4\" }")],
                &["UntagResources", "TagResources"],
            )
            .shows(&[("key_pairs", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
            update(&[("tags", "")], &["UntagResources"]).shows(&[("key_pairs", "/tags", "{}")]),
            replace(&[("key_file", "\"other.pem\"")]),
            replace(&[("key_pair_name", "\"other\"")]).shows(&[(
                "key_pairs",
                "/name",
                "\"other\"",
            )]),
            replace(&[("key_pair_name", ""), ("key_name", "\"old\"")]).shows(&[(
                "key_pairs",
                "/name",
                "\"old\"",
            )]),
        ],
        untold: &["key_file"],
        lose: lose_pair,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_key_pair",
        base: &[("key_name_prefix", "\"web-\"")],
        steps: &[replace(&[("key_name_prefix", "\"shop-\"")])],
        untold: &["key_name_prefix"],
        lose: lose_pair,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_key_pair",
        base: &[MINE, ("key_pair_name", "\"mine\"")],
        born: &[(
            "key_pairs",
            "/public_key",
            "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd5dYbVhY2rqWb3GmQJdfxQyXhLq1rXyWm3mW9j6X0p me\"",
        )],
        steps: &[update(
            &[("public_key", "\"ssh-rsa AAAAB3NzaC1yc2E= other\"")],
            &[],
        )],
        untold: &["public_key"],
        lose: lose_pair,
        ..LIFE
    },
    Life {
        kind: "alicloud_ecs_key_pair_attachment",
        around: &[NETWORK, INSTANCES, PAIRS],
        base: &[
            ("key_pair_name", "alicloud_key_pair.one.key_pair_name"),
            ("instance_ids", "slice(alicloud_instance.a[*].id, 0, 2)"),
        ],
        born: &[
            ("instances", "/key_pair", "\"one\""),
            ("instances", "/key_pair", "\"\""),
        ],
        steps: &[
            replace(&[("key_pair_name", "alicloud_ecs_key_pair.two.id")]).shows(&[(
                "instances",
                "/key_pair",
                "\"two\"",
            )]),
            replace(&[
                ("key_pair_name", ""),
                ("key_name", "alicloud_key_pair.one.key_name"),
            ]),
            replace(&[("instance_ids", "alicloud_instance.a[*].id")]),
            replace(&[("force", "true")]),
        ],
        untold: &["force"],
        lose: lose_attachment,
        ..LIFE
    },
];

#[test]
fn pairs() {
    LIVES[..3].iter().for_each(lead);
}

#[test]
fn attachments() {
    LIVES[3..].iter().for_each(lead);
}
