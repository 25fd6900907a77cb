//! A provider block that was renamed, removed or turned elsewhere while an operation was open.

use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, Project};

const APPLY: &[&str] = &["apply", "-auto-approve"];
/// The answer is here and not yet written down.
const UNWRITTEN: (&str, &str) = ("PROV_CRASH_BEFORE", "created alicloud_vpc");

/// A provider block, and a VPC if one is named.
fn main(emulator: &Emulator, alias: &str, region: &str, vpc: Option<&str>) -> String {
    let provider = format!(
        "provider \"alicloud\" {{\n  alias      = \"{alias}\"\n  region     = \"{region}\"\n  \
         access_key = \"LTAI-emulator\"\n  secret_key = \"emulator-secret\"\n  \
         endpoint   = \"{}\"\n}}\n",
        emulator.url()
    );
    let vpc = vpc.map(|name| {
        format!(
            "resource \"alicloud_vpc\" \"main\" {{\n  provider   = alicloud.{alias}\n  \
             vpc_name   = \"{name}\"\n  cidr_block = \"10.0.0.0/16\"\n}}\n"
        )
    });
    provider + &vpc.unwrap_or_default()
}

/// A run that was killed when its VPC in Beijing was made and not yet written down.
fn interrupted() -> (Emulator, Project) {
    let emulator = Emulator::start(&["-profile", "instant"]);
    let project = Project::new(&main(&emulator, "old", "cn-beijing", Some("main")));
    assert!(project.killed_at(APPLY, (UNWRITTEN.0, &UNWRITTEN.1)));
    (emulator, project)
}

fn regions(emulator: &Emulator) -> Vec<String> {
    let world = emulator.world();
    let vpcs = world["vpcs"].as_array().unwrap().iter();
    vpcs.map(|vpc| vpc["region"].as_str().unwrap().to_owned())
        .collect()
}

fn provider_in_state(project: &Project) -> String {
    let state: Json = serde_json::from_str(&project.read("terraform.tfstate")).unwrap();
    let provider = &state["resources"][0]["provider"];
    provider.as_str().unwrap_or_default().to_owned()
}

/// The words of a text, whatever the width that it was written for.
fn words(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '│')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_creation_follows_its_provider_to_another_name() {
    let (emulator, project) = interrupted();
    project.write(
        "main.tf",
        &main(&emulator, "new", "cn-beijing", Some("main")),
    );
    let said = project.ok(APPLY);
    assert!(said.contains("asked again with the same token"), "{said}");
    assert_eq!(regions(&emulator), ["cn-beijing"]);
    assert!(provider_in_state(&project).ends_with(".new"));
    let plan = project.run(&["plan", "-detailed-exitcode"]);
    assert_eq!(plan.code, Some(0), "{plan}");
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn an_update_and_a_deletion_follow_their_provider_too() {
    let (emulator, project) = interrupted();
    project.ok(APPLY);
    project.write(
        "main.tf",
        &main(&emulator, "old", "cn-beijing", Some("other")),
    );
    assert!(project.killed_at(APPLY, ("PROV_CRASH_AT", &"update alicloud_vpc")));
    project.write(
        "main.tf",
        &main(&emulator, "new", "cn-beijing", Some("other")),
    );
    let said = project.ok(&["recover"]);
    assert!(said.contains("was read back"), "{said}");
    project.ok(APPLY);
    assert_eq!(emulator.world()["vpcs"][0]["name"], "other");
    let destroy = ["destroy", "-auto-approve"];
    assert!(project.killed_at(&destroy, ("PROV_CRASH_BEFORE", &"deleted alicloud_vpc")));
    project.write(
        "main.tf",
        &main(&emulator, "newer", "cn-beijing", Some("other")),
    );
    let said = project.ok(&["recover"]);
    assert!(said.contains("is gone"), "{said}");
    project.ok(&destroy);
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn without_its_provider_a_creation_waits_in_the_journal() {
    let (emulator, mut project) = interrupted();
    project.write("main.tf", "");
    for command in [&["plan"][..], APPLY, &["recover"]] {
        let failed = project.run(command);
        assert_eq!(failed.code, Some(1), "{failed}");
        let told = words(&failed.err);
        for text in [
            "Provider configuration not present",
            "What a run was doing to alicloud_vpc.main in cn-beijing was interrupted",
            "`provider \"alicloud\" { alias = \"old\", region = \"cn-beijing\" }`",
        ] {
            assert!(told.contains(text), "{text}\n{failed}");
        }
    }
    project.set("PROV_LANG", "zh");
    let failed = project.run(&["recover"]);
    assert!(failed.out.contains("上一次运行被中断"), "{failed}");
    for text in [
        "缺少 provider 配置",
        "（地域 cn-beijing）",
        "恢复指向该账号和地域的块",
    ] {
        assert!(failed.err.contains(text), "{text}\n{failed}");
    }
    // A block of any name that leads there will do, although no resource names it.
    project.write("main.tf", &main(&emulator, "any", "cn-beijing", None));
    let settled = project.ok(&["recover"]);
    assert!(settled.contains("已用相同的令牌重新请求创建"), "{settled}");
    assert!(provider_in_state(&project).ends_with(".any"));
    assert_eq!(regions(&emulator), ["cn-beijing"]);
    project.ok(APPLY);
    assert_eq!(emulator.world()["vpcs"], json!([]));
    let nothing = project.ok(&["recover"]);
    assert!(nothing.contains("没有需要了结的操作"), "{nothing}");
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_block_that_leads_elsewhere_now_does_not_make_a_second_object() {
    let (emulator, project) = interrupted();
    let moved = main(&emulator, "old", "cn-hangzhou", Some("main"));
    project.write("main.tf", &moved);
    let failed = project.run(APPLY);
    assert_eq!(failed.code, Some(1), "{failed}");
    let told = words(&failed.err);
    assert!(told.contains("which leads to cn-hangzhou now"), "{failed}");
    assert_eq!(regions(&emulator), ["cn-beijing"]);
    // With a block for the old place it is settled, and the two are told apart.
    let both = moved + &main(&emulator, "there", "cn-beijing", None);
    project.write("main.tf", &both);
    let said = project.ok(&["recover"]);
    assert!(said.contains("asked again with the same token"), "{said}");
    assert_eq!(regions(&emulator), ["cn-beijing"]);
}
