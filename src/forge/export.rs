//! The avatar file: a VRM 1.0 GLB of parts, materials, textures, skeleton, expressions, springs.

mod buffer;
mod material;
mod mesh;
mod spring;
mod texture;
mod vrm;

use glam::Vec3;
use serde_json::{Map, Value, json};

use self::buffer::Buffer;
use super::body::Body;
use super::part::Kit;
use super::rig::FOLD_SHARE;
use crate::problem::Problem;

/// Meters per decimeter.
const METER: f32 = 0.1;
const MAGIC: u32 = 0x4654_6C67;
const JSON: u32 = 0x4E4F_534A;
const BINARY: u32 = 0x004E_4942;

/// Writes a person with everything on it.
///
/// # Errors
/// When a part names a material that is not there, is not whole, or a picture cannot be encoded.
pub fn export(body: &Body, kit: &Kit) -> Result<Vec<u8>, Problem> {
    write(body, kit).map_err(|why| {
        Problem::new("cannot write avatar", &body.recipe.name, why, "report this recipe: it should not happen")
    })
}

/// From decimeters to meters, feet on the floor.
#[derive(Debug, Clone, Copy)]
struct Space {
    floor: f32,
}

impl Space {
    fn place(self, point: Vec3) -> Vec3 {
        (point - Vec3::Y * self.floor) * METER
    }
}

/// A joint of the file: of the rig or of a spring.
struct Bone {
    name: String,
    parent: Option<usize>,
    /// The joint of which it takes over a share of the turn.
    follows: Option<usize>,
    /// In the file's space.
    place: Vec3,
}

fn write(body: &Body, kit: &Kit) -> Result<Vec<u8>, String> {
    let lowest = kit.parts.iter().flat_map(|part| &part.positions).map(|point| point.y).fold(f32::INFINITY, f32::min);
    let space = Space { floor: if lowest.is_finite() { lowest } else { 0.0 } };
    let bones = bones(body, kit, space);
    let mut buffer = Buffer::default();
    let (images, textures, texture_names) = texture::write(&kit.textures, &mut buffer)?;
    let materials: Vec<Value> = kit.materials.iter().map(|m| material::write(m, &texture_names)).collect();
    let mut nodes = Vec::new();
    let mut meshes = Vec::new();
    for part in &kit.parts {
        let material = kit.materials.iter().position(|material| material.name == part.material);
        let material = material.ok_or_else(|| format!("{} wants the material {}", part.name, part.material))?;
        meshes.push(mesh::write(part, material, bones.len(), space, &mut buffer)?);
        nodes.push(json!({"name": part.name, "mesh": meshes.len() - 1, "skin": 0}));
    }
    let first_bone = nodes.len();
    for (own, bone) in bones.iter().enumerate() {
        let from = bone.parent.map_or(Vec3::ZERO, |parent| bones[parent].place);
        let mut node = json!({"name": bone.name, "translation": (bone.place - from).to_array()});
        let children: Vec<usize> =
            (0..bones.len()).filter(|c| bones[*c].parent == Some(own)).map(|c| c + first_bone).collect();
        if !children.is_empty() {
            node["children"] = json!(children);
        }
        if let Some(source) = bone.follows {
            let rotation = json!({"source": first_bone + source, "weight": FOLD_SHARE});
            let constraint = json!({"specVersion": "1.0", "constraint": {"rotation": rotation}});
            node["extensions"] = json!({"VRMC_node_constraint": constraint});
        }
        nodes.push(node);
    }
    let inverse: Vec<f32> =
        bones.iter().flat_map(|bone| glam::Mat4::from_translation(-bone.place).to_cols_array()).collect();
    let skin = json!({
        "joints": (first_bone..first_bone + bones.len()).collect::<Vec<_>>(),
        "inverseBindMatrices": buffer.floats(&inverse, "MAT4", None, false),
        "skeleton": first_bone,
    });
    let mut extensions = Map::new();
    extensions.insert("VRMC_vrm".into(), vrm::write(body, kit, &bones, first_bone));
    let mut used = vec!["VRMC_vrm", "VRMC_node_constraint"];
    if !kit.springs.is_empty() {
        extensions.insert("VRMC_springBone".into(), spring::write(body, kit, first_bone));
        used.push("VRMC_springBone");
    }
    let roots: Vec<usize> = (0..=first_bone).collect();
    let mut document = json!({
        "asset": {"version": "2.0", "generator": concat!("visavis ", env!("CARGO_PKG_VERSION"))},
        "extensionsUsed": used,
        "scene": 0,
        "scenes": [{"nodes": roots}],
        "nodes": nodes,
        "meshes": meshes,
        "skins": [skin],
        "materials": materials,
        "extensions": extensions,
    });
    if !images.is_empty() {
        document["images"] = Value::Array(images);
        document["textures"] = Value::Array(textures);
        document["samplers"] = json!([{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}]);
    }
    let bytes = buffer.finish(&mut document);
    glb(&document, &bytes)
}

/// Joints of the rig, then those of springs.
fn bones(body: &Body, kit: &Kit, space: Space) -> Vec<Bone> {
    let places = body.rig.t_joints();
    let mut bones: Vec<Bone> = body
        .rig
        .joints
        .iter()
        .zip(places)
        .map(|(joint, place)| Bone {
            name: joint.name.clone(),
            parent: joint.parent,
            follows: joint.follows,
            place: space.place(place),
        })
        .collect();
    for bone in &mut bones {
        if bone.parent.is_none() {
            bone.place = Vec3::ZERO;
        }
    }
    for chain in &kit.springs {
        for (index, joint) in chain.joints.iter().enumerate() {
            let named = body.rig.joints.iter().position(|other| other.name == joint.parent).unwrap_or(0);
            let parent = if index == 0 { named } else { bones.len() - 1 };
            bones.push(Bone {
                name: joint.name.clone(),
                parent: Some(parent),
                follows: None,
                place: space.place(joint.rest),
            });
        }
    }
    bones
}

fn glb(document: &Value, binary: &[u8]) -> Result<Vec<u8>, String> {
    let mut json = serde_json::to_vec(document).map_err(|error| error.to_string())?;
    json.resize(json.len().next_multiple_of(4), b' ');
    let length = 12 + 8 + json.len() + 8 + binary.len();
    let mut file = Vec::with_capacity(length);
    for word in [MAGIC, 2, length as u32, json.len() as u32, JSON] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&json);
    for word in [binary.len() as u32, BINARY] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(binary);
    Ok(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
