//! The pages `errors.md` and `errors.zh.md` of the reference.

use std::{collections::BTreeMap, fmt::Write};

use prov::{
    cloud::{self, ApiError, Conduct, Fault, Meaning},
    model::language::{Language, Words},
    provider::blame,
    resources,
    schema::ResourceType,
};

use super::{actions, create_instance};

/// Returns the page in a language.
pub fn page(language: Language, note: &str) -> String {
    let say = |words: Words| words.in_language(language);
    let mut text = format!("{note}# {}\n\n{}\n", say(TITLE), say(INTRODUCTION));
    let instance = resources::find("alicloud_instance").unwrap().ty;
    let waits_for = instance.create[0].retry;
    write!(text, "\n## CreateInstance\n\n{}", say(INSTANCE_HEAD)).unwrap();
    let answers = create_instance();
    let answers = answers
        .iter()
        .map(|row| ("CreateInstance", row.status, row.code, row.message));
    for entry in entries(answers) {
        let arguments = arguments(instance, &entry);
        writeln!(text, "{}", entry.line(&arguments, waits_for, language)).unwrap();
    }
    write!(text, "\n## {}\n\n{}", say(OTHERS), say(OTHERS_HEAD)).unwrap();
    for entry in entries(actions()) {
        let parameters = entry.meaning.parameters.join(", ");
        writeln!(text, "{}", entry.line(&parameters, &[], language)).unwrap();
    }
    text
}

const TITLE: Words = Words::new("Errors", "错误码");
const INTRODUCTION: Words = Words::new(
    "What prov says and does when the cloud refuses. The language is that of `PROV_LANG`, else of `LC_ALL`, `LC_MESSAGES` or `LANG`: \
     one that begins with `zh` gives [Chinese](errors.zh.md), every other English.\n\n\
     - **asks again**: after a pause and with the same client token, so that nothing is made twice; for minutes, then it stops.\n\
     - **stops**: tells, and leaves the rest undone that depends on it. The next apply asks with another client token.\n\
     - **leaves open**: tells that it is not known whether it was done. The next run asks with the same token before it does anything else.",
    "云端拒绝请求时 prov 的提示与处理方式。语言由 `PROV_LANG` 决定，其次是 `LC_ALL`、`LC_MESSAGES`、`LANG`：\
     以 `zh` 开头时为中文，其他为[英文](errors.md)。\n\n\
     - **重试**：稍后使用同一 ClientToken 再次请求，不会重复创建；持续数分钟后停止。\n\
     - **停止**：给出提示，依赖它的操作不再执行。下一次 apply 使用新的 ClientToken。\n\
     - **待确认**：提示尚不清楚请求是否已执行。下一次运行会先用同一 ClientToken 再次请求。",
);
const INSTANCE_HEAD: Words = Words::new(
    "| code | status | what it means | what to do | argument of alicloud_instance | whose doing | prov |\n|---|---|---|---|---|---|---|\n",
    "| 错误码 | 状态码 | 含义 | 处理办法 | alicloud_instance 的参数 | 原因在 | prov |\n|---|---|---|---|---|---|---|\n",
);
const OTHERS: Words = Words::new("All other actions", "其他操作");
const OTHERS_HEAD: Words = Words::new(
    "| code | status | what it means | what to do | parameter | whose doing | prov |\n|---|---|---|---|---|---|---|\n",
    "| 错误码 | 状态码 | 含义 | 处理办法 | 参数 | 原因在 | prov |\n|---|---|---|---|---|---|---|\n",
);
const WITH: Words = Words::new("with", "消息含");

fn whose(fault: Fault) -> Words {
    match fault {
        Fault::Passing => Words::new("it passes", "暂时性"),
        Fault::Manifest => Words::new("the manifest's", "配置"),
        Fault::Account => Words::new("the account's", "账号"),
        Fault::Prov => Words::new("prov's: a bug", "prov（缺陷）"),
    }
}

fn does(conduct: Conduct) -> Words {
    match conduct {
        Conduct::AsksAgain => Words::new("asks again", "重试"),
        Conduct::Stops => Words::new("stops", "停止"),
        Conduct::LeavesOpen => Words::new("leaves open", "待确认"),
    }
}

/// A code in one of its meanings.
struct Entry<'a> {
    code: &'a str,
    meaning: &'static Meaning,
    statuses: Vec<u16>,
    action: &'a str,
    message: &'a str,
}

/// Puts answers together that mean the same, in the order of their codes.
fn entries<'a>(
    answers: impl IntoIterator<Item = (&'a str, u16, &'a str, &'a str)>,
) -> Vec<Entry<'a>> {
    let mut found: BTreeMap<(&str, &str), Entry<'a>> = BTreeMap::new();
    for (action, status, code, message) in answers {
        let meaning = cloud::meaning(code, message).unwrap();
        let entry = found.entry((code, meaning.says)).or_insert(Entry {
            code,
            meaning,
            statuses: Vec::new(),
            action,
            message,
        });
        if !entry.statuses.contains(&status) {
            entry.statuses.push(status);
        }
    }
    found.into_values().collect()
}

impl Entry<'_> {
    fn line(&self, parameters: &str, waits_for: &[&str], language: Language) -> String {
        let say = |words: Words| words.in_language(language);
        let mut statuses = self.statuses.clone();
        statuses.sort_unstable();
        let status = statuses[0];
        let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
        let says = match self.meaning.says {
            "" => String::new(),
            text => format!(" ({} `{text}`)", say(WITH)),
        };
        let fault = cloud::fault(self.code, status, self.message);
        let conduct = cloud::conduct(self.code, status, self.message, waits_for);
        format!(
            "| `{}`{says} | {} | {} | {} | {parameters} | {} | {} |",
            self.code,
            statuses.join(", "),
            say(self.meaning.means),
            say(self.meaning.remedy),
            say(whose(fault)),
            say(does(conduct)),
        )
    }
}

/// The arguments whose lines an answer may show.
fn arguments(ty: &ResourceType, entry: &Entry<'_>) -> String {
    let error = ApiError {
        action: entry.action.to_owned(),
        message: entry.message.to_owned(),
        ..ApiError::local(entry.code, "")
    };
    let mut arguments = blame::suspects(ty, &error);
    if entry.meaning.parameters.contains(&"RegionId") {
        arguments.insert(0, "region (provider)".to_owned());
    }
    let quoted: Vec<String> = arguments.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
