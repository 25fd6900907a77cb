//! The credentials file of the SDKs: `~/.alibabacloud/credentials`, sections with a `type` each.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Credentials, chain,
    chain::Step,
    given::{Given, Role, StsPlace, Surroundings},
    profile::{self, Trouble, Which},
    source::Source,
};
use crate::model::secret::Secret;

/// The keys of a section; they may be secrets, so they are never shown.
type Section = BTreeMap<String, String>;

/// Looks at the section that the environment names, or at `default`.
pub(super) fn in_environment(_: &Given, around: &Surroundings<'_>) -> Step {
    let which = Which::of_environment(around);
    match (in_file(&which, around), &which.name) {
        (Ok(source), _) => Step::Take(source),
        (Err(Trouble::Absent(_)), Some(name)) if which.file.is_none() => Step::Refuse(format!(
            "The profile \"{name}\", which the environment names, is neither one of the aliyun command \
             (~/.aliyun/config.json) nor one of the SDKs (~/.alibabacloud/credentials)"
        )),
        (Err(Trouble::Absent(reason)), _) if which.asked => Step::Refuse(reason),
        (Err(Trouble::Absent(reason)), _) => Step::Skip(reason),
        (Err(Trouble::Wrong(reason)), _) => chain::step(Err(reason), &which),
    }
}

/// Returns the source that a section is.
pub(super) fn in_file(which: &Which, around: &Surroundings<'_>) -> Result<Source, Trouble> {
    let path = which
        .file
        .clone()
        .or_else(|| usual(around))
        .ok_or_else(|| Trouble::Absent("HOME is not set".to_owned()))?;
    let text = profile::read(&path, around)?;
    let shown = path.display();
    let name = which.name.as_deref().unwrap_or("default");
    let Some(section) = section(&text, name) else {
        let reason = format!("There is no section \"{name}\" in {shown}");
        return Err(Trouble::Absent(reason));
    };
    let told = |reason| Trouble::Wrong(format!("The section \"{name}\" of {shown} {reason}"));
    source(&section, around).map_err(told)
}

fn usual(around: &Surroundings<'_>) -> Option<PathBuf> {
    around.at_home(".alibabacloud/credentials")
}

fn section(text: &str, name: &str) -> Option<Section> {
    let mut found: Option<Section> = None;
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(title) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            inside = title.trim() == name;
            if inside {
                found.get_or_insert_default();
            }
        } else if let (true, Some(section), Some((key, value))) =
            (inside, found.as_mut(), line.split_once('='))
        {
            let value = value.trim().trim_matches('"');
            section.insert(key.trim().to_ascii_lowercase(), value.to_owned());
        }
    }
    found
}

fn source(section: &Section, around: &Surroundings<'_>) -> Result<Source, String> {
    let get = |name: &str| section.get(name).filter(|text| !text.is_empty()).cloned();
    let need = |name: &str| get(name).ok_or_else(|| format!("has no {name}"));
    let keys = || {
        Ok::<_, String>(Source::Fixed(Credentials {
            access_key: need("access_key_id")?,
            secret_key: Secret::new(need("access_key_secret")?),
            security_token: get("security_token").map(Secret::new),
        }))
    };
    match section.get("type").map_or("access_key", String::as_str) {
        "access_key" => keys(),
        "sts" => {
            need("security_token")?;
            keys()
        }
        "ecs_ram_role" => Ok(chain::machine(get("role_name"), around)),
        "ram_role_arn" => {
            let role = Role {
                arn: Some(need("role_arn")?),
                session_name: get("role_session_name"),
                policy: get("policy"),
                seconds: None,
                external_id: get("external_id"),
            };
            Ok(chain::role_from(keys()?, role, StsPlace::default()))
        }
        other => Err(format!(
            "has the type {other}, which does not help here: use access_key, sts, ecs_ram_role or \
             ram_role_arn"
        )),
    }
}
