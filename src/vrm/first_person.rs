//! What a wearer sees of the own avatar: where the flag is `auto`, triangles of the head are cut off. They are told
//! by the weights of their corners; vertices stay, so that morph targets go on to work.

use serde_json::Value;

use super::accessor_data::AccessorData;
use super::bone::HumanBone;
use super::document::{Document, FirstPerson};
use super::finding::Findings;
use super::glb::Glb;
use super::schema::{self, RawMesh, RawPrimitive, RawSkin};

/// More corners than a hand of avatars has; a file that shows one mesh a thousand times could go on forever.
const MAX_CORNERS: usize = 1 << 25;

/// The triangles of a primitive, parted. Both lists name vertices, three for each triangle, in the order of the file;
/// strips and fans are written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadSplit {
    /// Node that shows the mesh.
    pub node: usize,
    /// Mesh index.
    pub mesh: usize,
    /// Primitive of the mesh.
    pub primitive: usize,
    /// Triangles of the head: any corner moves with the head bone or a bone below.
    pub head: Vec<u32>,
    /// All others.
    pub rest: Vec<u32>,
}

/// Parts all primitives of nodes whose flag is [`FirstPerson::Auto`]. `bytes` are those that the document was read
/// from, or those that [`super::prepare()`] made of them; from others nothing sensible comes out, but no harm is done.
#[must_use]
pub fn split_heads(document: &Document, bytes: &[u8]) -> Vec<HeadSplit> {
    let Ok(glb) = Glb::read(bytes) else { return Vec::new() };
    let silent = &mut Findings::default();
    let meshes: Vec<RawMesh> = schema::list(&glb.json, "meshes", silent);
    let skins: Vec<RawSkin> = schema::list(&glb.json, "skins", silent);
    let data = AccessorData::new(&glb.json, glb.binary);
    let below_head = below_head(document);
    let mut corners_left = MAX_CORNERS;
    let mut out = Vec::new();
    for (node, value) in document.nodes.iter().enumerate() {
        let flag = document.first_person.get(&node).copied().unwrap_or_default();
        let Some((mesh, raw)) = value.mesh.and_then(|mesh| Some((mesh, meshes.get(mesh)?))) else { continue };
        if flag != FirstPerson::Auto {
            continue;
        }
        let is_head_joint: Option<Vec<bool>> = value
            .skin
            .and_then(|skin| skins.get(skin))
            .map(|skin| skin.joints.iter().map(|joint| below_head.get(*joint).copied().unwrap_or(false)).collect());
        for (primitive, raw) in raw.primitives.iter().enumerate() {
            let Some(corners) = triangles(raw, &data) else { continue };
            let Some(left) = corners_left.checked_sub(corners.len()) else { return out };
            corners_left = left;
            let (head, rest) = match &is_head_joint {
                Some(joints) => part(&corners, &head_vertices(raw, &data, joints)),
                None if below_head[node] => (corners, Vec::new()),
                None => (Vec::new(), corners),
            };
            out.push(HeadSplit { node, mesh, primitive, head, rest });
        }
    }
    out
}

/// Whether each node is the head or below it.
fn below_head(document: &Document) -> Vec<bool> {
    let head = document.humanoid.node(HumanBone::Head);
    let mut out = vec![false; document.nodes.len()];
    for &node in &document.order {
        out[node] = Some(node) == head || document.nodes[node].parent.is_some_and(|parent| out[parent]);
    }
    out
}

fn attribute(raw: &RawPrimitive, name: &str) -> Option<usize> {
    raw.attributes.get(name).and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok())
}

/// All triangles as a list; `None` for points and lines and where there is no data.
fn triangles(raw: &RawPrimitive, data: &AccessorData<'_>) -> Option<Vec<u32>> {
    let corners = match raw.indices {
        Some(indices) => data.indices(indices)?,
        None => {
            let positions = attribute(raw, "POSITION")?;
            let count = data.floats(positions)?.len() / data.components(positions)?;
            (0..u32::try_from(count).ok()?).collect()
        }
    };
    Some(match raw.mode.unwrap_or(4) {
        4 => corners[..corners.len() - corners.len() % 3].to_vec(),
        // Every other triangle of a strip is wound the other way.
        5 => corners
            .windows(3)
            .enumerate()
            .flat_map(|(at, w)| if at % 2 == 0 { [w[0], w[1], w[2]] } else { [w[1], w[0], w[2]] })
            .collect(),
        6 => corners.get(1..)?.windows(2).flat_map(|w| [corners[0], w[0], w[1]]).collect(),
        _ => return None,
    })
}

/// Whether each vertex moves with the head.
fn head_vertices(raw: &RawPrimitive, data: &AccessorData<'_>, is_head_joint: &[bool]) -> Vec<bool> {
    let mut out = Vec::new();
    for set in 0.. {
        let joints = attribute(raw, &format!("JOINTS_{set}")).and_then(|index| data.indices(index));
        let weights = attribute(raw, &format!("WEIGHTS_{set}")).and_then(|index| data.floats(index));
        let (Some(joints), Some(weights)) = (joints, weights) else { break };
        out.resize(out.len().max(joints.len() / 4), false);
        for ((vertex, joints), weights) in out.iter_mut().zip(joints.chunks_exact(4)).zip(weights.chunks_exact(4)) {
            *vertex |= joints
                .iter()
                .zip(weights)
                .any(|(joint, weight)| *weight > 0.0 && is_head_joint.get(*joint as usize).copied().unwrap_or(false));
        }
    }
    out
}

fn part(corners: &[u32], is_head: &[bool]) -> (Vec<u32>, Vec<u32>) {
    let (mut head, mut rest) = (Vec::new(), Vec::new());
    for triangle in corners.chunks_exact(3) {
        let any = triangle.iter().any(|vertex| is_head.get(*vertex as usize).copied().unwrap_or(false));
        if any { head.extend(triangle) } else { rest.extend(triangle) }
    }
    (head, rest)
}

#[cfg(test)]
mod tests;
