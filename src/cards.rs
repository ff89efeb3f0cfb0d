//! Cards beside the avatar: what they say, where they stand, and (with a picture) their panels in space.
//!
//! [`Card::read`] turns Adaptive Cards JSON into a model that never fails to show something; [`Layout`] finds places
//! around the avatar where cards cover neither face nor hands. Both are pure. [`CardsPlugin`] draws each card as
//! interface on a quad. Does not decide which cards are up: that is the conversation's.
mod card;
mod element;
mod inline;
mod layout;

pub use card::{Card, Warning};
pub use element::{
    Action, ActionStyle, Choice, ChoiceInput, ChoiceStyle, Column, ColumnWidth, Container, ContainerStyle, Element,
    Fact, Step, TextBlock, TextColor, TextInput, TextSize, TextWeight,
};
pub use inline::{Span, Text};
pub use layout::{CARD_WIDTH_M, CardBox, CardRank, CardSide, Layout, MAX_CARDS, Placement, View};

#[cfg(feature = "desktop")]
pub mod blank;
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
mod shell;
#[cfg(feature = "desktop")]
pub mod theme;

#[cfg(feature = "desktop")]
pub use panel::CardPanel;
#[cfg(feature = "desktop")]
pub use shell::{CardAnchors, CardSubmitted, CardTable, CardWords, CardsPlugin, DeskTime};
