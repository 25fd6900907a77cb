//! The network types' whole life against the emulator: create, an empty plan, every kind of update, import,
//! refresh in batches, delete.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use prov::{
    cloud::{
        Client, Credentials, Endpoints, Settings, Transport, TransportError, TransportErrorKind,
    },
    emulator::{Emulator, Options},
    model::{Object, Value, secret::Secret},
    provider::{Aliyun, Change, Provider, Wanted},
    resources,
    schema::{self, Proposal},
};
use serde_json::{Value as Json, json};

use crate::support::contract::Record;

struct InProcess(Emulator);

#[async_trait]
impl Transport for InProcess {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.0.handle(request).await.map_err(|_| TransportError {
            kind: TransportErrorKind::Interrupted,
            message: "cut".to_owned(),
        })
    }
}

struct World {
    emulator: Emulator,
    provider: Aliyun,
    tokens: std::cell::Cell<u32>,
    _record: Record,
}

impl World {
    fn new() -> Self {
        let record = Record::new();
        let emulator = Emulator::open(Options {
            recorder: Some(record.recorder()),
            ..Options::default()
        })
        .unwrap();
        let credentials = Credentials {
            access_key: "LTAI-emulator".to_owned(),
            secret_key: Secret::new("emulator-secret"),
            security_token: None,
        };
        let settings = Settings::new(
            credentials,
            "cn-hangzhou",
            Endpoints::single("http://127.0.0.1:1"),
        );
        let client = Client::new(settings, Arc::new(InProcess(emulator.clone())));
        let provider = Aliyun::new(client, resources::ALL, resources::DATA);
        Self {
            emulator,
            provider,
            tokens: std::cell::Cell::new(0),
            _record: record,
        }
    }

    fn plan(&self, name: &str, prior: Option<&Object>, given: &Json) -> Proposal {
        let kind = resources::find(name).unwrap();
        let given = Value::from_json(given).as_object().unwrap().clone();
        let converted = schema::convert(kind.ty, given);
        let mut problems = converted.problems;
        problems.extend(schema::validate(kind.ty, &converted.arguments));
        problems.retain(|problem| !problem.warning);
        assert_eq!(problems, []);
        let digest = |text: &str| format!("prov:v1:{:064x}", text.len());
        schema::propose(
            kind.ty,
            kind.hooks.propose,
            prior,
            &converted.arguments,
            &digest,
        )
    }

    async fn create(&self, name: &str, given: &Json) -> (String, Object) {
        let ty = resources::find(name).unwrap().ty;
        let desired = self.plan(name, None, given).after;
        let request = self.provider.create_request(ty, &desired);
        self.tokens.set(self.tokens.get() + 1);
        let token = format!("token-{}", self.tokens.get());
        let id = self
            .provider
            .create(ty, &request, &token, &desired)
            .await
            .unwrap();
        let again = self
            .provider
            .create(ty, &request, &token, &desired)
            .await
            .unwrap();
        assert_eq!(id, again, "a create that is asked twice makes one object");
        let object = self
            .provider
            .settle(ty, &id, &desired, &|_| {})
            .await
            .unwrap();
        assert_eq!(
            self.plan(name, Some(&object), given).changed,
            [""; 0],
            "{name} {object:?}"
        );
        let settled = self
            .provider
            .settle(ty, &id, &desired, &|_| {})
            .await
            .unwrap();
        assert_eq!(object, settled, "settling twice is settling once");
        (id, object)
    }

    /// Updates, and returns the object with the changing calls that were made.
    async fn update(
        &self,
        name: &str,
        id: &str,
        prior: &Object,
        given: &Json,
    ) -> (Object, Vec<String>) {
        let ty = resources::find(name).unwrap().ty;
        let proposal = self.plan(name, Some(prior), given);
        assert_eq!(proposal.replaces, [""; 0]);
        let change = Change {
            prior,
            desired: &proposal.after,
            changed: &proposal.changed,
        };
        let said = std::sync::Mutex::new(Vec::new());
        let progress = |text: &str| {
            if !text.starts_with("waiting") {
                said.lock().unwrap().push(text.to_owned());
            }
        };
        let object = self
            .provider
            .update(ty, id, change, &progress)
            .await
            .unwrap();
        assert_eq!(
            self.plan(name, Some(&object), given).changed,
            [""; 0],
            "{name}"
        );
        (object, said.into_inner().unwrap())
    }

    async fn read(&self, name: &str, id: &str, known: &Object) -> Option<Object> {
        let ty = resources::find(name).unwrap().ty;
        let wanted = Wanted {
            ty,
            id: id.to_owned(),
            known: Arc::new(known.clone()),
        };
        self.provider.read(&[wanted]).await.pop().unwrap().unwrap()
    }

    async fn delete(&self, name: &str, id: &str, prior: &Object) {
        let ty = resources::find(name).unwrap().ty;
        self.provider.delete(ty, id, prior, &|_| {}).await.unwrap();
        assert!(self.read(name, id, prior).await.is_none());
        self.provider.delete(ty, id, prior, &|_| {}).await.unwrap();
    }

    /// Imports, and checks that it reads as what was made and needs no replacement.
    async fn import(&self, name: &str, id: &str, made: &Object, given: &Json) {
        let imported = self.read(name, id, &Object::new()).await.unwrap();
        for (key, value) in imported.iter() {
            // An instance's rarer details are read only when they are asked for.
            let Some(made) = made.get(key).filter(|made| !made.is_null()) else {
                continue;
            };
            assert_eq!(value, made, "{name}.{key}");
        }
        assert_eq!(self.plan(name, Some(&imported), given).replaces, [""; 0]);
    }

    fn calls(&self) -> Json {
        self.emulator.calls()
    }
}

#[tokio::test]
async fn network() {
    let world = World::new();
    let vpc_given = json!({
        "vpc_name": "main", "cidr_block": "10.0.0.0/16", "description": "d", "tags": {"a": "1", "b": "2"},
        "system_route_table_name": "routes", "secondary_cidr_blocks": ["10.8.0.0/16"], "force_delete": true,
    });
    let (vpc, vpc_object) = world.create("alicloud_vpc", &vpc_given).await;
    world
        .import("alicloud_vpc", &vpc, &vpc_object, &vpc_given)
        .await;
    let (vpc_object, calls) = world
        .update(
            "alicloud_vpc",
            &vpc,
            &vpc_object,
            &json!({
                "name": "other", "cidr_block": "10.0.0.0/16", "tags": {"b": "3", "c": "4"}, "dns_hostname_status": "ENABLED",
                "system_route_table_description": "x", "secondary_cidr_blocks": ["10.9.0.0/16"],
            }),
        )
        .await;
    assert_eq!(
        calls,
        [
            "ModifyVpcAttribute",
            "ModifyRouteTableAttributes",
            "UnassociateVpcCidrBlock",
            "AssociateVpcCidrBlock",
            "UnTagResources",
            "TagResources",
        ]
    );
    assert_eq!(vpc_object.get("vpc_name"), Some(&Value::from("other")));
    assert!(vpc_object.get("description").is_none_or(schema::is_zero));

    let switch_given = json!({
        "vpc_id": vpc, "cidr_block": "10.0.1.0/24", "zone_id": "cn-hangzhou-i", "name": "web", "tags": {"k": "v"},
    });
    let (switch, switch_object) = world.create("alicloud_vswitch", &switch_given).await;
    world
        .import("alicloud_vswitch", &switch, &switch_object, &switch_given)
        .await;
    let (switch_object, calls) = world
        .update(
            "alicloud_vswitch",
            &switch,
            &switch_object,
            &json!({"vpc_id": vpc, "cidr_block": "10.0.1.0/24", "zone_id": "cn-hangzhou-i", "vswitch_name": "api", "description": "d"}),
        )
        .await;
    assert_eq!(calls, ["ModifyVSwitchAttribute", "UnTagResources"]);

    let group_given =
        json!({"vpc_id": vpc, "name": "web", "inner_access_policy": "Drop", "tags": {"k": "v"}});
    let (group, group_object) = world.create("alicloud_security_group", &group_given).await;
    world
        .import(
            "alicloud_security_group",
            &group,
            &group_object,
            &group_given,
        )
        .await;
    let (group_object, calls) = world
        .update(
            "alicloud_security_group",
            &group,
            &group_object,
            &json!({"vpc_id": vpc, "security_group_name": "api", "inner_access_policy": "Accept"}),
        )
        .await;
    assert_eq!(
        calls,
        [
            "ModifySecurityGroupAttribute",
            "ModifySecurityGroupPolicy",
            "UntagResources"
        ]
    );

    let mut rules = Vec::new();
    for (direction, target) in [
        ("ingress", json!({"cidr_ip": "0.0.0.0/0"})),
        ("egress", json!({"cidr_ip": "192.168.0.1/32"})),
        ("ingress", json!({"ipv6_cidr_ip": "2001:DB8:0::/32"})),
    ] {
        let mut given = json!({
            "security_group_id": group, "type": direction, "ip_protocol": "tcp", "port_range": "80/90",
            "priority": 3, "description": "web",
        });
        given
            .as_object_mut()
            .unwrap()
            .extend(target.as_object().unwrap().clone());
        let (rule, object) = world.create("alicloud_security_group_rule", &given).await;
        given["description"] = json!("else");
        let (object, calls) = world
            .update("alicloud_security_group_rule", &rule, &object, &given)
            .await;
        assert_eq!(calls.len(), 1);
        rules.push((rule, object));
    }
    let wanted: Vec<Wanted> = rules
        .iter()
        .map(|(id, known)| Wanted {
            ty: resources::find("alicloud_security_group_rule").unwrap().ty,
            id: id.clone(),
            known: Arc::new(known.clone()),
        })
        .chain([Wanted {
            ty: resources::find("alicloud_security_group").unwrap().ty,
            id: group.clone(),
            known: Arc::new(group_object.clone()),
        }])
        .collect();
    let before = count(&world.calls());
    let read = world.provider.read(&wanted).await;
    assert_eq!(
        count(&world.calls()) - before,
        2,
        "one listing serves the rules and the group's policy"
    );
    for (found, one) in read.into_iter().zip(&wanted) {
        assert_eq!(found.unwrap().unwrap(), *one.known);
    }
    for (id, object) in &rules {
        world
            .delete("alicloud_security_group_rule", id, object)
            .await;
    }
    world
        .delete("alicloud_security_group", &group, &group_object)
        .await;
    world
        .delete("alicloud_vswitch", &switch, &switch_object)
        .await;
    world.delete("alicloud_vpc", &vpc, &vpc_object).await;
}

/// All calls so far.
fn count(calls: &Json) -> u64 {
    fn sum(json: &Json) -> u64 {
        match json {
            Json::Number(number) => number.as_u64().unwrap_or(0),
            Json::Object(entries) => entries
                .iter()
                .filter(|(name, _)| !["throttled", "failed", "errors"].contains(&name.as_str()))
                .map(|(_, value)| sum(value))
                .sum(),
            Json::Array(items) => items.iter().map(sum).sum(),
            _ => 0,
        }
    }
    sum(calls)
}

#[tokio::test]
async fn many_vswitches_are_listed() {
    let world = World::new();
    let (vpc, _) = world
        .create("alicloud_vpc", &json!({"cidr_block": "10.0.0.0/8"}))
        .await;
    let mut wanted = Vec::new();
    for at in 0..12 {
        let given = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{at}.0/24"), "zone_id": "cn-hangzhou-i"});
        let (id, object) = world.create("alicloud_vswitch", &given).await;
        let ty = resources::find("alicloud_vswitch").unwrap().ty;
        wanted.push(Wanted {
            ty,
            id,
            known: Arc::new(object),
        });
    }
    let before = count(&world.calls());
    let read = world.provider.read(&wanted).await;
    assert_eq!(count(&world.calls()) - before, 1);
    for (found, one) in read.into_iter().zip(&wanted) {
        assert_eq!(found.unwrap().unwrap(), *one.known);
    }
}

#[tokio::test]
async fn an_error_names_its_attribute() {
    let world = World::new();
    let (vpc, _) = world
        .create("alicloud_vpc", &json!({"cidr_block": "10.0.0.0/16"}))
        .await;
    let ty = resources::find("alicloud_vswitch").unwrap().ty;
    let given = json!({"vpc_id": vpc, "cidr_block": "172.16.0.0/24", "zone_id": "cn-hangzhou-i"});
    let desired = world.plan("alicloud_vswitch", None, &given).after;
    let request = world.provider.create_request(ty, &desired);
    let failure = world
        .provider
        .create(ty, &request, "t", &Object::new())
        .await
        .unwrap_err();
    assert_eq!(
        failure.attribute.as_deref(),
        Some("cidr_block"),
        "{failure:?}"
    );
    let given =
        json!({"vpc_id": "vpc-none", "cidr_block": "172.16.0.0/24", "zone_id": "cn-hangzhou-i"});
    let desired = world.plan("alicloud_vswitch", None, &given).after;
    let request = world.provider.create_request(ty, &desired);
    let failure = world
        .provider
        .create(ty, &request, "t2", &Object::new())
        .await
        .unwrap_err();
    assert_eq!(failure.attribute.as_deref(), Some("vpc_id"), "{failure:?}");
}

#[tokio::test]
async fn an_instance_and_what_it_needs() {
    let world = World::new();
    let (vpc, vpc_object) = world
        .create("alicloud_vpc", &json!({"cidr_block": "10.0.0.0/16"}))
        .await;
    let (switch, switch_object) = world
        .create(
            "alicloud_vswitch",
            &json!({"vpc_id": vpc, "cidr_block": "10.0.1.0/24", "zone_id": "cn-hangzhou-i"}),
        )
        .await;
    let (group, group_object) = world
        .create("alicloud_security_group", &json!({"vpc_id": vpc}))
        .await;
    let images = resources::find_data("alicloud_images").unwrap().ty;
    let arguments = Object::from_iter([("owners", Value::from("system"))]);
    let found = world.provider.data(images, &arguments).await.unwrap();
    let image = found.get("images").unwrap().as_list().unwrap()[0]
        .as_object()
        .unwrap()
        .get("id")
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    let given = json!({
        "image_id": image, "instance_type": "ecs.g7.large", "security_groups": [group], "vswitch_id": switch,
        "instance_name": "web-1", "password": "Secret-123", "tags": {"a": "b"}, "internet_max_bandwidth_out": 5,
        "system_disk_category": "cloud_essd", "data_disks": [{"size": 40, "category": "cloud_essd"}],
    });
    let (instance, object) = world.create("alicloud_instance", &given).await;
    world
        .import("alicloud_instance", &instance, &object, &given)
        .await;
    let mut changed = given.clone();
    changed["instance_name"] = json!("web-2");
    changed["tags"] = json!({"c": "d"});
    changed["instance_type"] = json!("ecs.g7.xlarge");
    let (object, calls) = world
        .update("alicloud_instance", &instance, &object, &changed)
        .await;
    println!("{calls:?}");
    let (a, b, c) = tokio::join!(
        world.provider.delete(
            resources::find("alicloud_security_group").unwrap().ty,
            &group,
            &group_object,
            &|_| {}
        ),
        world.provider.delete(
            resources::find("alicloud_vswitch").unwrap().ty,
            &switch,
            &switch_object,
            &|_| {}
        ),
        world.provider.delete(
            resources::find("alicloud_instance").unwrap().ty,
            &instance,
            &object,
            &|_| {}
        ),
    );
    a.unwrap();
    b.unwrap();
    c.unwrap();
    world.delete("alicloud_vpc", &vpc, &vpc_object).await;
}

#[tokio::test]
async fn vswitches_of_one_vpc_at_once() {
    let world = World::new();
    let (vpc, _) = world
        .create("alicloud_vpc", &json!({"cidr_block": "10.0.0.0/8"}))
        .await;
    let ty = resources::find("alicloud_vswitch").unwrap().ty;
    let made = futures::future::join_all((0..10).map(|at| {
        let given = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{at}.0/24"), "zone_id": "cn-hangzhou-i", "tags": {"n": at}});
        let desired = world.plan("alicloud_vswitch", None, &given).after;
        let world = &world;
        async move {
            let request = world.provider.create_request(ty, &desired);
            let id = world.provider.create(ty, &request, &format!("many-{at}"), &desired).await.unwrap();
            let object = world.provider.settle(ty, &id, &desired, &|_| {}).await.unwrap();
            (id, object)
        }
    }))
    .await;
    // Somebody else changes one, and deletes another.
    let change = Change {
        prior: &made[3].1,
        desired: &world.plan("alicloud_vswitch", Some(&made[3].1), &json!({"vpc_id": vpc, "cidr_block": "10.0.3.0/24", "zone_id": "cn-hangzhou-i", "name": "else"})).after,
        changed: &["name".to_owned(), "tags".to_owned()],
    };
    world
        .provider
        .update(ty, &made[3].0, change, &|_| {})
        .await
        .unwrap();
    world
        .provider
        .delete(ty, &made[4].0, &made[4].1, &|_| {})
        .await
        .unwrap();
    let wanted: Vec<Wanted> = made
        .iter()
        .map(|(id, known)| Wanted {
            ty,
            id: id.clone(),
            known: Arc::new(known.clone()),
        })
        .collect();
    let read = world.provider.read(&wanted).await;
    let names: Vec<Option<&str>> = read
        .iter()
        .map(|found| {
            found
                .as_ref()
                .unwrap()
                .as_ref()
                .map(|object| object.get("vswitch_name").unwrap().as_str().unwrap())
        })
        .collect();
    assert_eq!(names[3], Some("else"));
    assert_eq!(names[4], None);
    assert_eq!(names[5], Some(""));
    let gone = futures::future::join_all(
        made.iter()
            .map(|(id, object)| world.provider.delete(ty, id, object, &|_| {})),
    )
    .await;
    assert!(gone.iter().all(Result::is_ok), "{gone:?}");
}
