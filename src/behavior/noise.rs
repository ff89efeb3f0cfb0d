//! Smooth seeded noise with a spectrum near 1/f: what keeps a standing body from freezing.

/// One channel of noise over time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise {
    seed: u32,
    /// Where each octave is, with the values at both ends: they hold for many frames.
    cells: [Cell; OCTAVES],
}

/// Between two values of an octave.
#[derive(Debug, Clone, Copy)]
struct Cell {
    key: u32,
    ends: (f32, f32),
}

const OCTAVES: usize = 4;

impl Noise {
    /// A channel of its own under a seed.
    #[must_use]
    pub(super) fn new(seed: u64, channel: u32) -> Self {
        let seed = hash((seed as u32) ^ ((seed >> 32) as u32).rotate_left(7) ^ channel.wrapping_mul(0x9E37_79B9));
        let mut noise = Self { seed, cells: [Cell { key: 0, ends: (0.0, 0.0) }; OCTAVES] };
        noise.cells = std::array::from_fn(|octave| noise.cell(0, octave as u32));
        noise
    }

    /// Value at a time, mostly within -1..=1. `base_hz` is the slowest of four octaves; each octave has half the
    /// power of the one before. Octaves are not whole multiples, so the sum never repeats.
    #[must_use]
    pub(super) fn at(&mut self, time_secs: f64, base_hz: f64) -> f32 {
        let mut sum = 0.0;
        let (mut hz, mut amplitude) = (base_hz, 0.62);
        for octave in 0..OCTAVES {
            sum += amplitude * self.octave(time_secs * hz, octave);
            hz *= 2.17;
            amplitude *= 0.62;
        }
        sum
    }

    fn octave(&mut self, x: f64, octave: usize) -> f32 {
        // Time does not run below 0.
        let whole = x as i64;
        let within = (x - whole as f64) as f32;
        let key = whole as u32;
        if self.cells[octave].key != key {
            self.cells[octave] = self.cell(key, octave as u32);
        }
        let (a, b) = self.cells[octave].ends;
        a + (b - a) * super::motion::min_jerk(within)
    }

    fn cell(&self, key: u32, octave: u32) -> Cell {
        Cell { key, ends: (self.lattice(key, octave), self.lattice(key.wrapping_add(1), octave)) }
    }

    fn lattice(&self, cell: u32, octave: u32) -> f32 {
        let h = hash(cell.wrapping_mul(0x85EB_CA6B) ^ self.seed ^ octave.wrapping_mul(0xC2B2_AE35));
        h as f32 / u32::MAX as f32 * 2.0 - 1.0
    }
}

fn hash(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7FEB_352D);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846C_A68B);
    x ^ (x >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_smooth_bounded_and_its_channels_differ() {
        let (mut a, mut b) = (Noise::new(3, 1), Noise::new(3, 2));
        let mut before = a.at(0.0, 0.2);
        let mut apart = 0.0f32;
        for i in 1..4000 {
            let t = f64::from(i) * 0.01;
            let now = a.at(t, 0.2);
            assert!((now - before).abs() < 0.06 && now.abs() < 1.7);
            apart = apart.max((now - b.at(t, 0.2)).abs());
            before = now;
        }
        assert!(apart > 0.3);
    }
}
