//! Single hairs painted on the skin across the hairline: where hair begins one sees skin between hairs, not the edge of
//! a cap.

use glam::Vec3;

use super::comb::{Comb, Strand};
use super::scalp::{Scalp, angles, direction};
use crate::forge::noise;
use crate::forge::normals::smooth;
use crate::forge::paint::Dice;

/// Columns and rows of the grid by which hairs are found: one cell per degree.
const COLUMNS: usize = 360;
const ROWS: usize = 180;
/// Straight pieces of a hair.
const PIECES: usize = 4;
/// A texel of the face, radians from the middle of the skull.
const TEXEL: f32 = 0.0022;

/// The hairs of one head.
#[derive(Debug, Clone)]
pub struct Roots {
    /// Numbers of the pieces that come near each cell.
    cells: Vec<Vec<u32>>,
    pieces: Vec<Piece>,
}

/// A straight piece of a hair between two directions from the middle of the skull.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: Vec3,
    way: Vec3,
    /// Half the width at both ends, radians.
    half: [f32; 2],
    /// How well it covers at both ends, 0..=1.
    cover: [f32; 2],
}

/// Hairs of one kind.
struct Kind {
    count: usize,
    /// Degrees inside the hairline at which they begin: lowest and highest, and the power that crowds them inward.
    start: (f32, f32, f32),
    /// Degrees that they are long: least and most.
    length: (f32, f32),
    /// Half their width in radians.
    half: f32,
    cover: f32,
    /// By how much their tips stray, degrees.
    stray: f32,
}

/// Hairs that lie along the comb under the edge of the shell.
const GROWN: Kind =
    Kind { count: 7_200, start: (-2.2, 9.0, 0.72), length: (6.0, 13.0), half: 0.0017, cover: 0.86, stray: 1.3 };
/// Fine short ones before them.
const DOWN: Kind =
    Kind { count: 620, start: (-4.2, 0.5, 1.0), length: (2.5, 6.5), half: 0.0010, cover: 0.42, stray: 2.4 };
/// Shorn hair, which thins out at sides and nape.
const SHORN: Kind =
    Kind { count: 15_000, start: (-2.0, 24.0, 0.60), length: (1.6, 3.4), half: 0.0014, cover: 0.62, stray: 0.7 };

impl Roots {
    /// The hairs along a hairline, as they are combed.
    pub(super) fn new(scalp: &Scalp, comb: &Comb<'_>, is_short: bool) -> Self {
        let mut roots = Self { cells: vec![Vec::new(); COLUMNS * ROWS], pieces: Vec::new() };
        let strands: Vec<Strand> = (0..=720).map(|k| comb.strand(k as f32 / 720.0)).collect();
        let mut dice = Dice::new(140);
        for kind in [DOWN, GROWN] {
            roots.grow(scalp, &strands, &kind, &mut dice, |_, _| 1.0);
        }
        if is_short {
            // None at the forehead: there hair is long.
            let aside = |azimuth: f32, inside: f32| {
                smooth(40.0, 60.0, azimuth.abs()) * smooth(-2.0, 3.0 + 7.0 * smooth(95.0, 140.0, azimuth.abs()), inside)
            };
            roots.grow(scalp, &strands, &SHORN, &mut dice, aside);
        }
        roots
    }

    fn grow(
        &mut self,
        scalp: &Scalp,
        strands: &[Strand],
        kind: &Kind,
        dice: &mut Dice,
        density: impl Fn(f32, f32) -> f32,
    ) {
        for _ in 0..kind.count {
            let strand = &strands[((dice.even() * strands.len() as f32) as usize).min(strands.len() - 1)];
            let (low, high, power) = kind.start;
            let share = dice.even();
            let start = low + (high - low) * share.powf(power);
            let length = dice.between(kind.length.0, kind.length.1);
            let (stray, turn) = (dice.normal() * kind.stray, dice.normal() * kind.stray * 0.5);
            let chance = dice.even();
            let root = strand.at(start);
            let (azimuth, _) = angles(root);
            // Hairs stand in tufts: the line is no line.
            let tuft = 1.5 * noise::value(44, root * 15.0) + 1.0 * noise::value(45, root * 42.0);
            if start < low + 1.6 + tuft || chance > density(azimuth, start) || scalp.above(root) > 40.0 {
                continue;
            }
            let across = root.cross(strand.at(start + 1.0) - root).normalize_or(Vec3::X);
            let point = |t: f32| {
                let bend = (stray * t * t + turn * t * (1.0 - t)).to_radians();
                (strand.at(start + length * t) + across * bend).normalize_or(Vec3::Y)
            };
            let half = |t: f32| kind.half * (0.55 + 0.45 * smooth(0.0, 0.3, t)) * (1.0 - 0.5 * t * t);
            let cover = |t: f32| kind.cover * (0.55 + 0.45 * smooth(0.0, 0.35, t)) * (1.0 - 0.35 * t * t);
            for piece in 0..PIECES {
                let [a, b] = [piece, piece + 1].map(|k| k as f32 / PIECES as f32);
                self.add(point(a), point(b), [half(a), half(b)], [cover(a), cover(b)]);
            }
        }
    }

    fn add(&mut self, from: Vec3, to: Vec3, half: [f32; 2], cover: [f32; 2]) {
        let number = self.pieces.len() as u32;
        self.pieces.push(Piece { from, way: to - from, half, cover });
        // Each cell that the piece or its soft edge comes into.
        let mut last = usize::MAX;
        for k in 0..=4_u8 {
            let at = from.lerp(to, f32::from(k) * 0.25).normalize_or(Vec3::Y);
            for (right, up) in [(0.0, 0.0), (0.4, 0.0), (-0.4, 0.0), (0.0, 0.4), (0.0, -0.4)] {
                let (azimuth, elevation) = angles(at);
                let near = direction(azimuth + right / elevation.to_radians().cos().max(0.05), elevation + up);
                let cell = cell(near);
                if cell != last && !self.cells[cell].contains(&number) {
                    self.cells[cell].push(number);
                }
                last = cell;
            }
        }
    }

    /// How much of a place of the skin its single hairs cover, 0..=1. `way` is its direction from the middle of the
    /// skull.
    #[must_use]
    pub fn cover(&self, way: Vec3) -> f32 {
        let mut bare = 1.0;
        for number in &self.cells[cell(way)] {
            let piece = &self.pieces[*number as usize];
            let t = ((way - piece.from).dot(piece.way) / piece.way.length_squared().max(1.0e-9)).clamp(0.0, 1.0);
            let apart = (way - piece.from - piece.way * t).length();
            let half = piece.half[0] + (piece.half[1] - piece.half[0]) * t;
            // What is thinner than a texel covers less of it.
            let thin = (2.0 * half / TEXEL).min(1.0);
            let edge = ((half.max(TEXEL * 0.5) + TEXEL * 0.5 - apart) / TEXEL).clamp(0.0, 1.0);
            bare *= 1.0 - edge * thin * (piece.cover[0] + (piece.cover[1] - piece.cover[0]) * t);
        }
        1.0 - bare
    }
}

fn cell(way: Vec3) -> usize {
    let (azimuth, elevation) = angles(way);
    let column = ((azimuth + 180.0).max(0.0) as usize).min(COLUMNS - 1);
    let row = ((elevation + 90.0).max(0.0) as usize).min(ROWS - 1);
    row * COLUMNS + column
}
