//! Which language an explanation is in.

use serde_json::json;

use super::diagnostics;
use crate::support::{
    project::{Project, Ran},
    recorder::Recorder,
};

const VPC: &str = "resource \"alicloud_vpc\" \"main\" {\n  vpc_name   = \"web\"\n  cidr_block = \"10.0.0.0/8\"\n}\n";

/// A project in which no VPC can be made.
fn refused() -> (Recorder, Project) {
    let cloud = Recorder::with(json!({ "rules": [{
        "action": "CreateVpc", "kind": "error_before",
        "status": 400, "code": "QuotaExceeded.Vpc", "message": "VPC quota exceeded.",
    }]}));
    let provider = format!(
        "provider \"alicloud\" {{\n  region     = \"cn-hangzhou\"\n  access_key = \"LTAI-emulator\"\n  \
         secret_key = \"emulator-secret\"\n  endpoint   = \"{}\"\n}}\n",
        cloud.url()
    );
    let project = Project::with(&(provider + VPC));
    (cloud, project)
}

fn speaks_chinese(ran: &Ran) -> bool {
    ran.stderr.contains("专有网络")
}

#[test]
fn the_locale_decides_unless_prov_lang_does() {
    for (environment, chinese) in [
        (&[][..], false),
        (&[("LANG", "zh_CN.UTF-8")], true),
        (&[("LANG", "en_US.UTF-8")], false),
        (&[("LC_MESSAGES", "zh_CN"), ("LANG", "en_US")], true),
        (&[("LC_ALL", "C"), ("LC_MESSAGES", "zh_CN")], false),
        (&[("PROV_LANG", "zh"), ("LC_ALL", "C")], true),
        (&[("PROV_LANG", "en"), ("LC_ALL", "zh_CN")], false),
        (&[("PROV_LANG", ""), ("LC_ALL", "zh_CN")], true),
    ] {
        let (_cloud, mut project) = refused();
        for (name, value) in environment {
            project = project.with_variable(name, value);
        }
        let ran = project.prov("apply -auto-approve");
        assert_eq!(ran.code, 1);
        assert_eq!(speaks_chinese(&ran), chinese, "{environment:?}\n{ran}");
    }
}

#[test]
fn a_refusal_in_chinese_is_chinese_from_its_head_to_its_hint() {
    let (_cloud, project) = refused();
    let project = project.with_variable("PROV_LANG", "zh");
    let ran = project.prov("apply -auto-approve");
    for text in [
        "Error: 创建资源失败",
        "账号在该地域的专有网络数量已达上限。",
        "CreateVpc 返回 QuotaExceeded.Vpc：VPC quota exceeded.",
        "提示：",
    ] {
        assert!(ran.stderr.contains(text), "no {text} in\n{ran}");
    }
    let ran = project.prov("apply -auto-approve -json");
    let told = &diagnostics(&ran.stdout)[0];
    assert_eq!(told["summary"], "创建资源失败");
}
