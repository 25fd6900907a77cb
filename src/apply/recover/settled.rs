//! What was found about one open operation, in words.

use crate::model::language::Language;

/// What was found about one open operation.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Settled {
    pub address: String,
    pub found: Found,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What was lost with the answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub missing: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The create call was asked again with the same token, and answered with the object.
    Created,
    /// The create call's object was looked for, and is there.
    Traced,
    /// It is there, and what only the answer had is lost with it.
    Spoilt,
    /// The create call is refused, or its object was looked for: there is none.
    NotCreated,
    /// The object is there; what follows its creation is still to be done.
    ToBeFinished,
    /// It was read back.
    ReadBack,
    /// It is gone.
    Deleted,
}

impl Settled {
    /// Returns what was found, in a language.
    pub fn told(&self, language: Language) -> String {
        let Self {
            address,
            id,
            missing,
            ..
        } = self;
        match language {
            Language::English => match self.found {
                Found::Created => format!(
                    "{address}: its creation was asked again with the same token; it is {id}"
                ),
                Found::Traced => {
                    format!("{address}: its creation was never answered; {id} was found to be it")
                }
                Found::Spoilt => format!(
                    "{address}: {id} was created, but {missing} was lost with the answer, and it is to be replaced"
                ),
                Found::NotCreated => format!("{address}: it was not created"),
                Found::ToBeFinished => format!(
                    "{address}: {id} was created; what follows the creation is still to be done"
                ),
                Found::ReadBack => format!("{address}: {id} was read back"),
                Found::Deleted => format!("{address}: {id} is gone"),
            },
            Language::Chinese => match self.found {
                Found::Created => format!("{address}：已用相同的令牌重新请求创建，对象是 {id}"),
                Found::Traced => format!("{address}：创建请求没有收到应答，查到的对象是 {id}"),
                Found::Spoilt => format!(
                    "{address}：{id} 已创建，但只在应答中给出的内容（{missing}）已经丢失，将替换该对象"
                ),
                Found::NotCreated => format!("{address}：没有创建"),
                Found::ToBeFinished => format!("{address}：{id} 已创建，创建之后的步骤尚待完成"),
                Found::ReadBack => format!("{address}：已重新读取 {id}"),
                Found::Deleted => format!("{address}：{id} 已不存在"),
            },
        }
    }
}
