//! What goes into an avatar file: parts of mesh with materials and textures.

use glam::{Vec2, Vec3};
use serde_json::Value;

use super::rig::Influence;
use crate::vrm::BlendShape;

/// A piece of mesh with one material.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Name of node and mesh.
    pub name: String,
    /// Name of its [`Material`].
    pub material: String,
    /// Positions in the T-pose, decimeters.
    pub positions: Vec<Vec3>,
    /// Unit normals.
    pub normals: Vec<Vec3>,
    /// Texture coordinates, v downward as in glTF.
    pub uvs: Vec<Vec2>,
    /// Linear color by which each vertex darkens its material (ambient occlusion); empty for none.
    pub colors: Vec<[f32; 3]>,
    /// Triangles, counterclockwise from outside.
    pub triangles: Vec<[u32; 3]>,
    /// Weights of each vertex, summing to one.
    pub weights: Vec<Influence>,
    /// What blend shapes move.
    pub morphs: Vec<Morph>,
    /// Whether it belongs to the head, which its wearer does not see in first person.
    pub is_head: bool,
}

impl Part {
    /// Keeps the triangles whose corners pass; vertices that no triangle uses go, too.
    pub fn keep(&mut self, passes: impl Fn([Vec3; 3]) -> bool) {
        let positions = &self.positions;
        self.triangles.retain(|triangle| passes(triangle.map(|vertex| positions[vertex as usize])));
        let mut places = vec![u32::MAX; self.positions.len()];
        for vertex in self.triangles.iter().flatten() {
            places[*vertex as usize] = 0;
        }
        for (next, place) in (0..).zip(places.iter_mut().filter(|place| **place == 0)) {
            *place = next;
        }
        fn pick<T: Copy>(values: &mut Vec<T>, places: &[u32]) {
            let kept = values.iter().zip(places).filter(|(_, place)| **place != u32::MAX).map(|(value, _)| *value);
            *values = kept.collect();
        }
        pick(&mut self.positions, &places);
        pick(&mut self.normals, &places);
        pick(&mut self.uvs, &places);
        pick(&mut self.colors, &places);
        pick(&mut self.weights, &places);
        self.triangles.iter_mut().flatten().for_each(|vertex| *vertex = places[*vertex as usize]);
        for morph in &mut self.morphs {
            morph.deltas.retain_mut(|(vertex, ..)| {
                *vertex = places[*vertex as usize];
                *vertex != u32::MAX
            });
        }
        self.morphs.retain(|morph| !morph.deltas.is_empty());
    }
}

/// How a blend shape moves a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Morph {
    /// The ARKit blend shape.
    pub shape: BlendShape,
    /// Vertex, change of position in decimeters, change of normal; by ascending vertex, never empty.
    pub deltas: Vec<(u32, Vec3, Vec3)>,
}

/// How the surface of a part looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    /// Name.
    pub name: String,
    /// Factor of the base color, linear.
    pub base_color: [f32; 4],
    /// Name of the base color texture.
    pub base_texture: Option<String>,
    /// Name of the normal texture.
    pub normal_texture: Option<String>,
    /// Strength of the normal texture.
    pub normal_scale: f32,
    /// Name of the texture with occlusion (R), roughness (G) and metallic (B).
    pub orm_texture: Option<String>,
    /// Strength of its occlusion.
    pub occlusion_strength: f32,
    /// Roughness, or the factor of the texture's.
    pub roughness: f32,
    /// Metallic, or the factor of the texture's.
    pub metallic: f32,
    /// What alpha means.
    pub alpha: Alpha,
    /// Whether its back is seen.
    pub double_sided: bool,
    /// The material's `extras`. A string `"texture:NAME"` in it becomes the index of that texture.
    pub extras: Value,
}

impl Default for Material {
    fn default() -> Self {
        Self {
            name: String::new(),
            base_color: [1.0; 4],
            base_texture: None,
            normal_texture: None,
            normal_scale: 1.0,
            orm_texture: None,
            occlusion_strength: 0.85,
            roughness: 1.0,
            metallic: 0.0,
            alpha: Alpha::Opaque,
            double_sided: false,
            extras: Value::Null,
        }
    }
}

/// What the alpha of a material means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Alpha {
    /// Nothing.
    Opaque,
    /// Above this value opaque, below it nothing.
    Mask(f32),
    /// Mixed.
    Blend,
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Texture {
    /// Name, unique in the file.
    pub name: String,
    /// The pixels: 8 bits, RGB, or RGBA where alpha counts.
    pub image: image::DynamicImage,
    /// How it is stored.
    pub encoding: Encoding,
}

/// How a texture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JPEG of this quality, 1..=100; no alpha.
    Jpeg(u8),
    /// PNG.
    Png,
}

/// A chain of joints that swings.
#[derive(Debug, Clone, PartialEq)]
pub struct SpringChain {
    /// Name.
    pub name: String,
    /// Joints from root to tip, parents before children. Weights name them by
    /// [`Rig::joints`](super::rig::Rig::joints)`.len()` plus their position among all chains of the kit in order.
    pub joints: Vec<SpringJoint>,
}

/// A joint that swings.
#[derive(Debug, Clone, PartialEq)]
pub struct SpringJoint {
    /// Name of the node.
    pub name: String,
    /// Name of the rig's joint it hangs on; only for the first of a chain, the others hang on the one before.
    pub parent: String,
    /// Position in the T-pose, decimeters.
    pub rest: Vec3,
    /// Radius of the hit sphere, decimeters.
    pub hit_radius: f32,
    /// Stiffness as in VRMC_springBone.
    pub stiffness: f32,
    /// Pull of gravity as in VRMC_springBone, downward.
    pub gravity: f32,
    /// Drag, 0..=1.
    pub drag: f32,
}

/// Everything that a builder contributes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kit {
    /// Meshes.
    pub parts: Vec<Part>,
    /// Materials; a part names its own.
    pub materials: Vec<Material>,
    /// Textures; materials name theirs.
    pub textures: Vec<Texture>,
    /// Chains that swing.
    pub springs: Vec<SpringChain>,
}

impl Kit {
    /// Takes in what another builder made. Weights on its spring joints move behind those already here.
    pub fn add(&mut self, mut other: Self, rig_joints: usize) {
        let here: usize = self.springs.iter().map(|chain| chain.joints.len()).sum();
        for (joint, weight) in other.parts.iter_mut().flat_map(|p| &mut p.weights).flatten() {
            if *weight > 0.0 && usize::from(*joint) >= rig_joints {
                *joint += here as u16;
            }
        }
        self.parts.append(&mut other.parts);
        self.materials.append(&mut other.materials);
        self.textures.append(&mut other.textures);
        self.springs.append(&mut other.springs);
    }

    /// All triangles.
    #[must_use]
    pub fn triangles(&self) -> usize {
        self.parts.iter().map(|part| part.triangles.len()).sum()
    }
}
