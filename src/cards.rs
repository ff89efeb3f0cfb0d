//! Cards beside the avatar: what they say and where they stand.
//!
//! [`Card::read`] turns Adaptive Cards JSON into a model that never fails to show something; [`Layout`] finds places
//! around the avatar where cards cover neither face nor hands. Both are pure. Does not include drawing, picking or
//! text, which the Bevy part does.

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
pub use layout::{CardBox, CardRank, CardSide, Layout, MAX_CARDS, Placement, View};
