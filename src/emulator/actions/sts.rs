//! STS: who asks, and temporary credentials for a role.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, route};
use crate::emulator::accounts::{Role, parts};
use crate::emulator::clock::{seconds, wall};
use crate::emulator::gateway::{Gateway, Session};
use crate::emulator::policy::Policy;
use crate::emulator::reply::{Refusal, Reply, done, refusal, refuse};
use crate::emulator::request::{Caller, Request};
use crate::emulator::world::World;

pub(super) const ROUTES: &[Route] = &[
    sts("GetCallerIdentity", Read, identify),
    sts("AssumeRole", Write, unreachable),
    sts(WITH_OIDC, Write, unreachable),
];

const fn sts(
    action: &'static str,
    effect: super::Effect,
    run: fn(&mut World, &Request) -> Reply,
) -> Route {
    route("sts", action, effect, run)
}

/// The action that takes no signature: the token says who asks.
pub(in crate::emulator) const WITH_OIDC: &str = "AssumeRoleWithOIDC";

/// Lending needs the gateway, so the caller of actions turns to `lend` instead.
fn unreachable(_: &mut World, _: &Request) -> Reply {
    done()
}

/// Lends temporary credentials, if that is what is asked.
pub(in crate::emulator) fn lend(
    gateway: &Gateway,
    request: &Request,
    unique: impl FnOnce() -> String,
) -> Option<Reply> {
    match request.action {
        "AssumeRole" => Some(assume_role(gateway, request, &unique())),
        WITH_OIDC => Some(assume_role_with_oidc(gateway, request, &unique())),
        _ => None,
    }
}

fn identify(_: &mut World, request: &Request) -> Reply {
    let caller = &request.caller;
    let account = &caller.account;
    let arn = arn_of(caller);
    Ok(match (&caller.session, &caller.user) {
        (Some((role, session)), _) => json!({
            "AccountId": account,
            "IdentityType": "AssumedRoleUser",
            "RoleId": id_of(role),
            "UserId": "",
            "PrincipalId": format!("{}:{session}", id_of(role)),
            "Arn": arn,
        }),
        (None, Some(user)) => json!({
            "AccountId": account,
            "IdentityType": "RAMUser",
            "RoleId": "",
            "UserId": id_of(user),
            "PrincipalId": id_of(user),
            "Arn": arn,
        }),
        (None, None) => json!({
            "AccountId": account,
            "IdentityType": "Account",
            "RoleId": "",
            "UserId": account,
            "PrincipalId": account,
            "Arn": arn,
        }),
    })
}

fn arn_of(caller: &Caller) -> String {
    let account = &caller.account;
    match (&caller.session, &caller.user) {
        (Some((role, session)), _) => {
            format!("acs:ram::{account}:assumed-role/{role}/{session}")
        }
        (None, Some(user)) => format!("acs:ram::{account}:user/{user}"),
        (None, None) => format!("acs:ram::{account}:root"),
    }
}

/// The number of a role or a user, which follows from its name.
fn id_of(name: &str) -> String {
    let sum = name
        .bytes()
        .fold(7_u64, |sum, byte| sum.wrapping_mul(131) + u64::from(byte));
    format!("3{:017}", sum % 100_000_000_000_000_000)
}

fn assume_role(gateway: &Gateway, request: &Request, unique: &str) -> Reply {
    let caller = &request.caller;
    let role = role(gateway, request.need("RoleArn")?)?;
    if !role.trusts(&caller.account, &arn_of(caller)) {
        let text = "You are not authorized to do this action. You should be authorized by RAM.";
        return refuse(403, "NoPermission", text);
    }
    let mut answer = session(gateway, request, &role, unique)?;
    answer["SourceIdentity"] = json!(request.owned("SourceIdentity"));
    Ok(answer)
}

fn assume_role_with_oidc(gateway: &Gateway, request: &Request, unique: &str) -> Reply {
    let provider = request.need("OIDCProviderArn")?;
    let role = role(gateway, request.need("RoleArn")?)?;
    let account = parts(provider, "oidc-provider").map(|(account, _)| account);
    let Some(account) = account else {
        let text = "The parameter OIDCProviderArn is wrongly formed.";
        return refuse(400, "InvalidParameter.OIDCProviderArn", text);
    };
    if parts(&role.arn, "role").map(|(account, _)| account) != Some(account) {
        let text = "The specified OIDCProvider not exists.";
        return refuse(404, "EntityNotExist.OIDCProvider", text);
    }
    let claims = claims(request.need("OIDCToken")?)?;
    let time = |name: &str| claims[name].as_u64().unwrap_or_default() * 1000;
    if time("exp") <= wall() {
        let text = "This JWT has expired.";
        return refuse(400, "AuthenticationFail.OIDCToken.Expired", text);
    }
    let mut answer = session(gateway, request, &role, unique)?;
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    answer["OIDCTokenInfo"] = json!({
        "Issuer": text("iss"),
        "Subject": text("sub"),
        "ClientIds": text("aud"),
        "IssuanceTime": seconds(time("iat")),
        "ExpirationTime": seconds(time("exp")),
        "VerificationInfo": "Success",
    });
    Ok(answer)
}

/// What a token claims. Nobody checks its signature here: there is no identity provider.
fn claims(token: &str) -> Result<Value, Refusal> {
    let invalid = || {
        let text = "The OIDC Token is invalid.";
        refusal(400, "AuthenticationFail.OIDCToken.Invalid", text)
    };
    let mut pieces = token.split('.');
    let (Some(_), Some(claims), Some(_), None) =
        (pieces.next(), pieces.next(), pieces.next(), pieces.next())
    else {
        return Err(invalid());
    };
    let bytes = URL_SAFE_NO_PAD.decode(claims).map_err(|_| invalid())?;
    serde_json::from_slice(&bytes).map_err(|_| invalid())
}

fn role(gateway: &Gateway, arn: &str) -> Result<Role, Refusal> {
    if parts(arn, "role").is_none() {
        let text = "The parameter RoleArn is wrongly formed.";
        return refuse(400, "InvalidParameter.RoleArn", text);
    }
    gateway
        .directory
        .role(arn)
        .ok_or_else(|| refusal(404, "EntityNotExist.Role", "The specified Role not exists."))
}

/// Makes the session that a request for a role asks for.
fn session(gateway: &Gateway, request: &Request, role: &Role, unique: &str) -> Reply {
    let (account, name) = parts(&role.arn, "role").unwrap_or_default();
    let session = request.need("RoleSessionName")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".@-_".contains(c);
    if !(2..=64).contains(&session.len()) || !session.chars().all(plain) {
        let text = "The parameter RoleSessionName is wrongly formed.";
        return refuse(400, "InvalidParameter.RoleSessionName", text);
    }
    let duration = request.integer("DurationSeconds").unwrap_or(3600);
    let Some(duration) = u64::try_from(duration)
        .ok()
        .filter(|it| (900..=role.max_session_duration).contains(it))
    else {
        let text = "The Min/Max value of DurationSeconds is 15min/12hrs.";
        return refuse(400, "InvalidParameter.DurationSeconds", text);
    };
    let expires = wall() + duration * 1000;
    let lent = gateway.lend(
        unique,
        Session {
            key_id: String::new(),
            account: account.to_owned(),
            role: name.to_owned(),
            session: session.to_owned(),
            expires,
            policy: narrowed(request)?,
        },
    );
    Ok(json!({
        "Credentials": {
            "AccessKeyId": lent.key_id,
            "AccessKeySecret": lent.secret,
            "SecurityToken": lent.token,
            "Expiration": seconds(expires),
        },
        "AssumedRoleUser": {
            "Arn": format!("acs:ram::{account}:role/{name}/{session}"),
            "AssumedRoleId": format!("{}:{session}", id_of(name)),
        },
        "SourceIdentity": "",
    }))
}

/// The policy that narrows a session.
fn narrowed(request: &Request) -> Result<Option<Policy>, Refusal> {
    let Some(text) = request.text("Policy") else {
        return Ok(None);
    };
    let policy = serde_json::from_str(text).ok();
    match policy.filter(|_| text.len() <= 2048) {
        Some(policy) => Ok(Some(policy)),
        None => {
            let text = "The parameter Policy has not passed grammar check.";
            refuse(400, "InvalidParameter.PolicyGrammar", text)
        }
    }
}
