//! A scripted human agent: works the desk's agent calls from a thread of its own, so that frames never wait.

use std::sync::mpsc::{Receiver, Sender, channel};

use crate::problem::Problem;
use crate::protocol::{AgentId, AgentMessage, CardId, CardPayload, Claim, ConversationId, Release, ScheduleFollowUp};
use crate::sync::AgentClient;

/// What the agent is to do.
#[derive(Debug, Clone)]
pub enum AgentTask {
    /// Take the conversation over.
    Claim {
        /// Id of the agent.
        agent: String,
        /// Name the customer sees.
        name: String,
    },
    /// Say something, with a card if there is one.
    Say {
        /// Words, with acts.
        text: String,
        /// How to perform them.
        acts: Vec<crate::protocol::Act>,
        /// Card id and content.
        card: Option<(String, serde_json::Value)>,
    },
    /// Promise something for later.
    FollowUp(ScheduleFollowUp),
    /// Give the conversation back.
    Release,
}

/// A human agent who does as the script says.
#[derive(Debug)]
pub struct ScriptedAgent {
    tasks: Sender<(ConversationId, AgentTask)>,
    failures: std::sync::Mutex<Receiver<Problem>>,
}

impl ScriptedAgent {
    /// Starts the agent's thread. It ends when this value is dropped.
    #[must_use]
    pub fn start(client: AgentClient) -> Self {
        let (tasks, inbox) = channel();
        let (report, failures) = channel();
        std::thread::spawn(move || work(&client, &inbox, &report));
        Self { tasks, failures: std::sync::Mutex::new(failures) }
    }

    /// Gives the agent a task; what comes of it shows in the conversation.
    pub fn give(&self, conversation: &ConversationId, task: AgentTask) {
        // A thread that ended has reported why.
        let _ = self.tasks.send((conversation.clone(), task));
    }

    /// What went wrong since the last call.
    #[must_use]
    pub fn failure(&self) -> Option<Problem> {
        self.failures.lock().ok()?.try_recv().ok()
    }
}

fn work(client: &AgentClient, inbox: &Receiver<(ConversationId, AgentTask)>, report: &Sender<Problem>) {
    let mut epoch = 0;
    while let Ok((conversation, task)) = inbox.recv() {
        let done = match task {
            AgentTask::Claim { agent, name } => {
                let claim = Claim { agent_id: AgentId(agent), name };
                client.claim(&conversation, &claim).map(|control| epoch = control.epoch)
            }
            AgentTask::Say { text, acts, card } => {
                let cards = card
                    .map(|(id, card)| CardPayload { card_id: CardId(id), card, placement: None, pinned: true })
                    .into_iter()
                    .collect();
                client.say(&conversation, &AgentMessage { epoch, text, acts, cards })
            }
            AgentTask::FollowUp(follow_up) => client.follow_up(&conversation, &follow_up),
            AgentTask::Release => {
                client.release(&conversation, &Release { epoch }).map(|control| epoch = control.epoch)
            }
        };
        if let Err(problem) = done
            && report.send(problem).is_err()
        {
            return;
        }
    }
}
