//! What a random manifest is made of: a row for each kind of block, with its text and what the world must have then.
//!
//! In texts, `<name>` is the object's name, `<note>` what is changed in place, `<replaced>` how often it was to be
//! replaced, `<either:a|b>` one of two by that, `<uid>` the block's number, `<net>` a number of the object's own,
//! `<0>` the first parent (`<0.1>` the second parent of that, `<0*>` its whole block). In `wanted`, `<0>` is its id.

/// A kind of block.
#[derive(Debug)]
pub struct Kind {
    pub key: &'static str,
    pub ty: &'static str,
    /// The list of the world that its objects are in.
    pub world: Option<&'static str>,
    /// Of which kinds its parents are.
    pub parents: &'static [&'static str],
    /// The parents that it has for itself alone, among its own kind.
    pub takes: &'static [usize],
    /// How often it is chosen.
    pub weight: usize,
    /// Whether there can be several by `count`.
    pub counted: bool,
    /// Whether one can be there beside its successor.
    pub twice: bool,
    pub updates: bool,
    pub replaces: bool,
    /// Whether its object stays the same one until it is to be replaced.
    pub stays: bool,
    pub text: &'static str,
    /// Fields of the object (or, after `0/`, of the first parent) and what they hold.
    pub wanted: &'static [(&'static str, &'static str)],
    /// A field that is null unless a block of this kind has taken the object.
    pub free: Option<(&'static str, &'static [&'static str])>,
}

const ROW: Kind = Kind {
    key: "",
    ty: "",
    world: None,
    parents: &[],
    takes: &[],
    weight: 1,
    counted: false,
    twice: false,
    updates: false,
    replaces: false,
    stays: true,
    text: "",
    wanted: &[],
    free: None,
};

pub static KINDS: &[Kind] = &[
    Kind {
        key: "vpc",
        ty: "alicloud_vpc",
        world: Some("vpcs"),
        weight: 3,
        counted: true,
        twice: true,
        updates: true,
        replaces: true,
        text: r#"
  vpc_name    = "<name>"
  cidr_block  = "10.0.0.0/8"
  description = "<note>"
  user_cidrs  = ["192.168.<either:0|128>.0/17"]"#,
        wanted: &[("name", "<name>"), ("description", "<note>")],
        ..ROW
    },
    Kind {
        key: "vswitch",
        ty: "alicloud_vswitch",
        world: Some("vswitches"),
        parents: &["vpc"],
        weight: 6,
        counted: true,
        twice: true,
        updates: true,
        replaces: true,
        text: r#"
  vswitch_name = "<name>"
  vpc_id       = <0>.id
  zone_id      = "cn-hangzhou-i"
  cidr_block   = "10.<uid>.<net>.0/24"
  description  = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("vpc", "<0>"),
            ("cidr", "10.<uid>.<net>.0/24"),
            ("description", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "group",
        ty: "alicloud_security_group",
        world: Some("security_groups"),
        parents: &["vpc"],
        weight: 6,
        counted: true,
        twice: true,
        updates: true,
        text: r#"
  security_group_name = "<name>"
  vpc_id              = <0>.id
  description         = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("vpc", "<0>"),
            ("description", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "rule",
        ty: "alicloud_security_group_rule",
        parents: &["group"],
        weight: 6,
        updates: true,
        replaces: true,
        text: r#"
  security_group_id = <0>.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "<uid>/<port>"
  cidr_ip           = "0.0.0.0/0"
  description       = "<note>""#,
        ..ROW
    },
    Kind {
        key: "instance",
        ty: "alicloud_instance",
        world: Some("instances"),
        parents: &["vswitch", "group"],
        weight: 8,
        counted: true,
        twice: true,
        updates: true,
        replaces: true,
        text: r#"
  instance_name        = "<name>"
  instance_type        = "ecs.g6.large"
  image_id             = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id           = <0>.id
  security_groups      = [<1>.id]
  system_disk_category = "<either:cloud_essd|cloud_ssd>"
  description          = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("vswitch", "<0>"),
            ("security_groups.0", "<1>"),
            ("state", "Running"),
            ("description", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "disk",
        ty: "alicloud_ecs_disk",
        world: Some("disks"),
        weight: 6,
        counted: true,
        twice: true,
        updates: true,
        replaces: true,
        text: r#"
  disk_name   = "<name>"
  zone_id     = "cn-hangzhou-i"
  category    = "cloud_essd"
  size        = 40
  encrypted   = <either:false|true>
  description = "<note>""#,
        wanted: &[("name", "<name>"), ("description", "<note>")],
        free: Some(("instance", &["disk-attachment"])),
        ..ROW
    },
    Kind {
        key: "disk-attachment",
        ty: "alicloud_ecs_disk_attachment",
        parents: &["disk", "instance"],
        takes: &[0],
        weight: 4,
        text: r"
  disk_id     = <0>.id
  instance_id = <1>.id",
        wanted: &[("0/instance", "<1>")],
        ..ROW
    },
    Kind {
        key: "snapshot",
        ty: "alicloud_ecs_snapshot",
        world: Some("snapshots"),
        parents: &["disk-attachment"],
        updates: true,
        text: r#"
  snapshot_name = "<name>"
  disk_id       = <0>.disk_id
  description   = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("disk", "<0.0>"),
            ("description", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "eip",
        ty: "alicloud_eip_address",
        world: Some("eips"),
        weight: 5,
        counted: true,
        twice: true,
        updates: true,
        replaces: true,
        text: r#"
  address_name         = "<name>"
  internet_charge_type = "<either:PayByBandwidth|PayByTraffic>"
  description          = "<note>""#,
        wanted: &[("name", "<name>"), ("description", "<note>")],
        free: Some(("bound", &["association", "way-out"])),
        ..ROW
    },
    Kind {
        key: "association",
        ty: "alicloud_eip_association",
        parents: &["eip", "instance"],
        takes: &[0, 1],
        weight: 3,
        text: r"
  allocation_id = <0>.id
  instance_id   = <1>.id",
        wanted: &[("0/bound.id", "<1>")],
        ..ROW
    },
    Kind {
        key: "interface",
        ty: "alicloud_ecs_network_interface",
        world: Some("network_interfaces"),
        parents: &["vswitch", "group"],
        weight: 2,
        counted: true,
        updates: true,
        text: r#"
  network_interface_name = "<name>"
  vswitch_id             = <0>.id
  security_group_ids     = [<1>.id]
  description            = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("vswitch", "<0>"),
            ("groups.0", "<1>"),
            ("description", "<note>"),
        ],
        free: Some(("instance", &["interface-attachment"])),
        ..ROW
    },
    Kind {
        key: "interface-attachment",
        ty: "alicloud_ecs_network_interface_attachment",
        parents: &["interface", "instance"],
        takes: &[0, 1],
        text: r"
  network_interface_id = <0>.id
  instance_id          = <1>.id",
        wanted: &[("0/instance", "<1>")],
        ..ROW
    },
    Kind {
        key: "key-pair",
        ty: "alicloud_ecs_key_pair",
        world: Some("key_pairs"),
        updates: true,
        replaces: true,
        // One whose answer was lost is of no use.
        stays: false,
        text: r#"
  key_pair_name = "<name>-<replaced>"
  key_file      = "<name>.pem"
  tags          = { note = "<note>" }"#,
        wanted: &[("name", "<name>-<replaced>"), ("tags.note", "<note>")],
        ..ROW
    },
    Kind {
        key: "key-pair-attachment",
        ty: "alicloud_ecs_key_pair_attachment",
        parents: &["key-pair", "instance"],
        takes: &[1],
        stays: false,
        text: r"
  key_pair_name = <0>.id
  instance_ids  = [<1>.id]
  force         = true",
        wanted: &[("1/key_pair", "<0>")],
        ..ROW
    },
    Kind {
        key: "deployment-set",
        ty: "alicloud_ecs_deployment_set",
        world: Some("deployment_sets"),
        updates: true,
        text: r#"
  deployment_set_name = "<name>"
  description         = "<note>""#,
        wanted: &[("name", "<name>"), ("description", "<note>")],
        ..ROW
    },
    Kind {
        key: "image",
        ty: "alicloud_image",
        world: Some("images"),
        parents: &["instance"],
        updates: true,
        stays: false,
        text: r#"
  image_name           = "<name>"
  instance_id          = <0>.id
  delete_auto_snapshot = true
  description          = "<note>""#,
        wanted: &[("name", "<name>"), ("description", "<note>")],
        ..ROW
    },
    Kind {
        key: "template",
        ty: "alicloud_ecs_launch_template",
        world: Some("launch_templates"),
        parents: &["vswitch", "group"],
        updates: true,
        replaces: true,
        text: r#"
  launch_template_name          = "<name>-<replaced>"
  version_description           = "<note>"
  update_default_version_number = true
  image_id                      = "aliyun_3_x64_20G_alibase_20240819.vhd"
  instance_type                 = "ecs.g6.large"
  vswitch_id                    = <0>.id
  security_group_ids            = [<1>.id]"#,
        wanted: &[("name", "<name>-<replaced>")],
        ..ROW
    },
    Kind {
        key: "balancer",
        ty: "alicloud_slb_load_balancer",
        world: Some("load_balancers"),
        parents: &["vswitch"],
        updates: true,
        text: r#"
  load_balancer_name = "<name>"
  vswitch_id         = <0>.id
  load_balancer_spec = "slb.s2.small"
  tags               = { note = "<note>" }"#,
        wanted: &[
            ("name", "<name>"),
            ("vswitch", "<0>"),
            ("tags.note", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "gateway",
        ty: "alicloud_nat_gateway",
        world: Some("nat_gateways"),
        parents: &["vswitch"],
        updates: true,
        text: r#"
  nat_gateway_name = "<name>"
  vpc_id           = <0.0>.id
  vswitch_id       = <0>.id
  nat_type         = "Enhanced"
  description      = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("vswitch", "<0>"),
            ("description", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "way-out",
        ty: "alicloud_eip_association",
        parents: &["eip", "gateway"],
        takes: &[0],
        text: r"
  allocation_id = <0>.id
  instance_id   = <1>.id",
        wanted: &[("0/bound.id", "<1>")],
        ..ROW
    },
    Kind {
        key: "translation",
        ty: "alicloud_snat_entry",
        world: Some("snat_entries"),
        parents: &["way-out", "vswitch"],
        takes: &[0, 1],
        updates: true,
        text: r#"
  depends_on        = [<0*>]
  snat_entry_name   = "<name>-<note>"
  snat_table_id     = <0.1>.snat_table_ids
  source_vswitch_id = <1>.id
  snat_ip           = <0.0>.ip_address

  lifecycle {
    replace_triggered_by = [<0*>]
  }"#,
        wanted: &[("name", "<name>-<note>"), ("source_vswitch", "<1>")],
        ..ROW
    },
    Kind {
        key: "table",
        ty: "alicloud_route_table",
        world: Some("route_tables"),
        parents: &["vpc"],
        weight: 2,
        updates: true,
        text: r#"
  route_table_name = "<name>"
  vpc_id           = <0>.id
  description      = "<note>""#,
        wanted: &[
            ("name", "<name>"),
            ("vpc", "<0>"),
            ("description", "<note>"),
        ],
        ..ROW
    },
    Kind {
        key: "entry",
        ty: "alicloud_route_entry",
        world: Some("route_entries"),
        parents: &["table", "gateway"],
        replaces: true,
        text: r#"
  route_table_id        = <0>.id
  destination_cidrblock = "172.16.<uid>.0/24"
  nexthop_type          = "NatGateway"
  nexthop_id            = <1>.id
  name                  = "<name>-<replaced>""#,
        wanted: &[
            ("name", "<name>-<replaced>"),
            ("table", "<0>"),
            ("next_hop", "<1>"),
        ],
        ..ROW
    },
    Kind {
        key: "table-attachment",
        ty: "alicloud_route_table_attachment",
        parents: &["table", "vswitch"],
        takes: &[0, 1],
        text: r"
  route_table_id = <0>.id
  vswitch_id     = <1>.id",
        wanted: &[("0/vswitches.0", "<1>")],
        ..ROW
    },
    Kind {
        key: "data",
        ty: "terraform_data",
        weight: 4,
        counted: true,
        twice: true,
        updates: true,
        replaces: true,
        text: r#"
  input            = "<name> <note>"
  triggers_replace = "<replaced>""#,
        ..ROW
    },
    Kind {
        key: "random-id",
        ty: "random_id",
        weight: 2,
        counted: true,
        twice: true,
        replaces: true,
        text: r#"
  byte_length = 8
  prefix      = "<name>-<replaced>-""#,
        ..ROW
    },
    Kind {
        key: "random-pet",
        ty: "random_pet",
        counted: true,
        twice: true,
        replaces: true,
        text: r"
  length = <either:2|3>",
        ..ROW
    },
];

/// Returns the kind with this key.
pub fn kind(key: &str) -> &'static Kind {
    let found = KINDS.iter().find(|kind| kind.key == key);
    found.unwrap_or_else(|| panic!("there is no kind {key}"))
}
