//! The studio: scenes as data, played through the real desk and the real engine.
//!
//! Includes the scene format, the player machine and the demo that plays scenes in a window or without one.

pub mod agent;
pub mod demo;
pub mod headless;
pub mod look;
pub mod player;
pub mod portrait;
pub mod record;
pub mod run;
pub mod scene;
pub mod sheet;
