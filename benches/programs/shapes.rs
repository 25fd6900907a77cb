//! Configurations of any size: what a table of the report measures.

use std::{fmt::Write, fs, path::Path};

/// A kind of configuration.
pub struct Shape {
    pub name: &'static str,
    /// What it is, for the page.
    pub about: &'static str,
    /// Files with their names, for so many resources.
    pub files: fn(usize) -> Vec<(String, String)>,
}

/// One block with `count`.
pub const COUNT: Shape = Shape {
    name: "count",
    about: "one `terraform_data` with `count`",
    files: |size| {
        one(format!(
            "resource \"terraform_data\" \"a\" {{\n  count = {size}\n  input = {{ n = count.index, name = \"item-${{count.index}}\" }}\n}}\n"
        ))
    },
};

/// One block with `for_each`.
pub const FOR_EACH: Shape = Shape {
    name: "for_each",
    about: "one `terraform_data` with `for_each`",
    files: |size| {
        one(format!(
            "resource \"terraform_data\" \"a\" {{\n  for_each = toset({})\n  input = each.value\n}}\n",
            keys(size)
        ))
    },
};

/// Blocks of which each but the first refers to another, in levels of ten times as many.
pub const LINKED: Shape = Shape {
    name: "linked",
    about: "blocks of `terraform_data` that each refer to another's id, ten to one",
    files: |size| linked(size, |n| n / 10),
};

/// Blocks of which each refers to the one before it.
pub const CHAIN: Shape = Shape {
    name: "chain",
    about: "blocks of `terraform_data` in one chain of references",
    files: |size| linked(size, |n| n - 1),
};

/// Blocks that all refer to the first.
pub const FAN: Shape = Shape {
    name: "fan",
    about: "blocks of `terraform_data` that all refer to one",
    files: |size| linked(size, |_| 0),
};

/// Files of ten blocks each.
pub const FILES: Shape = Shape {
    name: "files",
    about: "files with ten blocks of `terraform_data` each",
    files: |size| {
        let file = |file: usize| {
            let mut text = String::new();
            for n in 0..10 {
                let _ = write!(
                    text,
                    "resource \"terraform_data\" \"r{file}_{n}\" {{\n  input = {{ n = {n}, name = \"item-{file}-{n}\" }}\n}}\n"
                );
            }
            (format!("file{file}.tf"), text)
        };
        (0..size / 10).map(file).collect()
    },
};

/// Calls of one module with a hundred blocks.
pub const MODULES: Shape = Shape {
    name: "modules",
    about: "calls of a module with a hundred blocks of `terraform_data`",
    files: |size| {
        let mut calls = String::new();
        for n in 0..size / 100 {
            let _ = write!(
                calls,
                "module \"m{n}\" {{\n  source = \"./m\"\n  n      = {n}\n}}\n"
            );
        }
        let mut inner = "variable \"n\" {\n  type = number\n}\n".to_owned();
        for n in 0..100 {
            let _ = write!(
                inner,
                "resource \"terraform_data\" \"r{n}\" {{\n  input = \"${{var.n}}-{n}\"\n}}\n"
            );
        }
        vec![("main.tf".into(), calls), ("m/main.tf".into(), inner)]
    },
};

/// Two modules of which the second depends on the first as a whole, half of the blocks in each.
pub const WHOLE: Shape = Shape {
    name: "whole module",
    about: "blocks of `terraform_data`, half of them with `depends_on` a module that has the others",
    files: |size| {
        let (mut outer, mut inner) = (
            "module \"m\" {\n  source = \"./m\"\n}\n".to_owned(),
            String::new(),
        );
        for n in 0..size / 2 {
            let _ = write!(
                outer,
                "resource \"terraform_data\" \"r{n}\" {{\n  input      = {n}\n  depends_on = [module.m]\n}}\n"
            );
            let _ = write!(
                inner,
                "resource \"terraform_data\" \"r{n}\" {{\n  input = {n}\n}}\n"
            );
        }
        vec![("main.tf".into(), outer), ("m/main.tf".into(), inner)]
    },
};

/// Random values, by `count`.
pub const RANDOM: Shape = Shape {
    name: "random_id",
    about: "one `random_id` with `count`",
    files: |size| {
        one(format!(
            "resource \"random_id\" \"a\" {{\n  count       = {size}\n  byte_length = 8\n  keepers     = {{ n = count.index }}\n}}\n"
        ))
    },
};

/// Instances in a network, by `for_each`.
pub const INSTANCES: Shape = Shape {
    name: "instances",
    about: "one `alicloud_instance` with `for_each`, in eight vSwitches",
    files: |size| {
        one(format!(
            "{}resource \"alicloud_instance\" \"fleet\" {{\n  for_each             = {{ for key in {} : key => tonumber(split(\"-\", key)[1]) }}\n  vswitch_id           = alicloud_vswitch.main[each.value % 8].id\n  security_groups      = [alicloud_security_group.main[each.value % {}].id]\n  instance_name        = each.key\n  tags                 = {{ name = each.key }}\n{INSTANCE}}}\n",
            network(size),
            keys(size),
            groups(size)
        ))
    },
};

/// Instances in a network, a block for each.
pub const INSTANCE_BLOCKS: Shape = Shape {
    name: "instance blocks",
    about: "blocks of `alicloud_instance`, in eight vSwitches",
    files: |size| {
        let mut text = network(size);
        for n in 0..size {
            let (vswitch, group) = (n % 8, n % groups(size));
            let _ = write!(
                text,
                "resource \"alicloud_instance\" \"fleet{n}\" {{\n  vswitch_id           = alicloud_vswitch.main[{vswitch}].id\n  security_groups      = [alicloud_security_group.main[{group}].id]\n  instance_name        = \"fleet-{n}\"\n  tags                 = {{ name = \"fleet-{n}\" }}\n{INSTANCE}}}\n"
            );
        }
        one(text)
    },
};

const NETWORK: &str = r#"provider "alicloud" {
  region = "cn-hangzhou"
}
resource "alicloud_vpc" "main" {
  vpc_name   = "fleet"
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "main" {
  count      = 8
  vpc_id     = alicloud_vpc.main.id
  cidr_block = cidrsubnet("10.0.0.0/8", 8, count.index)
  zone_id    = "cn-hangzhou-h"
}
"#;

/// The attributes that all instances have.
const INSTANCE: &str = r#"  instance_type        = "ecs.g6.large"
  image_id             = "aliyun_3_x64_20G_alibase_20240819.vhd"
  system_disk_category = "cloud_essd"
  system_disk_size     = 40
"#;

impl Shape {
    /// Writes the files, and returns how many bytes they are.
    pub fn write(&self, directory: &Path, size: usize) -> u64 {
        let mut bytes = 0;
        for (name, text) in (self.files)(size) {
            let path = directory.join(name);
            let folder = path.parent().expect("it is in a directory");
            fs::create_dir_all(folder).expect("a temporary directory");
            bytes += text.len() as u64;
            fs::write(path, text).expect("a temporary file");
        }
        bytes
    }
}

/// A group takes two thousand at most.
fn groups(size: usize) -> usize {
    size.div_ceil(1000)
}

fn network(size: usize) -> String {
    let groups = groups(size);
    format!(
        "{NETWORK}resource \"alicloud_security_group\" \"main\" {{\n  count               = {groups}\n  security_group_name = \"fleet-${{count.index}}\"\n  vpc_id              = alicloud_vpc.main.id\n}}\n"
    )
}

fn one(text: String) -> Vec<(String, String)> {
    vec![("main.tf".to_owned(), text)]
}

/// An expression of so many keys; `range` gives a thousand at most.
fn keys(size: usize) -> String {
    let most = size.min(1000);
    let times = size / most;
    format!(
        "[for it in setproduct(range({times}), range({most})) : \"fleet-${{it[0] * {most} + it[1]}}\"]"
    )
}

fn linked(size: usize, other: fn(usize) -> usize) -> Vec<(String, String)> {
    let mut text = "resource \"terraform_data\" \"r0\" {\n  input = \"start\"\n}\n".to_owned();
    for n in 1..size {
        let _ = write!(
            text,
            "resource \"terraform_data\" \"r{n}\" {{\n  input = \"after ${{terraform_data.r{}.id}}\"\n}}\n",
            other(n)
        );
    }
    one(text)
}
