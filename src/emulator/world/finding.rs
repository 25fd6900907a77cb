//! Finding an object, or saying that there is none.

use super::World;
use crate::emulator::catalog;
use crate::emulator::objects::{Disk, Group, Instance, Interface, VSwitch, Vpc};
use crate::emulator::reply::{Refusal, refusal};

impl World {
    pub(in crate::emulator) fn vpc(&self, id: &str) -> Result<&Vpc, Refusal> {
        self.vpcs.get(id).ok_or_else(|| {
            refusal(
                404,
                "InvalidVpcId.NotFound",
                "Specified VPC does not exist.",
            )
        })
    }

    pub(in crate::emulator) fn vpc_mut(&mut self, id: &str) -> Result<&mut Vpc, Refusal> {
        self.vpcs.change(id, self.now).ok_or_else(|| {
            refusal(
                404,
                "InvalidVpcId.NotFound",
                "Specified VPC does not exist.",
            )
        })
    }

    pub(in crate::emulator) fn vswitch(&self, id: &str) -> Result<&VSwitch, Refusal> {
        self.vswitches
            .get(id)
            .ok_or_else(|| refusal(404, "InvalidVSwitchId.NotFound", "VSwitch not exist."))
    }

    pub(in crate::emulator) fn group(&self, id: &str) -> Result<&Group, Refusal> {
        self.groups.get(id).ok_or_else(group_not_found)
    }

    pub(in crate::emulator) fn group_mut(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        self.groups.change(id, self.now).ok_or_else(group_not_found)
    }

    pub(in crate::emulator) fn instance(&self, id: &str) -> Result<&Instance, Refusal> {
        self.instances.get(id).ok_or_else(instance_not_found)
    }

    pub(in crate::emulator) fn instance_mut(&mut self, id: &str) -> Result<&mut Instance, Refusal> {
        self.instances
            .change(id, self.now)
            .ok_or_else(instance_not_found)
    }

    pub(in crate::emulator) fn disk(&self, id: &str) -> Result<&Disk, Refusal> {
        self.disks.get(id).ok_or_else(disk_not_found)
    }

    pub(in crate::emulator) fn disk_mut(&mut self, id: &str) -> Result<&mut Disk, Refusal> {
        self.disks.change(id, self.now).ok_or_else(disk_not_found)
    }

    /// What an instance needs to know of an image: one of the account's own that is ready, or one that is sold.
    pub(in crate::emulator) fn image(&self, region: &str, id: &str) -> Option<&catalog::Image> {
        match self.images.get(id) {
            Some(own) => {
                let ready = own.region == region && own.course.at(self.now) != "Creating";
                ready.then_some(&own.base)
            }
            None => catalog::image(id),
        }
    }

    pub(in crate::emulator) fn interface(&self, id: &str) -> Result<&Interface, Refusal> {
        self.interfaces.get(id).ok_or_else(|| {
            refusal(
                404,
                "InvalidEniId.NotFound",
                "The specified NetworkInterfaceId does not exist.",
            )
        })
    }
}

fn group_not_found() -> Refusal {
    let text = "The specified SecurityGroupId does not exist.";
    refusal(404, "InvalidSecurityGroupId.NotFound", text)
}

fn instance_not_found() -> Refusal {
    refusal(
        404,
        "InvalidInstanceId.NotFound",
        "The specified InstanceId does not exist.",
    )
}

fn disk_not_found() -> Refusal {
    refusal(
        404,
        "InvalidDiskId.NotFound",
        "The specified disk does not exist.",
    )
}
