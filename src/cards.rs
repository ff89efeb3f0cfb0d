//! Cards: Adaptive Cards beside the avatar, as interface on a quad in space.
//!
//! Includes the card model, where cards stand, and (with a picture) their panels and how they are filled in. Does
//! not decide which cards are up: that is the conversation's.

pub mod card;
pub mod layout;

#[cfg(feature = "desktop")]
mod form;
#[cfg(feature = "desktop")]
mod interact;
#[cfg(feature = "desktop")]
mod panel;
#[cfg(feature = "desktop")]
mod place;
#[cfg(feature = "desktop")]
mod scene;
#[cfg(feature = "desktop")]
pub mod theme;

#[cfg(feature = "desktop")]
pub use panel::{CARD_WIDTH_M, CardPanel};
#[cfg(feature = "desktop")]
pub use shell::{CardAnchors, CardSubmitted, CardTable, CardWords, CardsPlugin, DeskTime};

#[cfg(feature = "desktop")]
mod shell;
