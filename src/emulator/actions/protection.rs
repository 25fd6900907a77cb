//! Protection from deletion, which addresses and gateways have in common.

use super::Effect::Write;
use super::{Route, eip, nat_gateway, vpc};
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, invalid};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[vpc("DeletionProtection", Write, protect)];

fn protect(world: &mut World, request: &Request) -> Reply {
    let id = request.need("InstanceId")?;
    let on = request.flag("ProtectionEnable");
    let now = world.now;
    match request.need("Type")? {
        "EIP" => {
            let eip = world.eips.change(id, now).ok_or_else(eip::not_found)?;
            eip.deletion_protection = on;
        }
        "NATGW" => {
            let nat = world.nat_gateways.change(id, now);
            nat.ok_or_else(nat_gateway::not_found)?.deletion_protection = on;
        }
        _ => return Err(invalid("Type")),
    }
    done()
}

/// Refuses to delete what is protected.
pub(super) fn require_none(protected: bool) -> Result<(), Refusal> {
    if protected {
        let text = "The operation is not permitted due to deletion protection.";
        return refuse(400, "OperationDenied.DeletionProtection", text);
    }
    Ok(())
}
