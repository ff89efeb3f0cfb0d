//! Small but rich VRM 1.0 files and animations, made from nothing: strict readers take them too.
#![allow(dead_code, reason = "tests, benches and fuzz targets each use a part")]

use glam::{Quat, Vec3};
use serde_json::{Value, json};

/// A glTF document with the binary chunk that grows beside it.
pub(crate) struct Gltf {
    pub(crate) json: Value,
    binary: Vec<u8>,
}

impl Gltf {
    fn new() -> Self {
        let json = json!({
            "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
            "nodes": [], "buffers": [{"byteLength": 0}], "bufferViews": [], "accessors": [],
        });
        Self { json, binary: Vec::new() }
    }

    pub(crate) fn list(&mut self, key: &str) -> &mut Vec<Value> {
        self.json[key].as_array_mut().expect("a list")
    }

    /// Appends to a list and tells the index.
    fn push(&mut self, key: &str, value: Value) -> usize {
        let list = self.list(key);
        list.push(value);
        list.len() - 1
    }

    fn view(&mut self, bytes: impl IntoIterator<Item = u8>) -> usize {
        let offset = self.binary.len();
        self.binary.extend(bytes);
        let length = self.binary.len() - offset;
        self.binary.resize(self.binary.len().next_multiple_of(4), 0);
        self.json["buffers"][0]["byteLength"] = json!(self.binary.len());
        self.push("bufferViews", json!({"buffer": 0, "byteOffset": offset, "byteLength": length}))
    }

    /// An accessor of floats, `width` for each element, with its bounds.
    fn floats(&mut self, width: usize, numbers: &[f32]) -> usize {
        let view = self.view(numbers.iter().flat_map(|number| number.to_le_bytes()));
        let kind = ["SCALAR", "VEC2", "VEC3", "VEC4"][width - 1];
        let bound = |pick: fn(f32, f32) -> f32| -> Vec<f32> {
            (0..width).map(|at| numbers.iter().skip(at).step_by(width).copied().reduce(pick).unwrap_or(0.0)).collect()
        };
        let accessor = json!({
            "bufferView": view, "componentType": 5126, "type": kind, "count": numbers.len() / width,
            "min": bound(f32::min), "max": bound(f32::max),
        });
        self.push("accessors", accessor)
    }

    fn indices(&mut self, numbers: &[u16]) -> usize {
        let view = self.view(numbers.iter().flat_map(|number| number.to_le_bytes()));
        let accessor = json!({"bufferView": view, "componentType": 5123, "type": "SCALAR", "count": numbers.len()});
        self.push("accessors", accessor)
    }

    /// A node below another; the index.
    pub(crate) fn node(&mut self, name: &str, parent: Option<usize>, translation: [f32; 3], rotation: Quat) -> usize {
        let node = json!({"name": name, "translation": translation, "rotation": rotation.to_array()});
        let index = self.push("nodes", node);
        if let Some(parent) = parent {
            let children = &mut self.list("nodes")[parent]["children"];
            match children.as_array_mut() {
                Some(children) => children.push(json!(index)),
                None => *children = json!([index]),
            }
        }
        index
    }

    /// The node with a name.
    pub(crate) fn find(&self, name: &str) -> usize {
        let nodes = self.json["nodes"].as_array().expect("a list");
        nodes.iter().position(|node| node["name"] == name).expect("a node with this name")
    }

    /// The numbers of a field of a node.
    fn numbers(&self, node: usize, key: &str) -> Vec<f32> {
        let numbers = self.json["nodes"][node][key].as_array().expect("a list");
        numbers.iter().map(|number| number.as_f64().expect("a number") as f32).collect()
    }

    /// The whole file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        glb(&self.json, &self.binary)
    }
}

/// A whole file of its two chunks.
pub(crate) fn glb(json: &Value, binary: &[u8]) -> Vec<u8> {
    let mut json = json.to_string().into_bytes();
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut binary = binary.to_vec();
    binary.resize(binary.len().next_multiple_of(4), 0);
    let mut out = b"glTF\x02\0\0\0".to_vec();
    out.extend((28 + json.len() as u32 + binary.len() as u32).to_le_bytes());
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(b"JSON");
    out.extend(&json);
    out.extend((binary.len() as u32).to_le_bytes());
    out.extend(b"BIN\0");
    out.extend(&binary);
    out
}

/// Name, parent, place against the parent in meters.
const SKELETON: &[Bone] = &[
    ("hips", "", [0.0, 0.9, 0.0]),
    ("spine", "hips", [0.0, 0.1, 0.01]),
    ("chest", "spine", [0.0, 0.12, 0.0]),
    ("neck", "chest", [0.0, 0.2, -0.01]),
    ("head", "neck", [0.0, 0.1, 0.01]),
    ("leftEye", "head", [0.03, 0.06, 0.08]),
    ("rightEye", "head", [-0.03, 0.06, 0.08]),
    ("leftUpperLeg", "hips", [0.09, -0.05, 0.0]),
    ("leftLowerLeg", "leftUpperLeg", [0.0, -0.4, 0.0]),
    ("leftFoot", "leftLowerLeg", [0.0, -0.4, 0.0]),
    ("rightUpperLeg", "hips", [-0.09, -0.05, 0.0]),
    ("rightLowerLeg", "rightUpperLeg", [0.0, -0.4, 0.0]),
    ("rightFoot", "rightLowerLeg", [0.0, -0.4, 0.0]),
    ("leftUpperArm", "chest", [0.15, 0.15, 0.0]),
    ("leftLowerArm", "leftUpperArm", [0.25, 0.0, 0.0]),
    ("leftHand", "leftLowerArm", [0.25, 0.0, 0.0]),
    ("rightUpperArm", "chest", [-0.15, 0.15, 0.0]),
    ("rightLowerArm", "rightUpperArm", [-0.25, 0.0, 0.0]),
    ("rightHand", "rightLowerArm", [-0.25, 0.0, 0.0]),
];

/// How the bones of a figure stand at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Along the model's axes.
    Straight,
    /// Every node twisted against its parent; the eyes face forward all the same.
    Twisted,
}

/// Name, parent, place of a bone.
type Bone = (&'static str, &'static str, [f32; 3]);

/// The skeleton with an upper chest between the chest and what hangs on it.
fn with_upper_chest() -> Vec<Bone> {
    let mut out = Vec::new();
    for &(name, parent, place) in SKELETON {
        out.push((name, if parent == "chest" { "upperChest" } else { parent }, place));
        if name == "chest" {
            out.push(("upperChest", "chest", [0.0, 0.05, 0.0]));
        }
    }
    out
}

/// Adds a root and the bones below it, `size` times life size; names and nodes of the bones.
fn skeleton(gltf: &mut Gltf, rest: Rest, size: f32, skeleton: &[Bone]) -> Vec<(String, usize)> {
    let root = gltf.node("root", None, [0.0; 3], Quat::IDENTITY);
    let mut bones: Vec<(String, usize)> = Vec::new();
    let mut world: Vec<Quat> = vec![Quat::IDENTITY];
    for (at, (name, parent, place)) in skeleton.iter().enumerate() {
        let above = bones.iter().find(|(bone, _)| bone == parent).map_or(root, |(_, node)| *node);
        let turn = match rest {
            Rest::Straight => Quat::IDENTITY,
            Rest::Twisted if name.ends_with("Eye") => world[above].inverse(),
            Rest::Twisted => {
                let at = at as f32;
                Quat::from_euler(glam::EulerRot::YXZ, 0.9 * (1.3 * at).sin(), 0.5 * (2.1 * at).cos(), 0.4 * at.sin())
            }
        };
        // Places are given along the model's axes.
        let place = world[above].inverse() * (size * Vec3::from(*place));
        let node = gltf.node(name, Some(above), place.to_array(), turn);
        world.push((world[above] * turn).normalize());
        bones.push(((*name).to_owned(), node));
    }
    bones
}

fn human_bones(bones: &[(String, usize)], keep: impl Fn(&str) -> bool) -> Value {
    let map = bones.iter().filter(|(name, _)| keep(name)).map(|(name, node)| (name.clone(), json!({"node": node})));
    Value::Object(map.collect())
}

/// Whether eye bones or expressions move the eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eyes {
    Bones,
    Expressions,
}

/// A figure with a face of eight morph targets, two materials, all kinds of expressions, overrides and look-at.
pub(crate) fn avatar(rest: Rest, eyes: Eyes) -> Gltf {
    let mut gltf = Gltf::new();
    let bones = skeleton(&mut gltf, rest, 1.0, SKELETON);
    let face = face(&mut gltf);
    let morph = |index: usize, weight: f32| json!([{"node": face, "index": index, "weight": weight}]);
    let range = |most: f32, scale: f32| json!({"inputMaxValue": most, "outputScale": scale});
    let look_at = match eyes {
        Eyes::Bones => json!({
            "type": "bone", "offsetFromHeadBone": [0.0, 0.06, 0.02],
            "rangeMapHorizontalInner": range(60.0, 12.0), "rangeMapHorizontalOuter": range(80.0, 20.0),
            "rangeMapVerticalDown": range(45.0, 10.0), "rangeMapVerticalUp": range(30.0, 15.0),
        }),
        Eyes::Expressions => json!({
            "type": "expression", "offsetFromHeadBone": [0.0, 0.05, 0.03],
            "rangeMapHorizontalInner": range(90.0, 1.0), "rangeMapHorizontalOuter": range(60.0, 0.9),
            "rangeMapVerticalDown": range(50.0, 0.7), "rangeMapVerticalUp": range(40.0, 1.0),
        }),
    };
    gltf.json["extensionsUsed"] = json!(["VRMC_vrm", "VRMC_materials_mtoon"]);
    gltf.json["extensions"] = json!({"VRMC_vrm": {
        "specVersion": "1.0",
        "meta": {
            "name": "Sample", "authors": ["nobody"], "licenseUrl": "https://vrm.dev/licenses/1.0/",
            "avatarPermission": "everyone", "commercialUsage": "corporation",
        },
        "humanoid": {"humanBones": human_bones(&bones, |_| true)},
        "lookAt": look_at,
        "expressions": {
            "preset": {
                "happy": {"morphTargetBinds": morph(0, 0.7), "overrideBlink": "blend", "materialColorBinds": [
                    {"material": 0, "type": "color", "targetValue": [1.0, 0.2, 0.3, 0.5]},
                    {"material": 1, "type": "shadeColor", "targetValue": [0.1, 0.9, 0.3, 1.0]},
                ]},
                "angry": {"morphTargetBinds": morph(1, 1.0), "overrideMouth": "block", "isBinary": true},
                "surprised": {"morphTargetBinds": morph(0, 0.2), "overrideLookAt": "blend",
                    "textureTransformBinds": [{"material": 0, "scale": [2.0, 1.0], "offset": [0.25, 0.5]}]},
                "blink": {"morphTargetBinds": morph(2, 1.0)},
                "blinkLeft": {"morphTargetBinds": morph(3, 1.0), "isBinary": true},
                "aa": {"morphTargetBinds": morph(4, 1.0), "overrideBlink": "block"},
                "ou": {"morphTargetBinds": morph(5, 0.6)},
                "lookUp": {"morphTargetBinds": morph(6, 0.5)},
                "lookDown": {"morphTargetBinds": morph(6, 0.25)},
                "lookLeft": {"morphTargetBinds": morph(7, 0.5)},
                "lookRight": {"morphTargetBinds": morph(7, 0.25)},
            },
            "custom": {"wry": {"morphTargetBinds": morph(0, 0.1), "overrideMouth": "blend", "materialColorBinds": [
                {"material": 0, "type": "color", "targetValue": [0.0, 0.0, 0.0, 1.0]},
                {"material": 0, "type": "emissionColor", "targetValue": [0.5, 0.25, 0.0, 1.0]},
            ]}},
        },
    }});
    gltf
}

/// A triangle with eight morph targets; its node.
fn face(gltf: &mut Gltf) -> usize {
    let positions = gltf.floats(3, &[0.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.1, 0.0]);
    let indices = gltf.indices(&[0, 1, 2]);
    let targets: Vec<Value> = (0..8)
        .map(|at| json!({"POSITION": gltf.floats(3, &[0.01 * at as f32, 0.0, 0.0, 0.0, 0.02, 0.0, 0.0, 0.0, 0.01])}))
        .collect();
    gltf.json["materials"] = json!([
        {"name": "skin", "pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.6, 0.5, 1.0]}, "emissiveFactor": [0.1, 0.0, 0.0]},
        {"name": "toon", "extensions": {"VRMC_materials_mtoon": {
            "specVersion": "1.0", "shadeColorFactor": [0.5, 0.4, 0.3], "outlineWidthMode": "none",
        }}},
    ]);
    gltf.json["meshes"] = json!([{"name": "face", "primitives": [
        {"attributes": {"POSITION": positions}, "indices": indices, "material": 0, "targets": targets},
    ]}]);
    let head = gltf.find("head");
    let node = gltf.node("face", Some(head), [0.0; 3], Quat::IDENTITY);
    gltf.list("nodes")[node]["mesh"] = json!(0);
    node
}

/// An [`avatar`] with constraints and springs.
pub(crate) fn moving(rest: Rest, eyes: Eyes) -> Gltf {
    let mut gltf = avatar(rest, eyes);
    constrain(&mut gltf);
    hang(&mut gltf, Joints::Skipping);
    gltf
}

/// Adds node constraints of every kind, one of them depending on another and one on an eye.
pub(crate) fn constrain(gltf: &mut Gltf) {
    let tilt = Quat::from_euler(glam::EulerRot::YXZ, 0.3, -0.2, 0.5);
    for (name, parent, kind, source, more) in [
        ("sleeve", "leftUpperArm", "roll", "leftLowerArm", json!({"rollAxis": "X", "weight": 0.5})),
        ("cuff", "rightLowerArm", "roll", "rightHand", json!({"rollAxis": "Z"})),
        ("pointer", "chest", "aim", "leftHand", json!({"aimAxis": "PositiveZ", "weight": 0.8})),
        ("needle", "hips", "aim", "head", json!({"aimAxis": "NegativeY"})),
        ("mirror", "spine", "rotation", "head", json!({"weight": 0.7})),
        ("mirror of mirror", "rightUpperArm", "rotation", "mirror", json!({})),
        ("lid", "head", "rotation", "leftEye", json!({"weight": 0.9})),
    ] {
        let (parent, source) = (gltf.find(parent), gltf.find(source));
        let node = gltf.node(name, Some(parent), [0.02, 0.1, 0.05], tilt);
        let mut constraint = more;
        constraint["source"] = json!(source);
        gltf.list("nodes")[node]["extensions"] =
            json!({"VRMC_node_constraint": {"specVersion": "1.0", "constraint": {kind: constraint}}});
    }
    gltf.list("extensionsUsed").push(json!("VRMC_node_constraint"));
}

/// Whether spring chains name every node on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joints {
    /// Every node.
    All,
    /// One chain leaves every second node out.
    Skipping,
}

/// Adds spring chains: free, with a center, and against every kind of collider.
pub(crate) fn hang(gltf: &mut Gltf, joints_named: Joints) {
    let mut springs = Vec::new();
    let (hips, head) = (gltf.find("hips"), gltf.find("head"));
    let turn = Quat::from_rotation_z(0.2);
    for (at, (name, step, center)) in [
        ("hair", [0.01, -0.06, -0.02], None),
        ("braid", [0.0, -0.05, -0.04], Some(head)),
        ("ribbon", [0.05, -0.03, 0.0], None),
        ("skirt", [-0.04, -0.04, 0.03], Some(hips)),
        ("tail", [0.0, -0.03, -0.08], None),
    ]
    .into_iter()
    .enumerate()
    {
        let mut above = if at < 3 { head } else { hips };
        let mut joints = Vec::new();
        for joint in 0..6 {
            above = gltf.node(&format!("{name}{joint}"), Some(above), step, turn);
            if joints_named == Joints::All || name != "ribbon" || joint % 2 == 0 {
                joints.push(json!({
                    "node": above, "hitRadius": 0.01 + 0.002 * joint as f32, "stiffness": 0.5 + 0.3 * at as f32,
                    "gravityPower": 0.2 * joint as f32, "gravityDir": [0.0, -1.0, 0.0], "dragForce": 0.3 + 0.1 * at as f32,
                }));
            }
        }
        let mut spring = json!({"name": name, "joints": joints, "colliderGroups": [at]});
        if let Some(center) = center {
            spring["center"] = json!(center);
        }
        springs.push(spring);
    }
    let sphere = |radius: f32| json!({"sphere": {"offset": [0.0, 0.0, 0.0], "radius": radius}});
    let extended = |shape: Value| json!({"VRMC_springBone_extended_collider": {"specVersion": "1.0", "shape": shape}});
    let (chest, arm) = (gltf.find("chest"), gltf.find("leftUpperArm"));
    gltf.json["extensions"]["VRMC_springBone"] = json!({
        "specVersion": "1.0",
        "colliders": [
            {"node": head, "shape": {"sphere": {"offset": [0.0, -0.05, -0.05], "radius": 0.06}}},
            {"node": arm, "shape": {"capsule": {"offset": [0.0, 0.1, 0.0], "radius": 0.05, "tail": [0.2, 0.1, 0.0]}}},
            {"node": head, "shape": sphere(0.1), "extensions": extended(
                json!({"sphere": {"offset": [0.1, -0.1, 0.0], "radius": 0.25, "inside": true}}))},
            {"node": hips, "shape": sphere(0.1), "extensions": extended(json!({"capsule": {
                "offset": [0.0, -0.3, 0.0], "tail": [-0.2, 0.0, 0.1], "radius": 0.3, "inside": true}}))},
            {"node": hips, "shape": sphere(0.1), "extensions": extended(
                json!({"plane": {"offset": [0.0, -0.3, 0.0], "normal": [0.0, 1.0, 0.0]}}))},
            {"node": chest, "shape": sphere(0.12)},
        ],
        "colliderGroups": [
            {"colliders": [0, 5]}, {"colliders": [0, 5]}, {"colliders": [1, 2]}, {"colliders": [3]}, {"colliders": [4]},
        ],
        "springs": springs,
    });
    gltf.list("extensionsUsed").extend([json!("VRMC_springBone"), json!("VRMC_springBone_extended_collider")]);
}

/// A key of a rotation over time: turned about a slanted axis.
fn turn(at: f32) -> Quat {
    Quat::from_euler(glam::EulerRot::YXZ, 0.6 * (2.0 * at).sin(), 0.4 * (3.0 * at).cos() - 0.4, 0.3 * at)
}

/// An animation of a figure a third smaller, with a bone that [`avatar`] lacks: rotations and hips in every
/// interpolation, expressions, the gaze. Two seconds.
pub(crate) fn animation(rest: Rest) -> Gltf {
    let mut gltf = Gltf::new();
    let bones = skeleton(&mut gltf, rest, 0.67, &with_upper_chest());
    gltf.json["animations"] = json!([{"channels": [], "samplers": []}]);
    let times: Vec<f32> = (0..9).map(|at| 0.25 * at as f32).collect();
    for (at, (name, node)) in bones.iter().enumerate() {
        if name.ends_with("Eye") {
            continue;
        }
        let local = Quat::from_slice(&gltf.numbers(*node, "rotation"));
        let interpolation = ["LINEAR", "STEP", "CUBICSPLINE"][at % 3];
        let mut values = Vec::new();
        for time in &times {
            let key = local * turn(*time + 0.37 * at as f32);
            let still = [0.0, 0.05, -0.05, 0.02];
            match interpolation {
                "CUBICSPLINE" => values.extend(still.into_iter().chain(key.to_array()).chain(still)),
                _ => values.extend(key.to_array()),
            }
        }
        channel(&mut gltf, *node, "rotation", interpolation, &times, &values);
    }
    let hips = gltf.find("hips");
    let place = Vec3::from_slice(&gltf.numbers(hips, "translation"));
    let path: Vec<f32> = times
        .iter()
        .flat_map(|time| (place + Vec3::new(0.1 * time.sin(), 0.03 * (4.0 * time).cos(), 0.2 * time)).to_array())
        .collect();
    channel(&mut gltf, hips, "translation", "LINEAR", &times, &path);
    let mut expressions = json!({"preset": {}, "custom": {}});
    for (at, (group, name)) in [("preset", "happy"), ("preset", "aa"), ("custom", "wry")].into_iter().enumerate() {
        let node = gltf.node(&format!("expression {name}"), Some(0), [0.0; 3], Quat::IDENTITY);
        let weights: Vec<f32> =
            times.iter().flat_map(|time| [(0.5 + 0.5 * (time + at as f32).sin()).clamp(0.0, 1.0), 0.0, 0.0]).collect();
        channel(&mut gltf, node, "translation", ["LINEAR", "STEP"][at % 2], &times, &weights);
        expressions[group][name] = json!({"node": node});
    }
    let gaze = gltf.node("gaze", Some(0), [0.0; 3], Quat::IDENTITY);
    let directions: Vec<f32> = times
        .iter()
        .flat_map(|time| {
            Quat::from_euler(glam::EulerRot::YXZ, 0.7 * time.sin(), 0.3 * (2.0 * time).cos(), 0.0).to_array()
        })
        .collect();
    channel(&mut gltf, gaze, "rotation", "LINEAR", &times, &directions);
    gltf.json["extensionsUsed"] = json!(["VRMC_vrm_animation"]);
    gltf.json["extensions"] = json!({"VRMC_vrm_animation": {
        "specVersion": "1.0",
        "humanoid": {"humanBones": human_bones(&bones, |name| !name.ends_with("Eye"))},
        "expressions": expressions,
        "lookAt": {"node": gaze, "offsetFromHeadBone": [0.0, 0.06, 0.0]},
    }});
    gltf
}

fn channel(gltf: &mut Gltf, node: usize, path: &str, interpolation: &str, times: &[f32], values: &[f32]) {
    let input = gltf.floats(1, times);
    let output = gltf.floats(if path == "rotation" { 4 } else { 3 }, values);
    let animation = &mut gltf.json["animations"][0];
    let samplers = animation["samplers"].as_array_mut().expect("a list");
    samplers.push(json!({"input": input, "output": output, "interpolation": interpolation}));
    let sampler = samplers.len() - 1;
    let target = json!({"node": node, "path": path});
    animation["channels"].as_array_mut().expect("a list").push(json!({"sampler": sampler, "target": target}));
}
