//! What the cloud answered when it did not do what was asked: classified once, by code.
//!
//! `read` turns an answer into JSON or an error; what a code means is in the tables of `codes`.
//! Messages are redacted here, before anything else sees them.

use std::time::Duration;

use http::HeaderMap;
use serde_json::Value as Json;

use super::{
    codes::{self, Again},
    meaning::{self, Meaning},
    retry,
};
use crate::model::language::Language;

/// An error of a call, after all retries.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{action}: {code}: {message}")]
pub struct ApiError {
    pub kind: ApiErrorKind,
    /// The action that was called: `CreateInstance`.
    pub action: String,
    /// The API's error code: `InvalidInstanceType.NotSupported`; for errors without an answer a word of ours.
    pub code: String,
    /// The API's message, or what happened to the connection.
    pub message: String,
    /// Empty when there was no answer.
    pub request_id: String,
    /// The HTTP status; 0 when there was no answer.
    pub status: u16,
    /// The API's advice page, when it gave one.
    pub recommend: Option<String>,
}

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// The object does not exist (any more).
    NotFound,
    /// The object is in a state that passes; retried within the call's deadline.
    Busy,
    /// Too many requests; retried.
    Throttled,
    /// Credentials or permissions.
    Denied,
    /// A quota or the account's balance.
    Quota,
    /// The request is wrong and will stay wrong.
    Invalid,
    /// Sent, and no answer that says whether it was done.
    OutcomeUnknown,
    /// The server failed; retried.
    Server,
    /// No connection could be made at all: nothing was sent.
    Unreachable,
}

impl ApiErrorKind {
    /// Whether the request was looked at and is not carried out, as it is or as things are.
    pub fn is_refusal(self) -> bool {
        match self {
            Self::NotFound | Self::Busy | Self::Quota | Self::Invalid => true,
            Self::Throttled
            | Self::Denied
            | Self::Server
            | Self::OutcomeUnknown
            | Self::Unreachable => false,
        }
    }
}

impl ApiError {
    /// Returns an error that was found before anything was sent. The action is filled in by the call.
    pub fn local(code: &str, message: impl Into<String>) -> Self {
        Self {
            kind: ApiErrorKind::Invalid,
            action: String::new(),
            code: code.to_owned(),
            message: message.into(),
            request_id: String::new(),
            status: 0,
            recommend: None,
        }
    }

    /// Returns what happened, in a language: what the answer means, where that is known, and what the API
    /// said.
    pub fn explained(&self, language: Language) -> String {
        let told = match language {
            Language::English => self.told(),
            Language::Chinese => self.told_in_chinese(),
        };
        match self.meaning() {
            Some(meaning) => format!("{}\n\n{told}", meaning.means.in_language(language)),
            None => told,
        }
    }

    /// The API's own message stays as it is.
    fn told_in_chinese(&self) -> String {
        let message = retry::in_chinese(self.message.trim_end());
        let stop = if message.ends_with(['.', '!', '?', '。', '）']) {
            ""
        } else {
            "。"
        };
        match self.request_id.as_str() {
            "" if self.action.is_empty() => format!("{message}{stop}"),
            "" => format!("{}：{message}{stop}", self.action),
            id => format!(
                "{} 返回 {}：{message}{stop} RequestId：{id}。",
                self.action, self.code
            ),
        }
    }

    /// Returns what happened, in full sentences: the action, what the API said, and the request's id.
    pub fn told(&self) -> String {
        // Without a request id it is not the API's answer, and the code is a word of ours.
        let (code, id) = match self.request_id.as_str() {
            "" => (String::new(), String::new()),
            id => (
                format!(" answered {}", self.code),
                format!(" RequestId: {id}."),
            ),
        };
        let message = self.message.trim_end();
        let stop = if message.ends_with(['.', '!', '?']) {
            ""
        } else {
            "."
        };
        match format!("{}{code}", self.action).as_str() {
            // No call was made.
            "" => format!("{message}{stop}"),
            call => format!("{call}: {message}{stop}{id}"),
        }
    }

    /// Returns what it means and what to do about it, when that is known.
    pub fn meaning(&self) -> Option<&'static Meaning> {
        meaning::meaning(&self.code, &self.message)
    }

    /// Returns what the user can do about it, in one sentence, when that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        self.meaning().map(|meaning| meaning.remedy.english)
    }

    /// Returns the request parameters that it may be about (`InstanceType`, `DataDisk.2.Size`), the
    /// likeliest first: the one that the message names, or those of the code.
    pub fn parameters(&self) -> Vec<String> {
        let meaning = self.meaning();
        let of_code = meaning.map_or(&[][..], |meaning| meaning.parameters);
        let of_code = of_code.iter().map(|name| (*name).to_owned());
        // A row that goes by the message has the last word on it.
        if meaning.is_some_and(|meaning| !meaning.says.is_empty()) {
            return of_code.collect();
        }
        parameter_in(&self.message)
            .into_iter()
            .chain(of_code)
            .collect()
    }
}

/// Returns the parameter that a message names: `The specified parameter "Description" is not valid.`
fn parameter_in(message: &str) -> Option<String> {
    let quoted = || {
        let (_, rest) = message.split_once("arameter \"")?;
        Some(rest.split_once('"')?.0.trim())
    };
    let leading = || {
        let (name, _) = message.split_once(" is mandatory for this action")?;
        Some(name.trim())
    };
    let bare = || {
        let (_, rest) = message.split_once("parameter ")?;
        rest.split_whitespace()
            .next()
            .filter(|name| name.contains('.'))
    };
    let name = quoted().or_else(leading).or_else(bare)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(fits);
    sound.then(|| name.replace(".n.", ".N."))
}

/// An attempt that failed, and what the answer said about another one.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub error: ApiError,
    pub again: Again,
    /// The pause that the answer asked for.
    pub retry_after: Option<Duration>,
    /// The server's clock, in seconds since 1970.
    pub server_time: Option<i64>,
}

impl Failure {
    /// Returns a failure that nothing helps against.
    pub(super) fn local(error: ApiError) -> Self {
        Self {
            error,
            again: Again::Never,
            retry_after: None,
            server_time: None,
        }
    }
}

/// Whose answer it is, for messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub action: &'a str,
    /// `ECS`
    pub product: &'a str,
    pub region: &'a str,
    /// `https://ecs.cn-beijing.aliyuncs.com`
    pub endpoint: &'a str,
}

/// Reads an answer: JSON if it was done, else the classified error.
pub(super) fn read(
    source: Source<'_>,
    answer: &http::Response<bytes::Bytes>,
) -> Result<Json, Box<Failure>> {
    let status = answer.status().as_u16();
    let content = Content::of(answer.body());
    let fault = match content {
        Content::Json(json) if answer.status().is_success() && !says_failed(&json) => {
            return Ok(json);
        }
        Content::Json(json) => Fault::from_json(&json),
        Content::Xml(text) => Fault::from_xml(&text),
        Content::Html | Content::Cut | Content::Empty | Content::Other => None,
    };
    let (error, again) = match fault {
        Some(fault) => told(source, status, fault),
        None => unreadable(source, answer),
    };
    Err(Box::new(Failure {
        error,
        again,
        retry_after: retry_after(answer.headers()),
        server_time: date(answer.headers()),
    }))
}

/// What a body is, by its first bytes: content types lie.
enum Content {
    Json(Json),
    Xml(String),
    Html,
    /// The beginning of JSON or XML.
    Cut,
    Empty,
    Other,
}

impl Content {
    fn of(body: &[u8]) -> Self {
        let text = body.trim_ascii();
        let Some(first) = text.first() else {
            return Self::Empty;
        };
        match first {
            b'{' => match serde_json::from_slice::<Json>(text) {
                Ok(json) => Self::Json(json),
                Err(error) if error.is_eof() => Self::Cut,
                Err(_) => Self::Other,
            },
            b'<' => {
                let start = String::from_utf8_lossy(&text[..text.len().min(512)]);
                let start = start.to_ascii_lowercase();
                if start.contains("<html") || start.contains("<!doctype html") {
                    return Self::Html;
                }
                Self::Xml(String::from_utf8_lossy(text).into_owned())
            }
            _ => Self::Other,
        }
    }
}

/// Whether a 200 carries an error all the same: a top-level `Code` that is no word for success.
fn says_failed(json: &Json) -> bool {
    let code = match json.get("Code") {
        Some(Json::String(code)) => code.as_str(),
        Some(Json::Number(code)) => return ![Some(200), Some(0)].contains(&code.as_i64()),
        _ => return false,
    };
    !matches!(code, "" | "0" | "200") && !["ok", "success"].contains(&&*code.to_ascii_lowercase())
}

/// What an error answer says.
#[derive(Default)]
struct Fault {
    code: String,
    message: String,
    request_id: String,
    recommend: Option<String>,
}

impl Fault {
    fn from_json(json: &Json) -> Option<Self> {
        let read = |upper: &str, lower: &str| {
            let found = json.get(upper).or_else(|| json.get(lower))?;
            match found {
                Json::String(text) => Some(text.clone()),
                Json::Number(number) => Some(number.to_string()),
                _ => None,
            }
        };
        Some(Self {
            code: read("Code", "code").filter(|code| !code.is_empty())?,
            message: read("Message", "message").unwrap_or_default(),
            request_id: read("RequestId", "requestId").unwrap_or_default(),
            recommend: read("Recommend", "recommend").filter(|text| !text.is_empty()),
        })
    }

    fn from_xml(text: &str) -> Option<Self> {
        use quick_xml::{Reader, events::Event};
        let mut reader = Reader::from_str(text);
        let mut fault = Self::default();
        let mut field = String::new();
        loop {
            let piece = match reader.read_event().ok()? {
                Event::Eof => break,
                Event::Start(tag) => {
                    field = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                    continue;
                }
                Event::End(_) => {
                    field.clear();
                    continue;
                }
                Event::Text(text) => text.decode().ok()?.into_owned(),
                Event::CData(text) => text.decode().ok()?.into_owned(),
                Event::GeneralRef(name) => entity(&name.decode().ok()?),
                _ => continue,
            };
            match field.as_str() {
                "Code" => fault.code.push_str(&piece),
                "Message" => fault.message.push_str(&piece),
                "RequestId" => fault.request_id.push_str(&piece),
                "Recommend" => fault
                    .recommend
                    .get_or_insert_with(String::new)
                    .push_str(&piece),
                _ => {}
            }
        }
        Some(fault).filter(|fault| !fault.code.is_empty())
    }
}

fn entity(name: &str) -> String {
    let text = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return format!("&{name};"),
    };
    text.to_owned()
}

/// Classifies what the API told.
fn told(source: Source<'_>, status: u16, fault: Fault) -> (ApiError, Again) {
    let (kind, again) = codes::classify(&fault.code, status, &fault.message);
    let mut message = redact(&fault.message);
    if fault.code.starts_with("InvalidRegionId") {
        message = format!(
            "{} The region is `{}`: check its spelling",
            message.trim_end(),
            source.region
        );
    }
    let error = ApiError {
        kind,
        action: source.action.to_owned(),
        code: fault.code,
        message,
        request_id: fault.request_id,
        status,
        recommend: fault.recommend,
    };
    (error, again)
}

/// Explains an answer that is none of the API's.
fn unreadable(source: Source<'_>, answer: &http::Response<bytes::Bytes>) -> (ApiError, Again) {
    let status = answer.status();
    let Source {
        product, endpoint, ..
    } = source;
    let what = match Content::of(answer.body()) {
        Content::Html => "HTML",
        Content::Empty => "nothing",
        Content::Cut => "half a JSON document",
        Content::Json(_) => "JSON without an error code",
        Content::Xml(_) => "XML",
        Content::Other => "text that is no JSON",
    };
    let location = answer.headers().get(http::header::LOCATION);
    let (kind, again, code, message) = if status.is_server_error() {
        let message =
            format!("The endpoint {endpoint} failed with HTTP status {status} and answered {what}");
        (ApiErrorKind::Server, Again::Server, "ServerError", message)
    } else if status.as_u16() == 429 {
        let message = format!("The endpoint {endpoint} refused with HTTP status {status}");
        (
            ApiErrorKind::Throttled,
            Again::Throttle,
            "Throttling",
            message,
        )
    } else if let (true, Some(location)) = (status.is_redirection(), location) {
        let location = String::from_utf8_lossy(location.as_bytes());
        let message = format!(
            "The endpoint {endpoint} redirects to {location}, which is not followed: check `endpoints` in \
             the provider block"
        );
        (ApiErrorKind::Invalid, Again::Never, "NotTheApi", message)
    } else if status.is_success() && matches!(what, "nothing" | "half a JSON document") {
        let message = format!("The endpoint {endpoint} answered {what}");
        (
            ApiErrorKind::OutcomeUnknown,
            Again::Lost,
            "AnswerCut",
            message,
        )
    } else {
        let message = format!(
            "The endpoint {endpoint} answered {what} (HTTP status {status}), not the {product} API: check \
             `endpoints` in the provider block"
        );
        (ApiErrorKind::Invalid, Again::Never, "NotTheApi", message)
    };
    let error = ApiError {
        kind,
        status: status.as_u16(),
        action: source.action.to_owned(),
        ..ApiError::local(code, message)
    };
    (error, again)
}

/// Takes out what may hold secrets: the gateway quotes the whole request when a signature does not match.
pub(super) fn redact(message: &str) -> String {
    const MARK: &str = "string to sign";
    // Lower-casing ASCII only keeps every position.
    let Some(at) = message.to_ascii_lowercase().find(MARK) else {
        return message.to_owned();
    };
    format!(
        "{} is not shown: it may hold secrets",
        &message[..at + MARK.len()]
    )
}

/// The pause that an answer asks for: `x-acs-retry-after` in milliseconds, `Retry-After` in seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let read = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    read("x-acs-retry-after")
        .map(Duration::from_millis)
        .or_else(|| read("retry-after").map(Duration::from_secs))
}

fn date(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(http::header::DATE)?.to_str().ok()?;
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser
        .parse_timestamp(text)
        .ok()
        .map(jiff::Timestamp::as_second)
}
