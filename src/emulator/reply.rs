//! What the emulator answers: a JSON object, or a refusal with status, code and message; written as JSON or as XML.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A refusal: what the API answers instead of doing what was asked.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
}

/// What an action answers.
pub(super) type Reply = Result<Value, Refusal>;

/// What an action answers that writes its answer itself: the text of a JSON object.
pub(super) type Text = Result<String, Refusal>;

/// An answer before it is sent.
pub(super) enum Answer {
    Value(Value),
    /// The text of a JSON object that is not empty.
    Text(String),
}

/// Refuses because an answer cannot be written, which no object gives a reason for.
pub(super) fn unwritten(error: &serde_json::Error) -> Refusal {
    refusal(500, "InternalError", error.to_string())
}

/// Builds a refusal.
pub(super) fn refusal(status: u16, code: &str, message: impl Into<String>) -> Refusal {
    Refusal {
        status,
        code: code.to_owned(),
        message: message.into(),
    }
}

/// Refuses.
pub(super) fn refuse<T>(status: u16, code: &str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(refusal(status, code, message))
}

/// The empty answer, which only carries its request id.
pub(super) fn done() -> Reply {
    Ok(json!({}))
}

/// How the caller wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

/// Everything around the answer that it is written with.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub(super) format: Format,
    pub(super) action: String,
    pub(super) product: &'static str,
    pub(super) host: String,
    pub(super) request_id: String,
}

/// Writes an answer as an HTTP response.
pub(super) fn write(answer: Result<Answer, Refusal>, envelope: &Envelope) -> Response<Bytes> {
    let (status, root, answer) = match answer {
        Ok(answer) => (200, format!("{}Response", envelope.action), answer),
        Err(refusal) => {
            let body = error_body(&refusal, envelope);
            (refusal.status, "Error".to_owned(), Answer::Value(body))
        }
    };
    let (kind, text) = match envelope.format {
        Format::Json => (
            "application/json;charset=utf-8",
            json_text(answer, envelope),
        ),
        Format::Xml => (
            "text/xml;charset=utf-8",
            xml_document(&root, &value(answer, envelope)),
        ),
    };
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(id) = HeaderValue::from_str(&envelope.request_id) {
        headers.insert("x-acs-request-id", id);
    }
    response
}

fn json_text(answer: Answer, envelope: &Envelope) -> String {
    match answer {
        Answer::Text(text) => {
            let fields = text.strip_suffix('}').unwrap_or(&text);
            format!("{fields},\"RequestId\":\"{}\"}}", envelope.request_id)
        }
        answer => value(answer, envelope).to_string(),
    }
}

fn value(answer: Answer, envelope: &Envelope) -> Value {
    let mut value = match answer {
        Answer::Value(value) => value,
        Answer::Text(text) => serde_json::from_str(&text).unwrap_or_default(),
    };
    value["RequestId"] = json!(envelope.request_id);
    value
}

fn error_body(refusal: &Refusal, envelope: &Envelope) -> Value {
    let recommend = format!(
        "https://api.aliyun.com/troubleshoot?q={}&product={}&requestId={}",
        refusal.code, envelope.product, envelope.request_id
    );
    json!({
        "HostId": envelope.host,
        "Code": refusal.code,
        "Message": refusal.message,
        "Recommend": recommend,
    })
}

fn xml_document(root: &str, body: &Value) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>");
    element(&mut text, root, body);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => {
            for item in items {
                element(text, name, item);
            }
            return;
        }
        Value::Null => return,
        _ => {}
    }
    text.extend(["<", name, ">"]);
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                element(text, field, inner);
            }
        }
        Value::String(plain) => escape(text, plain),
        other => text.push_str(&other.to_string()),
    }
    text.extend(["</", name, ">"]);
}

fn escape(text: &mut String, plain: &str) {
    for character in plain.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&apos;"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_repeat_their_element_in_xml() {
        let body = json!({ "InstanceIdSets": { "InstanceIdSet": ["i-1", "i<2"] }, "N": 1 });
        let text = xml_document("RunInstancesResponse", &body);
        assert_eq!(
            text,
            "<?xml version='1.0' encoding='UTF-8'?><RunInstancesResponse><InstanceIdSets>\
             <InstanceIdSet>i-1</InstanceIdSet><InstanceIdSet>i&lt;2</InstanceIdSet>\
             </InstanceIdSets><N>1</N></RunInstancesResponse>"
        );
    }
}
