//! What the nodes of an animation file stand for: bones, expressions, the gaze.

use serde::Deserialize;
use serde_json::Value;

use crate::vrm::bone::HumanBone;
use crate::vrm::document::Node;
use crate::vrm::expression::{ExpressionName, Preset};
use crate::vrm::finding::{Finding, Findings};
use crate::vrm::schema;
use crate::vrm::validate_humanoid::{is_ancestor, present_parent};

/// More expressions than any avatar has.
const MAX_EXPRESSIONS: usize = 2_000;

/// What a node moves.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    Bone(HumanBone),
    /// Its translation along X is the weight.
    Expression(ExpressionName),
    /// Its rotation is the direction of the gaze.
    LookAt,
}

/// The role of each node.
pub(super) struct Roles {
    pub(super) by_node: Vec<Option<Role>>,
    pub(super) bones: [Option<usize>; HumanBone::COUNT],
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawNodeRef {
    node: Option<usize>,
}

/// Reads the `VRMC_vrm_animation` extension.
pub(super) fn roles(extension: &Value, nodes: &[Node], findings: &mut Findings) -> Roles {
    let mut roles = Roles { by_node: vec![None; nodes.len()], bones: [None; HumanBone::COUNT] };
    roles.take_bones(extension, nodes, findings);
    roles.take_expressions(extension, findings);
    if let Some(look_at) = extension.get("lookAt").filter(|value| !value.is_null()) {
        roles.claim(look_at, Role::LookAt, "VRMC_vrm_animation.lookAt", findings);
    }
    roles
}

impl Roles {
    /// Gives a role to the node that `value` names.
    fn claim(&mut self, value: &Value, role: Role, place: &str, findings: &mut Findings) -> Option<usize> {
        let raw: RawNodeRef = schema::part(Some(value), place, findings);
        let Some((node, slot)) = raw.node.and_then(|node| Some((node, self.by_node.get_mut(node)?))) else {
            findings.push(Finding::error(place, "names no node of the file, dropped"));
            return None;
        };
        if slot.is_some() {
            findings
                .push(Finding::error(place, format!("names node {node}, which stands for something else, dropped")));
            return None;
        }
        *slot = Some(role);
        Some(node)
    }

    fn take_bones(&mut self, extension: &Value, nodes: &[Node], findings: &mut Findings) {
        const PLACE: &str = "VRMC_vrm_animation.humanoid.humanBones";
        let Some(bones) = extension.pointer("/humanoid/humanBones").and_then(Value::as_object) else { return };
        for (name, value) in bones {
            let place = format!("{PLACE}.{name}");
            match HumanBone::from_name(name) {
                None => findings.push(Finding::warning(place, "is not a bone of VRM 1.0, ignored")),
                Some(HumanBone::LeftEye | HumanBone::RightEye) => {
                    findings.push(Finding::error(place, "eyes are animated by lookAt only, dropped"));
                }
                Some(bone) => {
                    self.bones[bone.index()] = self.claim(value, Role::Bone(bone), &place, findings);
                }
            }
        }
        let missing: Vec<_> = HumanBone::ALL
            .iter()
            .filter(|bone| bone.is_required() && self.bones[bone.index()].is_none())
            .map(|bone| bone.name())
            .collect();
        if !missing.is_empty() {
            let message = format!("required bones are missing: {}; they stay at rest", missing.join(", "));
            findings.push(Finding::warning(PLACE, message));
        }
        for &bone in HumanBone::ALL {
            let Some(node) = self.bones[bone.index()] else { continue };
            if let Some((parent, _)) =
                present_parent(bone, &self.bones).filter(|(_, at)| !is_ancestor(nodes, *at, node))
            {
                let message = format!("its node does not stand below the node of {}", parent.name());
                findings.push(Finding::warning(format!("{PLACE}.{}", bone.name()), message));
            }
        }
    }

    fn take_expressions(&mut self, extension: &Value, findings: &mut Findings) {
        let mut count = 0;
        for group in ["preset", "custom"] {
            let Some(items) = extension.pointer(&format!("/expressions/{group}")).and_then(Value::as_object) else {
                continue;
            };
            for (name, value) in items {
                let place = format!("VRMC_vrm_animation.expressions.{group}.{name}");
                let name = match (group, Preset::from_name(name)) {
                    ("preset", None) => {
                        findings.push(Finding::warning(&place, "is not a preset of VRM 1.0, read as custom"));
                        ExpressionName::Custom(name.clone())
                    }
                    ("custom", Some(_)) => {
                        findings.push(Finding::error(place, "has the name of a preset, dropped"));
                        continue;
                    }
                    (_, Some(preset)) => ExpressionName::Preset(preset),
                    (_, None) => ExpressionName::Custom(name.clone()),
                };
                if name.is_look_at() {
                    findings.push(Finding::error(place, "look expressions are animated by lookAt only, dropped"));
                    continue;
                }
                count += 1;
                if count > MAX_EXPRESSIONS {
                    findings.push(Finding::error(place, format!("more than {MAX_EXPRESSIONS} expressions, dropped")));
                    return;
                }
                self.claim(value, Role::Expression(name), &place, findings);
            }
        }
    }
}
