//! What the cloud answered when it did not do what was asked: classified once, by code.

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
