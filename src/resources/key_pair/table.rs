//! The table of key pairs.

use crate::{
    model::{Object, Value},
    schema::*,
};

const KIND_OF_RESOURCE: &[(&str, &str)] = &[("ResourceType", "keypair")];

pub(super) static IMPORT: Call = call("ImportKeyPair").when(When::Set("public_key"));
pub(super) static CREATE: Call = call("CreateKeyPair");
static JOIN: Call = call("JoinResourceGroup")
    .with(KIND_OF_RESOURCE)
    .retry(&["InternalError"]);
static TAG: Call = call("TagResources").with(KIND_OF_RESOURCE);
// Instances let go of their key pair a moment after they are gone themselves.
pub(super) static DELETE: Call = call("DeleteKeyPairs").retry(&[
    "ServiceUnavailable",
    "InvalidParameter.KeypairAlreadyAttachedInstance",
]);

pub(super) static DESCRIBE: Read = Read {
    action: "DescribeKeyPairs",
    // Names are not listed together, but all pairs are.
    ids: Ids::Listed {
        id: "KeyPairName",
        by: ("", ""),
        page: 50,
    },
    item: "KeyPairs.KeyPair",
};

const TABLE: ResourceType = ResourceType {
    id: Id::Field("KeyPairName"),
    create: &[&IMPORT, &CREATE],
    read: &[&DESCRIBE],
    updates: &[&JOIN, &TAG],
    delete: &[&DELETE],
    timeouts: Timeouts {
        create: 5,
        update: 5,
        delete: 20,
    },
    attributes: ATTRIBUTES,
    rules: &[
        Rule::Conflicts("key_pair_name", "key_name_prefix"),
        Rule::Conflicts("key_name", "key_name_prefix"),
        Rule::Custom(nothing_to_keep),
    ],
    adopt: Adopt::LISTED,
    import: "the key pair's name",
    ..resource(
        "alicloud_ecs_key_pair",
        Service::Ecs,
        "A key pair to log in to Linux instances with: a new one, or one whose public key you have.",
    )
};

/// A key pair.
pub static KEY_PAIR: ResourceType = TABLE;
/// A key pair, by the type's older name.
pub static OLD_KEY_PAIR: ResourceType = TABLE.alias("alicloud_key_pair");

/// What names of key pairs must be like.
pub const NAME: &[Check] = &[
    Check::Length(2, 128),
    Check::NoPrefix(&["http://", "https://"]),
    Check::Custom(checks::starts_with_letter),
    Check::Custom(checks::plain_characters),
];
/// An example of a name.
pub const NAME_EXAMPLE: &str = "web";

static ATTRIBUTES: &[Attribute] = &[
    string("id", "The key pair's name.")
        .computed()
        .example("web")
        .sent(&[
            (&JOIN, "ResourceId"),
            (&TAG, "ResourceId.1"),
            (&DELETE, "KeyPairNames[]"),
        ]),
    string(
        "key_pair_name",
        "Its name, which is unique in the region: 2 to 128 characters, starting with a letter. When neither it nor `key_name_prefix` is set, a name is made.",
    )
    .kept()
    .replaces()
    .sent(&[(&IMPORT, "KeyPairName"), (&CREATE, "KeyPairName")])
    .read(&DESCRIBE, "KeyPairName")
    .check(NAME)
    .example(NAME_EXAMPLE),
    string("key_name", "The old name of `key_pair_name`.")
        .deprecated("key_pair_name")
        .kept()
        .replaces()
        .sent(&[(&IMPORT, "KeyPairName"), (&CREATE, "KeyPairName")])
        .read(&DESCRIBE, "KeyPairName")
        .check(NAME)
        .example(NAME_EXAMPLE),
    string(
        "key_name_prefix",
        "The beginning of a name that is made to be unique: up to 100 characters.",
    )
    .replaces()
    .check(&[
        Check::Length(1, 100),
        Check::NoPrefix(&["http://", "https://"]),
        Check::Custom(checks::starts_with_letter),
        Check::Custom(checks::plain_characters),
    ])
    .example("web-"),
    string(
        "public_key",
        "The public key of a pair that you have; without it a new pair is made. Used at creation only: for another one, replace the key pair with `-replace`.",
    )
    .sent(&[(&IMPORT, "PublicKeyBody")])
    .check(&[Check::Custom(public)])
    .same(trimmed)
    .example("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd5dYbVhY2rqWb3GmQJdfxQyXhLq1rXyWm3mW9j6X0p me@example.com"),
    string(
        "key_file",
        "Where the private key of a new pair is written, and nowhere else: for its owner alone, to be read only. The cloud tells it once; without this argument nobody has it. A file that is there already is kept beside the new one. If prov dies before the key is written, the next run says so and plans another key pair.",
    )
    .replaces()
    .check(&[Check::Length(1, 4096), Check::Custom(no_tilde)])
    .example("web.pem"),
    string("resource_group_id", "Resource group.")
        .kept()
        .sent(&[
            (&IMPORT, "ResourceGroupId"),
            (&CREATE, "ResourceGroupId"),
            (&JOIN, "ResourceGroupId"),
        ])
        .read(&DESCRIBE, "ResourceGroupId")
        .example("rg-acfmxazb4ph6aiy"),
    tags("Labels, at most 20.")
        .sent(&[(&IMPORT, "Tag"), (&CREATE, "Tag"), (&TAG, "Tag")])
        .read(&DESCRIBE, "Tags.Tag")
        .example("{ team = \"web\" }"),
    string("finger_print", "The fingerprint of the public key.")
        .computed()
        .read(&DESCRIBE, "KeyPairFingerPrint"),
    string("create_time", "When it was created.")
        .computed()
        .read(&DESCRIBE, "CreationTime"),
];

/// White space around a key is not part of it.
fn trimmed(prior: &Object, merged: &Object) -> bool {
    let of = |object: &Object| {
        let key = object.get("public_key").and_then(Value::as_str);
        key.map(|key| key.trim().to_owned())
    };
    of(prior).is_some() && of(prior) == of(merged)
}

/// A private key here would be sent away and kept in the state.
fn public(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(key) if key.contains("PRIVATE KEY") => Err(
            "It is a private key, which must not leave your machine: the public key is what belongs here, often in a file that ends with .pub."
                .to_owned(),
        ),
        Some(key) if key.trim().is_empty() => Err("It is empty.".to_owned()),
        _ => Ok(()),
    }
}

fn no_tilde(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(path) if path.starts_with('~') => Err(
            "A path is taken as it is written: for your home directory use pathexpand(\"~/…\")."
                .to_owned(),
        ),
        Some(path) if path.ends_with('/') => Err("It is the path of a directory.".to_owned()),
        _ => Ok(()),
    }
}

/// The private key of an imported pair is not the cloud's to give.
fn nothing_to_keep(arguments: &Object) -> Vec<Problem> {
    let given = |name: &str| arguments.get(name).is_some_and(|value| !value.is_null());
    if !given("public_key") || !given("key_file") {
        return Vec::new();
    }
    vec![Problem {
        path: "key_file".to_owned(),
        summary: "Argument without effect".to_owned(),
        detail: "\"key_file\" is for the private key of a new pair. With \"public_key\" the pair is yours, and no file is written.".to_owned(),
        hint: Some("Remove \"key_file\".".to_owned()),
        warning: true,
    }]
}
