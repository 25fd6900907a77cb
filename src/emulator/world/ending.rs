//! What goes with something that ends.

use super::World;
use crate::emulator::clock::Transition;
use crate::emulator::egress::Eip;
use crate::emulator::objects::Course;

impl World {
    /// Takes an address out of a gateway's entries; one with no other address goes.
    pub(in crate::emulator) fn drop_snat_entries(&mut self, nat: &str, address: &str) {
        let now = self.now;
        let used = self.snat_entries.iter().filter(|it| it.nat_gateway == nat);
        let used: Vec<String> = used
            .filter(|it| it.addresses.iter().any(|have| have == address))
            .map(|it| it.id.clone())
            .collect();
        for id in used {
            let entry = self.snat_entries.change(&id, now);
            let empty = entry.is_some_and(|entry| {
                entry.addresses.retain(|have| have != address);
                entry.addresses.is_empty()
            });
            if empty {
                self.snat_entries.remove(&id, now);
            }
        }
    }

    /// The elastic addresses of something: bound to it, or about to be or no longer to be.
    pub(in crate::emulator) fn eips_on(
        &self,
        region: &str,
        id: &str,
    ) -> impl Iterator<Item = &Eip> {
        let near = self.eips.near(region, "bound", id).into_iter();
        near.filter(move |eip| eip.is_on(id, self.now))
    }

    /// Unbinds the elastic addresses of something that goes.
    pub(in crate::emulator) fn free_eips(&mut self, region: &str, id: &str) {
        let now = self.now;
        let bound: Vec<String> = self.eips_on(region, id).map(|eip| eip.id.clone()).collect();
        for id in bound {
            if let Some(eip) = self.eips.change(&id, now) {
                eip.course = Course::new(now, "Available");
            }
        }
    }

    /// Releases an instance with what goes with it.
    pub(in crate::emulator) fn release_instance(&mut self, id: &str) {
        let Some(instance) = self.instances.remove(id, self.now) else {
            return;
        };
        self.free_eips(&instance.region, id);
        for disk in &instance.disks {
            if self
                .disks
                .get(disk)
                .is_some_and(|disk| disk.delete_with_instance && disk.further.is_empty())
            {
                self.disks.remove(disk, self.now);
            } else if let Some(disk) = self.disks.change(disk, self.now)
                && disk.leave(id, self.now)
            {
                disk.course = Course::new(self.now, "Available");
            }
        }
        let lingering = self.length(Transition::Lingering);
        let now = self.now;
        for interface in &instance.interfaces {
            let kept = self
                .interfaces
                .get(interface)
                .is_some_and(|interface| !interface.delete_on_release);
            let changed = self.change_interface(interface, |interface| {
                interface.instance = None;
                interface.primary &= !kept;
                interface.course = Course::new(now, if kept { "Available" } else { "Deleting" });
            });
            if changed.is_ok() && !kept {
                self.depart(interface, lingering);
            }
        }
    }
}
