//! Expressions out of the names of morph targets: ARKit blend shapes, the visemes of Oculus, the shapes of VRoid, and
//! plain words.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::vrm::arkit::VISEME_TO_SHAPE;
use crate::vrm::blend_shape::BlendShape as S;
use crate::vrm::expression::{Preset, VISEMES};
use crate::vrm::scene_graph::SceneGraph;

/// More morph targets than any avatar has, counted once for every node that shows them.
const MAX_TARGETS: usize = 100_000;

/// A morph target of a node.
type Target = (usize, usize);

/// All morph targets of all nodes, by simplified name.
pub(super) struct Morphs(BTreeMap<String, Vec<Target>>);

impl Morphs {
    pub(super) fn read(json: &Value, graph: &SceneGraph) -> Self {
        let mut out: BTreeMap<String, Vec<Target>> = BTreeMap::new();
        let mut total = 0_usize;
        for (mesh, value) in json.get("meshes").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let names =
                value.pointer("/extras/targetNames").or_else(|| value.pointer("/primitives/0/extras/targetNames"));
            for (target, name) in names.and_then(Value::as_array).into_iter().flatten().enumerate() {
                let nodes = graph.nodes_of_mesh(mesh);
                total = total.saturating_add(nodes.len());
                let Some(name) = name.as_str().map(simplify).filter(|_| total <= MAX_TARGETS) else { continue };
                out.entry(name).or_default().extend(nodes.iter().map(|node| (*node, target)));
            }
        }
        Self(out)
    }

    fn get(&self, name: &str) -> &[Target] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The targets of an ARKit blend shape.
    fn shape(&self, shape: S) -> &[Target] {
        self.get(&shape.name().to_ascii_lowercase())
    }

    /// Whether eyes can be turned by blend shapes.
    pub(super) fn can_look(&self) -> bool {
        [S::EyeLookUpLeft, S::EyeLookDownLeft, S::EyeLookInLeft, S::EyeLookOutLeft]
            .into_iter()
            .all(|shape| !self.shape(shape).is_empty())
    }

    /// The object `expressions` of 1.0.
    pub(super) fn expressions(&self) -> Value {
        let (mut presets, mut customs) = (Map::new(), Map::new());
        for &shape in S::ALL {
            let binds = binds(self.shape(shape), 1.0);
            if !binds.is_empty() {
                customs.insert(shape.name().to_owned(), json!({"morphTargetBinds": binds}));
            }
        }
        for &(preset, names) in BY_NAME {
            let own = names.iter().map(|name| self.get(name)).find(|targets| !targets.is_empty());
            let binds = match own {
                Some(targets) => binds(targets, 1.0),
                None => self.mixed(preset),
            };
            if !binds.is_empty() {
                presets.insert(preset.name().to_owned(), json!({"morphTargetBinds": binds}));
            }
        }
        json!({"preset": presets, "custom": customs})
    }

    /// A preset mixed from blend shapes. Nothing unless its first shape is there.
    fn mixed(&self, preset: Preset) -> Vec<Value> {
        let mix: Vec<(S, f32)> = match VISEMES.iter().position(|viseme| *viseme == preset) {
            Some(at) => VISEME_TO_SHAPE.iter().filter(|(v, ..)| *v == at).map(|&(_, s, gain)| (s, gain)).collect(),
            None => MIXES.iter().filter(|(of, ..)| *of == preset).map(|&(_, s, gain)| (s, gain)).collect(),
        };
        let there = mix.first().is_some_and(|(shape, _)| !self.shape(*shape).is_empty());
        mix.into_iter().filter(|_| there).flat_map(|(shape, gain)| binds(self.shape(shape), gain)).collect()
    }
}

fn binds(targets: &[Target], weight: f32) -> Vec<Value> {
    targets.iter().map(|(node, index)| json!({"node": node, "index": index, "weight": weight})).collect()
}

/// Small letters without separators; `_L` and `_R` at the end written out. What stands before a dot names the mesh.
fn simplify(name: &str) -> String {
    let name = name.rsplit('.').next().unwrap_or(name);
    let side = [("_L", "left"), ("_R", "right"), ("_l", "left"), ("_r", "right")]
        .into_iter()
        .find_map(|(short, long)| Some((name.strip_suffix(short)?, long)));
    let (stem, side) = side.unwrap_or((name, ""));
    let mut out: String = stem.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    out.push_str(side);
    out
}

/// Names of morph targets that are a preset by themselves.
const BY_NAME: &[(Preset, &[&str])] = &[
    (Preset::Happy, &["happy", "joy", "smile", "mouthsmile", "fclalljoy"]),
    (Preset::Angry, &["angry", "anger", "fclallangry"]),
    (Preset::Sad, &["sad", "sorrow", "fclallsorrow"]),
    (Preset::Relaxed, &["relaxed", "fun", "fclallfun"]),
    (Preset::Surprised, &["surprised", "surprise", "fclallsurprised"]),
    (Preset::Aa, &["aa", "visemeaa", "vaa", "fclmtha", "mouthopen"]),
    (Preset::Ih, &["ih", "visemei", "visemeih", "vih", "fclmthi"]),
    (Preset::Ou, &["ou", "visemeu", "visemeou", "vou", "fclmthu"]),
    (Preset::Ee, &["ee", "visemee", "visemeeh", "vee", "fclmthe"]),
    (Preset::Oh, &["oh", "visemeo", "visemeoh", "voh", "fclmtho"]),
    (Preset::Blink, &["blink", "eyesclosed", "eyeblink", "fcleyeclose"]),
    (Preset::BlinkLeft, &["blinkleft", "eyeblinkleft", "fcleyecloseleft"]),
    (Preset::BlinkRight, &["blinkright", "eyeblinkright", "fcleyecloseright"]),
    (Preset::LookUp, &["lookup"]),
    (Preset::LookDown, &["lookdown"]),
    (Preset::LookLeft, &["lookleft"]),
    (Preset::LookRight, &["lookright"]),
];

/// Preset, blend shape, gain.
const MIXES: &[(Preset, S, f32)] = &[
    (Preset::Happy, S::MouthSmileLeft, 0.7),
    (Preset::Happy, S::MouthSmileRight, 0.7),
    (Preset::Happy, S::CheekSquintLeft, 0.4),
    (Preset::Happy, S::CheekSquintRight, 0.4),
    (Preset::Angry, S::BrowDownLeft, 0.8),
    (Preset::Angry, S::BrowDownRight, 0.8),
    (Preset::Angry, S::MouthFrownLeft, 0.4),
    (Preset::Angry, S::MouthFrownRight, 0.4),
    (Preset::Sad, S::BrowInnerUp, 0.7),
    (Preset::Sad, S::MouthFrownLeft, 0.6),
    (Preset::Sad, S::MouthFrownRight, 0.6),
    (Preset::Relaxed, S::MouthSmileLeft, 0.3),
    (Preset::Relaxed, S::MouthSmileRight, 0.3),
    (Preset::Relaxed, S::EyeSquintLeft, 0.2),
    (Preset::Relaxed, S::EyeSquintRight, 0.2),
    (Preset::Surprised, S::EyeWideLeft, 0.8),
    (Preset::Surprised, S::EyeWideRight, 0.8),
    (Preset::Surprised, S::BrowInnerUp, 0.6),
    (Preset::Surprised, S::BrowOuterUpLeft, 0.6),
    (Preset::Surprised, S::BrowOuterUpRight, 0.6),
    (Preset::Surprised, S::JawOpen, 0.25),
    (Preset::Blink, S::EyeBlinkLeft, 1.0),
    (Preset::Blink, S::EyeBlinkRight, 1.0),
    (Preset::LookUp, S::EyeLookUpLeft, 1.0),
    (Preset::LookUp, S::EyeLookUpRight, 1.0),
    (Preset::LookDown, S::EyeLookDownLeft, 1.0),
    (Preset::LookDown, S::EyeLookDownRight, 1.0),
    (Preset::LookLeft, S::EyeLookOutLeft, 1.0),
    (Preset::LookLeft, S::EyeLookInRight, 1.0),
    (Preset::LookRight, S::EyeLookInLeft, 1.0),
    (Preset::LookRight, S::EyeLookOutRight, 1.0),
];
