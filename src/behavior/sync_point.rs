//! Sync points: the moments of a behavior that others can be tied to.

/// A moment of a behavior, in the sense of BML 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyncPoint {
    /// Preparation begins.
    Start,
    /// Ready for the stroke.
    Ready,
    /// The meaning-bearing part begins.
    StrokeStart,
    /// Its strongest moment.
    Stroke,
    /// It is over; what follows is a hold.
    StrokeEnd,
    /// The way back begins.
    Relax,
    /// Done.
    End,
}

impl SyncPoint {
    /// In order of time.
    pub const ALL: [Self; 7] =
        [Self::Start, Self::Ready, Self::StrokeStart, Self::Stroke, Self::StrokeEnd, Self::Relax, Self::End];
}

/// When the sync points of a behavior fall, in seconds from the start of its block; never descending.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SyncTimes([f32; 7]);

impl SyncTimes {
    /// From the lengths of the phases: preparation, stroke, hold, retraction.
    #[must_use]
    pub fn phased(start_secs: f32, prepare_secs: f32, stroke_secs: f32, hold_secs: f32, retract_secs: f32) -> Self {
        let ready = start_secs + prepare_secs.max(0.0);
        let stroke_end = ready + stroke_secs.max(0.0);
        let relax = stroke_end + hold_secs.max(0.0);
        Self([start_secs, ready, ready, 0.5 * (ready + stroke_end), stroke_end, relax, relax + retract_secs.max(0.0)])
    }

    /// When a point falls.
    #[must_use]
    pub fn at(&self, point: SyncPoint) -> f32 {
        self.0[point as usize]
    }

    /// Holds until `relax_secs` where that is later than planned, keeping the retraction.
    #[must_use]
    pub fn held_until(mut self, relax_secs: f32) -> Self {
        let extra = (relax_secs - self.0[5]).max(0.0);
        self.0[5] += extra;
        self.0[6] += extra;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_in_order() {
        let times = SyncTimes::phased(0.2, 0.3, 0.4, 0.5, 0.6).held_until(3.0);
        assert!(SyncPoint::ALL.windows(2).all(|w| times.at(w[0]) <= times.at(w[1])));
        assert!((times.at(SyncPoint::End) - 3.6).abs() < 1e-5);
    }
}
