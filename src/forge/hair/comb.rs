//! Strands combed over the skull: from the hairline toward a point.

use glam::Vec3;

use super::scalp::{Scalp, direction};
use crate::forge::paint::bell;

/// How hair is combed.
pub(super) struct Comb<'a> {
    scalp: &'a Scalp,
    /// Where all strands run.
    target: Vec3,
    /// How far strands at the temples climb over the ear: strength and azimuth and width of its bell.
    lift: (f32, f32, f32),
    /// How far strands at the front are swept aside from a part: strength and azimuth of the part.
    sweep: (f32, f32),
    /// Roots of strands, evenly spread along the hairline: azimuths in degrees, -180..=180.
    roots: Vec<f32>,
}

/// A strand as directions from the middle of the skull.
pub(super) struct Strand {
    ways: Vec<Vec3>,
    /// Degrees from the hairline.
    arcs: Vec<f32>,
}

/// Strands are known from a quarter of their length outside the hairline.
const OUTSIDE: f32 = 0.25;
const SAMPLES: usize = 100;

impl<'a> Comb<'a> {
    pub(super) fn new(scalp: &'a Scalp, target: Vec3, lift: (f32, f32, f32), sweep: (f32, f32)) -> Self {
        let mut comb = Self { scalp, target: target.normalize_or(Vec3::Y), lift, sweep, roots: Vec::new() };
        // Evenly where strands start and where they run: between strands that part no gap may open.
        let places: Vec<[Vec3; 2]> = (0..=720)
            .map(|k| {
                let [root, middle] = comb.handles(k as f32 * 0.5 - 180.0);
                [root, (root + middle * 2.0 + comb.target).normalize_or(Vec3::Y)]
            })
            .collect();
        let mut lengths = vec![0.0];
        for pair in places.windows(2) {
            let step = pair[0][0].distance(pair[1][0]) + 1.6 * pair[0][1].distance(pair[1][1]);
            lengths.push(lengths[lengths.len() - 1] + step);
        }
        let total = lengths[lengths.len() - 1];
        comb.roots = (0..=720)
            .map(|k| {
                let wanted = total * k as f32 / 720.0;
                let at = lengths.partition_point(|length| *length < wanted).clamp(1, 720);
                let t = (wanted - lengths[at - 1]) / (lengths[at] - lengths[at - 1]).max(1.0e-6);
                ((at - 1) as f32 + t.clamp(0.0, 1.0)) * 0.5 - 180.0
            })
            .collect();
        comb
    }

    /// Azimuth in degrees of the root of strand `u`, 0..=1 around the head from the back.
    pub(super) fn azimuth(&self, u: f32) -> f32 {
        let at = u.clamp(0.0, 1.0) * 720.0;
        let low = (at as usize).min(719);
        let t = at - low as f32;
        self.roots[low] * (1.0 - t) + self.roots[low + 1] * t
    }

    /// The strand whose root is nearest to an azimuth in degrees.
    pub(super) fn place(&self, azimuth: f32) -> f32 {
        self.roots.partition_point(|root| *root < azimuth).min(720) as f32 / 720.0
    }

    /// Root and lifted middle of the strand that starts at an azimuth.
    fn handles(&self, azimuth: f32) -> [Vec3; 2] {
        let root = scalp_way(self.scalp, azimuth);
        let (lift, at, width) = self.lift;
        let (sweep, part) = self.sweep;
        let aside = sweep * ((azimuth - part) / 26.0).tanh() * bell(azimuth, part, 60.0);
        let middle = (root + self.target) * 0.5 + Vec3::new(aside, lift * bell(azimuth.abs(), at, width), 0.0);
        [root, middle / middle.length().max(0.35)]
    }

    /// Strand `u`: a curve on the sphere whose middle is lifted.
    pub(super) fn strand(&self, u: f32) -> Strand {
        let [root, middle] = self.handles(self.azimuth(u));
        let way = |t: f32| {
            let s = 1.0 - t;
            (root * s * s + middle * 2.0 * t * s + self.target * t * t).normalize_or(Vec3::Y)
        };
        let ts = |k: usize| -OUTSIDE + (1.0 + OUTSIDE) * k as f32 / SAMPLES as f32;
        let ways: Vec<Vec3> = (0..=SAMPLES).map(|k| way(ts(k))).collect();
        let mut arcs = vec![0.0];
        for pair in ways.windows(2) {
            arcs.push(arcs[arcs.len() - 1] + pair[0].angle_between(pair[1]).to_degrees());
        }
        let zero = arcs[(SAMPLES as f32 * OUTSIDE / (1.0 + OUTSIDE)).round() as usize];
        arcs.iter_mut().for_each(|arc| *arc -= zero);
        Strand { ways, arcs }
    }
}

fn scalp_way(scalp: &Scalp, azimuth: f32) -> Vec3 {
    direction(azimuth, scalp.line(azimuth))
}

impl Strand {
    /// Its length in degrees from the hairline.
    pub(super) fn length(&self) -> f32 {
        self.arcs[self.arcs.len() - 1]
    }

    /// The direction at some degrees from the hairline.
    pub(super) fn at(&self, degrees: f32) -> Vec3 {
        let next = self.arcs.partition_point(|arc| *arc < degrees).clamp(1, self.arcs.len() - 1);
        let (low, high) = (self.arcs[next - 1], self.arcs[next]);
        let t = ((degrees - low) / (high - low).max(1.0e-6)).clamp(0.0, 1.0);
        self.ways[next - 1].lerp(self.ways[next], t).normalize_or(Vec3::Y)
    }
}
