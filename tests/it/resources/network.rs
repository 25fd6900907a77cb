//! Networks, and what filters their traffic.

use prov::cloud::Product;

use super::{LIFE, Life, Names, Setting, lead, replace, update};
use crate::support::cloud::Cloud;

const VPC: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block  = "10.0.0.0/8"
  enable_ipv6 = true
}
"#;
const TWO_VPCS: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block  = "10.0.0.0/8"
  enable_ipv6 = true
}
resource "alicloud_vpc" "b" {
  cidr_block  = "10.0.0.0/8"
  enable_ipv6 = true
}
"#;
const GROUPS: &str = r#"
resource "alicloud_vpc" "a" {
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_security_group" "a" {
  vpc_id = alicloud_vpc.a.id
}
resource "alicloud_security_group" "b" {
  vpc_id = alicloud_vpc.a.id
}
"#;

fn lose_vpc(cloud: &Cloud, id: &str) {
    cloud.console(Product::Vpc, "DeleteVpc", &[("VpcId", id)]);
}

fn lose_vswitch(cloud: &Cloud, id: &str) {
    cloud.console(Product::Vpc, "DeleteVSwitch", &[("VSwitchId", id)]);
}

fn lose_group(cloud: &Cloud, id: &str) {
    cloud.console(
        Product::Ecs,
        "DeleteSecurityGroup",
        &[("SecurityGroupId", id)],
    );
}

/// Deletes all rules of the group.
fn lose_rule(cloud: &Cloud, id: &str) {
    let group = id.split(':').next().unwrap();
    let asked = [("SecurityGroupId", group)];
    let answer = cloud.console(Product::Ecs, "DescribeSecurityGroupAttribute", &asked);
    for rule in answer["Permissions"]["Permission"].as_array().unwrap() {
        let action = if rule["Direction"] == "ingress" {
            "RevokeSecurityGroup"
        } else {
            "RevokeSecurityGroupEgress"
        };
        let rule = rule["SecurityGroupRuleId"].as_str().unwrap();
        cloud.console(
            Product::Ecs,
            action,
            &[("SecurityGroupId", group), ("SecurityGroupRuleId.1", rule)],
        );
    }
}

const VPC_BASE: &[Setting] = &[
    ("vpc_name", "\"it\""),
    ("cidr_block", "\"10.0.0.0/8\""),
    ("description", "\"at first\""),
    ("dns_hostname_status", "\"ENABLED\""),
    ("user_cidrs", "[\"192.168.0.0/16\"]"),
    ("resource_group_id", "\"rg-one\""),
    ("secondary_cidr_blocks", "[\"172.16.0.0/16\"]"),
    ("system_route_table_name", "\"routes\""),
    ("system_route_table_description", "\"its routes\""),
    ("system_route_table_route_propagation_enable", "true"),
    ("classic_link_enabled", "true"),
    ("force_delete", "true"),
    ("dry_run", "false"),
    ("tags", "{ a = \"1\", b = \"2\" }"),
];

pub(super) const LIVES: &[Life] = &[
    Life {
        kind: "alicloud_vpc",
        base: VPC_BASE,
        born: &[
            ("vpcs", "/name", "\"it\""),
            ("vpcs", "/user_cidrs", "[\"192.168.0.0/16\"]"),
            ("vpcs", "/secondary", "[\"172.16.0.0/16\"]"),
            ("vpcs", "/classic_link", "true"),
            ("vpcs", "/tags/b", "\"2\""),
            ("route_tables", "/name", "\"routes\""),
        ],
        steps: &[
            update(&[("vpc_name", "\"other\"")], &["ModifyVpcAttribute"]).shows(&[(
                "vpcs",
                "/name",
                "\"other\"",
            )]),
            update(
                &[("vpc_name", ""), ("name", "\"old\"")],
                &["ModifyVpcAttribute"],
            )
            .shows(&[("vpcs", "/name", "\"old\"")]),
            update(
                &[("cidr_block", "\"10.0.0.0/12\"")],
                &["ModifyVpcAttribute"],
            )
            .shows(&[("vpcs", "/cidr", "\"10.0.0.0/12\"")]),
            replace(&[("cidr_block", "\"172.31.0.0/16\"")]),
            replace(&[("cidr_block", "\"10.0.0.0/12\"")]),
            update(&[("description", "\"later\"")], &["ModifyVpcAttribute"]).shows(&[(
                "vpcs",
                "/description",
                "\"later\"",
            )]),
            update(&[("description", "")], &["ModifyVpcAttribute"]).shows(&[(
                "vpcs",
                "/description",
                "\"\"",
            )]),
            update(
                &[("dns_hostname_status", "\"DISABLED\"")],
                &["ModifyVpcAttribute"],
            )
            .shows(&[("vpcs", "/dns_hostnames", "false")]),
            update(&[("enable_ipv6", "true")], &["ModifyVpcAttribute"]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["MoveResourceGroup"],
            )
            .shows(&[("vpcs", "/resource_group", "\"rg-two\"")]),
            update(
                &[(
                    "secondary_cidr_blocks",
                    "[\"172.17.0.0/16\", \"172.18.0.0/16\"]",
                )],
                &[
                    "UnassociateVpcCidrBlock",
                    "AssociateVpcCidrBlock",
                    "AssociateVpcCidrBlock",
                ],
            ),
            update(
                &[("system_route_table_name", "\"ways\"")],
                &["ModifyRouteTableAttributes"],
            )
            .shows(&[("route_tables", "/name", "\"ways\"")]),
            update(
                &[("system_route_table_description", "\"its ways\"")],
                &["ModifyRouteTableAttributes"],
            )
            .shows(&[("route_tables", "/description", "\"its ways\"")]),
            update(
                &[("system_route_table_route_propagation_enable", "false")],
                &["ModifyRouteTableAttributes"],
            )
            .shows(&[("route_tables", "/propagation", "false")]),
            update(
                &[("classic_link_enabled", "false")],
                &["DisableVpcClassicLink"],
            )
            .shows(&[("vpcs", "/classic_link", "false")]),
            update(
                &[("classic_link_enabled", "true")],
                &["EnableVpcClassicLink"],
            )
            .shows(&[("vpcs", "/classic_link", "true")]),
            update(
                &[("tags", "{ a = \"3\", c = \"4\" }")],
                &["UnTagResources", "TagResources"],
            )
            .shows(&[("vpcs", "/tags", "{\"a\":\"3\",\"c\":\"4\"}")]),
            update(&[("tags", "")], &["UnTagResources"]).shows(&[("vpcs", "/tags", "{}")]),
            update(&[("force_delete", "false")], &[]),
            update(&[("secondary_cidr_mask", "16")], &[]),
            update(
                &[
                    ("name", ""),
                    ("vpc_name", "\"both\""),
                    ("description", "\"again\""),
                    ("tags", "{ z = \"9\" }"),
                    ("system_route_table_name", "\"roads\""),
                ],
                &[
                    "ModifyVpcAttribute",
                    "ModifyRouteTableAttributes",
                    "TagResources",
                ],
            ),
            replace(&[("user_cidrs", "[\"192.168.0.0/17\"]")]),
        ],
        untold: &[
            "classic_link_enabled",
            "force_delete",
            "dry_run",
            "secondary_cidr_mask",
        ],
        lose: lose_vpc,
        ..LIFE
    },
    Life {
        kind: "alicloud_vpc",
        base: &[
            ("is_default", "true"),
            ("enable_ipv6", "true"),
            ("resource_group_id", "\"rg-one\""),
        ],
        born: &[("vpcs", "/default", "true")],
        steps: &[replace(&[
            ("is_default", "false"),
            ("cidr_block", "\"10.0.0.0/16\""),
        ])],
        lose: lose_vpc,
        ..LIFE
    },
    Life {
        kind: "alicloud_vpc",
        base: &[
            ("cidr_block", "\"10.0.0.0/16\""),
            ("enable_ipv6", "true"),
            ("ipv6_isp", "\"BGP\""),
        ],
        born: &[("vpcs", "/ipv6_isp", "\"BGP\"")],
        steps: &[
            update(&[("ipv6_isp", "\"ChinaMobile\"")], &["ModifyVpcAttribute"]).shows(&[(
                "vpcs",
                "/ipv6_isp",
                "\"ChinaMobile\"",
            )]),
            replace(&[("ipv6_cidr_block", "\"2408:4003:1000::/56\"")]),
        ],
        lose: lose_vpc,
        ..LIFE
    },
    Life {
        kind: "alicloud_vpc",
        base: &[
            ("ipv4_ipam_pool_id", "\"ipam-pool-one\""),
            ("ipv4_cidr_mask", "16"),
        ],
        steps: &[update(
            &[
                ("ipv4_ipam_pool_id", "\"ipam-pool-two\""),
                ("ipv4_cidr_mask", "17"),
            ],
            &[],
        )],
        untold: &["ipv4_ipam_pool_id", "ipv4_cidr_mask"],
        lose: lose_vpc,
        ..LIFE
    },
    Life {
        kind: "alicloud_vswitch",
        prepare: |cloud| {
            cloud.console(Product::Vpc, "CreateDefaultVpc", &[]);
            Names::new()
        },
        around: &[VPC],
        base: &[("is_default", "true"), ("zone_id", "\"cn-hangzhou-h\"")],
        born: &[("vswitches", "/default", "true")],
        steps: &[replace(&[
            ("is_default", "false"),
            ("vpc_id", "alicloud_vpc.a.id"),
            ("cidr_block", "\"10.0.0.0/16\""),
        ])],
        lose: lose_vswitch,
        ..LIFE
    },
    Life {
        kind: "alicloud_vswitch",
        around: &[TWO_VPCS],
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("cidr_block", "\"10.1.0.0/16\""),
            ("zone_id", "\"cn-hangzhou-h\""),
            ("vswitch_name", "\"it\""),
            ("description", "\"at first\""),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("vswitches", "/name", "\"it\""),
            ("vswitches", "/tags/a", "\"1\""),
        ],
        steps: &[
            update(
                &[("vswitch_name", "\"other\"")],
                &["ModifyVSwitchAttribute"],
            )
            .shows(&[("vswitches", "/name", "\"other\"")]),
            update(
                &[("vswitch_name", ""), ("name", "\"old\"")],
                &["ModifyVSwitchAttribute"],
            )
            .shows(&[("vswitches", "/name", "\"old\"")]),
            update(&[("description", "\"later\"")], &["ModifyVSwitchAttribute"]).shows(&[(
                "vswitches",
                "/description",
                "\"later\"",
            )]),
            update(&[("description", "")], &["ModifyVSwitchAttribute"]).shows(&[(
                "vswitches",
                "/description",
                "\"\"",
            )]),
            update(&[("tags", "{ a = \"2\", b = \"3\" }")], &["TagResources"]).shows(&[(
                "vswitches",
                "/tags/a",
                "\"2\"",
            )]),
            update(
                &[
                    ("enable_ipv6", "true"),
                    ("ipv6_cidr_block_mask", "7"),
                    ("vpc_ipv6_cidr_block", "alicloud_vpc.a.ipv6_cidr_block"),
                ],
                &["ModifyVSwitchAttribute"],
            ),
            update(
                &[("ipv6_cidr_block_mask", "9")],
                &["ModifyVSwitchAttribute", "ModifyVSwitchAttribute"],
            ),
            update(
                &[("enable_ipv6", "false"), ("ipv6_cidr_block_mask", "")],
                &["ModifyVSwitchAttribute"],
            ),
            update(
                &[
                    ("name", ""),
                    ("vswitch_name", "\"both\""),
                    ("description", "\"again\""),
                    ("tags", ""),
                ],
                &["ModifyVSwitchAttribute", "UnTagResources"],
            ),
            replace(&[("cidr_block", "\"10.2.0.0/16\"")]),
            replace(&[("zone_id", "\"cn-hangzhou-i\"")]),
            replace(&[("zone_id", ""), ("availability_zone", "\"cn-hangzhou-h\"")]),
            replace(&[("vpc_id", "alicloud_vpc.b.id")]),
        ],
        untold: &["vpc_ipv6_cidr_block", "ipv6_cidr_block_mask"],
        lose: lose_vswitch,
        ..LIFE
    },
    Life {
        kind: "alicloud_vswitch",
        around: &[VPC],
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("cidr_block", "\"10.1.0.0/16\""),
            ("zone_id", "\"cn-hangzhou-h\""),
            ("ipv6_cidr_block_mask", "7"),
            ("vpc_ipv6_cidr_block", "alicloud_vpc.a.ipv6_cidr_block"),
        ],
        untold: &["ipv6_cidr_block_mask", "vpc_ipv6_cidr_block"],
        lose: lose_vswitch,
        ..LIFE
    },
    Life {
        kind: "alicloud_security_group",
        around: &[TWO_VPCS],
        base: &[
            ("vpc_id", "alicloud_vpc.a.id"),
            ("security_group_name", "\"it\""),
            ("description", "\"at first\""),
            ("inner_access_policy", "\"Drop\""),
            ("resource_group_id", "\"rg-one\""),
            ("tags", "{ a = \"1\" }"),
        ],
        born: &[
            ("security_groups", "/inner_access", "\"Drop\""),
            ("security_groups", "/resource_group", "\"rg-one\""),
        ],
        steps: &[
            update(
                &[("security_group_name", "\"other\"")],
                &["ModifySecurityGroupAttribute"],
            )
            .shows(&[("security_groups", "/name", "\"other\"")]),
            update(
                &[("security_group_name", ""), ("name", "\"old\"")],
                &["ModifySecurityGroupAttribute"],
            )
            .shows(&[("security_groups", "/name", "\"old\"")]),
            update(
                &[("description", "\"later\"")],
                &["ModifySecurityGroupAttribute"],
            )
            .shows(&[("security_groups", "/description", "\"later\"")]),
            update(&[("description", "")], &["ModifySecurityGroupAttribute"]).shows(&[(
                "security_groups",
                "/description",
                "\"\"",
            )]),
            update(
                &[("inner_access_policy", "\"Accept\"")],
                &["ModifySecurityGroupPolicy"],
            )
            .shows(&[("security_groups", "/inner_access", "\"Accept\"")]),
            update(
                &[("inner_access_policy", ""), ("inner_access", "false")],
                &["ModifySecurityGroupPolicy"],
            )
            .shows(&[("security_groups", "/inner_access", "\"Drop\"")]),
            update(
                &[("resource_group_id", "\"rg-two\"")],
                &["JoinResourceGroup"],
            )
            .shows(&[("security_groups", "/resource_group", "\"rg-two\"")]),
            update(&[("tags", "{ a = \"2\", b = \"3\" }")], &["TagResources"]).shows(&[(
                "security_groups",
                "/tags/a",
                "\"2\"",
            )]),
            update(&[("tags", "")], &["UntagResources"]).shows(&[(
                "security_groups",
                "/tags",
                "{}",
            )]),
            update(
                &[
                    ("name", ""),
                    ("security_group_name", "\"both\""),
                    ("inner_access", "true"),
                    ("tags", "{ z = \"9\" }"),
                ],
                &[
                    "ModifySecurityGroupAttribute",
                    "ModifySecurityGroupPolicy",
                    "TagResources",
                ],
            ),
            replace(&[
                ("security_group_type", "\"enterprise\""),
                ("inner_access", ""),
            ]),
            replace(&[("vpc_id", "alicloud_vpc.b.id")]),
        ],
        lose: lose_group,
        ..LIFE
    },
    Life {
        kind: "alicloud_security_group_rule",
        around: &[GROUPS],
        base: &[
            ("security_group_id", "alicloud_security_group.a.id"),
            ("type", "\"ingress\""),
            ("ip_protocol", "\"tcp\""),
            ("port_range", "\"22/22\""),
            ("cidr_ip", "\"10.0.0.0/8\""),
            ("policy", "\"accept\""),
            ("priority", "2"),
            ("nic_type", "\"intranet\""),
            ("description", "\"at first\""),
        ],
        steps: &[
            update(
                &[("description", "\"later\"")],
                &["ModifySecurityGroupRule"],
            ),
            update(&[("description", "")], &["ModifySecurityGroupRule"]),
            replace(&[("port_range", "\"80/90\"")]),
            replace(&[("policy", "\"drop\"")]),
            replace(&[("priority", "50")]),
            replace(&[("ip_protocol", "\"udp\"")]),
            replace(&[("cidr_ip", "\"0.0.0.0/0\"")]),
            replace(&[("type", "\"egress\"")]),
            update(
                &[("description", "\"out\"")],
                &["ModifySecurityGroupEgressRule"],
            ),
            replace(&[("cidr_ip", ""), ("ipv6_cidr_ip", "\"2408:4003::/32\"")]),
            replace(&[
                ("ipv6_cidr_ip", ""),
                ("source_security_group_id", "alicloud_security_group.b.id"),
                ("source_group_owner_id", "\"1234567890123456\""),
            ]),
            replace(&[
                ("security_group_id", "alicloud_security_group.b.id"),
                ("source_security_group_id", "alicloud_security_group.a.id"),
            ]),
            replace(&[
                ("source_group_owner_id", ""),
                ("source_security_group_id", ""),
                ("prefix_list_id", "\"pl-x1j1k5ykzqlixdcy9hw5\""),
            ]),
            replace(&[
                ("ip_protocol", "\"icmp\""),
                ("port_range", ""),
                ("type", "\"ingress\""),
                ("prefix_list_id", ""),
                ("cidr_ip", "\"10.0.0.0/8\""),
            ]),
        ],
        lose: lose_rule,
        ..LIFE
    },
    Life {
        kind: "alicloud_security_group_rule",
        around: &[
            "resource \"alicloud_security_group\" \"a\" {\n}\nresource \"alicloud_security_group\" \"b\" {\n}\n",
        ],
        base: &[
            ("security_group_id", "alicloud_security_group.a.id"),
            ("type", "\"ingress\""),
            ("ip_protocol", "\"all\""),
            ("nic_type", "\"internet\""),
            ("cidr_ip", "\"10.0.0.0/8\""),
        ],
        steps: &[replace(&[("nic_type", "\"intranet\"")])],
        lose: lose_rule,
        ..LIFE
    },
    // The other side is a group of another account.
    Life {
        kind: "alicloud_security_group_rule",
        prepare: |cloud| {
            let answer = cloud.abroad(Product::Ecs, "CreateSecurityGroup", &[]);
            let group = answer["SecurityGroupId"].as_str().unwrap();
            vec![("THEIR-GROUP", group.to_owned())]
        },
        around: &["resource \"alicloud_security_group\" \"a\" {\n}\n"],
        base: &[
            ("security_group_id", "alicloud_security_group.a.id"),
            ("type", "\"ingress\""),
            ("ip_protocol", "\"tcp\""),
            ("port_range", "\"22/22\""),
            ("nic_type", "\"intranet\""),
            ("source_security_group_id", "\"THEIR-GROUP\""),
            ("source_group_owner_id", "\"42\""),
        ],
        steps: &[
            replace(&[
                ("source_group_owner_id", ""),
                ("source_group_owner_account", "\"web@42.onaliyun.com\""),
            ]),
            update(
                &[("description", "\"theirs\"")],
                &["ModifySecurityGroupRule"],
            ),
        ],
        untold: &["source_group_owner_account"],
        lose: lose_rule,
        ..LIFE
    },
];

#[test]
fn vpc() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_vpc")
        .for_each(lead);
}

#[test]
fn vswitch() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_vswitch")
        .for_each(lead);
}

#[test]
fn security_group() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_security_group")
        .for_each(lead);
}

#[test]
fn security_group_rule() {
    LIVES
        .iter()
        .filter(|life| life.kind == "alicloud_security_group_rule")
        .for_each(lead);
}
