//! The location service: where each product is reached. Here it is always the emulator itself.

use serde_json::json;

use super::Effect::Read;
use super::{Route, route};
use crate::emulator::catalog;
use crate::emulator::reply::{Reply, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[route("location", "DescribeEndpoints", Read, endpoints)];

/// The products that it knows, by the codes that it is asked with.
const SERVICES: &[&str] = &[
    "bssopenapi",
    "ecs",
    "kms",
    "resourcemanager",
    "slb",
    "sts",
    "vpc",
];

fn endpoints(_: &mut World, request: &Request) -> Reply {
    let region = request.need("Id")?;
    let service = request.need("ServiceCode")?.to_ascii_lowercase();
    let kind = request.text_or("Type", "openAPI");
    if catalog::region(region).is_none() {
        let text = "The specified region does not exist.";
        return refuse(404, "InvalidRegionId", text);
    }
    let known = SERVICES.contains(&service.as_str()) && kind == "openAPI";
    let found: Vec<_> = known
        .then(|| {
            json!({
                "Protocols": { "Protocols": ["HTTP", "HTTPS"] },
                "Type": kind,
                "Namespace": "",
                "Id": region,
                "SerivceCode": service,
                "Endpoint": request.host,
            })
        })
        .into_iter()
        .collect();
    Ok(json!({ "Endpoints": { "Endpoint": found }, "Success": true }))
}
