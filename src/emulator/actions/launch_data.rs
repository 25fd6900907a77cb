//! What a version of a launch template says, as answers show it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Plain fields; the signs are those of the parameters: `#` integer, `%` number, `?` boolean, none text.
const FIELDS: &str = "AutoReleaseTime AutoRenew? AutoRenewPeriod# CreditSpecification DeletionProtection? \
    DeploymentSetId Description EnableVmOsConfig? HostName HttpEndpoint HttpPutResponseHopLimit# HttpTokens \
    ImageId ImageOwnerAlias InstanceChargeType InstanceName InstanceType InternetChargeType \
    InternetMaxBandwidthIn# InternetMaxBandwidthOut# IoOptimized Ipv6AddressCount# KeyPairName NetworkType \
    PasswordInherit? Period# PeriodUnit PrivateIpAddress RamRoleName ResourceGroupId \
    SecurityEnhancementStrategy SecurityGroupId SpotDuration# SpotPriceLimit% SpotStrategy UserData VSwitchId \
    VpcId ZoneId";
const SYSTEM_DISK: &str = "AutoSnapshotPolicyId BurstingEnabled? Category DeleteWithInstance? Description \
    DiskName Encrypted Iops# KMSKeyId PerformanceLevel ProvisionedIops# Size#";
const DATA_DISK: &str = "AutoSnapshotPolicyId BurstingEnabled? Category DeleteWithInstance? Description Device \
    DiskName Encrypted KMSKeyId PerformanceLevel ProvisionedIops# Size# SnapshotId";
const INTERFACE: &str = "DeleteOnRelease? Description InstanceType NetworkInterfaceName \
    NetworkInterfaceTrafficMode PrimaryIpAddress SecurityGroupId VSwitchId";

/// The parameters of a version.
type Parameters = BTreeMap<String, String>;

/// Shows the data of a version.
pub(super) fn show_data(parameters: &Parameters) -> Value {
    let mut data = fields(parameters, "", FIELDS);
    let system = fields(parameters, "SystemDisk.", SYSTEM_DISK);
    data.insert("SystemDisk".to_owned(), Value::Object(system));
    let options = fields(parameters, "ImageOptions.", "LoginAsNonRoot?");
    data.insert("ImageOptions".to_owned(), Value::Object(options));
    let options = fields(parameters, "SecurityOptions.", "TrustedSystemMode");
    data.insert("SecurityOptions".to_owned(), Value::Object(options));
    let disks = elements(parameters, "DataDisk", DATA_DISK);
    data.insert("DataDisks".to_owned(), json!({ "DataDisk": disks }));
    let mut interfaces = elements(parameters, "NetworkInterface", INTERFACE);
    for (index, shown) in indices(parameters, "NetworkInterface")
        .iter()
        .zip(&mut interfaces)
    {
        let groups = texts(
            parameters,
            &format!("NetworkInterface.{index}.SecurityGroupIds"),
        );
        shown["SecurityGroupIds"] = json!({ "SecurityGroupId": groups });
    }
    data.insert(
        "NetworkInterfaces".to_owned(),
        json!({ "NetworkInterface": interfaces }),
    );
    let groups = texts(parameters, "SecurityGroupIds");
    data.insert(
        "SecurityGroupIds".to_owned(),
        json!({ "SecurityGroupId": groups }),
    );
    let tags = elements(parameters, "Tag", "Key Value");
    data.insert("Tags".to_owned(), json!({ "InstanceTag": tags }));
    Value::Object(data)
}

/// The fields that are given, under a prefix.
fn fields(parameters: &Parameters, prefix: &str, words: &str) -> Map<String, Value> {
    let typed = |word: &str| {
        let name = word.trim_end_matches(['#', '%', '?']);
        let text = parameters.get(&format!("{prefix}{name}"))?;
        let value = match word.as_bytes().last() {
            Some(b'#') => json!(text.parse::<i64>().ok()?),
            Some(b'%') => json!(text.parse::<f64>().ok()?),
            Some(b'?') => json!(text.eq_ignore_ascii_case("true")),
            _ => json!(text),
        };
        Some((name.to_owned(), value))
    };
    words.split_whitespace().filter_map(typed).collect()
}

/// The elements of a list of structures.
fn elements(parameters: &Parameters, list: &str, words: &str) -> Vec<Value> {
    indices(parameters, list)
        .iter()
        .map(|index| Value::Object(fields(parameters, &format!("{list}.{index}."), words)))
        .collect()
}

/// The elements of a list of texts.
fn texts<'a>(parameters: &'a Parameters, list: &str) -> Vec<&'a str> {
    indices(parameters, list)
        .iter()
        .filter_map(|index| parameters.get(&format!("{list}.{index}")))
        .map(String::as_str)
        .collect()
}

/// The numbers that occur in a list.
fn indices(parameters: &Parameters, list: &str) -> BTreeSet<usize> {
    let prefix = format!("{list}.");
    parameters
        .keys()
        .filter_map(|name| name.strip_prefix(&prefix)?.split('.').next()?.parse().ok())
        .collect()
}
