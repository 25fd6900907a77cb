//! Key pairs, which are addressed by their names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::Effect::{Read, Write};
use super::{Route, Sizes, ecs, ecs_tags, list, wants};
use crate::emulator::clock::seconds;
use crate::emulator::objects::KeyPair;
use crate::emulator::reply::{Refusal, Reply, done, refuse};
use crate::emulator::request::{Request, glob, good_name, tags_match};
use crate::emulator::signature::hex;
use crate::emulator::world::{DEFAULT_GROUP, World};

pub(super) const ROUTES: &[Route] = &[
    ecs("CreateKeyPair", Write, create),
    ecs("ImportKeyPair", Write, import),
    ecs("DescribeKeyPairs", Read, describe),
    ecs("DeleteKeyPairs", Write, delete),
    ecs("AttachKeyPair", Write, attach),
    ecs("DetachKeyPair", Write, detach),
];

fn check(world: &World, request: &Request) -> Result<(), Refusal> {
    let name = request.need("KeyPairName")?;
    if !good_name(name, 2) {
        let text = "Specified Key Pair name is not valid.";
        return refuse(400, "InvalidKeyPairName.Malformed", text);
    }
    let region = request.region_or_home();
    if world.key_pairs.get(&format!("{region}/{name}")).is_some() {
        return refuse(400, "KeyPair.AlreadyExist", "The key pair already exist.");
    }
    let here = world
        .key_pairs
        .iter()
        .filter(|pair| pair.region == region)
        .count();
    if here >= world.quotas.key_pairs {
        return refuse(403, "QuotaExceed.KeyPair", "The key pair quota exceeds.");
    }
    Ok(())
}

fn add(world: &mut World, request: &Request, public_key: String) -> Result<KeyPair, Refusal> {
    let region = request.region_or_home().to_owned();
    let name = request.need("KeyPairName")?.to_owned();
    let pair = KeyPair {
        key: format!("{region}/{name}"),
        pair_id: world.new_id("skp", &region),
        region,
        name,
        fingerprint: hex(&Md5::digest(public_key.as_bytes())),
        public_key,
        resource_group: request.text_or("ResourceGroupId", DEFAULT_GROUP),
        tags: request.tags()?,
        created: world.now,
    };
    world.key_pairs.insert(pair.clone(), world.now);
    Ok(pair)
}

fn create(world: &mut World, request: &Request) -> Reply {
    check(world, request)?;
    let mut random = world.random();
    let mut bytes = |count: usize| -> Vec<u8> { (0..count).map(|_| random.u8(..)).collect() };
    // Not keys of any use: nothing here ever logs in.
    let (public, private) = (STANDARD.encode(bytes(279)), STANDARD.encode(bytes(1190)));
    let pair = add(world, request, format!("ssh-rsa {public}"))?;
    let lines: Vec<&str> = private
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    let body = format!(
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n",
        lines.join("\n")
    );
    Ok(json!({
        "KeyPairId": pair.pair_id,
        "KeyPairName": pair.name,
        "KeyPairFingerPrint": pair.fingerprint,
        "PrivateKeyBody": body,
    }))
}

fn import(world: &mut World, request: &Request) -> Reply {
    check(world, request)?;
    let body = request.need("PublicKeyBody")?.trim().to_owned();
    if !body.starts_with("ssh-") && !body.starts_with("ecdsa-") {
        let text = "The PublicKeyBody format is not supported.";
        return refuse(400, "InvalidPublicKeyBody.Malformed", text);
    }
    let pair = add(world, request, body)?;
    Ok(json!({ "KeyPairName": pair.name, "KeyPairFingerPrint": pair.fingerprint }))
}

fn describe(world: &mut World, request: &Request) -> Reply {
    let tags = request.tag_filter();
    let sizes = Sizes {
        page: (50, 10),
        token: None,
    };
    let with_key = request.flag("IncludePublicKey");
    let page = list(
        &world.key_pairs,
        request,
        sizes,
        |pair| {
            wants(request.region(), &pair.region)
                && request
                    .text("KeyPairName")
                    .is_none_or(|name| glob(name, &pair.name))
                && wants(request.text("KeyPairFingerPrint"), &pair.fingerprint)
                && wants(request.text("ResourceGroupId"), &pair.resource_group)
                && tags_match(&pair.tags, &tags)
        },
        |pair| {
            json!({
                "KeyPairId": pair.pair_id,
                "KeyPairName": pair.name,
                "KeyPairFingerPrint": pair.fingerprint,
                "PublicKey": if with_key { pair.public_key.as_str() } else { "" },
                "ResourceGroupId": pair.resource_group,
                "CreationTime": seconds(pair.created),
                "Tags": ecs_tags(&pair.tags),
            })
        },
    )?;
    Ok(page.answer("KeyPairs", "KeyPair"))
}

fn delete(world: &mut World, request: &Request) -> Reply {
    let names = request.json_list("KeyPairNames", 100)?.unwrap_or_default();
    let region = request.region_or_home();
    let used = |name: &String| {
        world
            .instances
            .iter()
            .any(|it| it.region == region && it.key_pair == *name)
    };
    if names.iter().any(used) {
        let text = "The specified key pair is attached to an instance.";
        return refuse(400, "InvalidParameter.KeypairAlreadyAttachedInstance", text);
    }
    for name in &names {
        world
            .key_pairs
            .remove(&format!("{region}/{name}"), world.now);
    }
    done()
}

fn attach(world: &mut World, request: &Request) -> Reply {
    let name = request.need("KeyPairName")?;
    let key = format!("{}/{name}", request.region_or_home());
    if world.key_pairs.get(&key).is_none() {
        let text = "The specified KeyPairName does not exist in our records.";
        return refuse(404, "InvalidKeyPairName.NotFound", text);
    }
    change(world, request, name, name)
}

fn detach(world: &mut World, request: &Request) -> Reply {
    change(world, request, request.need("KeyPairName")?, "")
}

/// Gives instances another key pair, each with its own result.
fn change(world: &mut World, request: &Request, name: &str, fresh: &str) -> Reply {
    let ids = request.json_list("InstanceIds", 50)?.unwrap_or_default();
    let mut failed = 0;
    let mut results: Vec<Value> = Vec::new();
    for id in &ids {
        let stable = super::instance::require_stable(world, id);
        let (code, text) = match &stable {
            Ok(()) => ("200".to_owned(), "successful".to_owned()),
            Err(refused) => (refused.code.clone(), refused.message.clone()),
        };
        if stable.is_ok() {
            let instance = world.instance_mut(id)?;
            if !fresh.is_empty() || instance.key_pair == name {
                instance.key_pair = fresh.to_owned();
            }
        } else {
            failed += 1;
        }
        results.push(json!({
            "InstanceId": id, "Code": code, "Message": text, "Success": stable.is_ok().to_string(),
        }));
    }
    Ok(json!({
        "KeyPairName": name,
        "TotalCount": ids.len().to_string(),
        "FailCount": failed.to_string(),
        "Results": { "Result": results },
    }))
}
