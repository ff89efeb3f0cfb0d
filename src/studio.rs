//! The studio: scenes as data, played through the real desk and the real engine.
//!
//! Includes the scene format, the player machine and the demo that plays scenes in a window or without one; and,
//! without Bevy, the animation test: scripts of cues ([`script`]) are played through engine and runtime ([`play`]) into
//! recordings ([`track`]), which guards measure ([`guard`]) and reports tell ([`report`]).

pub mod golden;
pub mod guard;
pub mod play;
pub mod report;
pub mod scene;
pub mod script;
pub mod still;
pub mod table;
pub mod take;
pub mod track;
pub mod write;

#[cfg(feature = "desktop")]
pub mod agent;
#[cfg(feature = "desktop")]
pub mod contact;
#[cfg(feature = "desktop")]
pub mod demo;
#[cfg(feature = "desktop")]
pub mod headless;
#[cfg(feature = "desktop")]
pub mod look;
#[cfg(feature = "desktop")]
pub mod player;
#[cfg(feature = "desktop")]
pub mod portrait;
#[cfg(feature = "desktop")]
pub mod record;
#[cfg(feature = "desktop")]
pub mod reel;
#[cfg(feature = "desktop")]
pub mod run;
#[cfg(feature = "desktop")]
pub mod sheet;
