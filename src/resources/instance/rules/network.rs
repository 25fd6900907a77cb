//! The network: what needs a vSwitch, security groups, I/O optimization, and what other resources say.

use super::{Problem, flag, hinted, image::is_current, is_set, problem, text, unset};
use crate::model::Object;

/// So many instances the document allows in one security group.
pub(super) const GROUP: usize = 1000;
/// So many the service has come to allow in a normal one.
const LARGE_GROUP: usize = 2000;

/// What needs a vSwitch.
pub(super) fn network(object: &Object) -> Vec<Problem> {
    let elsewhere = [
        "network_interface_id",
        "launch_template_id",
        "launch_template_name",
    ]
    .iter()
    .any(|name| !unset(object, name));
    if !unset(object, "vswitch_id") {
        let bare = unset(object, "security_groups") && !elsewhere;
        return bare.then(no_groups).into_iter().collect();
    }
    let missing = |attribute: &str, what: &str| {
        hinted(
            problem(
                attribute,
                "Missing vSwitch",
                format!("{what} an instance in a VPC, but vswitch_id is not set."),
            ),
            &format!("Set vswitch_id, or remove {attribute}."),
        )
    };
    let mut problems = Vec::new();
    if is_set(object, "private_ip") && !elsewhere {
        problems.push(missing("private_ip", "A private address is that of"));
    }
    if is_set(object, "user_data") && !elsewhere {
        problems.push(missing("user_data", "User data needs"));
    }
    if is_set(object, "dedicated_host_id") && !elsewhere {
        problems.push(missing("dedicated_host_id", "A dedicated host runs only"));
    }
    problems
}

fn no_groups() -> Problem {
    hinted(
        problem(
            "security_groups",
            "Missing security group",
            "An instance in a vSwitch needs at least one security group of the same VPC."
                .to_owned(),
        ),
        "Set security_groups to the id of an alicloud_security_group.",
    )
}

/// I/O optimization: said once, and what depends on it.
pub(super) fn io_optimized(object: &Object) -> Vec<Problem> {
    let said = text(object, "io_optimized");
    let mut problems = Vec::new();
    if flag(object, "is_outdated") && said == Some("optimized") {
        problems.push(hinted(
            problem(
                "io_optimized",
                "Contradiction",
                "is_outdated asks for an instance without I/O optimization, but io_optimized is \"optimized\".".to_owned(),
            ),
            "Remove is_outdated.",
        ));
    }
    if said == Some("none") || flag(object, "is_outdated") {
        for (name, what) in [("user_data", "User data"), ("key_name", "A key pair")] {
            if is_set(object, name) {
                problems.push(hinted(
                    problem(
                        name,
                        "Needs I/O optimization",
                        format!("{what} works only on an I/O optimized instance."),
                    ),
                    &format!("Remove {name}, or io_optimized."),
                ));
            }
        }
    }
    let optimized = match said {
        Some(said) => said == "optimized",
        None => {
            !flag(object, "is_outdated") && text(object, "instance_type").is_some_and(is_current)
        }
    };
    if let (true, Some(category @ ("cloud" | "ephemeral_ssd"))) =
        (optimized, text(object, "system_disk_category"))
    {
        problems.push(hinted(
            problem(
                "system_disk_category",
                "Invalid system disk category",
                format!("An I/O optimized instance cannot have a {category} system disk."),
            ),
            "Use cloud_efficiency, cloud_ssd or cloud_essd.",
        ));
    }
    problems
}

/// A security group is of the VPC that the instance is in.
pub(super) fn group_network(instance: &Object, group: &Object) -> Option<Problem> {
    let (wanted, actual) = (text(instance, "vpc_id")?, text(group, "vpc_id")?);
    (wanted != actual).then(|| {
        hinted(
            problem(
                "security_groups",
                "Security group of another VPC",
                format!("The instance is in {wanted}, but the security group is in {actual}."),
            ),
            "Use a security group of the VPC that the vSwitch is in.",
        )
    })
}

/// The zone is that of the vSwitch.
pub(super) fn vswitch_zone(instance: &Object, vswitch: &Object) -> Option<Problem> {
    let wanted = text(instance, "availability_zone")?;
    let actual = text(vswitch, "zone_id").or_else(|| text(vswitch, "availability_zone"))?;
    (wanted != actual).then(|| {
        hinted(
            problem(
                "availability_zone",
                "vSwitch in another zone",
                format!("The instance is to be in {wanted}, but its vSwitch is in {actual}."),
            ),
            "Remove availability_zone, or use a vSwitch of this zone.",
        )
    })
}

/// The VPC is that of the vSwitch.
pub(super) fn vswitch_network(instance: &Object, vswitch: &Object) -> Option<Problem> {
    let (wanted, actual) = (text(instance, "vpc_id")?, text(vswitch, "vpc_id")?);
    (wanted != actual).then(|| {
        hinted(
            problem(
                "vpc_id",
                "vSwitch of another VPC",
                format!("The instance is to be in {wanted}, but its vSwitch is in {actual}."),
            ),
            "Remove vpc_id, or use a vSwitch of this VPC.",
        )
    })
}

/// The private address is inside the vSwitch's range.
pub(super) fn vswitch_range(instance: &Object, vswitch: &Object) -> Option<Problem> {
    let address: std::net::Ipv4Addr = text(instance, "private_ip")?.parse().ok()?;
    let range: ipnet::Ipv4Net = text(vswitch, "cidr_block")?.parse().ok()?;
    (!range.contains(&address)).then(|| {
        hinted(
            problem(
                "private_ip",
                "Private address outside the vSwitch",
                format!("{address} is not in {range}, the range of the vSwitch."),
            ),
            &format!("Choose an address inside {range}, or remove private_ip."),
        )
    })
}

/// How many instances may be in one security group.
pub(super) fn group_size(count: usize, group: Option<&Object>) -> Option<Problem> {
    let large = group.and_then(|group| text(group, "security_group_type")) == Some("enterprise");
    if large {
        return None;
    }
    Some(Problem {
        warning: count <= LARGE_GROUP,
        ..hinted(
            problem(
                "security_groups",
                "Too many instances in a security group",
                format!(
                    "{count} instances of this plan are in one security group, which is made for {GROUP} and holds {LARGE_GROUP} at most."
                ),
            ),
            "Spread them over several groups, or use one with security_group_type = \"enterprise\".",
        )
    })
}
