//! Small VRM animations for tests.

use serde_json::{Value, json};

use super::Animation;
use crate::vrm::fixture;

/// A file that grows channel by channel. Its figure is the one of [`fixture::vrm`] without eyes; further nodes stand
/// for expressions and the gaze.
#[derive(Clone)]
pub(in crate::vrm) struct Vrma {
    pub(in crate::vrm) json: Value,
    binary: Vec<u8>,
}

impl Vrma {
    /// Node of the preset `happy`.
    pub(in crate::vrm) const HAPPY: usize = 30;
    /// Node of the custom expression `wry`.
    pub(in crate::vrm) const WRY: usize = 31;
    /// Node of the gaze.
    pub(in crate::vrm) const GAZE: usize = 32;

    pub(in crate::vrm) fn new() -> Self {
        let vrm = fixture::vrm();
        let mut nodes = vrm["nodes"].clone();
        if let Some(nodes) = nodes.as_array_mut() {
            nodes.resize(40, json!({"name": "more"}));
            nodes[fixture::mesh_node()] = json!({"name": "no mesh"});
        }
        let mut bones = vrm["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"].clone();
        if let Some(bones) = bones.as_object_mut() {
            bones.retain(|name, _| !name.ends_with("Eye"));
        }
        let json = json!({
            "asset": {"version": "2.0"},
            "nodes": nodes,
            "buffers": [{"byteLength": 0}],
            "bufferViews": [],
            "accessors": [],
            "animations": [{"channels": [], "samplers": []}],
            "extensions": {"VRMC_vrm_animation": {
                "specVersion": "1.0",
                "humanoid": {"humanBones": bones},
                "expressions": {"preset": {"happy": {"node": Self::HAPPY}}, "custom": {"wry": {"node": Self::WRY}}},
                "lookAt": {"node": Self::GAZE, "offsetFromHeadBone": [0, 0.06, 0]},
            }},
        });
        Self { json, binary: Vec::new() }
    }

    /// Adds a channel; `values` lie one after the other, as many for each time as the path has components.
    pub(in crate::vrm) fn with(
        mut self,
        node: usize,
        path: &str,
        interpolation: &str,
        times: &[f32],
        values: &[f32],
    ) -> Self {
        let input = self.accessor("SCALAR", 1, times);
        let output = match path {
            "rotation" => self.accessor("VEC4", 4, values),
            "weights" => self.accessor("SCALAR", 1, values),
            _ => self.accessor("VEC3", 3, values),
        };
        let samplers = push(&mut self.json["animations"][0]["samplers"]);
        samplers.push(json!({"input": input, "output": output, "interpolation": interpolation}));
        let sampler = samplers.len() - 1;
        let target = json!({"node": node, "path": path});
        push(&mut self.json["animations"][0]["channels"]).push(json!({"sampler": sampler, "target": target}));
        self
    }

    fn accessor(&mut self, kind: &str, components: usize, numbers: &[f32]) -> usize {
        let offset = self.binary.len();
        self.binary.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        self.json["buffers"][0]["byteLength"] = json!(self.binary.len());
        let views = push(&mut self.json["bufferViews"]);
        views.push(json!({"buffer": 0, "byteOffset": offset, "byteLength": 4 * numbers.len()}));
        let view = views.len() - 1;
        let accessors = push(&mut self.json["accessors"]);
        let count = numbers.len() / components;
        accessors.push(json!({"bufferView": view, "componentType": 5126, "type": kind, "count": count}));
        accessors.len() - 1
    }

    /// The whole file.
    pub(in crate::vrm) fn bytes(&self) -> Vec<u8> {
        fixture::glb(&self.json, &self.binary)
    }

    /// Loads an animation that must load.
    #[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    pub(in crate::vrm) fn load(&self) -> Animation {
        Animation::read(&self.bytes(), "fixture.vrma").unwrap()
    }
}

#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
fn push(list: &mut Value) -> &mut Vec<Value> {
    list.as_array_mut().unwrap()
}
