//! Disks, snapshots and images.

use serde::{Deserialize, Serialize};

use super::Course;
use crate::emulator::catalog;
use crate::emulator::clock::Millis;
use crate::emulator::request::Tags;

/// A disk on one more instance than the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct Attachment {
    pub(in crate::emulator) instance: String,
    pub(in crate::emulator) device: String,
    pub(in crate::emulator) attached: Millis,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::emulator) struct Disk {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) zone: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) system: bool,
    pub(in crate::emulator) category: String,
    pub(in crate::emulator) performance_level: String,
    pub(in crate::emulator) size: i64,
    pub(in crate::emulator) instance: Option<String>,
    pub(in crate::emulator) device: String,
    pub(in crate::emulator) image: String,
    pub(in crate::emulator) snapshot: String,
    pub(in crate::emulator) charge_type: String,
    pub(in crate::emulator) delete_with_instance: bool,
    pub(in crate::emulator) delete_auto_snapshot: bool,
    pub(in crate::emulator) enable_auto_snapshot: bool,
    pub(in crate::emulator) encrypted: bool,
    pub(in crate::emulator) kms_key: String,
    pub(in crate::emulator) auto_snapshot_policy: String,
    pub(in crate::emulator) provisioned_iops: i64,
    pub(in crate::emulator) bursting: bool,
    pub(in crate::emulator) storage_cluster: String,
    pub(in crate::emulator) storage_set: String,
    pub(in crate::emulator) storage_set_partition: i64,
    /// Whether more than one instance may have it.
    pub(in crate::emulator) multi_attach: bool,
    /// The instances that have it beside `instance`.
    pub(in crate::emulator) further: Vec<Attachment>,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) attached: Option<Millis>,
    pub(in crate::emulator) detached: Option<Millis>,
    pub(in crate::emulator) course: Course,
}

impl Disk {
    /// Every instance that has it, with the device and since when.
    pub(in crate::emulator) fn attachments(&self) -> Vec<Attachment> {
        let first = self.instance.iter().map(|instance| Attachment {
            instance: instance.clone(),
            device: self.device.clone(),
            attached: self.attached.unwrap_or_default(),
        });
        first.chain(self.further.iter().cloned()).collect()
    }

    /// Takes it from an instance; says whether none has it any more.
    pub(in crate::emulator) fn leave(&mut self, instance: &str, now: Millis) -> bool {
        let mut left = self.attachments();
        left.retain(|one| one.instance != instance);
        self.detached = Some(now);
        let mut left = left.into_iter();
        let first = left.next();
        let alone = first.is_none();
        let (instance, device, attached) = match first {
            Some(one) => (Some(one.instance), one.device, Some(one.attached)),
            None => (None, String::new(), self.attached),
        };
        (self.instance, self.device, self.attached) = (instance, device, attached);
        self.further = left.collect();
        alone
    }
}

/// A snapshot of a disk, which may be gone since.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::emulator) struct Snapshot {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) disk: String,
    /// Whether the disk was a system disk.
    pub(in crate::emulator) system: bool,
    /// The image that a system disk was made of.
    pub(in crate::emulator) image: String,
    pub(in crate::emulator) size: i64,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) category: String,
    /// For ever without.
    pub(in crate::emulator) retention_days: Option<i64>,
    pub(in crate::emulator) encrypted: bool,
    pub(in crate::emulator) kms_key: String,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) modified: Millis,
    pub(in crate::emulator) course: Course,
}

/// An image of the account's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::emulator) struct Image {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) region: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) description: String,
    pub(in crate::emulator) family: String,
    pub(in crate::emulator) version: String,
    /// What an instance needs to know of it, as of any image.
    pub(in crate::emulator) base: catalog::Image,
    pub(in crate::emulator) boot_mode: String,
    pub(in crate::emulator) license_type: String,
    pub(in crate::emulator) nvme: String,
    pub(in crate::emulator) disks: Vec<ImageDisk>,
    pub(in crate::emulator) copied: bool,
    pub(in crate::emulator) shared_with: Vec<String>,
    pub(in crate::emulator) resource_group: String,
    pub(in crate::emulator) tags: Tags,
    pub(in crate::emulator) created: Millis,
    pub(in crate::emulator) course: Course,
}

/// A disk of an image: of a snapshot, or an empty one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::emulator) struct ImageDisk {
    pub(in crate::emulator) device: String,
    pub(in crate::emulator) system: bool,
    pub(in crate::emulator) size: i64,
    pub(in crate::emulator) snapshot: String,
    pub(in crate::emulator) encrypted: bool,
}
