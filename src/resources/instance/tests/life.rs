use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value as Json, json};

use super::arguments;
use crate::{
    cloud::{Client, Credentials, Endpoints, Settings, Transport, TransportError},
    model::{Object, Value, secret::Secret},
    provider::{Change, Wanted, batch::Answers, hooks::Context},
    resources::instance::{INSTANCE, KIND},
    schema::propose,
};

type Params = BTreeMap<String, String>;

/// One instance and a log of the calls that change it.
#[derive(Default)]
struct Cloud {
    instances: Vec<Json>,
    log: Vec<String>,
    reads: Vec<String>,
    refuse: Option<(&'static str, &'static str)>,
}

struct Fake(Mutex<Cloud>);

#[async_trait]
impl Transport for Fake {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let text = String::from_utf8(request.body().to_vec()).unwrap();
        let text = if text.contains("Action=") {
            text
        } else {
            request.uri().query().unwrap_or_default().to_owned()
        };
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_encoding::percent_decode_str(&text)
                .decode_utf8()
                .unwrap()
                .into_owned()
        };
        let params: Params = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        let (status, answer) = self.0.lock().unwrap().answer(&params);
        let body = Bytes::from(answer.to_string());
        Ok(http::Response::builder().status(status).body(body).unwrap())
    }
}

impl Cloud {
    fn answer(&mut self, params: &Params) -> (u16, Json) {
        let action = params["Action"].as_str();
        if action.starts_with("Describe") {
            self.reads.push(action.to_owned());
            return (200, self.describe(action, params));
        }
        self.log.push(action.to_owned());
        if let Some((refused, code)) = self.refuse
            && refused == action
        {
            return (
                403,
                json!({ "Code": code, "Message": "no", "RequestId": "r" }),
            );
        }
        if let Some(code) = self.change(action, params) {
            return (
                403,
                json!({ "Code": code, "Message": "no", "RequestId": "r" }),
            );
        }
        (200, json!({ "RequestId": "r" }))
    }

    fn describe(&self, action: &str, params: &Params) -> Json {
        let ids: Vec<String> = params
            .get("InstanceIds")
            .map(|ids| serde_json::from_str(ids).unwrap())
            .unwrap_or_default();
        let has = |instance: &&Json| ids.iter().any(|id| instance["InstanceId"] == id.as_str());
        match action {
            "DescribeInstances" => {
                assert!(ids.len() <= 100);
                let found: Vec<&Json> = self.instances.iter().filter(has).collect();
                json!({ "Instances": { "Instance": found }, "TotalCount": found.len() })
            }
            "DescribeDisks" => {
                let ids: Option<Vec<String>> = params
                    .get("DiskIds")
                    .map(|ids| serde_json::from_str(ids).unwrap());
                let disk = |instance: &Json| {
                    let id = instance["InstanceId"].as_str().unwrap();
                    json!({
                        "DiskId": format!("d-{id}"), "InstanceId": id, "Type": "system", "Size": 40,
                        "Category": "cloud_essd", "PerformanceLevel": "PL1",
                    })
                };
                let wanted = |disk: &Json| {
                    ids.as_ref()
                        .is_none_or(|ids| ids.iter().any(|id| disk["DiskId"] == id.as_str()))
                        && params
                            .get("InstanceId")
                            .is_none_or(|id| disk["InstanceId"] == id.as_str())
                };
                let found: Vec<Json> = self.instances.iter().map(disk).filter(wanted).collect();
                let page: usize = params
                    .get("PageNumber")
                    .map_or(1, |page| page.parse().unwrap());
                let shown: Vec<&Json> = found.iter().skip((page - 1) * 100).take(100).collect();
                json!({ "Disks": { "Disk": shown }, "TotalCount": found.len() })
            }
            _ => json!({}),
        }
    }

    fn change(&mut self, action: &str, params: &Params) -> Option<&'static str> {
        let at = params.get("InstanceId").and_then(|id| {
            self.instances
                .iter()
                .position(|one| one["InstanceId"] == id.as_str())
        });
        let instance = &mut self.instances[at.unwrap_or(0)];
        let stopped = instance["Status"] == "Stopped";
        match action {
            "StartInstance" if !stopped => return Some("IncorrectInstanceStatus"),
            "StartInstance" => instance["Status"] = json!("Running"),
            "StopInstance" if stopped => return Some("IncorrectInstanceStatus"),
            "StopInstance" => instance["Status"] = json!("Stopped"),
            "AllocatePublicIpAddress" => {
                instance["PublicIpAddress"] = json!({ "IpAddress": ["47.0.0.1"] });
            }
            "JoinSecurityGroup" => {
                let groups = instance["SecurityGroupIds"]["SecurityGroupId"]
                    .as_array_mut()
                    .unwrap();
                groups.push(json!(params["SecurityGroupId"]));
            }
            "ReplaceSystemDisk" if !stopped => return Some("IncorrectInstanceStatus.Disk"),
            "ReplaceSystemDisk" => instance["ImageId"] = json!(params["ImageId"]),
            "ModifyInstanceSpec" if !stopped => return Some("IncorrectStatus"),
            "ModifyInstanceSpec" => instance["InstanceType"] = json!(params["InstanceType"]),
            "ModifyInstanceNetworkSpec" => {
                let out: i64 = params["InternetMaxBandwidthOut"].parse().unwrap();
                instance["InternetMaxBandwidthOut"] = json!(out);
            }
            "ModifyInstanceChargeType" => {
                instance["InstanceChargeType"] = json!(params["InstanceChargeType"]);
            }
            "DeleteInstance" => {
                self.instances.remove(at?);
            }
            _ => {}
        }
        None
    }
}

fn fake(instances: Vec<Json>) -> (Arc<Fake>, Client) {
    let fake = Arc::new(Fake(Mutex::new(Cloud {
        instances,
        ..Cloud::default()
    })));
    let credentials = Credentials {
        access_key: "id".to_owned(),
        secret_key: Secret::new("secret"),
        security_token: None,
    };
    let settings = Settings::new(
        credentials,
        "cn-hangzhou",
        Endpoints::single("http://127.0.0.1:1"),
    );
    (fake.clone(), Client::new(settings, fake))
}

fn context(client: &Client) -> Context<'_> {
    let answers = Box::leak(Box::new(Answers::new(client)));
    Context {
        client,
        ty: &INSTANCE,
        progress: &|_| {},
        answers,
        lookout: Box::leak(Box::default()),
        together: Box::leak(Box::default()),
    }
}

fn instance(id: &str, status: &str) -> Json {
    json!({
        "InstanceId": id, "Status": status, "InstanceChargeType": "PostPaid", "ImageId": "m-1",
        "InstanceType": "ecs.g7.large", "SecurityGroupIds": { "SecurityGroupId": ["sg-1"] },
        "PublicIpAddress": { "IpAddress": [] }, "InternetMaxBandwidthOut": 0,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "callers write literals")]
fn desired(json: Json) -> Object {
    let mut config =
        json!({ "image_id": "m-1", "instance_type": "ecs.g7.large", "security_groups": ["sg-1"] });
    for (name, value) in json.as_object().unwrap() {
        config[name] = value.clone();
    }
    propose(&INSTANCE, None, None, &arguments(&config), &str::to_owned).after
}

impl Fake {
    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().log)
    }

    fn reads(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().reads)
    }
}

#[tokio::test]
async fn a_new_instance_gets_its_address_groups_and_start_once() {
    let (fake, client) = fake(vec![instance("i-1", "Stopped")]);
    let desired =
        desired(json!({ "security_groups": ["sg-1", "sg-2"], "internet_max_bandwidth_out": 5 }));
    let settle = KIND.hooks.settle.unwrap();
    settle(context(&client), "i-1", &desired).await.unwrap();
    assert_eq!(
        fake.log(),
        [
            "AllocatePublicIpAddress",
            "JoinSecurityGroup",
            "StartInstance"
        ]
    );
    // After a crash at the very end there is nothing left to do.
    settle(context(&client), "i-1", &desired).await.unwrap();
    assert_eq!(fake.log(), [""; 0]);
}

#[tokio::test]
async fn an_instance_that_is_to_be_stopped_is_not_started() {
    let (fake, client) = fake(vec![instance("i-1", "Stopped")]);
    let settle = KIND.hooks.settle.unwrap();
    settle(
        context(&client),
        "i-1",
        &desired(json!({ "status": "Stopped" })),
    )
    .await
    .unwrap();
    assert_eq!(fake.log(), [""; 0]);
}

#[tokio::test]
async fn changes_share_one_stop_and_one_start() {
    let (fake, client) = fake(vec![instance("i-1", "Running")]);
    let prior = desired(json!({}));
    let new = desired(json!({
        "instance_type": "ecs.g7.xlarge", "host_name": "web", "image_id": "m-2",
        "internet_max_bandwidth_out": 5, "instance_name": "web", "tags": { "a": "1" },
    }));
    let changed = [
        "instance_type",
        "host_name",
        "image_id",
        "internet_max_bandwidth_out",
        "instance_name",
        "tags",
    ]
    .map(str::to_owned);
    let change = Change {
        prior: &prior,
        desired: &new,
        changed: &changed,
    };
    KIND.hooks.update.unwrap()(context(&client), "i-1", change)
        .await
        .unwrap();
    assert_eq!(
        fake.log(),
        [
            "TagResources",
            "ModifyInstanceAttribute",
            "StopInstance",
            "ReplaceSystemDisk",
            "ModifyInstanceSpec",
            "StartInstance",
            "ModifyInstanceNetworkSpec",
            "AllocatePublicIpAddress",
        ]
    );
}

#[tokio::test]
async fn a_failed_step_names_its_attribute() {
    let (fake, client) = fake(vec![instance("i-1", "Running")]);
    fake.0.lock().unwrap().refuse = Some(("ModifyInstanceSpec", "OperationDenied.NoStock"));
    let (prior, new) = (
        desired(json!({})),
        desired(json!({ "instance_type": "ecs.g7.xlarge" })),
    );
    let changed = ["instance_type".to_owned()];
    let change = Change {
        prior: &prior,
        desired: &new,
        changed: &changed,
    };
    let failure = KIND.hooks.update.unwrap()(context(&client), "i-1", change)
        .await
        .unwrap_err();
    assert_eq!(failure.error.code, "OperationDenied.NoStock");
    assert_eq!(failure.attribute.as_deref(), Some("instance_type"));
}

#[tokio::test]
async fn an_instance_is_deleted_while_it_runs() {
    let (fake, client) = fake(vec![instance("i-1", "Running")]);
    let delete = KIND.hooks.delete.unwrap();
    delete(context(&client), "i-1", &desired(json!({})))
        .await
        .unwrap();
    assert_eq!(fake.log(), ["DeleteInstance"]);
    assert_eq!(fake.0.lock().unwrap().instances, Vec::<Json>::new());
}

#[tokio::test]
async fn a_prepaid_instance_is_deleted_only_by_force() {
    let mut prepaid = instance("i-1", "Running");
    prepaid["InstanceChargeType"] = json!("PrePaid");
    let (fake, client) = fake(vec![prepaid]);
    let delete = KIND.hooks.delete.unwrap();
    let mut prior = desired(json!({ "instance_charge_type": "PrePaid", "period": 1 }));
    let failure = delete(context(&client), "i-1", &prior).await.unwrap_err();
    assert_eq!(failure.attribute.as_deref(), Some("force_delete"));
    assert_eq!(fake.log(), [""; 0]);
    prior.insert("force_delete", Value::Bool(true));
    delete(context(&client), "i-1", &prior).await.unwrap();
    assert_eq!(fake.log(), ["ModifyInstanceChargeType", "DeleteInstance"]);
}

#[tokio::test]
async fn deletion_protection_says_what_to_do() {
    let (fake, client) = fake(vec![instance("i-1", "Running")]);
    fake.0.lock().unwrap().refuse = Some(("DeleteInstance", "InvalidOperation.DeletionProtection"));
    let failure = KIND.hooks.delete.unwrap()(context(&client), "i-1", &desired(json!({})))
        .await
        .unwrap_err();
    assert_eq!(failure.attribute.as_deref(), Some("deletion_protection"));
    assert!(
        failure
            .error
            .message
            .contains("deletion_protection = false")
    );
}

#[tokio::test]
async fn five_hundred_instances_take_ten_reads() {
    let ids: Vec<String> = (0..500).map(|at| format!("i-{at:03}")).collect();
    let (fake, client) = fake(ids.iter().map(|id| instance(id, "Running")).collect());
    let wanted: Vec<Wanted> = ids
        .iter()
        .map(|id| {
            let mut known = desired(json!({ "tags": { "a": "1" }, "password": "EcsV587!" }));
            known.insert("system_disk_id", Value::string(format!("d-{id}")));
            Wanted {
                ty: &INSTANCE,
                id: id.clone(),
                known: Arc::new(known),
            }
        })
        .collect();
    let found = KIND.hooks.read.unwrap()(context(&client), &wanted).await;
    assert_eq!(fake.reads().len(), 10);
    let last = found[499].as_ref().unwrap().as_ref().unwrap();
    assert_eq!(last.get("id").unwrap().as_str(), Some("i-499"));
    assert_eq!(last.get("system_disk_size").unwrap().as_int(), Some(40));
    assert_eq!(last.get("password").unwrap().as_str(), Some("EcsV587!"));
    assert!(last.get("password").unwrap().is_sensitive());
}

#[tokio::test]
async fn first_reads_of_many_list_the_disks() {
    let ids: Vec<String> = (0..150).map(|at| format!("i-{at:03}")).collect();
    let (fake, client) = fake(ids.iter().map(|id| instance(id, "Running")).collect());
    let wanted: Vec<Wanted> = ids
        .iter()
        .map(|id| Wanted {
            ty: &INSTANCE,
            id: id.clone(),
            known: Arc::new(desired(json!({}))),
        })
        .collect();
    let found = KIND.hooks.read.unwrap()(context(&client), &wanted).await;
    assert!(fake.reads().len() <= 4);
    assert_eq!(
        found[149]
            .as_ref()
            .unwrap()
            .as_ref()
            .unwrap()
            .get("system_disk_id")
            .unwrap()
            .as_str(),
        Some("d-i-149")
    );
}

#[tokio::test]
async fn what_is_gone_is_none() {
    let (_, client) = fake(vec![instance("i-1", "Running")]);
    let wanted = ["i-2", "i-1"].map(|id| Wanted {
        ty: &INSTANCE,
        id: id.to_owned(),
        known: Arc::new(Object::new()),
    });
    let found = KIND.hooks.read.unwrap()(context(&client), &wanted).await;
    assert!(found[0].as_ref().unwrap().is_none());
    let object = found[1].as_ref().unwrap().as_ref().unwrap();
    assert_eq!(object.get("status").unwrap().as_str(), Some("Running"));
    // Of an imported instance nothing is known that the cloud does not tell.
    assert!(!object.contains_key("data_disks") && !object.contains_key("password"));
}

#[tokio::test]
async fn a_plan_after_the_creation_is_empty() {
    let (_, client) = fake(vec![instance("i-1", "Stopped")]);
    let config = json!({
        "image_id": "m-1", "instance_type": "ecs.g7.large", "security_groups": ["sg-1"],
        "password": "EcsV587!", "data_disks": [{ "size": 20 }], "internet_max_bandwidth_out": 0,
    });
    let arguments = arguments(&config);
    let created = propose(&INSTANCE, None, None, &arguments, &str::to_owned).after;
    KIND.hooks.settle.unwrap()(context(&client), "i-1", &created)
        .await
        .unwrap();
    let wanted = [Wanted {
        ty: &INSTANCE,
        id: "i-1".to_owned(),
        known: Arc::new(created),
    }];
    let found = KIND.hooks.read.unwrap()(context(&client), &wanted).await;
    let state = found.into_iter().next().unwrap().unwrap().unwrap();
    assert!(state.values().all(Value::is_wholly_known));
    let again = propose(
        &INSTANCE,
        KIND.hooks.propose,
        Some(&state),
        &arguments,
        &str::to_owned,
    );
    assert_eq!(again.changed, Vec::<String>::new());
}
