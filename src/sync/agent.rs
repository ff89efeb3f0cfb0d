//! The calls of human agents, for consoles and scripted agents: typed, blocking, one at a time.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;
use url::Url;
use uuid::Uuid;

use super::retry::judge;
use super::transport::Transport;
use crate::problem::Problem;
use crate::protocol::{AgentMessage, Claim, Control, ConversationId, QueueList, Release, ScheduleFollowUp};

/// Speaks for one human agent to one desk.
#[derive(Debug)]
pub struct AgentClient {
    runtime: Runtime,
    transport: Transport,
    base: Url,
}

impl AgentClient {
    /// Readies the client; nothing is sent yet.
    ///
    /// # Errors
    /// A [`Problem`] where the system gives no runtime or no TLS set-up.
    pub fn new(base: Url, operator_key: String) -> Result<Self, Problem> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Problem::new("cannot start the agent", "runtime", error, "end other programs and try again")
        })?;
        Ok(Self { runtime, transport: Transport::new(base.clone(), operator_key)?, base })
    }

    /// The conversations that wait for a person, next first.
    ///
    /// # Errors
    /// A [`Problem`] where the desk cannot be reached or refuses.
    pub fn queue(&self) -> Result<QueueList, Problem> {
        self.call("GET", &["queue"], &())
    }

    /// Takes a conversation over.
    ///
    /// # Errors
    /// A [`Problem`] where the desk cannot be reached or refuses.
    pub fn claim(&self, conversation: &ConversationId, claim: &Claim) -> Result<Control, Problem> {
        self.call("POST", &["conversations", conversation.as_str(), "claim"], claim)
    }

    /// Says something.
    ///
    /// # Errors
    /// A [`Problem`] where the desk cannot be reached or refuses, for example an epoch that has passed.
    pub fn say(&self, conversation: &ConversationId, message: &AgentMessage) -> Result<(), Problem> {
        let id = Uuid::now_v7().to_string();
        let path = ["conversations", conversation.as_str(), "messages", &id];
        self.call::<serde_json::Value>("PUT", &path, message).map(drop)
    }

    /// Promises something for later.
    ///
    /// # Errors
    /// A [`Problem`] where the desk cannot be reached or refuses.
    pub fn follow_up(&self, conversation: &ConversationId, follow_up: &ScheduleFollowUp) -> Result<(), Problem> {
        let path = ["conversations", conversation.as_str(), "follow_ups"];
        self.call::<serde_json::Value>("POST", &path, follow_up).map(drop)
    }

    /// Gives a conversation back to the assistant.
    ///
    /// # Errors
    /// A [`Problem`] where the desk cannot be reached or refuses.
    pub fn release(&self, conversation: &ConversationId, release: &Release) -> Result<Control, Problem> {
        self.call("POST", &["conversations", conversation.as_str(), "release"], release)
    }

    fn call<Answer: DeserializeOwned>(
        &self,
        method: &str,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<Answer, Problem> {
        let place = format!("{} {method} /v1/{}", self.base, path.join("/"));
        let failed = |why: &dyn std::fmt::Display| {
            Problem::new("the agent's call failed", &place, why, "check the desk's log and the operator key")
        };
        let body = serde_json::to_value(body).map_err(|error| failed(&error))?;
        let outcome = self.runtime.block_on(self.transport.agent_call(method, path, &body));
        let bytes = judge(&outcome).map_err(|failure| failed(&failure.why))?;
        serde_json::from_slice(bytes).map_err(|error| failed(&error))
    }
}
