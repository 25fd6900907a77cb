//! What cannot be settled, and what to do about it.

use crate::{
    apply::journal::{Create, OpenIntent},
    backend::StateError,
    model::{
        Diagnostic,
        language::{Language, Words},
    },
    provider::ApiError,
};

const UNSETTLED: Words = Words::new(
    "Could not settle an interrupted operation",
    "无法了结被中断的操作",
);
const UNKNOWABLE: Words = Words::new(
    "Cannot tell whether an object was created",
    "无法判断对象是否已创建",
);
const AGAIN: Words = Words::new(
    "Run the command again when the cause is mended.",
    "排除原因后重新运行该命令。",
);
const UNCHANGED: Words = Words::new(
    "Nothing was changed. Run the command again when the cause is mended.",
    "没有做任何改动。排除原因后重新运行该命令。",
);
const SAME_TOKEN: Words = Words::new(
    "Run the command again when the cause is mended: it asks with the same token, which makes nothing twice.",
    "排除原因后重新运行该命令：它用相同的令牌请求，不会重复创建。",
);

/// A sentence in English and in Chinese.
pub(super) type Sentence = (String, String);

fn both(words: Words) -> Sentence {
    (words.english.to_owned(), words.chinese.to_owned())
}

pub(super) fn problem(
    open: &OpenIntent,
    summary: Words,
    detail: Sentence,
    hint: Sentence,
) -> Diagnostic {
    Diagnostic::error(summary.english, detail.0)
        .about(&open.address)
        .hint(hint.0)
        .in_chinese(summary.chinese, detail.1, Some(hint.1))
}

/// Returns what the cloud said after a text in each language.
fn said(english: &str, chinese: &str, error: &ApiError) -> Sentence {
    let said = |language| error.explained(language);
    (
        format!("{english}: {}", said(Language::English)),
        format!("{chinese}：{}", said(Language::Chinese)),
    )
}

pub(super) fn unreadable(open: &OpenIntent, id: &str, error: &ApiError) -> Diagnostic {
    let address = &open.address;
    let detail = said(
        &format!("{address} (id {id}) could not be read"),
        &format!("无法读取 {address}（id {id}）"),
        error,
    );
    problem(open, UNSETTLED, detail, both(UNCHANGED))
}

pub(super) fn half_deleted(open: &OpenIntent, id: &str, error: &ApiError) -> Diagnostic {
    let address = &open.address;
    let detail = said(
        &format!("{address} (id {id}) is gone, but not all that goes with it could be deleted"),
        &format!("{address}（id {id}）已不存在，但随它删除的对象没有全部删除"),
        error,
    );
    problem(open, UNSETTLED, detail, both(AGAIN))
}

pub(super) fn untraced(open: &OpenIntent, error: &ApiError) -> Diagnostic {
    let address = &open.address;
    let detail = said(
        &format!("{address} may or may not have been created, and looking for it failed"),
        &format!("{address} 可能已创建，也可能没有，查找失败"),
        error,
    );
    problem(open, UNSETTLED, detail, both(UNCHANGED))
}

/// Returns the error for a create that cannot be asked for again, and that not one object alone fits.
pub(super) fn unclear(open: &OpenIntent) -> Diagnostic {
    let address = &open.address;
    let detail = (
        format!(
            "{address} may or may not have been created: its secret is another by now, so that it cannot be asked for again, and none or several objects fit what was asked for."
        ),
        format!(
            "{address} 可能已创建，也可能没有：其密码已改变，不能再次请求，而符合条件的对象没有或不止一个。"
        ),
    );
    let by_hand = by_hand(open);
    problem(open, UNKNOWABLE, detail, (capital(&by_hand.0), by_hand.1))
}

pub(super) fn not_asked(open: &OpenIntent, error: &ApiError) -> Diagnostic {
    let address = &open.address;
    let detail = said(
        &format!("{address} may or may not have been created, and asking again failed"),
        &format!("{address} 可能已创建，也可能没有，重新请求失败"),
        error,
    );
    problem(open, UNSETTLED, detail, both(SAME_TOKEN))
}

pub(super) fn expired(open: &OpenIntent, since: &str) -> Diagnostic {
    let address = &open.address;
    let detail = (
        format!(
            "The creation of {address} was begun at {since} and never answered. Its client token is too old to ask again."
        ),
        format!("{address} 的创建始于 {since}，没有收到应答，其客户端令牌已过期，不能再次请求。"),
    );
    let by_hand = by_hand(open);
    problem(open, UNKNOWABLE, detail, (capital(&by_hand.0), by_hand.1))
}

/// Returns the error for an open create whose secrets the configuration does not give again.
pub(super) fn withheld(open: &OpenIntent, create: &Create, names: &[String]) -> Diagnostic {
    let (address, action, at) = (&open.address, &create.action, create.at);
    let detail = (
        format!(
            "The creation of {address} ({action} at {at}) was never answered. Asking again needs the same {}, which the configuration does not give, and prov keeps no secrets on disk.",
            names.join(" and ")
        ),
        format!(
            "{address} 的创建（{action}，{at}）没有收到应答。重新请求需要相同的 {}，而配置没有给出；prov 不在磁盘上保存机密。",
            names.join("、")
        ),
    );
    let by_hand = by_hand(open);
    let hint = (
        format!(
            "Put the block with its old secret back, apply, and then change it. Or {}",
            by_hand.0
        ),
        format!(
            "先恢复带有原来机密的块并执行 apply，然后再修改。或者{}",
            by_hand.1
        ),
    );
    problem(open, UNKNOWABLE, detail, hint)
}

/// Says how a person who looked settles it.
fn by_hand(open: &OpenIntent) -> Sentence {
    let address = &open.address;
    (
        format!(
            "look for it in the console: if it is there, `prov import '{address}' ID`; if not, `prov state rm '{address}'`."
        ),
        format!(
            "在控制台中查找：如果存在，执行 `prov import '{address}' ID`；如果不存在，执行 `prov state rm '{address}'`。"
        ),
    )
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}

pub(super) fn unwritten(error: &StateError) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("Failed to write the state", format!("{error}."));
    diagnostic.hint = error.hint();
    diagnostic
}
