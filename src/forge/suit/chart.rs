//! A body rolled out around an axis: how far out it reaches in every direction, and which bones pull there.

use super::wearer::Pull;

/// Reach and pull by direction (columns, once around) and place along the axis (rows).
#[derive(Debug, Clone)]
pub(super) struct Chart {
    pub(super) cols: usize,
    pub(super) rows: usize,
    /// Reach in decimeters; negative where nothing was seen.
    pub(super) reach: Vec<f32>,
    pub(super) pulls: Vec<Pull>,
}

/// A corner of a triangle on a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    /// Column, fractional; any turn.
    pub(super) col: f32,
    /// Row, fractional.
    pub(super) row: f32,
    pub(super) reach: f32,
    pub(super) pull: Pull,
}

impl Chart {
    /// Rolls out triangles; the outermost counts.
    pub(super) fn roll_out(cols: usize, rows: usize, triangles: impl Iterator<Item = [Corner; 3]>) -> Self {
        let mut chart = Self { cols, rows, reach: vec![-1.0; cols * rows], pulls: vec![Pull::default(); cols * rows] };
        for mut corners in triangles {
            // The way around is closed: take corners on the same turn.
            let around = cols as f32;
            let first = corners[0].col;
            for corner in &mut corners[1..] {
                corner.col -= ((corner.col - first) / around).round() * around;
            }
            chart.fill(&corners);
        }
        chart
    }

    fn fill(&mut self, corners: &[Corner; 3]) {
        let [a, b, c] = corners;
        let area = (b.row - c.row) * (a.col - c.col) + (c.col - b.col) * (a.row - c.row);
        let span = |f: fn(&Corner) -> f32| {
            let low = corners.iter().map(f).fold(f32::INFINITY, f32::min);
            (low.ceil() as i32, corners.iter().map(f).fold(f32::NEG_INFINITY, f32::max).floor() as i32)
        };
        let (col0, col1) = span(|corner| corner.col);
        let (row0, row1) = span(|corner| corner.row);
        // A triangle across the axis would cover everything.
        if area.abs() < 1.0e-9 || (col1 - col0) as f32 > self.cols as f32 * 0.4 {
            return;
        }
        for row in row0.max(0)..=row1.min(self.rows as i32 - 1) {
            for col in col0..=col1 {
                let (x, y) = (col as f32, row as f32);
                let wa = ((b.row - c.row) * (x - c.col) + (c.col - b.col) * (y - c.row)) / area;
                let wb = ((c.row - a.row) * (x - c.col) + (a.col - c.col) * (y - c.row)) / area;
                let wc = 1.0 - wa - wb;
                if wa < -1.0e-5 || wb < -1.0e-5 || wc < -1.0e-5 {
                    continue;
                }
                let at = row as usize * self.cols + col.rem_euclid(self.cols as i32) as usize;
                let reach = wa * a.reach + wb * b.reach + wc * c.reach;
                if reach > self.reach[at] {
                    self.reach[at] = reach;
                    let mut pull = Pull::default();
                    for (corner, weight) in [(a, wa), (b, wb), (c, wc)] {
                        pull.add(&corner.pull, weight);
                    }
                    self.pulls[at] = pull;
                }
            }
        }
    }

    pub(super) fn index(&self, col: i32, row: usize) -> usize {
        row * self.cols + col.rem_euclid(self.cols as i32) as usize
    }

    /// The four neighbors of a cell; rows end at the border.
    pub(super) fn around(&self, at: usize) -> [usize; 4] {
        let (row, col) = (at / self.cols, (at % self.cols) as i32);
        [
            self.index(col - 1, row),
            self.index(col + 1, row),
            self.index(col, row.saturating_sub(1)),
            self.index(col, (row + 1).min(self.rows - 1)),
        ]
    }

    /// Fills what nothing was seen of from its surroundings; says which cells that were.
    pub(super) fn fill_gaps(&mut self, passes: usize) -> Vec<bool> {
        let gap: Vec<bool> = self.reach.iter().map(|reach| *reach < 0.0).collect();
        let mut order: Vec<usize> = (0..gap.len()).filter(|at| gap[*at]).collect();
        // Inward from the known, then smooth.
        while order.iter().any(|at| self.reach[*at] < 0.0) {
            let mut found = Vec::new();
            for at in &order {
                if self.reach[*at] < 0.0 {
                    let known: Vec<usize> = self.around(*at).into_iter().filter(|n| self.reach[*n] >= 0.0).collect();
                    if !known.is_empty() {
                        let share = 1.0 / known.len() as f32;
                        let mut pull = Pull::default();
                        known.iter().for_each(|n| pull.add(&self.pulls[*n], share));
                        found.push((*at, known.iter().map(|n| self.reach[*n]).sum::<f32>() * share, pull));
                    }
                }
            }
            if found.is_empty() {
                break;
            }
            for (at, reach, pull) in found {
                (self.reach[at], self.pulls[at]) = (reach, pull);
            }
        }
        order.sort_unstable();
        for _ in 0..passes {
            for at in &order {
                let around = self.around(*at);
                self.reach[*at] = around.iter().map(|n| self.reach[*n]).sum::<f32>() * 0.25;
            }
        }
        self.smooth_pulls(passes / 2, |at| gap[at]);
        gap
    }

    /// Blends pulls with their surroundings where `open` says so.
    pub(super) fn smooth_pulls(&mut self, passes: usize, open: impl Fn(usize) -> bool) {
        for _ in 0..passes {
            let before = self.pulls.clone();
            for at in 0..before.len() {
                if open(at) {
                    let mut pull = Pull::default();
                    pull.add(&before[at], 0.5);
                    self.around(at).iter().for_each(|n| pull.add(&before[*n], 0.125));
                    self.pulls[at] = pull;
                }
            }
        }
    }

    /// Reach at a fractional place, smooth (Catmull-Rom both ways).
    pub(super) fn sample(&self, col: f32, row: f32) -> f32 {
        let row = row.clamp(0.0, (self.rows - 1) as f32);
        let (c0, r0) = (col.floor(), row.floor());
        let (wc, wr) = (cubic(col - c0), cubic(row - r0));
        let mut sum = 0.0;
        for (j, wr) in wr.iter().enumerate() {
            let line = (r0 as i32 + j as i32 - 1).clamp(0, self.rows as i32 - 1) as usize;
            for (i, wc) in wc.iter().enumerate() {
                sum += wr * wc * self.reach[self.index(c0 as i32 + i as i32 - 1, line)];
            }
        }
        sum
    }

    /// Pull at a fractional place.
    pub(super) fn pull(&self, col: f32, row: f32) -> Pull {
        let row = row.clamp(0.0, (self.rows - 1) as f32);
        let (c0, r0) = (col.floor(), row.floor());
        let (u, v) = (col - c0, row - r0);
        let (c0, r0) = (c0 as i32, r0 as usize);
        let r1 = (r0 + 1).min(self.rows - 1);
        let mut pull = Pull::default();
        for (c, r, w) in
            [(c0, r0, (1.0 - u) * (1.0 - v)), (c0 + 1, r0, u * (1.0 - v)), (c0, r1, (1.0 - u) * v), (c0 + 1, r1, u * v)]
        {
            pull.add(&self.pulls[self.index(c, r)], w);
        }
        pull
    }
}

fn cubic(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [0.5 * (-t + 2.0 * t2 - t3), 0.5 * (2.0 - 5.0 * t2 + 3.0 * t3), 0.5 * (t + 4.0 * t2 - 3.0 * t3), 0.5 * (t3 - t2)]
}
