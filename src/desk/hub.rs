//! Wakes whoever waits for news: long polls, streams, the operators' queue.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::{broadcast, watch};

use crate::protocol::{ConversationId, Event};

/// Ephemeral events that a slow listener may lag behind before it misses some; they may be missed.
const EPHEMERAL_BACKLOG: usize = 32;

/// What one listener of a conversation holds.
#[derive(Debug)]
pub(crate) struct Listener {
    /// Changes whenever events were appended.
    pub(crate) news: watch::Receiver<u64>,
    /// Events that are passed on and never stored.
    pub(crate) ephemeral: broadcast::Receiver<Event>,
}

#[derive(Debug)]
struct Channel {
    news: watch::Sender<u64>,
    ephemeral: broadcast::Sender<Event>,
}

/// All channels of a desk.
#[derive(Debug)]
pub(crate) struct Hub {
    channels: Mutex<HashMap<ConversationId, Channel>>,
    queue: watch::Sender<u64>,
    draining: watch::Sender<bool>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self { channels: Mutex::default(), queue: watch::Sender::new(0), draining: watch::Sender::new(false) }
    }

    /// Listens to a conversation. Take the listener before reading the log, or news may slip between.
    pub(crate) fn listen(&self, id: &ConversationId) -> Listener {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        // Conversations that nobody listens to any more need no channel.
        channels.retain(|_, channel| channel.news.receiver_count() > 0);
        let channel = channels.entry(id.clone()).or_insert_with(|| Channel {
            news: watch::Sender::new(0),
            ephemeral: broadcast::Sender::new(EPHEMERAL_BACKLOG),
        });
        Listener { news: channel.news.subscribe(), ephemeral: channel.ephemeral.subscribe() }
    }

    /// Tells that a conversation has grown.
    pub(crate) fn grown(&self, id: &ConversationId) {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(id) {
            channel.news.send_modify(|count| *count += 1);
        }
    }

    /// Passes an ephemeral event on.
    pub(crate) fn pass_on(&self, event: Event) {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(&event.conversation_id) {
            // An error means that nobody listens, which is fine.
            let _ = channel.ephemeral.send(event);
        }
    }

    /// Listens to the operators' queue.
    pub(crate) fn listen_to_queue(&self) -> watch::Receiver<u64> {
        self.queue.subscribe()
    }

    /// Tells that the queue has changed.
    pub(crate) fn queue_changed(&self) {
        self.queue.send_modify(|count| *count += 1);
    }

    /// Asks every stream and long poll to end.
    pub(crate) fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Becomes true when the desk stops.
    pub(crate) fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }
}
