//! STS: who asks, and temporary credentials for a role.

use serde_json::json;

use super::Effect::{Read, Write};
use super::Route;
use crate::emulator::clock::{seconds, wall};
use crate::emulator::gateway::Gateway;
use crate::emulator::reply::{Reply, done, refuse};
use crate::emulator::request::Request;
use crate::emulator::world::{ACCOUNT, World};

pub(super) const ROUTES: &[Route] = &[
    Route {
        product: "sts",
        action: "GetCallerIdentity",
        effect: Read,
        run: identify,
    },
    Route {
        product: "sts",
        action: "AssumeRole",
        effect: Write,
        run: unreachable,
    },
];

/// AssumeRole needs the gateway, so the caller of actions turns to `assume_role` instead.
fn unreachable(_: &mut World, _: &Request) -> Reply {
    done()
}

fn identify(_: &mut World, request: &Request) -> Reply {
    let caller = &request.caller;
    Ok(match &caller.session {
        Some((role, session)) => json!({
            "AccountId": ACCOUNT,
            "IdentityType": "AssumedRoleUser",
            "RoleId": role_id(role),
            "UserId": "",
            "PrincipalId": format!("{}:{session}", role_id(role)),
            "Arn": format!("acs:ram::{ACCOUNT}:assumed-role/{role}/{session}"),
        }),
        None => json!({
            "AccountId": ACCOUNT,
            "IdentityType": "Account",
            "RoleId": "",
            "UserId": ACCOUNT,
            "PrincipalId": ACCOUNT,
            "Arn": format!("acs:ram::{ACCOUNT}:root"),
        }),
    })
}

/// The number of a role, which follows from its name.
fn role_id(role: &str) -> String {
    let sum = role
        .bytes()
        .fold(7_u64, |sum, byte| sum.wrapping_mul(131) + u64::from(byte));
    format!("3{:017}", sum % 100_000_000_000_000_000)
}

/// Lends temporary credentials for a role.
pub(in crate::emulator) fn assume_role(
    gateway: &Gateway,
    request: &Request,
    unique: &str,
) -> Reply {
    let arn = request.need("RoleArn")?;
    let prefix = format!("acs:ram::{ACCOUNT}:role/");
    let Some(role) = arn.strip_prefix(&prefix).filter(|role| !role.is_empty()) else {
        return match arn.starts_with("acs:ram::") && arn.contains(":role/") {
            true => refuse(404, "EntityNotExist.Role", "The specified Role not exists."),
            false => refuse(
                400,
                "InvalidParameter.RoleArn",
                "The parameter RoleArn is wrongly formed.",
            ),
        };
    };
    let session = request.need("RoleSessionName")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".@-_".contains(c);
    if !(2..=64).contains(&session.len()) || !session.chars().all(plain) {
        let text = "The parameter RoleSessionName is wrongly formed.";
        return refuse(400, "InvalidParameter.RoleSessionName", text);
    }
    let duration = request.integer("DurationSeconds").unwrap_or(3600);
    let Some(duration) = u64::try_from(duration)
        .ok()
        .filter(|it| (900..=43_200).contains(it))
    else {
        let text = "The Min/Max value of DurationSeconds is 15min/12hrs.";
        return refuse(400, "InvalidParameter.DurationSeconds", text);
    };
    if let Some(policy) = request.text("Policy")
        && (policy.len() > 2048 || serde_json::from_str::<serde_json::Value>(policy).is_err())
    {
        let text = "The parameter Policy has not passed grammar check.";
        return refuse(400, "InvalidParameter.PolicyGrammar", text);
    }
    let expires = wall() + duration * 1000;
    let lent = gateway.lend(role, session, unique, expires);
    Ok(json!({
        "Credentials": {
            "AccessKeyId": lent.key_id,
            "AccessKeySecret": lent.secret,
            "SecurityToken": lent.token,
            "Expiration": seconds(expires),
        },
        "AssumedRoleUser": {
            "Arn": format!("acs:ram::{ACCOUNT}:role/{role}/{session}"),
            "AssumedRoleId": format!("{}:{session}", role_id(role)),
        },
        "SourceIdentity": request.owned("SourceIdentity"),
    }))
}
