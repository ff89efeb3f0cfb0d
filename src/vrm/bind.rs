//! What expressions move: morph weights, material colors, texture transforms, summed over all expressions into
//! buffers that are laid out once.

use std::collections::HashMap;

use glam::{Vec2, Vec4};

use super::document::Document;
use super::expression::ColorKind;

/// Morph weights of one node, in the order of its mesh's targets.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeMorphs {
    /// Node index.
    pub node: usize,
    /// All weights. Those of targets that no expression names keep their rest value.
    pub weights: Vec<f32>,
}

/// A material color as it is now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaterialColor {
    /// Material index.
    pub material: usize,
    /// Which of its colors.
    pub kind: ColorKind,
    /// Linear; for rgb colors w is 1.
    pub value: Vec4,
}

/// A texture transform as it is now; it holds for all textures of the material but the matcap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextureTransform {
    /// Material index.
    pub material: usize,
    /// Scale.
    pub scale: Vec2,
    /// Offset.
    pub offset: Vec2,
}

/// Everything that expressions move, by slot, with the binds that lead there.
#[derive(Debug, Clone)]
pub(super) struct Binds {
    pub(super) morphs: Vec<NodeMorphs>,
    pub(super) colors: Vec<MaterialColor>,
    pub(super) textures: Vec<TextureTransform>,
    /// Expression, slot in `morphs`, target, weight.
    morph_binds: Vec<(usize, usize, usize, f32)>,
    /// Expression, slot in `colors`, difference to the rest value.
    color_binds: Vec<(usize, usize, Vec4)>,
    color_rest: Vec<Vec4>,
    /// Expression, slot in `textures`, difference to the rest values.
    texture_binds: Vec<(usize, usize, Vec2, Vec2)>,
    texture_rest: Vec<(Vec2, Vec2)>,
}

impl Binds {
    pub(super) fn new(document: &Document) -> Self {
        let mut out = Self {
            morphs: Vec::new(),
            colors: Vec::new(),
            textures: Vec::new(),
            morph_binds: Vec::new(),
            color_binds: Vec::new(),
            color_rest: Vec::new(),
            texture_binds: Vec::new(),
            texture_rest: Vec::new(),
        };
        let (mut by_node, mut by_color, mut by_texture) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (at, expression) in document.expressions.iter().enumerate() {
            for bind in &expression.morphs {
                let slot = *by_node.entry(bind.node).or_insert_with(|| {
                    let weights = document.nodes[bind.node].morph_weights.clone();
                    out.morphs.push(NodeMorphs { node: bind.node, weights });
                    out.morphs.len() - 1
                });
                out.morph_binds.push((at, slot, bind.index, bind.weight));
            }
            for bind in &expression.colors {
                let rest = document.materials[bind.material].colors[bind.kind.index()];
                let slot = *by_color.entry((bind.material, bind.kind)).or_insert_with(|| {
                    out.colors.push(MaterialColor { material: bind.material, kind: bind.kind, value: rest });
                    out.color_rest.push(rest);
                    out.colors.len() - 1
                });
                let mut difference = bind.target - rest;
                if bind.kind != ColorKind::Color {
                    difference.w = 0.0;
                }
                out.color_binds.push((at, slot, difference));
            }
            for bind in &expression.textures {
                let material = &document.materials[bind.material];
                let (scale, offset) = (material.texture_scale, material.texture_offset);
                let slot = *by_texture.entry(bind.material).or_insert_with(|| {
                    out.textures.push(TextureTransform { material: bind.material, scale, offset });
                    out.texture_rest.push((scale, offset));
                    out.textures.len() - 1
                });
                out.texture_binds.push((at, slot, bind.scale - scale, bind.offset - offset));
            }
        }
        out
    }

    /// Sums all binds up for the output weights of the expressions.
    pub(super) fn apply(&mut self, outputs: &[f32]) {
        for &(_, slot, target, _) in &self.morph_binds {
            self.morphs[slot].weights[target] = 0.0;
        }
        for &(expression, slot, target, weight) in &self.morph_binds {
            self.morphs[slot].weights[target] += outputs[expression] * weight;
        }
        for (color, rest) in self.colors.iter_mut().zip(&self.color_rest) {
            color.value = *rest;
        }
        for &(expression, slot, difference) in &self.color_binds {
            self.colors[slot].value += difference * outputs[expression];
        }
        for (texture, (scale, offset)) in self.textures.iter_mut().zip(&self.texture_rest) {
            (texture.scale, texture.offset) = (*scale, *offset);
        }
        for &(expression, slot, scale, offset) in &self.texture_binds {
            self.textures[slot].scale += scale * outputs[expression];
            self.textures[slot].offset += offset * outputs[expression];
        }
    }
}
