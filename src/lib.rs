//! Visavis (vis-à-vis: face to face): a customer meets a service agent with a body.
//!
//! # The idea
//! 1. Pure domains compute values: [`conversation`], [`affect`], [`behavior`], [`vrm`], card layout, the
//!    sync machine. A thin Bevy shell moves values in and out.
//! 2. Data flows one way: sync → conversation → affect → plan → realize → compose → rig → picture; back flow
//!    only outbox entries and feedback.
//! 3. Every channel of the avatar has many proposers and exactly one writer.
//! 4. Time is injected: the real clock in the app, a manual clock in tests and the demo.
//! 5. The backend's word arrives as events in a numbered log; what the client wants leaves as idempotent
//!    requests from a durable outbox.
//! 6. Nothing that a file, a server, a runtime or a user sends can panic the program.
//!
//! # Code map
//! | module | does | knows |
//! |---|---|---|
//! | [`protocol`] | wire types of the Conversation API | nobody |
//! | [`vrm`] | engine-free VRM 0.x, 1.0 and VRMA: document, runtime, physics, animations | nobody |
//! | [`words`] | what a customer reads, from Fluent files | nobody |
//! | [`problem`] | the one shape of an error that a person reads | nobody |
//! | [`motion`] | minimum jerk, glides, springs: exact in time | nobody |
//! | [`settings`] | defaults < file < environment < flags | `affect`'s roles, `words`, `problem` |
//! | [`conversation`] | state and reducer | `protocol` |
//! | [`affect`] | customer emotion → agent stance | `protocol`, `motion` |
//! | [`speech`] | text → timeline of syllables and visemes | `behavior`'s plan types, `motion` |
//! | [`behavior`] | acts → blocks → channels → one composer | `conversation`, `affect`, `protocol`, `vrm` names, `speech` timeline, `motion` |
//! | [`manner`] | lexicon, poses, role and seed → a behavior engine | `behavior`, `affect`, `settings` |
//! | `forge` | a recipe and CC0 body data → a human VRM avatar | `vrm` names, `problem` |
//! | [`sync`] | machine, outbox, SSE, retry, transport | `protocol`, `conversation` |
//! | `desk` | the reference backend | `protocol` |
//! | `avatar` | Bevy shell of `vrm` and `behavior`; how its surfaces look | `behavior`, `vrm`, `schedule`, `stage` |
//! | [`cards`] | Adaptive Cards: model, layout, panels in space | `behavior`'s plan types, `protocol` |
//! | `stage` | room, light, camera, quality tiers | `schedule`, `settings` |
//! | `schedule` | the order of a frame | nobody |
//! | `encounter` | joins the domains in the frame; the app of window and headless runs | everyone below |
//! | `desktop`, `studio`, [`cli`] | window; scenes and demo; command line | everyone; nobody below knows them |
//!
//! `reqwest` appears only in `sync/transport` and `desk/connectors`. `tests/` holds these arrows.

pub mod affect;
pub mod behavior;
pub mod cards;
pub mod cli;
pub mod conversation;
pub mod manner;
pub mod motion;
pub mod problem;
pub mod protocol;
pub mod settings;
pub mod speech;
pub mod studio;
pub mod sync;
pub mod vrm;
pub mod words;

#[cfg(feature = "desk")]
pub mod desk;

#[cfg(feature = "desktop")]
pub mod avatar;
#[cfg(feature = "desktop")]
pub mod desktop;
#[cfg(feature = "desktop")]
pub mod encounter;
#[cfg(feature = "forge")]
pub mod forge;
#[cfg(feature = "desktop")]
pub mod schedule;
#[cfg(feature = "desktop")]
pub mod stage;
