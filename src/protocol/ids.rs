//! Identifiers: one newtype per thing, so that a card id never travels as a message id.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Names a conversation; chosen by the client, so that creating one is idempotent.
    ConversationId
);
id!(
    /// Names a write before it is sent (UUID v7): the same id twice is the same write.
    ClientId
);
id!(
    /// Names a message in the transcript; for customer messages it equals the [`ClientId`].
    MessageId
);
id!(
    /// Names an event in the log.
    EventId
);
id!(
    /// Names a card within its conversation.
    CardId
);
id!(
    /// Names a hand-off package.
    PackageId
);
id!(
    /// Names a human agent.
    AgentId
);
id!(
    /// Names a promised follow-up.
    FollowUpId
);
