//! What a managed instance has by its own block, and is not to be written a second time: disks and interfaces
//! that it was made with.

use super::{Existing, Managed};
use crate::{
    manifest::ast::Module,
    model::{Object, Value, state::State},
};

const DISK: &str = "alicloud_ecs_disk";
const INTERFACE: &str = "alicloud_ecs_network_interface";

/// Returns the disks and interfaces, with their attachments, that blocks of managed instances stand for.
pub fn of_instances(
    existing: &[Existing],
    state: &State,
    module: &Module,
    managed: &Managed,
) -> Managed {
    let mut inner = Managed::new();
    for (address, resource) in &state.resources {
        if &*address.kind != "alicloud_instance" {
            continue;
        }
        let block = module.block(address);
        let names_interfaces = block.is_some_and(|block| {
            let mut blocks = block.body.blocks.iter();
            blocks.any(|it| &*it.kind.text == "network_interfaces")
        });
        for stored in resource
            .instances
            .values()
            .filter_map(|it| it.current.as_ref())
        {
            let instance = &stored.attributes;
            disks(existing, instance, managed, &mut inner);
            if names_interfaces {
                interfaces(instance, &mut inner);
            }
        }
    }
    inner
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

fn blocks<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> {
    let blocks = object.get(name).and_then(Value::as_list);
    blocks
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_object)
}

/// A data disk's block has no id: it is for a disk on the instance that is as it says.
fn disks(existing: &[Existing], instance: &Object, managed: &Managed, inner: &mut Managed) {
    let id = text(instance, "id").unwrap_or_default();
    for block in blocks(instance, "data_disks") {
        let fits = |disk: &Existing| {
            let says = |ours: &str, theirs: &str| {
                let said = block.get(ours).filter(|value| !value.is_null());
                said.is_none_or(|value| disk.object.get(theirs) == Some(value))
            };
            says("size", "size") && says("category", "category") && says("name", "disk_name")
        };
        let attached = existing.iter().filter(|one| {
            one.ty.canonical() == "alicloud_ecs_disk_attachment"
                && text(&one.object, "instance_id") == Some(id)
        });
        let disk = attached
            .filter_map(|one| text(&one.object, "disk_id"))
            .filter(|disk| {
                let key = (DISK, (*disk).to_owned());
                !managed.contains(&key) && !inner.contains(&key)
            })
            .find(|id| {
                let mut all = existing.iter();
                all.any(|one| one.ty.canonical() == DISK && one.id == *id && fits(one))
            });
        if let Some(disk) = disk {
            inner.insert((DISK, disk.to_owned()));
            inner.insert(("alicloud_ecs_disk_attachment", format!("{disk}:{id}")));
        }
    }
}

fn interfaces(instance: &Object, inner: &mut Managed) {
    let id = text(instance, "id").unwrap_or_default();
    for block in blocks(instance, "network_interfaces") {
        let Some(interface) = text(block, "network_interface_id") else {
            continue;
        };
        let attachment = "alicloud_ecs_network_interface_attachment";
        inner.insert((INTERFACE, interface.to_owned()));
        inner.insert((attachment, format!("{interface}:{id}")));
    }
}
