//! An avatar file after reading and checking: every index in it is in range, every number finite, the node tree
//! a forest, the humanoid usable.

use std::collections::BTreeMap;

use glam::{Affine3A, Mat4, Quat, Vec2, Vec3, Vec4};
use serde_json::{Map, Value};

use super::bone::HumanBone;
use super::constraint::Constraint;
use super::expression::Expression;
use super::finding::{Finding, Findings};
use super::glb::Glb;
use super::humanoid::Humanoid;
use super::look_at::LookAt;
use super::mtoon::MToon;
use super::node_tree::NodeTree;
use super::schema::{self, Meta};
use super::source::{self, Format};
use super::spring::{Collider, ColliderGroup, Spring};
use super::validate_spring::SpringBones;
use super::{accessor, validate, validate_constraint, validate_spring};
use crate::problem::Problem;

/// Translation, rotation and scale of a node against its parent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// Meters.
    pub translation: Vec3,
    /// Unit quaternion.
    pub rotation: Quat,
    /// Factor per axis.
    pub scale: Vec3,
}

impl Local {
    /// No movement.
    pub const IDENTITY: Self = Self { translation: Vec3::ZERO, rotation: Quat::IDENTITY, scale: Vec3::ONE };

    /// As a matrix.
    #[must_use]
    pub fn affine(&self) -> Affine3A {
        Affine3A::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}

/// A node of the scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Name; may be empty and need not be unique.
    pub name: String,
    /// Index of the parent node.
    pub parent: Option<usize>,
    /// Index of its mesh in [`Document::meshes`].
    pub mesh: Option<usize>,
    /// Index of its skin.
    pub skin: Option<usize>,
    /// Transform at rest.
    pub rest: Local,
    /// Morph weights at rest, one for each target of its mesh.
    pub morph_weights: Vec<f32>,
}

/// A mesh.
#[derive(Debug, Clone, PartialEq)]
pub struct Mesh {
    /// Name.
    pub name: String,
    /// Its parts.
    pub primitives: Vec<Primitive>,
    /// How many morph targets it has.
    pub targets: usize,
}

/// A part of a mesh with one material.
#[derive(Debug, Clone, PartialEq)]
pub struct Primitive {
    /// Index of its material.
    pub material: Option<usize>,
    /// How many vertices.
    pub vertices: u64,
    /// How many triangles.
    pub triangles: u64,
    /// Morph targets without any data. Bevy's loader leaves such targets out, which moves all later ones: a
    /// shell has to rebuild the mesh where this list is not empty.
    pub empty_targets: Vec<usize>,
}

/// How a material is shaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shading {
    /// Physically based.
    Pbr,
    /// Without light.
    Unlit,
    /// The cartoon shading of VRM.
    MToon,
}

/// The values of a material that expressions may change.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    /// Name.
    pub name: String,
    /// Shading.
    pub shading: Shading,
    /// Value of each color kind at rest, by [`ColorKind::index`](super::ColorKind::index); rgb kinds have w = 1.
    pub colors: [Vec4; 6],
    /// Texture scale at rest, of the base color texture.
    pub texture_scale: Vec2,
    /// Texture offset at rest, of the base color texture.
    pub texture_offset: Vec2,
    /// Factor of the emission color; above 1 for light brighter than white.
    pub emissive_strength: f32,
    /// The parameters of the cartoon shading, where it is one.
    pub mtoon: Option<MToon>,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Name.
    pub name: String,
    /// Mime type, empty where the file does not say.
    pub mime: String,
    /// Size in the file in bytes; 0 where it is not inside the file.
    pub bytes: u64,
    /// Width and height in pixels; `None` where it is no PNG or JPEG inside the file.
    pub size: Option<(u32, u32)>,
}

/// When a mesh is seen in first person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstPerson {
    /// The head is cut off for the first person.
    #[default]
    Auto,
    /// Always.
    Both,
    /// Only by others.
    ThirdPersonOnly,
    /// Only by the wearer.
    FirstPersonOnly,
}

/// How much of a file moves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Physics {
    /// Spring chains.
    pub springs: usize,
    /// Joints of all chains.
    pub joints: usize,
    /// Colliders.
    pub colliders: usize,
    /// Node constraints.
    pub constraints: usize,
}

/// An avatar file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What the file was before it was read as VRM 1.0.
    pub format: Format,
    /// Version that the file states, such as `1.0`.
    pub spec_version: String,
    /// License and authors.
    pub meta: Meta,
    /// All nodes by glTF index.
    pub nodes: Vec<Node>,
    /// Node indices, parents before children.
    pub order: Vec<usize>,
    /// All meshes by glTF index.
    pub meshes: Vec<Mesh>,
    /// All materials by glTF index.
    pub materials: Vec<Material>,
    /// All images by glTF index.
    pub images: Vec<Image>,
    /// Joint nodes of each skin.
    pub skins: Vec<Vec<usize>>,
    /// Which node is which bone.
    pub humanoid: Humanoid,
    /// All expressions: presets, then customs in order of the file.
    pub expressions: Vec<Expression>,
    /// How the eyes turn.
    pub look_at: LookAt,
    /// First-person flag by node index; nodes that are not named are [`FirstPerson::Auto`].
    pub first_person: BTreeMap<usize, FirstPerson>,
    /// Chains of joints that swing.
    pub springs: Vec<Spring>,
    /// What joints bump into.
    pub colliders: Vec<Collider>,
    /// Colliders that springs name together.
    pub collider_groups: Vec<ColliderGroup>,
    /// Nodes that follow other nodes; none depends on itself.
    pub constraints: Vec<Constraint>,
    /// How many there are of these.
    pub physics: Physics,
    /// What was wrong and what was done about it.
    pub findings: Vec<Finding>,
}

/// Why a file cannot be used: place in the file, reason, mend.
pub(super) struct Refusal {
    pub(super) place: String,
    pub(super) why: String,
    pub(super) mend: &'static str,
}

impl Refusal {
    pub(super) fn new(place: impl Into<String>, why: impl Into<String>, mend: &'static str) -> Self {
        Self { place: place.into(), why: why.into(), mend }
    }
}

impl Document {
    /// Reads a `.vrm` file of either version, or a plain GLB with a human figure. `file` is the name that a person
    /// knows it by, for the message.
    ///
    /// # Errors
    /// Where the file is no readable GLB, would break a glTF loader, or has no usable humanoid.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, Problem> {
        let glb = Glb::read(bytes).map_err(|error| {
            Problem::new("cannot load avatar", file, error, "export the avatar again as a VRM 1.0 file (.vrm)")
        })?;
        Self::from_parts(glb.json, glb.binary).map_err(|refusal| {
            Problem::new("cannot load avatar", format!("{file}: {}", refusal.place), refusal.why, refusal.mend)
        })
    }

    fn from_parts(json: Value, binary: &[u8]) -> Result<Self, Refusal> {
        let mut findings = Findings::default();
        let (json, format) = source::unify(json, &mut findings)?;
        let json = &json;
        let empty = Map::new();
        let extensions = json.get("extensions").and_then(Value::as_object).unwrap_or(&empty);
        let vrm = extensions.get("VRMC_vrm").unwrap_or(&Value::Null);
        let spec_version = vrm.get("specVersion").and_then(Value::as_str).unwrap_or_default().to_owned();
        if spec_version != "1.0" {
            let said = if spec_version.is_empty() { "no version".into() } else { format!("version {spec_version:?}") };
            findings.push(Finding::warning("VRMC_vrm.specVersion", format!("states {said}, read as 1.0")));
        }
        let accessors = accessor::read(json, binary.len() as u64, &mut findings)?;
        let meshes = validate::meshes(json, &accessors, &mut findings);
        let (nodes, order) = validate::nodes(json, &meshes, &mut findings)?;
        let materials = validate::materials(json, &mut findings);
        let world = world_transforms(&nodes, &order);
        let bones = validate::human_bones(vrm, &nodes, &mut findings)?;
        let humanoid = Humanoid::new(bones, &validate::rest_corrections(vrm), &nodes, &world);
        let meta = validate::meta(vrm, &mut findings);
        let expressions = validate::expressions(vrm, &nodes, materials.len(), &mut findings);
        let look_at = validate::look_at(vrm, &humanoid, &expressions, &mut findings);
        let first_person = validate::first_person(vrm, &nodes, &mut findings);
        let skins = validate::skins(json, nodes.len(), &mut findings);
        let images = accessor::images(json, binary, &mut findings);
        let constraints = validate_constraint::constraints(json, &nodes, &mut findings);
        let tree = NodeTree::new(&nodes, &order);
        let SpringBones { springs, colliders, collider_groups } =
            validate_spring::spring_bones(extensions, &nodes, &tree, &mut findings);
        let physics = Physics {
            springs: springs.len(),
            joints: springs.iter().map(|spring| spring.joints.len()).sum(),
            colliders: colliders.len(),
            constraints: constraints.len(),
        };
        Ok(Self {
            format,
            spec_version,
            meta,
            nodes,
            order,
            meshes,
            materials,
            images,
            skins,
            humanoid,
            expressions,
            look_at,
            first_person,
            springs,
            colliders,
            collider_groups,
            constraints,
            physics,
            findings: findings.into_vec(),
        })
    }

    /// Between the eyes at rest in model space, meters; a little above the head bone where the avatar has none.
    #[must_use]
    pub fn eyes_at_rest(&self) -> Vec3 {
        let world = self.rest_world();
        let place =
            |bone| self.humanoid.node(bone).and_then(|node| world.get(node)).map(|at| Vec3::from(at.translation));
        match (place(HumanBone::LeftEye), place(HumanBone::RightEye), place(HumanBone::Head)) {
            (Some(left), Some(right), _) => 0.5 * (left + right),
            (_, _, Some(head)) => head + Vec3::new(0.0, 0.06, 0.08),
            _ => Vec3::new(0.0, 1.5, 0.08),
        }
    }

    /// The transform of each node at rest in model space.
    #[must_use]
    pub fn rest_world(&self) -> Vec<Affine3A> {
        world_transforms(&self.nodes, &self.order)
    }
}

pub(super) fn world_transforms(nodes: &[Node], order: &[usize]) -> Vec<Affine3A> {
    let mut world = vec![Affine3A::IDENTITY; nodes.len()];
    for &index in order {
        let local = nodes[index].rest.affine();
        world[index] = nodes[index].parent.map_or(local, |parent| world[parent] * local);
    }
    world
}

/// The rest transform of a raw node, with what cannot be used replaced.
pub(super) fn rest_of(raw: &schema::RawNode, place: &str, findings: &mut Findings) -> Local {
    /// Farther than this is a broken file, and would overflow when transforms are chained.
    const FAR: f32 = 1.0e5;
    let (mut scale, mut rotation, mut translation) = match raw.matrix {
        Some(matrix) => Mat4::from_cols_array(&matrix).to_scale_rotation_translation(),
        None => (
            raw.scale.map_or(Vec3::ONE, Vec3::from),
            raw.rotation.map_or(Quat::IDENTITY, Quat::from_array),
            raw.translation.map_or(Vec3::ZERO, Vec3::from),
        ),
    };
    let usable = |v: Vec3| v.is_finite() && v.abs().max_element() < FAR;
    if !usable(translation) {
        findings.push(Finding::error(format!("{place}.translation"), "is not a usable position, set to zero"));
        translation = Vec3::ZERO;
    }
    if !usable(scale) {
        findings.push(Finding::error(format!("{place}.scale"), "is not a usable scale, set to one"));
        scale = Vec3::ONE;
    }
    match unit(rotation) {
        Some(unit) => {
            if (rotation.length_squared() - 1.0).abs() > 1.0e-2 {
                findings.push(Finding::warning(format!("{place}.rotation"), "is not of unit length, normalized"));
            }
            rotation = unit;
        }
        None => {
            findings.push(Finding::error(format!("{place}.rotation"), "is not a rotation, set to none"));
            rotation = Quat::IDENTITY;
        }
    }
    Local { translation, rotation, scale }
}

/// The rotation at unit length; `None` where it is no rotation at all.
pub(super) fn unit(rotation: Quat) -> Option<Quat> {
    let length_squared = rotation.length_squared();
    (length_squared.is_finite() && length_squared > 1.0e-12).then(|| rotation.normalize())
}
