//! What a failed call means and how long to wait before the next one.

use std::time::Duration;

use jiff::Timestamp;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

use crate::protocol::Problem as WireProblem;

/// The shortest first ceiling of the wait.
const BASE: Duration = Duration::from_millis(500);
/// The longest wait that this side chooses.
pub const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// No wait is shorter, so that nothing ever spins.
const MIN_BACKOFF: Duration = Duration::from_millis(50);
/// The longest wait that a server may ask for.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(600);

/// An answer as it came, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// Whether the content type is JSON (`application/json`, `application/problem+json`, …).
    pub is_json: bool,
    /// The `Retry-After` header, read by [`parse_retry_after`].
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetFailure {
    /// What kind of failure.
    pub kind: NetFailureKind,
    /// The cause in words.
    pub why: String,
}

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetFailureKind {
    /// Not reached, cut, or out of time: it may work in a moment.
    Unreachable,
    /// The other side does not prove that it is the desk.
    Untrusted,
    /// The answer is larger than this side reads.
    TooLarge,
}

/// What came of a call.
pub type Outcome = Result<HttpReply, NetFailure>;

/// What a failed call means for the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryKind {
    /// Nobody answered; whether a write arrived is not known.
    NetworkFailure,
    /// The desk cannot answer now.
    Transient {
        /// The least time to wait, if the desk said so.
        retry_after: Option<Duration>,
    },
    /// Something answered that is not the desk: a captive portal, a redirect, a wrong certificate. Never a
    /// verdict on a write; worth another try only after a long while.
    Stranger,
    /// The same call will never succeed.
    Permanent,
    /// The token is not accepted.
    Unauthorized,
    /// The log no longer reaches back to the cursor.
    CursorGone,
}

/// A failed call, told to the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it means.
    pub kind: RetryKind,
    /// The status, where somebody answered.
    pub status: Option<u16>,
    /// Why, for a person.
    pub why: String,
}

/// Folds what came of a call into its body or a meaning.
///
/// # Errors
/// A [`Failure`] for everything but a 2xx answer with JSON (or an empty 204).
pub fn judge(outcome: &Outcome) -> Result<&[u8], Failure> {
    let reply = match outcome {
        Ok(reply) => reply,
        Err(failure) => {
            let kind = match failure.kind {
                NetFailureKind::Unreachable => RetryKind::NetworkFailure,
                NetFailureKind::Untrusted | NetFailureKind::TooLarge => RetryKind::Stranger,
            };
            return Err(Failure { kind, status: None, why: failure.why.clone() });
        }
    };
    let is_empty = reply.status == 204 || reply.body.is_empty();
    if (200..300).contains(&reply.status) && (reply.is_json || is_empty) {
        return Ok(&reply.body);
    }
    let problem = read_problem(reply);
    let kind = kind_of(reply, problem.as_ref());
    let why = match problem {
        Some(problem) if !problem.detail.is_empty() => problem.detail,
        Some(problem) => problem.code,
        None if kind == RetryKind::Stranger => {
            format!("something other than a service desk answers ({})", reply.status)
        }
        None => format!("the desk answers with status {}", reply.status),
    };
    Err(Failure { kind, status: Some(reply.status), why })
}

fn read_problem(reply: &HttpReply) -> Option<WireProblem> {
    if reply.is_json { serde_json::from_slice(&reply.body).ok() } else { None }
}

fn kind_of(reply: &HttpReply, problem: Option<&WireProblem>) -> RetryKind {
    let asked = problem.and_then(|problem| problem.retry_after_ms).map(Duration::from_millis);
    let retry_after = reply.retry_after.max(asked).map(|wait| wait.min(MAX_RETRY_AFTER));
    let transient = RetryKind::Transient { retry_after };
    match reply.status {
        401 | 403 => RetryKind::Unauthorized,
        410 => RetryKind::CursorGone,
        // A quota will not come back by waiting: the desk says so.
        429 if problem.is_some_and(|problem| !problem.retryable && problem.code.contains("quota")) => {
            RetryKind::Permanent
        }
        408 | 425 | 429 | 500 | 502..=599 => transient,
        400..=499 if problem.is_some_and(|problem| problem.retryable) => transient,
        // A proxy may refuse a body or an address in its own words; all other pages are somebody else's.
        400 | 405 | 409 | 411 | 413..=415 | 422 | 431 | 501 => RetryKind::Permanent,
        404 if reply.is_json => RetryKind::Permanent,
        400..=499 if reply.is_json => RetryKind::Permanent,
        _ => RetryKind::Stranger,
    }
}

/// Reads a `Retry-After` header: seconds or an HTTP date. A date in the past is no wait.
#[must_use]
pub fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is "very long", which the cap turns into the cap.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)).min(MAX_RETRY_AFTER));
    }
    // `GMT` is the only zone that HTTP allows; the mail format wants an offset.
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    let seconds = date.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(seconds.max(0).unsigned_abs()).min(MAX_RETRY_AFTER))
}

/// Exponential backoff with full jitter; the random numbers come from a seed.
#[derive(Debug, Clone)]
pub struct Backoff {
    random: Pcg32,
}

impl Backoff {
    /// A backoff whose waits follow from the seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { random: Pcg32::seed_from_u64(seed) }
    }

    /// The wait before a try, where `attempt` counts the failures so far, from 1.
    pub fn wait(&mut self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        let ceiling = BASE.saturating_mul(1 << doublings).min(MAX_BACKOFF);
        ceiling.mul_f64(self.fraction()).max(MIN_BACKOFF)
    }

    /// The wait where the server asked for at least `least`: that, and a little more so that not everybody
    /// comes back at the same moment.
    pub fn wait_at_least(&mut self, least: Duration) -> Duration {
        let spread = least.mul_f64(0.1).clamp(BASE, Duration::from_secs(5));
        least.min(MAX_RETRY_AFTER) + spread.mul_f64(self.fraction())
    }

    /// Uniform in 0..1.
    fn fraction(&mut self) -> f64 {
        f64::from(self.random.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn reply(status: u16, is_json: bool, body: &str) -> Outcome {
        Ok(HttpReply { status, is_json, retry_after: None, body: body.as_bytes().to_vec() })
    }

    fn kind(outcome: &Outcome) -> RetryKind {
        judge(outcome).unwrap_err().kind
    }

    fn problem(status: u16, code: &str, rest: &str) -> Outcome {
        reply(status, true, &format!(r#"{{"status":{status},"code":"{code}"{rest}}}"#))
    }

    #[test]
    fn answers_are_folded_into_meanings() {
        assert_eq!(judge(&reply(200, true, "{}")), Ok(&b"{}"[..]));
        assert_eq!(judge(&reply(204, false, "")), Ok(&b""[..]));
        for status in [500, 502, 503, 504, 520, 408, 425, 429] {
            assert_eq!(kind(&reply(status, false, "")), RetryKind::Transient { retry_after: None }, "{status}");
        }
        for status in [400, 405, 409, 413, 422, 431, 501] {
            assert_eq!(kind(&reply(status, false, "")), RetryKind::Permanent, "{status}");
        }
        for (status, page) in [(200, "<html>"), (302, ""), (404, "<html>"), (418, "<html>")] {
            assert_eq!(kind(&reply(status, false, page)), RetryKind::Stranger, "{status}");
        }
        assert_eq!(kind(&problem(404, "not_found", "")), RetryKind::Permanent);
        assert_eq!(kind(&reply(401, false, "")), RetryKind::Unauthorized);
        assert_eq!(kind(&reply(403, false, "")), RetryKind::Unauthorized);
        assert_eq!(kind(&reply(410, false, "")), RetryKind::CursorGone);
        assert_eq!(kind(&problem(429, "quota_exceeded", "")), RetryKind::Permanent);
        assert_eq!(kind(&problem(409, "busy", r#","retryable":true"#)), RetryKind::Transient { retry_after: None });
    }

    #[test]
    fn failures_of_the_network_are_told_apart() {
        let failure = |kind| Err(NetFailure { kind, why: "x".into() });
        assert_eq!(kind(&failure(NetFailureKind::Unreachable)), RetryKind::NetworkFailure);
        assert_eq!(kind(&failure(NetFailureKind::Untrusted)), RetryKind::Stranger);
        assert_eq!(kind(&failure(NetFailureKind::TooLarge)), RetryKind::Stranger);
    }

    #[test]
    fn the_longer_of_header_and_body_counts_and_is_capped() {
        let body = br#"{"status":429,"code":"slow_down","retryable":true,"retry_after_ms":7000}"#.to_vec();
        let answer = |seconds| HttpReply {
            status: 429,
            is_json: true,
            retry_after: Some(Duration::from_secs(seconds)),
            body: body.clone(),
        };
        let wait = |seconds| RetryKind::Transient { retry_after: Some(Duration::from_secs(seconds)) };
        assert_eq!(kind(&Ok(answer(3))), wait(7));
        assert_eq!(kind(&Ok(answer(30))), wait(30));
        assert_eq!(kind(&Ok(answer(100_000))), wait(600));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-10-21T07:28:00Z".parse().unwrap();
        let read = |value| parse_retry_after(value, now);
        assert_eq!(read("120"), Some(Duration::from_secs(120)));
        assert_eq!(read(" 0 "), Some(Duration::ZERO));
        assert_eq!(read("99999999999999999999999"), Some(MAX_RETRY_AFTER));
        assert_eq!(read("Wed, 21 Oct 2026 07:29:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(read("Wed, 21 Oct 2026 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-3"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn waits_grow_stay_in_bounds_and_follow_the_seed() {
        let mut backoff = Backoff::new(7);
        let mut same = Backoff::new(7);
        let mut longest = Duration::ZERO;
        for round in 0..2000_u32 {
            let attempt = round % 40 + 1;
            let wait = backoff.wait(attempt);
            assert_eq!(wait, same.wait(attempt));
            assert!(wait >= MIN_BACKOFF && wait <= MAX_BACKOFF, "{attempt}: {wait:?}");
            if attempt == 1 {
                assert!(wait <= BASE);
            }
            longest = longest.max(wait);
        }
        assert!(longest > MAX_BACKOFF.mul_f64(0.9));
        let least = Duration::from_secs(30);
        let asked = backoff.wait_at_least(least);
        assert!(asked >= least && asked <= least + Duration::from_secs(5));
    }
}
