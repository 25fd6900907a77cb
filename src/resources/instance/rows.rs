//! Rows that an instance and a launch template have alike: names, words, checks. Each table says when a
//! value is sent, and what a change of it does.

use super::rules::{
    description, device, instance_type, name, release_time, spot_price_limit, user_data,
};
use crate::schema::*;

/// The kinds of system disks.
pub(in crate::resources) const DISK_CATEGORIES: &[&str] = &[
    "all",
    "cloud",
    "ephemeral_ssd",
    "cloud_essd",
    "cloud_efficiency",
    "cloud_ssd",
    "local_disk",
    "cloud_auto",
    "cloud_essd_entry",
];

/// The kinds of data disks.
pub(in crate::resources) const DATA_DISK_CATEGORIES: &[&str] = &[
    "all",
    "cloud",
    "ephemeral_ssd",
    "cloud_essd",
    "cloud_efficiency",
    "cloud_ssd",
    "local_disk",
    "cloud_auto",
    "cloud_essd_entry",
    "cloud_regional_disk_auto",
    "elastic_ephemeral_disk_standard",
    "elastic_ephemeral_disk_premium",
];

/// The performance levels of ESSD disks.
pub(in crate::resources) const LEVELS: &[&str] = &["PL0", "PL1", "PL2", "PL3"];

/// What a name must be.
pub(in crate::resources) const NAME_CHECKS: &[Check] = &[Check::Custom(name)];

/// Where a data disk may be mounted.
pub(in crate::resources) const DEVICE_CHECKS: &[Check] = &[Check::Custom(device)];

/// What a description must be.
pub(in crate::resources) const DESCRIPTION_CHECKS: &[Check] = &[Check::Custom(description)];

pub(in crate::resources) const INSTANCE_TYPE: Attribute =
    string("instance_type", "The hardware: ecs.<family>.<size>.")
        .check(&[Check::Custom(instance_type)])
        .example("ecs.g7.large");
pub(in crate::resources) const INSTANCE_NAME: Attribute =
    string("instance_name", "Its name; the id when unset.")
        .check(NAME_CHECKS)
        .example("web-1");
pub(in crate::resources) const RESOURCE_GROUP_ID: Attribute =
    string("resource_group_id", "The resource group.");
pub(in crate::resources) const DESCRIPTION: Attribute = string("description", "A description.")
    .check(DESCRIPTION_CHECKS)
    .example("web server");
pub(in crate::resources) const INTERNET_CHARGE_TYPE: Attribute =
    string("internet_charge_type", "How public traffic is paid for.")
        .check(&[Check::OneOf(&["PayByBandwidth", "PayByTraffic"])])
        .example("PayByTraffic");
pub(in crate::resources) const INTERNET_MAX_BANDWIDTH_OUT: Attribute = int(
    "internet_max_bandwidth_out",
    "Outbound public bandwidth in Mbit/s; above 0 the instance gets a public address.",
)
.check(&[Check::Range(0, 100)])
.example("5");
pub(in crate::resources) const HOST_NAME: Attribute =
    string("host_name", "The host name inside the instance.").example("web-1");
pub(in crate::resources) const PASSWORD_INHERIT: Attribute = boolean(
    "password_inherit",
    "Whether the password preset in the image is used.",
);
pub(in crate::resources) const IO_OPTIMIZED: Attribute =
    string("io_optimized", "Whether it is I/O optimized.")
        .check(&[Check::OneOf(&["none", "optimized"])])
        .example("optimized");
pub(in crate::resources) const VPC_ID: Attribute =
    string("vpc_id", "The VPC; that of the vSwitch.").refers_to("alicloud_vpc");
pub(in crate::resources) const VSWITCH_ID: Attribute = string(
    "vswitch_id",
    "The vSwitch, which decides on the VPC and the zone.",
)
.refers_to("alicloud_vswitch");
pub(in crate::resources) const INSTANCE_CHARGE_TYPE: Attribute =
    string("instance_charge_type", "How it is paid for.")
        .check(&[Check::OneOf(&["PrePaid", "PostPaid"])])
        .example("PostPaid");
pub(in crate::resources) const USER_DATA: Attribute = string("user_data", "A script or other data for the first start, at most 16 KB; text that is valid Base64 is taken as already encoded.").check(&[Check::Custom(user_data)]).example("#!/bin/sh");
pub(in crate::resources) const SPOT_STRATEGY: Attribute = string(
    "spot_strategy",
    "Whether and how it bids for spare capacity.",
)
.check(&[Check::OneOf(&[
    "NoSpot",
    "SpotAsPriceGo",
    "SpotWithPriceLimit",
])])
.example("SpotAsPriceGo");
pub(in crate::resources) const SPOT_PRICE_LIMIT: Attribute = float(
    "spot_price_limit",
    "The highest price per hour of a spot instance, with up to three decimals.",
)
.check(&[Check::Custom(spot_price_limit)])
.example("0.98");
pub(in crate::resources) const SECURITY_ENHANCEMENT_STRATEGY: Attribute = string(
    "security_enhancement_strategy",
    "Whether security hardening is installed.",
)
.check(&[Check::OneOf(&["Active", "Deactive"])])
.example("Active");
pub(in crate::resources) const AUTO_RELEASE_TIME: Attribute =
    string("auto_release_time", "When it is released, in UTC.")
        .check(&[Check::Custom(release_time)])
        .example("2030-01-01T00:00:00Z");
pub(in crate::resources) const DEPLOYMENT_SET_ID: Attribute =
    string("deployment_set_id", "The deployment set that it is in.")
        .refers_to("alicloud_ecs_deployment_set");
pub(in crate::resources) const HTTP_TOKENS: Attribute = string(
    "http_tokens",
    "Whether the metadata service asks for a token.",
)
.check(&[Check::OneOf(&["optional", "required"])])
.example("required");
pub(in crate::resources) const HTTP_ENDPOINT: Attribute =
    string("http_endpoint", "Whether there is a metadata service.")
        .check(&[Check::OneOf(&["enabled", "disabled"])])
        .example("enabled");
pub(in crate::resources) const HTTP_PUT_RESPONSE_HOP_LIMIT: Attribute = int(
    "http_put_response_hop_limit",
    "How many hops an answer of the metadata service may take.",
)
.check(&[Check::Range(1, 64)])
.example("2");
pub(in crate::resources) const INTERNET_MAX_BANDWIDTH_IN: Attribute = int(
    "internet_max_bandwidth_in",
    "Inbound public bandwidth in Mbit/s.",
)
.check(&[Check::Range(1, 200)])
.example("100");
