//! When to try again, and after which pause: decisions only, nothing is sent or slept here.

use std::time::Duration;

use super::{
    call::Call,
    codes::Again,
    error::{ApiErrorKind, Failure},
};

/// The limits of trying again.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The first pause is at most this long, each following one at most twice as long as the one before.
    pub base: Duration,
    /// No pause is longer, unless the answer asks for it.
    pub cap: Duration,
    /// How long a call may be throttled.
    pub throttled: Duration,
    /// How long the server may fail or be out of reach.
    pub failing: Duration,
    /// How often it may.
    pub failing_attempts: u32,
    /// Attempts to reach an endpoint that has never answered.
    pub unreachable_attempts: u32,
    /// How long a request with the same token, or a lock, may be in progress.
    pub in_progress: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(100),
            cap: Duration::from_secs(5),
            throttled: Duration::from_secs(600),
            failing: Duration::from_secs(300),
            failing_attempts: 20,
            unreachable_attempts: 3,
            in_progress: Duration::from_secs(300),
        }
    }
}

/// An answer's own wish for a pause is followed up to here.
pub(super) const LONGEST_WISH: Duration = Duration::from_secs(120);
/// How often a call may be told that its nonce was seen.
const NONCES: u32 = 5;
/// How often a call may get new credentials because the ones in use have expired.
const RENEWALS: u32 = 2;

/// What has happened to a call so far.
#[derive(Debug, Default)]
pub(super) struct History {
    attempts: u32,
    failed: u32,
    throttled: u32,
    nonces: u32,
    clocks: u32,
    renewals: u32,
    /// Whether some attempt may have been carried out.
    lost: bool,
}

impl History {
    /// Takes note of a failed attempt and returns the pause before the next one; `None`: give up.
    ///
    /// `elapsed`: spent on the call so far. `reached`: whether the endpoint has ever answered.
    pub(super) fn next(
        &mut self,
        policy: &Policy,
        call: &Call,
        failure: &Failure,
        elapsed: Duration,
        reached: bool,
    ) -> Option<Duration> {
        self.attempts += 1;
        let uncertain = matches!(failure.again, Again::Server | Again::Lost | Again::Nonce);
        self.lost |= uncertain;
        if uncertain && !call.repeatable() {
            return None;
        }
        let limit = self.limit(policy, call, failure, reached)?;
        let left = limit.checked_sub(elapsed).filter(|left| !left.is_zero())?;
        Some(self.pause(policy, failure).min(left))
    }

    /// How long the call may go on after such a failure; `None`: not at all.
    fn limit(
        &mut self,
        policy: &Policy,
        call: &Call,
        failure: &Failure,
        reached: bool,
    ) -> Option<Duration> {
        let listed = call
            .retry
            .iter()
            .any(|code| failure.error.code.contains(code));
        let patience = if listed {
            call.patience
        } else {
            Duration::ZERO
        };
        let limit = match failure.again {
            Again::Never => Duration::ZERO,
            Again::Throttle | Again::Crowd => {
                self.throttled += 1;
                policy.throttled
            }
            Again::Conflict | Again::SameToken => policy.in_progress,
            Again::Server | Again::Unwell | Again::Lost | Again::Unreachable | Again::NoHost => {
                self.failed += 1;
                let most = match failure.again {
                    Again::Unreachable | Again::NoHost if !reached => policy.unreachable_attempts,
                    _ => policy.failing_attempts,
                };
                if self.failed < most {
                    policy.failing
                } else {
                    Duration::ZERO
                }
            }
            Again::Nonce => {
                self.nonces += 1;
                if self.nonces < NONCES {
                    policy.failing
                } else {
                    Duration::ZERO
                }
            }
            Again::Expired => {
                self.renewals += 1;
                if self.renewals <= RENEWALS {
                    policy.failing
                } else {
                    Duration::ZERO
                }
            }
            Again::Clock => {
                self.clocks += 1;
                if self.clocks == 1 && failure.server_time.is_some() {
                    policy.failing
                } else {
                    Duration::ZERO
                }
            }
        };
        Some(limit.max(patience)).filter(|limit| !limit.is_zero())
    }

    /// Exponential with full jitter; a new nonce or time needs no pause at all.
    fn pause(&self, policy: &Policy, failure: &Failure) -> Duration {
        let most = |times: u32| {
            policy
                .base
                .saturating_mul(1 << times.min(20))
                .min(policy.cap)
        };
        let most = match failure.again {
            // The limiter holds all calls of the action; what is refused for other reasons waits by itself.
            Again::Throttle => self.throttled.checked_sub(2).map_or(Duration::ZERO, most),
            _ => most(self.attempts - 1),
        };
        let jitter = most.mul_f64(fastrand::f64());
        match failure.again {
            Again::Nonce | Again::Clock | Again::Expired => Duration::ZERO,
            // These wait for something to end: the longer half of the range, so as not to ask at once.
            Again::Never | Again::Conflict | Again::SameToken => most / 2 + jitter / 2,
            Again::Crowd => failure.retry_after.unwrap_or_default().min(LONGEST_WISH) + jitter,
            Again::Throttle
            | Again::Server
            | Again::Unwell
            | Again::Lost
            | Again::Unreachable
            | Again::NoHost => jitter,
        }
    }

    /// Says of the last error what is true of the whole call.
    pub(super) fn conclude(&self, call: &Call, failure: Failure) -> super::ApiError {
        let mut error = failure.error;
        let decided = matches!(
            error.kind,
            ApiErrorKind::NotFound | ApiErrorKind::Quota | ApiErrorKind::Invalid
        );
        // A read that failed has done nothing, whatever happened to it.
        let changes = call.client_token.is_some() || !call.idempotent;
        if self.lost && changes && !decided {
            error.kind = ApiErrorKind::OutcomeUnknown;
            let message = error.message.trim_end().trim_end_matches('.');
            error.message = format!("{message}. {UNKNOWN}");
        }
        if self.attempts > 1 {
            let tries = self.attempts;
            error.message = format!("{} {AFTER}{tries}{ATTEMPTS}", error.message.trim_end());
        }
        error
    }
}

/// What is added to a message when the outcome is open.
const UNKNOWN: &str = "It is not known whether it was done";
/// What is added to a message after several attempts, around their number.
const AFTER: &str = "(after ";
const ATTEMPTS: &str = " attempts)";

/// Returns a message with what was added to it in Chinese.
pub(super) fn in_chinese(message: &str) -> String {
    let (said, attempts) = match message
        .strip_suffix(ATTEMPTS)
        .and_then(|it| it.rsplit_once(AFTER))
    {
        Some((said, number)) => (said.trim_end(), format!("（共尝试 {number} 次）")),
        None => (message, String::new()),
    };
    match said.strip_suffix(UNKNOWN) {
        Some(said) => format!("{said}尚不清楚该请求是否已执行{attempts}"),
        None => format!("{said}{attempts}"),
    }
}
