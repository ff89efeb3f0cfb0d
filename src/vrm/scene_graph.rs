//! The node tree of a document that is still JSON: who is whose child, where the nodes stand, and one new root above
//! all others.

use std::collections::HashMap;

use glam::{Affine3A, Mat4, Quat, Vec3};
use serde_json::{Value, json};

use super::finding::Findings;
use super::schema::{self, RawNode};
use super::validate;

/// The nodes of a document as the forest that [`super::Document`] has: broken links and those that close a circle are
/// left out.
pub(super) struct SceneGraph {
    /// Children of each node.
    pub(super) children: Vec<Vec<usize>>,
    /// Parent of each node.
    pub(super) parents: Vec<Option<usize>>,
    /// Mesh of each node.
    pub(super) meshes: Vec<Option<usize>>,
    /// Name of each node.
    pub(super) names: Vec<String>,
    /// Transform of each node in model space.
    pub(super) world: Vec<Affine3A>,
    /// Rotation and translation of each node against its parent.
    pub(super) local: Vec<(Quat, Vec3)>,
    /// How many ancestors each node has.
    pub(super) depths: Vec<usize>,
    nodes_by_mesh: HashMap<usize, Vec<usize>>,
}

impl SceneGraph {
    pub(super) fn read(json: &Value) -> Self {
        let raw: Vec<RawNode> = schema::list(json, "nodes", &mut Findings::default());
        let count = raw.len();
        let mut parents: Vec<Option<usize>> = vec![None; count];
        for (index, node) in raw.iter().enumerate() {
            for &child in &node.children {
                if child < count && child != index && parents[child].is_none() {
                    parents[child] = Some(index);
                }
            }
        }
        let order = validate::sort(&mut parents, &mut Findings::default());
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut hung = vec![false; count];
        for (index, node) in raw.iter().enumerate() {
            for &child in &node.children {
                if child < count && parents[child] == Some(index) && !hung[child] {
                    hung[child] = true;
                    children[index].push(child);
                }
            }
        }
        let locals: Vec<Affine3A> = raw.iter().map(local).collect();
        let mut world = vec![Affine3A::IDENTITY; count];
        let mut depths = vec![0; count];
        for index in order {
            world[index] = parents[index].map_or(locals[index], |parent| world[parent] * locals[index]);
            depths[index] = parents[index].map_or(0, |parent| depths[parent] + 1);
        }
        let local = locals
            .iter()
            .map(|local| {
                let (_, rotation, translation) = local.to_scale_rotation_translation();
                (rotation, translation)
            })
            .collect();
        let meshes: Vec<Option<usize>> = raw.iter().map(|node| node.mesh).collect();
        let mut nodes_by_mesh: HashMap<usize, Vec<usize>> = HashMap::new();
        for (node, mesh) in meshes.iter().enumerate() {
            if let Some(mesh) = mesh {
                nodes_by_mesh.entry(*mesh).or_default().push(node);
            }
        }
        let names = raw.into_iter().map(|node| node.name).collect();
        Self { children, parents, meshes, names, world, local, depths, nodes_by_mesh }
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    /// All nodes that show a mesh.
    pub(super) fn nodes_of_mesh(&self, mesh: usize) -> &[usize] {
        self.nodes_by_mesh.get(&mesh).map_or(&[], Vec::as_slice)
    }

    /// Where a node stands in model space, meters.
    pub(super) fn position(&self, node: usize) -> Vec3 {
        self.world[node].translation.into()
    }

    /// The ancestors of a node, nearest first.
    pub(super) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.parents[node], |at| self.parents[*at])
    }
}

fn local(node: &RawNode) -> Affine3A {
    let (scale, rotation, translation) = match node.matrix {
        Some(matrix) => Mat4::from_cols_array(&matrix).to_scale_rotation_translation(),
        None => (
            node.scale.map_or(Vec3::ONE, Vec3::from),
            node.rotation.map_or(Quat::IDENTITY, Quat::from_array),
            node.translation.map_or(Vec3::ZERO, Vec3::from),
        ),
    };
    let usable = |v: Vec3| v.is_finite() && v.abs().max_element() < 1.0e5;
    let rotation = super::document::unit(rotation).unwrap_or(Quat::IDENTITY);
    Affine3A::from_scale_rotation_translation(
        if usable(scale) { scale } else { Vec3::ONE },
        rotation,
        if usable(translation) { translation } else { Vec3::ZERO },
    )
}

/// Appends a node and returns its index.
pub(super) fn append_node(json: &mut Value, node: Value) -> Option<usize> {
    let nodes = json.get_mut("nodes")?.as_array_mut()?;
    nodes.push(node);
    Some(nodes.len() - 1)
}

/// Adds a child to a node.
pub(super) fn append_child(json: &mut Value, node: usize, child: usize) {
    let Some(node) = json.get_mut("nodes").and_then(|nodes| nodes.get_mut(node)).and_then(Value::as_object_mut) else {
        return;
    };
    match node.get_mut("children").and_then(Value::as_array_mut) {
        Some(children) => children.push(json!(child)),
        None => {
            node.insert("children".into(), json!([child]));
        }
    }
}

/// Puts one new node above all roots of the scene: it turns and scales the whole figure.
pub(super) fn put_root_above(json: &mut Value, name: &str, rotation: Quat, scale: f32) {
    let graph = SceneGraph::read(json);
    let scene = json.get("scene").and_then(Value::as_u64).and_then(|s| usize::try_from(s).ok()).unwrap_or(0);
    let listed = |scene: &Value| -> Vec<usize> {
        let nodes = scene.get("nodes").and_then(Value::as_array);
        nodes.into_iter().flatten().filter_map(|node| usize::try_from(node.as_u64()?).ok()).collect()
    };
    let scenes = json.get("scenes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let elsewhere: Vec<usize> =
        scenes.iter().enumerate().filter(|(at, _)| *at != scene).flat_map(|(_, scene)| listed(scene)).collect();
    let here: Vec<usize> = scenes.get(scene).map(listed).unwrap_or_default();
    let roots: Vec<usize> = (0..graph.len())
        .filter(|node| graph.parents[*node].is_none() && (here.contains(node) || !elsewhere.contains(node)))
        .collect();
    let mut node = json!({"name": name, "children": roots, "rotation": rotation.to_array()});
    if (scale - 1.0).abs() > f32::EPSILON {
        node["scale"] = json!([scale, scale, scale]);
    }
    let Some(root) = append_node(json, node) else { return };
    match json.get_mut("scenes").and_then(Value::as_array_mut).filter(|scenes| scene < scenes.len()) {
        Some(scenes) => {
            for (at, other) in scenes.iter_mut().enumerate() {
                if at == scene {
                    *other = json!({"name": other.get("name").cloned().unwrap_or_else(|| json!("")), "nodes": [root]});
                } else if let Some(nodes) = other.get_mut("nodes").and_then(Value::as_array_mut) {
                    // A node below another may not be the root of a scene.
                    nodes.retain(|node| !roots.iter().any(|root| *node == json!(root)));
                }
            }
        }
        None => {
            json["scenes"] = json!([{"nodes": [root]}]);
            json["scene"] = json!(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_scenes() -> Value {
        json!({
            "nodes": [{"name": "a", "children": [1]}, {"name": "b", "translation": [0, 1, 0]}, {"name": "c"}, {"name": "d"}],
            "scene": 1,
            "scenes": [{"nodes": [2]}, {"name": "main", "nodes": [0]}],
        })
    }

    #[test]
    fn the_new_root_takes_the_roots_of_its_scene() {
        let mut json = two_scenes();
        put_root_above(&mut json, "turn", Quat::from_xyzw(0.0, 1.0, 0.0, 0.0), 0.01);
        assert_eq!(json["nodes"][4]["children"], json!([0, 3]));
        assert_eq!(json["scenes"][1]["nodes"], json!([4]));
        assert_eq!(json["scenes"][0]["nodes"], json!([2]));
        let graph = SceneGraph::read(&json);
        assert!((graph.position(1) - Vec3::new(0.0, 0.01, 0.0)).length() < 1.0e-6);
        assert_eq!(graph.depths[1], 2);
    }

    #[test]
    fn without_scenes_one_is_made() {
        let mut json = json!({"nodes": [{}, {}]});
        put_root_above(&mut json, "turn", Quat::IDENTITY, 1.0);
        assert_eq!(json["scenes"], json!([{"nodes": [2]}]));
        assert_eq!(json["nodes"][2]["children"], json!([0, 1]));
    }

    #[test]
    fn circles_are_cut_and_broken_links_left_out() {
        let json = json!({"nodes": [{"children": [1, 1]}, {"children": [0]}, {"children": [2, 9]}]});
        let graph = SceneGraph::read(&json);
        assert_eq!(graph.ancestors(0).count() + graph.ancestors(1).count(), 1);
        assert_eq!(graph.children.iter().map(Vec::len).sum::<usize>(), 1);
    }
}
