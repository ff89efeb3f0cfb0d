//! HTTP: the only place of the client that knows `reqwest`. Carries out typed calls with a limit on time
//! and on what is read, and hands on what came of them without a judgment.
//!
//! Redirects are not followed: a credential never travels to where a redirect points. A bad certificate is
//! never accepted.

use std::{error::Error as _, io, time::Duration};

use jiff::Timestamp;
use reqwest::{Client, Method, RequestBuilder, Response, header, redirect};
use serde_json::json;
use tokio::sync::mpsc;
use url::{Host, Url};

use super::{
    call::{Request, StreamEnd, StreamId, Token},
    machine::Input,
    outbox::Write,
    retry::{HttpReply, NetFailure, NetFailureKind, Outcome, parse_retry_after},
    sse::SseParser,
};
use crate::{
    problem::Problem,
    protocol::{ConversationId, OutgoingMessage},
};

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
const CALL_DEADLINE: Duration = Duration::from_secs(30);
const KEEPALIVE: Duration = Duration::from_secs(20);
/// The largest answer that is read.
const MAX_BODY: usize = 8 << 20;

/// The connection to one desk.
#[derive(Debug)]
pub(super) struct Transport {
    client: Client,
    base: Url,
    device_key: Token,
}

impl Transport {
    pub(super) fn new(base: Url, device_key: String) -> Result<Self, Problem> {
        // Fails only where another part of the program chose a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("visavis/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_DEADLINE)
            .tcp_keepalive(KEEPALIVE)
            .redirect(redirect::Policy::none())
            .referer(false);
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        if base.scheme() == "http" {
            // Nothing to trust: a machine without certificates can still use a desk of its own.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|error| {
            let mend = "check the certificates of this system";
            Problem::new("cannot set up the connection", &base, causes(&error), mend)
        })?;
        Ok(Self { client, base, device_key: Token(device_key) })
    }

    /// Makes a call and reads the answer.
    pub(super) async fn call(&self, request: &Request, token: Option<&Token>) -> Outcome {
        let deadline = match request {
            Request::FetchEvents { wait_secs, .. } => CALL_DEADLINE + Duration::from_secs((*wait_secs).into()),
            _ => CALL_DEADLINE,
        };
        let call = self.build(request).bearer_auth(&token.unwrap_or(&self.device_key).0).timeout(deadline);
        let response = call.send().await.map_err(|error| failure(&error))?;
        read(response).await
    }

    /// Makes a call of a human agent: the key of this connection is the operator's then.
    pub(super) async fn agent_call(&self, method: &str, path: &[&str], body: &serde_json::Value) -> Outcome {
        let call = match method {
            "PUT" => self.client.put(self.at(path)).json(body),
            "POST" => self.client.post(self.at(path)).json(body),
            _ => self.client.get(self.at(path)),
        };
        let call = call.bearer_auth(&self.device_key.0).timeout(CALL_DEADLINE);
        read(call.send().await.map_err(|error| failure(&error))?).await
    }

    fn build(&self, request: &Request) -> RequestBuilder {
        match request {
            Request::OpenSession(body) => self.client.request(Method::POST, self.at(&["sessions"])).json(body),
            Request::Create { id, body } => self.to(Method::PUT, id, &[]).json(body),
            Request::TakeSnapshot { id } => self.to(Method::GET, id, &[]),
            Request::FetchEvents { id, after, wait_secs } => {
                let mut url = self.at(&["conversations", id.as_str(), "events"]);
                url.query_pairs_mut()
                    .append_pair("after", &after.to_string())
                    .append_pair("wait", &wait_secs.to_string());
                self.client.get(url)
            }
            Request::Write { id, item } => {
                let put = |kind| self.to(Method::PUT, id, &[kind, item.client_id.as_str()]);
                match &item.write {
                    Write::Say { text } => put("messages").json(&OutgoingMessage::Text { text: text.clone() }),
                    Write::Submit(submission) => put("messages").json(&OutgoingMessage::Submission(submission.clone())),
                    Write::AskForHuman { reason } => put("handoffs").json(&json!({"reason": reason})),
                    Write::Rate { rating, comment } => {
                        put("ratings").json(&json!({"rating": rating, "comment": comment}))
                    }
                }
            }
            Request::Typing { id } => self.to(Method::POST, id, &["typing"]).json(&json!({})),
        }
    }

    fn to(&self, method: Method, id: &ConversationId, rest: &[&str]) -> RequestBuilder {
        let mut path = vec!["conversations", id.as_str()];
        path.extend(rest);
        self.client.request(method, self.at(&path))
    }

    /// The address of a call; what is in the ids cannot leave its place in the path.
    fn at(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        url
    }

    /// Opens the stream and reads it to its end.
    pub(super) async fn follow(
        &self,
        stream: StreamId,
        id: &ConversationId,
        after: u64,
        token: &Token,
        inputs: &mpsc::Sender<Input>,
    ) -> StreamEnd {
        let call = self
            .to(Method::GET, id, &["stream"])
            .bearer_auth(&token.0)
            .header(header::ACCEPT, "text/event-stream")
            .header(header::CACHE_CONTROL, "no-store")
            .header("last-event-id", after.to_string());
        // The body has no deadline of its own: the machine's watchdog closes what falls silent.
        let mut response = match tokio::time::timeout(CALL_DEADLINE, call.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return StreamEnd::Broken(failure(&error)),
            Err(_) => {
                let why = "the desk did not answer in time".to_owned();
                return StreamEnd::Broken(NetFailure { kind: NetFailureKind::Unreachable, why });
            }
        };
        if response.status() != 200 || content_type(&response) != "text/event-stream" {
            return match tokio::time::timeout(CALL_DEADLINE, read(response)).await {
                Ok(Ok(reply)) => StreamEnd::Refused(reply),
                Ok(Err(failure)) => StreamEnd::Broken(failure),
                Err(_) => StreamEnd::Closed,
            };
        }
        if inputs.send(Input::StreamOpened(stream)).await.is_err() {
            return StreamEnd::Closed;
        }
        let mut parser = SseParser::new();
        let mut items = Vec::new();
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return StreamEnd::Closed,
                Err(error) => return StreamEnd::Broken(failure(&error)),
            };
            let fed = parser.feed(&chunk, &mut items);
            for item in items.drain(..) {
                // A full queue holds the desk back: that is what it is for.
                if inputs.send(Input::StreamItem(stream, item)).await.is_err() {
                    return StreamEnd::Closed;
                }
            }
            if fed.is_err() {
                return StreamEnd::TooLarge;
            }
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The media type without its parameters, in lower case.
fn content_type(response: &Response) -> String {
    let value = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    media.trim().to_ascii_lowercase()
}

async fn read(mut response: Response) -> Outcome {
    let media = content_type(&response);
    let is_json = media == "application/json" || media.ends_with("+json");
    let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|value| parse_retry_after(value, Timestamp::now()));
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > MAX_BODY {
            let why = format!("the answer is larger than {MAX_BODY} bytes");
            return Err(NetFailure { kind: NetFailureKind::TooLarge, why });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpReply { status, is_json, retry_after, body })
}

fn failure(error: &reqwest::Error) -> NetFailure {
    let kind = if is_distrust(error) { NetFailureKind::Untrusted } else { NetFailureKind::Unreachable };
    NetFailure { kind, why: causes(error) }
}

/// Whether TLS refused the other side, as opposed to a connection that broke.
fn is_distrust(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let tls = error.downcast_ref().or_else(|| inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()));
        if tls.is_some() {
            return true;
        }
        cause = inner.map_or_else(|| error.source(), |inner| Some(inner));
    }
    false
}

/// The error with its causes, without the address, which may hold what is nobody's business.
fn causes(error: &reqwest::Error) -> String {
    let mut text = match () {
        () if error.is_timeout() => "no answer in time".to_owned(),
        () if error.is_connect() => "no connection".to_owned(),
        () if error.is_builder() => "the request cannot be made".to_owned(),
        () => "the connection broke".to_owned(),
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
