//! The body data file: a base mesh with its shape targets, face units, rig and masks, read and checked once.
//!
//! Lengths are decimeters, +Y up, the figure faces +Z with its left at +X, arms 47.5° below the horizontal.
//! `scripts/forge_data.py` makes the file and describes its format.

mod cursor;
mod mask;

use std::collections::BTreeMap;

use glam::{Vec2, Vec3};
use sha2::{Digest as _, Sha256};

use self::cursor::Cursor;
pub use self::mask::Mask;
use super::rig::{Influence, MAX_JOINTS};
use crate::problem::Problem;
use crate::vrm::BlendShape;

/// The body data that come with the program.
pub const HUMAN: &[u8] = include_bytes!("../../assets/forge/human.bin");

/// Magic, version, length of the body, check sum.
const HEADER: usize = 8 + 4 + 4 + 32;
const MAGIC: &[u8] = b"VVHUMAN\0";
const VERSION: u32 = 1;
/// More than any sensible file unpacks to.
const MAX_BODY: usize = 256 << 20;
/// Integer lengths are decimeters times this.
const UNIT: f32 = 10_000.0;

/// A face of the base mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quad {
    /// Vertices, counterclockwise from outside.
    pub vertices: [u32; 4],
    /// Texture coordinates of the corners.
    pub uvs: [u32; 4],
    /// Index of its group in [`BodyData::groups`].
    pub group: u16,
}

/// How a target moves vertices: vertex and movement in decimeters, by ascending vertex.
pub type Delta = Vec<(u32, Vec3)>;

/// A joint of the rig as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointRule {
    /// `root` or the VRM name of the bone.
    pub name: String,
    /// Index of the parent, always smaller than its own.
    pub parent: Option<usize>,
    /// The joint is at the mean of these vertices.
    pub vertices: Vec<u32>,
}

/// Everything in the body data file.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyData {
    /// Vertices of the base mesh.
    pub base: Vec<Vec3>,
    /// Texture coordinates of the atlas, v upward.
    pub uvs: Vec<Vec2>,
    /// Faces of body, eyes, teeth, lashes and helper surfaces.
    pub quads: Vec<Quad>,
    /// Names of the groups of faces, such as `body`, `helper-tights`, `helper-l-eye`.
    pub groups: Vec<String>,
    /// Joints, parents first.
    pub joints: Vec<JointRule>,
    /// Weights of every vertex, summing to one.
    pub weights: Vec<Influence>,
    targets: BTreeMap<String, Delta>,
    units: Vec<Delta>,
    masks: BTreeMap<String, Mask>,
}

impl BodyData {
    /// Reads the file.
    ///
    /// # Errors
    /// When the file is damaged, of another version, or an index in it leads nowhere.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        Self::parse(bytes).map_err(|why| {
            Problem::new("cannot read body data", "human.bin", why, "restore the file or make it anew: forge_data.py")
        })
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let (Some(header), Some(packed)) = (bytes.get(..HEADER), bytes.get(HEADER..)) else {
            return Err("it is too short".into());
        };
        let mut header = Cursor::new(header);
        if header.take(8)? != MAGIC {
            return Err("it is no body data file".into());
        }
        let version = header.u32()?;
        if version != VERSION {
            return Err(format!("its version is {version}, needed is {VERSION}"));
        }
        let length = header.u32()? as usize;
        if header.take(32)? != Sha256::digest(packed).as_slice() {
            return Err("its check sum is wrong".into());
        }
        let body = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, length.min(MAX_BODY))
            .map_err(|error| format!("it does not unpack: {error}"))?;
        if body.len() != length {
            return Err("it unpacks to a wrong length".into());
        }
        Self::body(&mut Cursor::new(&body))
    }

    fn body(file: &mut Cursor<'_>) -> Result<Self, String> {
        let count = file.u32()? as usize;
        let base: Vec<Vec3> = file.list(count, |f| Ok(Vec3::new(f.length()?, f.length()?, f.length()?)))?;
        let uv_count = file.u32()? as usize;
        let uvs = file.list(uv_count, |f| Ok(Vec2::new(f.share()?, f.share()?)))?;
        let group_count = file.u16()?;
        let groups = file.list(group_count.into(), Cursor::text)?;
        let quad_count = file.u32()? as usize;
        let quads = file.list(quad_count, |f| {
            let vertices = [f.index(count)?, f.index(count)?, f.index(count)?, f.index(count)?];
            let uvs = [f.index(uv_count)?, f.index(uv_count)?, f.index(uv_count)?, f.index(uv_count)?];
            Ok(Quad { vertices, uvs, group: u16::try_from(f.index(group_count.into())?).unwrap_or_default() })
        })?;
        let joints = joints(file, count)?;
        let weights = file.list(count, |f| influence(f, joints.len()))?;
        let delta_count = file.u16()?;
        let mut targets = BTreeMap::new();
        for _ in 0..delta_count {
            let (name, delta) = delta(file, count)?;
            targets.insert(name, delta);
        }
        let units = BlendShape::ALL
            .iter()
            .map(|shape| {
                let name = format!("unit/{}", shape.name());
                targets.remove(&name).ok_or_else(|| format!("it lacks {name}"))
            })
            .collect::<Result<_, String>>()?;
        let mut masks = BTreeMap::new();
        for _ in 0..file.u16()? {
            let name = file.text()?;
            let size = usize::from(file.u16()?);
            masks.insert(name, Mask::new(size, file.take(size * size)?.to_vec())?);
        }
        if !file.is_done() {
            return Err("there is more in it than there should be".into());
        }
        Ok(Self { base, uvs, quads, groups, joints, weights, targets, units, masks })
    }

    /// The faces of a group; none where there is no such group.
    pub fn group(&self, name: &str) -> impl Iterator<Item = &Quad> {
        let group = self.groups.iter().position(|g| g == name);
        self.quads.iter().filter(move |quad| Some(usize::from(quad.group)) == group)
    }

    /// The vertices of a group, ascending.
    #[must_use]
    pub fn group_vertices(&self, name: &str) -> Vec<u32> {
        let mut vertices: Vec<u32> = self.group(name).flat_map(|quad| quad.vertices).collect();
        vertices.sort_unstable();
        vertices.dedup();
        vertices
    }

    /// A shape target such as `nose/nose-width1-decr`.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&Delta> {
        self.targets.get(name)
    }

    /// Names of all shape targets.
    pub fn target_names(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// The movement of an ARKit blend shape at full weight.
    #[must_use]
    pub fn unit(&self, shape: BlendShape) -> &Delta {
        &self.units[shape.index()]
    }

    /// A mask over the atlas such as `lips`; see [`Mask`].
    #[must_use]
    pub fn mask(&self, name: &str) -> Option<&Mask> {
        self.masks.get(name)
    }
}

fn joints(file: &mut Cursor<'_>, vertices: usize) -> Result<Vec<JointRule>, String> {
    let count = usize::from(file.u16()?);
    // Two more are added for the eyes.
    if count + 2 > MAX_JOINTS {
        return Err(format!("it has {count} joints, more than {MAX_JOINTS}"));
    }
    let mut joints: Vec<JointRule> = Vec::with_capacity(count);
    for own in 0..count {
        let name = file.text()?;
        let parent = match file.u16()? {
            u16::MAX => None,
            parent if usize::from(parent) < own => Some(usize::from(parent)),
            parent => return Err(format!("joint {name} has the parent {parent}, which does not stand before it")),
        };
        let members = usize::from(file.u16()?);
        if members == 0 {
            return Err(format!("joint {name} has no vertices"));
        }
        let members = file.list(members, |f| f.index(vertices))?;
        joints.push(JointRule { name, parent, vertices: members });
    }
    Ok(joints)
}

fn influence(file: &mut Cursor<'_>, joints: usize) -> Result<Influence, String> {
    let mut influence = Influence::default();
    let mut sum = 0.0;
    for (joint, weight) in &mut influence {
        *joint = u16::from(file.u8()?);
        *weight = file.share()?;
        sum += *weight;
        if usize::from(*joint) >= joints {
            return Err(format!("a weight names joint {joint} of {joints}"));
        }
    }
    if (sum - 1.0).abs() > 1.0e-3 { Err(format!("weights sum to {sum}")) } else { Ok(influence) }
}

fn delta(file: &mut Cursor<'_>, vertices: usize) -> Result<(String, Delta), String> {
    let name = file.text()?;
    let count = file.u32()? as usize;
    let step = file.f32()?;
    if count > vertices || !(step.is_finite() && (0.0..1.0).contains(&step)) {
        return Err(format!("target {name} is out of range"));
    }
    let mut at = 0_usize;
    let mut moves: Delta = file.list(count, |f| {
        at += usize::from(f.u16()?);
        if at < vertices {
            Ok((at as u32, Vec3::ZERO))
        } else {
            Err("a target moves a vertex that is not there".into())
        }
    })?;
    for axis in 0..3 {
        let (low, high) = (file.take(count)?, file.take(count)?);
        let mut value = 0_u16;
        for (at, (_, offset)) in moves.iter_mut().enumerate() {
            value = value.wrapping_add(u16::from_le_bytes([low[at], high[at]]));
            offset[axis] = f32::from(value.cast_signed()) * step;
        }
    }
    Ok((name, moves))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
