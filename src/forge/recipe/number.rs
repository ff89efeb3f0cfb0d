//! Numbers that carry their range.

use serde::Deserialize;

macro_rules! ranged {
    ($(#[$meta:meta])* $name:ident in $low:literal..=$high:literal, default $default:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
        #[serde(try_from = "f64")]
        pub struct $name(f32);

        impl $name {
            /// The nearest number in range; not a number becomes the default.
            #[must_use]
            pub const fn of(value: f32) -> Self {
                if value.is_nan() { Self($default) } else { Self(value.clamp($low, $high)) }
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> f32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }

        impl TryFrom<f64> for $name {
            type Error = String;

            fn try_from(value: f64) -> Result<Self, String> {
                if ($low..=$high).contains(&value) {
                    Ok(Self(value as f32))
                } else {
                    Err(format!("{value} is out of range, it must be within {}..={}", $low, $high))
                }
            }
        }
    };
}

ranged!(
    /// From one extreme (-1) over the middle (0) to the other (1).
    Slider in -1.0..=1.0, default 0.0
);
ranged!(
    /// From nothing (0) to everything (1).
    Share in 0.0..=1.0, default 0.0
);
ranged!(
    /// Years of an adult at work.
    Age in 20.0..=60.0, default 30.0
);

impl Slider {
    /// How far it leans to the high side, 0..=1.
    #[must_use]
    pub fn high(self) -> f32 {
        self.get().max(0.0)
    }

    /// How far it leans to the low side, 0..=1.
    #[must_use]
    pub fn low(self) -> f32 {
        (-self.get()).max(0.0)
    }
}
