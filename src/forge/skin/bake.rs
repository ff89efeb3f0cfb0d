//! From places on the face to texels of its chart.

use glam::{Vec2, Vec3};
use rayon::prelude::*;

use super::color::Coat;
use crate::forge::head::{FaceChart, Island};
use crate::forge::paint::Plane;
use crate::forge::raster::{self, Cover};

/// A place on the face.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// In the A-pose, decimeters.
    pub(super) at: Vec3,
    pub(super) normal: Vec3,
    /// In the atlas of the data.
    pub(super) atlas: Vec2,
    pub(super) occlusion: f32,
    pub(super) island: Island,
}

/// A chart cut into texels.
pub(super) struct Bake<'a> {
    chart: &'a FaceChart,
    pub(super) size: usize,
    covers: Vec<Option<Cover>>,
}

/// A painted chart.
pub(super) struct Coats {
    pub(super) texels: Vec<Option<Coat>>,
    /// The mean color, for texels far from any triangle.
    pub(super) ground: Vec3,
}

impl<'a> Bake<'a> {
    pub(super) fn new(chart: &'a FaceChart, size: usize) -> Self {
        Self { chart, size, covers: raster::cover(size, &chart.uvs, &chart.triangles) }
    }

    fn spot(&self, cover: &Cover) -> Spot {
        let chart = self.chart;
        let corners = chart.triangles[cover.triangle as usize].map(|vertex| vertex as usize);
        let weights = cover.weights.to_array();
        let blend = |values: &[Vec3]| (0..3).map(|k| values[corners[k]] * weights[k]).sum::<Vec3>();
        Spot {
            at: blend(&chart.points),
            normal: blend(&chart.normals).normalize_or(Vec3::Z),
            atlas: (0..3).map(|k| chart.atlas[corners[k]] * weights[k]).sum(),
            occlusion: (0..3).map(|k| chart.occlusion[corners[k]] * weights[k]).sum::<f32>().clamp(0.0, 1.0),
            island: chart.islands[cover.triangle as usize],
        }
    }

    /// Paints each place and then `gutter` texels beyond the borders, which filters look across.
    pub(super) fn paint(&self, coat: impl Fn(&Spot) -> Coat + Sync, gutter: usize) -> Coats {
        let mut texels: Vec<Option<Coat>> =
            self.covers.par_iter().map(|cover| cover.as_ref().map(|cover| coat(&self.spot(cover)))).collect();
        let colors = texels.iter().flatten().map(|coat| coat.color);
        let count = texels.iter().flatten().count().max(1) as f32;
        let ground = colors.sum::<Vec3>() / count;
        let mut border: Vec<usize> = (0..texels.len()).filter(|at| texels[*at].is_some()).collect();
        for _ in 0..gutter {
            let mut found: Vec<(usize, Coat)> = Vec::new();
            for at in &border {
                let coat = texels[*at];
                for next in self.neighbors(*at) {
                    if let (None, Some(coat)) = (texels[next], coat) {
                        found.push((next, coat));
                    }
                }
            }
            border.clear();
            for (at, coat) in found {
                if texels[at].is_none() {
                    texels[at] = Some(coat);
                    border.push(at);
                }
            }
        }
        Coats { texels, ground }
    }

    fn neighbors(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (size, column, row) = (self.size, at % self.size, at / self.size);
        let steps = [
            (column > 0, at.wrapping_sub(1)),
            (column + 1 < size, at + 1),
            (row > 0, at.wrapping_sub(size)),
            (row + 1 < size, at + size),
        ];
        steps.into_iter().filter_map(|(is_inside, at)| is_inside.then_some(at))
    }

    /// A number for each place; `bare` where there is none.
    pub(super) fn plane(&self, bare: f32, value: impl Fn(&Spot) -> f32 + Sync) -> Plane {
        Plane::filled(self.size, self.size, |x, y| {
            self.covers[y * self.size + x].as_ref().map_or(bare, |cover| value(&self.spot(cover)))
        })
    }

    /// A triple for each place; zero where there is none.
    pub(super) fn triples(&self, value: impl Fn(&Spot) -> Vec3 + Sync) -> Vec<Vec3> {
        self.covers.par_iter().map(|c| c.as_ref().map_or(Vec3::ZERO, |cover| value(&self.spot(cover)))).collect()
    }
}
