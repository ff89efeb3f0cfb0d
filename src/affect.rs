//! Affect: how the customer feels becomes how the agent stands, looks and moves.
//!
//! [`Appraiser`] hears triage, keeps mood and emotion, and gives the [`Stance`] of this moment, row by row from
//! the behavior matrix ([`Stance::of`]). [`DisplayRules`] is the one gate through which a smile or concern
//! reaches the face: smiles have a cap, and the two meet only through neutral. [`ServiceRole`] scales how lively the
//! agent is.
//!
//! Pure: time only by steps, no chance, no words of the reply.

mod appraisal;
mod display;
mod level;
mod mood;
mod role;
mod stance;

pub use appraisal::Appraiser;
pub use display::{DisplayRules, Wish};
pub use level::Level;
pub use mood::{Feeling, Mood};
pub use role::ServiceRole;
pub use stance::{NodStyle, Stance};
