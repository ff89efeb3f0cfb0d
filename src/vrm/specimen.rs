//! A made-up VRM 1.0 file of any size, for benchmarks and tests: all bones, constraints, hair that swings around
//! colliders, expressions on a small mesh. The same numbers give the same bytes.

use serde_json::{Map, Value, json};

use super::bone::HumanBone;
use super::expression::Preset;

/// How large the file is.
#[derive(Debug, Clone, Copy)]
pub struct Specimen {
    /// Spring joints that turn.
    pub joints: usize,
    /// Colliders; every chain may bump into all of them.
    pub colliders: usize,
    /// Expressions: presets first, then customs.
    pub expressions: usize,
}

/// Joints that turn in a chain; one more is its tail.
const CHAIN: usize = 5;
/// Three corners and how a morph target moves them.
const CORNERS: [f32; 18] =
    [0.0, 1.5, 0.1, 0.1, 1.5, 0.1, 0.0, 1.6, 0.1, 0.01, 0.0, 0.0, 0.0, 0.02, 0.0, 0.0, 0.0, 0.03];

impl Specimen {
    /// An avatar as they are usual: 150 joints, 12 colliders, 18 expressions.
    pub const USUAL: Self = Self { joints: 150, colliders: 12, expressions: 18 };

    /// The whole file.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        let binary: Vec<u8> = CORNERS.iter().flat_map(|number| number.to_le_bytes()).collect();
        glb(&self.json(), &binary)
    }

    /// The JSON of the file.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut tree = Tree::default();
        let mut bones = Map::new();
        for &bone in HumanBone::ALL {
            let parent = bone.parent().map(HumanBone::index);
            let node = tree.add(bone.name(), parent, place(bone));
            bones.insert(bone.name().into(), json!({"node": node}));
        }
        for (side, arm, hand) in [
            ("left", HumanBone::LeftLowerArm, HumanBone::LeftHand),
            ("right", HumanBone::RightLowerArm, HumanBone::RightHand),
        ] {
            let twist = tree.add(&format!("{side}Twist"), Some(arm.index()), [0.0; 3]);
            tree.constrain(twist, json!({"roll": {"source": hand.index(), "rollAxis": "X", "weight": 0.5}}));
            let sleeve = tree.add(&format!("{side}Sleeve"), Some(HumanBone::UpperChest.index()), [0.0, 0.1, 0.0]);
            let axis = if side == "left" { "PositiveX" } else { "NegativeX" };
            tree.constrain(sleeve, json!({"aim": {"source": arm.index(), "aimAxis": axis}}));
        }
        let face = tree.add("Face", None, [0.0; 3]);
        tree.nodes[face]["mesh"] = json!(0);
        let springs = self.springs(&mut tree);
        let (preset, custom) = self.expressions(face);
        let target = json!({"POSITION": 1});
        json!({
            "asset": {"version": "2.0", "generator": "visavis specimen"},
            "scene": 0,
            "scenes": [{"nodes": tree.roots}],
            "nodes": tree.nodes,
            "meshes": [{"primitives": [{
                "attributes": {"POSITION": 0}, "material": 0, "targets": vec![target; self.expressions.max(1)],
            }]}],
            "materials": [{"name": "skin", "pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.7, 0.6, 1.0]}}],
            "buffers": [{"byteLength": 72}],
            "bufferViews": [{"buffer": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 36}],
            "accessors": [
                {"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": 3,
                    "min": [0.0, 1.5, 0.1], "max": [0.1, 1.6, 0.1]},
                {"bufferView": 1, "componentType": 5126, "type": "VEC3", "count": 3,
                    "min": [0.0, 0.0, 0.0], "max": [0.01, 0.02, 0.03]},
            ],
            "extensionsUsed": ["VRMC_vrm", "VRMC_springBone", "VRMC_node_constraint"],
            "extensions": {
                "VRMC_vrm": {
                    "specVersion": "1.0",
                    "meta": {
                        "name": "Specimen", "authors": ["visavis"], "licenseUrl": "https://vrm.dev/licenses/1.0/",
                    },
                    "humanoid": {"humanBones": bones},
                    "expressions": {"preset": preset, "custom": custom},
                    "lookAt": {
                        "offsetFromHeadBone": [0.0, 0.06, 0.0],
                        "type": "bone",
                        "rangeMapHorizontalInner": {"inputMaxValue": 90.0, "outputScale": 10.0},
                        "rangeMapHorizontalOuter": {"inputMaxValue": 90.0, "outputScale": 10.0},
                        "rangeMapVerticalDown": {"inputMaxValue": 90.0, "outputScale": 10.0},
                        "rangeMapVerticalUp": {"inputMaxValue": 90.0, "outputScale": 10.0},
                    },
                },
                "VRMC_springBone": springs,
            },
        })
    }

    /// Hair all around the head, and what it bumps into.
    fn springs(&self, tree: &mut Tree) -> Value {
        let mut springs = Vec::new();
        let mut left = self.joints;
        while left > 0 {
            let turning = left.min(CHAIN);
            left -= turning;
            let turn = springs.len() as f32 * 2.4;
            let mut parent = HumanBone::Head.index();
            let mut joints = Vec::new();
            for at in 0..=turning {
                let offset = if at == 0 { [0.1 * turn.sin(), 0.12, 0.1 * turn.cos()] } else { [0.0, -0.06, 0.0] };
                parent = tree.add(&format!("Hair{}_{at}", springs.len()), Some(parent), offset);
                joints.push(json!({
                    "node": parent, "hitRadius": 0.02, "stiffness": 0.8, "gravityPower": 0.2,
                    "gravityDir": [0.0, -1.0, 0.0], "dragForce": 0.4,
                }));
            }
            let groups: Vec<usize> = if self.colliders > 0 { vec![0] } else { Vec::new() };
            springs.push(json!({"name": format!("Hair{}", springs.len()), "joints": joints, "colliderGroups": groups}));
        }
        let carriers = [
            HumanBone::Head,
            HumanBone::Neck,
            HumanBone::UpperChest,
            HumanBone::LeftShoulder,
            HumanBone::RightShoulder,
            HumanBone::LeftUpperArm,
            HumanBone::RightUpperArm,
        ];
        let colliders: Vec<Value> = (0..self.colliders)
            .map(|at| {
                let node = carriers[at % carriers.len()].index();
                let offset = [0.0, 0.01 * at as f32, 0.0];
                let shape = match at % 3 {
                    2 => json!({"capsule": {"offset": offset, "radius": 0.05, "tail": [0.0, 0.01 * at as f32, 0.05]}}),
                    _ => json!({"sphere": {"offset": offset, "radius": 0.07}}),
                };
                json!({"node": node, "shape": shape})
            })
            .collect();
        let all: Vec<usize> = (0..self.colliders).collect();
        let groups = if all.is_empty() { json!([]) } else { json!([{"name": "body", "colliders": all}]) };
        json!({"specVersion": "1.0", "colliders": colliders, "colliderGroups": groups, "springs": springs})
    }

    fn expressions(&self, face: usize) -> (Value, Value) {
        let (mut preset, mut custom) = (Map::new(), Map::new());
        for at in 0..self.expressions {
            let binds: Vec<Value> = (0..self.expressions.min(3))
                .map(|more| json!({"node": face, "index": (at + more) % self.expressions, "weight": 0.5}))
                .collect();
            let value = json!({"morphTargetBinds": binds});
            match Preset::ALL.get(at) {
                Some(name) => preset.insert(name.name().into(), value),
                None => custom.insert(format!("custom{at}"), value),
            };
        }
        (Value::Object(preset), Value::Object(custom))
    }
}

/// Nodes under way.
#[derive(Default)]
struct Tree {
    nodes: Vec<Value>,
    roots: Vec<usize>,
}

impl Tree {
    fn add(&mut self, name: &str, parent: Option<usize>, translation: [f32; 3]) -> usize {
        let node = self.nodes.len();
        self.nodes.push(json!({"name": name, "translation": translation}));
        match parent.and_then(|parent| self.nodes.get_mut(parent)) {
            Some(parent) => match parent.get_mut("children").and_then(Value::as_array_mut) {
                Some(children) => children.push(json!(node)),
                None => parent["children"] = json!([node]),
            },
            None => self.roots.push(node),
        }
        node
    }

    fn constrain(&mut self, node: usize, constraint: Value) {
        let extension = json!({"specVersion": "1.0", "constraint": constraint});
        self.nodes[node]["extensions"] = json!({"VRMC_node_constraint": extension});
    }
}

/// Where a bone stands against its parent bone in a T-pose, meters.
fn place(bone: HumanBone) -> [f32; 3] {
    let name = bone.name();
    let side = if name.starts_with("right") { -1.0 } else { 1.0 };
    let part = name.trim_start_matches("left").trim_start_matches("right");
    let finger = |z: f32| if part.ends_with("Proximal") { [side * 0.09, 0.0, z] } else { [side * 0.03, 0.0, 0.0] };
    match part {
        "hips" => [0.0, 0.95, 0.0],
        "jaw" => [0.0, 0.02, 0.05],
        "Eye" => [side * 0.03, 0.06, 0.08],
        "UpperLeg" => [side * 0.09, -0.05, 0.0],
        "LowerLeg" | "Foot" => [0.0, -0.42, 0.0],
        "Toes" => [0.0, -0.05, 0.12],
        "Shoulder" => [side * 0.04, 0.08, 0.0],
        "UpperArm" => [side * 0.12, 0.0, 0.0],
        "LowerArm" | "Hand" => [side * 0.25, 0.0, 0.0],
        "ThumbMetacarpal" => [side * 0.03, -0.01, 0.03],
        part if part.starts_with("Thumb") => [side * 0.03, 0.0, 0.0],
        part if part.starts_with("Index") => finger(0.03),
        part if part.starts_with("Middle") => finger(0.01),
        part if part.starts_with("Ring") => finger(-0.01),
        part if part.starts_with("Little") => finger(-0.03),
        _ => [0.0, 0.12, 0.0],
    }
}

/// A whole file.
pub(crate) fn glb(json: &Value, binary: &[u8]) -> Vec<u8> {
    raw_glb(json.to_string().as_bytes(), binary)
}

/// A whole file around any bytes that should be JSON.
pub(crate) fn raw_glb(json: &[u8], binary: &[u8]) -> Vec<u8> {
    let mut json = json.to_vec();
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut binary = binary.to_vec();
    binary.resize(binary.len().next_multiple_of(4), 0);
    let tail = if binary.is_empty() { 0 } else { 8 + binary.len() };
    let mut out = b"glTF\x02\0\0\0".to_vec();
    out.extend(((20 + json.len() + tail) as u32).to_le_bytes());
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(b"JSON");
    out.extend(&json);
    if tail > 0 {
        out.extend((binary.len() as u32).to_le_bytes());
        out.extend(b"BIN\0");
        out.extend(&binary);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::super::Document;
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn the_specimen_is_sound_and_always_the_same() {
        let file = Specimen::USUAL.file();
        assert_eq!(file, Specimen::USUAL.file());
        let document = Document::read(&file, "specimen.vrm").unwrap();
        assert_eq!(document.humanoid.bones().count(), HumanBone::COUNT);
        assert_eq!((document.physics.springs, document.physics.joints), (30, 180));
        assert_eq!((document.physics.colliders, document.physics.constraints), (12, 4));
        assert_eq!(document.expressions.len(), 18);
        let errors: Vec<_> = document.findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}
