//! What an error code means to the client: its kind, and whether to try again.
//!
//! One table, and nothing else decides by codes. Sources: the API's error tables (`CreateInstance` and the
//! common one) and what long-lived clients of it retry. Misspelt codes are spelt as the API does.

use super::error::ApiErrorKind::{
    self, Busy, Denied, Invalid, NotFound, OutcomeUnknown, Quota, Server, Throttled,
};

/// Whether an attempt may be followed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Only if the call lists the code.
    Never,
    /// Refused for now: too many requests.
    Throttle,
    /// Refused for now: an earlier request holds a lock.
    Conflict,
    /// The first request with this token is still being done.
    SameToken,
    /// The server failed, and may have done it.
    Server,
    /// The server is unwell and has refused.
    Unwell,
    /// Sent, and no whole answer.
    Lost,
    /// Nothing was sent.
    Unreachable,
    /// Nothing was sent: the host's name has no address.
    NoHost,
    /// The temporary credentials have expired.
    Expired,
    /// This request was seen before.
    Nonce,
    /// The clocks differ.
    Clock,
}

/// Code (`*` at an end: any text there), kind, what next. The first row that fits is the one.
const CODES: &[(&str, ApiErrorKind, Again)] = &[
    ("*Throttling*", Throttled, Again::Throttle),
    ("FrequentPurchase.EIP", Throttled, Again::Throttle),
    ("SignatureNonceUsed", OutcomeUnknown, Again::Nonce),
    ("InvalidTimeStamp.Expired", Invalid, Again::Clock),
    ("IllegalTimestamp", Invalid, Again::Clock),
    ("IdempotentParameterMismatch", OutcomeUnknown, Again::Never),
    ("IdempotenceParamNotMatch", OutcomeUnknown, Again::Never),
    (
        "Idempotence.SignatureMismatch",
        OutcomeUnknown,
        Again::Never,
    ),
    ("InvalidIdempotenceParameter*", OutcomeUnknown, Again::Never),
    ("*LastTokenProcessing", OutcomeUnknown, Again::SameToken),
    (
        "*IdempotentTokenProcessing",
        OutcomeUnknown,
        Again::SameToken,
    ),
    ("IdempotentProcessing", OutcomeUnknown, Again::SameToken),
    ("Idempotence.Processing", OutcomeUnknown, Again::SameToken),
    ("TOKEN_PROCESSING", OutcomeUnknown, Again::SameToken),
    ("LastOrderProcessing", OutcomeUnknown, Again::SameToken),
    ("LastRequestProcessing", OutcomeUnknown, Again::SameToken),
    ("InternalError*", Server, Again::Server),
    ("UnknownError*", Server, Again::Server),
    ("ServiceUnavailable*", Server, Again::Unwell),
    ("SystemBusy*", Server, Again::Unwell),
    ("*OperationConflict*", Busy, Again::Conflict),
    ("Operation.Conflict", Busy, Again::Conflict),
    ("InvalidOperation.Conflict", Busy, Again::Conflict),
    ("TaskConflict*", Busy, Again::Conflict),
    ("VPC_TASK_CONFLICT", Busy, Again::Conflict),
    ("OperationFailed.DistibuteLock", Busy, Again::Conflict),
    (
        "OperationDenied.OtherSubnetProcessing",
        Busy,
        Again::Conflict,
    ),
    ("*.NotReady", Busy, Again::Never),
    ("*.Creating", Busy, Again::Never),
    ("IncorrectImageStatus", Invalid, Again::Never),
    ("InvalidDedicatedHostStatus*", Busy, Again::Never),
    ("DependencyViolation.WindowsInstance", Invalid, Again::Never),
    ("Incorrect*", Busy, Again::Never),
    ("Incorret*", Busy, Again::Never),
    ("Incorrcet*", Busy, Again::Never),
    ("*StatusError", Busy, Again::Never),
    ("*.IncorrectStatus*", Busy, Again::Never),
    ("InvalidOperation.Invalid*State", Busy, Again::Never),
    ("InvalidStatus.*", Busy, Again::Never),
    ("InvalidBindingStatus", Busy, Again::Never),
    ("DependencyViolation*", Busy, Again::Never),
    ("DisksDetachingOnEcsExceeded", Busy, Again::Never),
    (
        "OperationFailed.NatGwRouteInMiddleStatus",
        Busy,
        Again::Never,
    ),
    ("InvalidRegionId*", Invalid, Again::Never),
    ("InvalidAction*", Invalid, Again::Never),
    ("InvalidVersion*", Invalid, Again::Never),
    ("InvalidAccessKeyId*", Denied, Again::Never),
    ("MissingAccessKeyId", Denied, Again::Never),
    ("SignatureDoesNotMatch", Denied, Again::Never),
    ("IncompleteSignature", Denied, Again::Never),
    ("InvalidSecurityToken.Expired", Denied, Again::Expired),
    ("InvalidSecurityToken*", Denied, Again::Never),
    ("MissingSecurityToken", Denied, Again::Never),
    ("Forbidden.*NotFound", NotFound, Again::Never),
    ("Forbidden*", Denied, Again::Never),
    ("Forbbiden*", Denied, Again::Never),
    ("Forbindden*", Denied, Again::Never),
    ("NoPermission*", Denied, Again::Never),
    ("NotAuthorized*", Denied, Again::Never),
    ("Unauthorized*", Denied, Again::Never),
    ("RegionUnauthorized", Denied, Again::Never),
    ("RealNameAuthenticationError", Denied, Again::Never),
    ("InvalidUserData.Forbidden", Denied, Again::Never),
    ("InvalidSpotAuthorized", Denied, Again::Never),
    ("*Unauthorized", Denied, Again::Never),
    ("OperationDenied.IllegalPaymentPolicy", Denied, Again::Never),
    ("InstanceDisk*LimitExceed", Invalid, Again::Never),
    ("*QuotaExceed*", Quota, Again::Never),
    ("*Quota*Exceed*", Quota, Again::Never),
    ("*LimitExceed*", Quota, Again::Never),
    ("*ExceedQuota*", Quota, Again::Never),
    ("QuotaFull*", Quota, Again::Never),
    ("InvalidAccountStatus*", Quota, Again::Never),
    ("Account.Arrearage", Quota, Again::Never),
    ("InsufficientBalance*", Quota, Again::Never),
    ("*NotEnoughBalance*", Quota, Again::Never),
    ("*NoStock*", Quota, Again::Never),
    ("InvalidResourceType.NotSupported", Quota, Again::Never),
    ("ResourceNotAvailable*", Quota, Again::Never),
    ("InsufficientPublicIp", Quota, Again::Never),
    ("ReserveIpFail", Quota, Again::Never),
    ("LackResource", Quota, Again::Never),
    ("*NotFound*", NotFound, Again::Never),
    ("INSTANCE_NOT_EXISTS", NotFound, Again::Never),
];

/// Codes that mean several things: code, what the message [`says`], kind, what next.
const BY_MESSAGE: &[(&str, &str, ApiErrorKind, Again)] = &[
    (
        "OperationDenied",
        "has been creating",
        Busy,
        Again::Conflict,
    ),
    (
        "OperationDenied",
        "temporarily suspended",
        Quota,
        Again::Never,
    ),
    ("OperationDenied", "out of usage", Quota, Again::Never),
    (
        "InvalidParamter.Conflict",
        "token",
        OutcomeUnknown,
        Again::Never,
    ),
];

/// Returns what an answer means: by its code, by its message where a code has several meanings, and by
/// its status where the code says nothing.
pub(super) fn classify(code: &str, status: u16, message: &str) -> (ApiErrorKind, Again) {
    let told = BY_MESSAGE
        .iter()
        .find(|(other, text, ..)| *other == code && says(message, text));
    if let Some((_, _, kind, again)) = told {
        return (*kind, *again);
    }
    if let Some((_, kind, again)) = CODES.iter().find(|(pattern, ..)| fits(pattern, code)) {
        // With a 5xx nothing is certain, whatever the words.
        let again = match again {
            Again::Unwell if status >= 500 => Again::Server,
            other => *other,
        };
        return (*kind, again);
    }
    match status {
        500.. => (Server, Again::Server),
        429 => (Throttled, Again::Throttle),
        _ => (Invalid, Again::Never),
    }
}

/// Whether a message has a text in it, whatever the case of its letters; every message has the empty one.
pub(super) fn says(message: &str, text: &str) -> bool {
    let mut windows = message.as_bytes().windows(text.len().max(1));
    text.is_empty() || windows.any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

/// Whether a code fits a pattern, in which `*` stands for any text.
pub(super) fn fits(pattern: &str, code: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = code.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}
