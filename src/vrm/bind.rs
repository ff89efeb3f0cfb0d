//! What expressions move: morph weights, material colors, texture transforms, summed over all expressions into
//! buffers that are laid out once.

use std::collections::{HashMap, HashSet};

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

/// Everything that expressions move, at rest.
#[derive(Debug, Clone, Default)]
pub(super) struct Moved {
    pub(super) morphs: Vec<NodeMorphs>,
    pub(super) colors: Vec<MaterialColor>,
    pub(super) textures: Vec<TextureTransform>,
}

/// The binds that lead from expressions to what they move, in flat lists in order of the expressions.
#[derive(Debug, Clone, Default)]
pub(super) struct Binds {
    /// Where the binds of each expression end in the lists below.
    ends: Vec<Ends>,
    /// Slot in `morphs`, target, weight.
    morphs: Vec<(usize, usize, f32)>,
    /// Slot in `colors`, difference to the rest value.
    colors: Vec<(usize, Vec4)>,
    /// Slot in `textures`, difference to the rest values.
    textures: Vec<(usize, Vec2, Vec2)>,
    /// Every slot and target that some expression names, once.
    touched: Vec<(usize, usize)>,
    color_rest: Vec<Vec4>,
    texture_rest: Vec<(Vec2, Vec2)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    morphs: usize,
    colors: usize,
    textures: usize,
}

impl Binds {
    /// The binds of a document, with what they move at rest.
    pub(super) fn new(document: &Document) -> (Self, Moved) {
        let (mut out, mut moved) = (Self::default(), Moved::default());
        let (mut by_node, mut by_color, mut by_texture) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut touched = HashSet::new();
        for expression in &document.expressions {
            for bind in &expression.morphs {
                let slot = *by_node.entry(bind.node).or_insert_with(|| {
                    let weights = document.nodes[bind.node].morph_weights.clone();
                    moved.morphs.push(NodeMorphs { node: bind.node, weights });
                    moved.morphs.len() - 1
                });
                out.morphs.push((slot, bind.index, bind.weight));
                if touched.insert((slot, bind.index)) {
                    out.touched.push((slot, bind.index));
                }
            }
            for bind in &expression.colors {
                let rest = document.materials[bind.material].colors[bind.kind.index()];
                let slot = *by_color.entry((bind.material, bind.kind)).or_insert_with(|| {
                    moved.colors.push(MaterialColor { material: bind.material, kind: bind.kind, value: rest });
                    out.color_rest.push(rest);
                    moved.colors.len() - 1
                });
                let mut difference = bind.target - rest;
                if bind.kind != ColorKind::Color {
                    difference.w = 0.0;
                }
                out.colors.push((slot, difference));
            }
            for bind in &expression.textures {
                let material = &document.materials[bind.material];
                let (scale, offset) = (material.texture_scale, material.texture_offset);
                let slot = *by_texture.entry(bind.material).or_insert_with(|| {
                    moved.textures.push(TextureTransform { material: bind.material, scale, offset });
                    out.texture_rest.push((scale, offset));
                    moved.textures.len() - 1
                });
                out.textures.push((slot, bind.scale - scale, bind.offset - offset));
            }
            let Self { morphs, colors, textures, .. } = &out;
            out.ends.push(Ends { morphs: morphs.len(), colors: colors.len(), textures: textures.len() });
        }
        (out, moved)
    }

    /// Sums all binds up for the output weights of the expressions.
    pub(super) fn apply(
        &self,
        weights: &[f32],
        morphs: &mut [NodeMorphs],
        colors: &mut [MaterialColor],
        textures: &mut [TextureTransform],
    ) {
        for &(slot, target) in &self.touched {
            morphs[slot].weights[target] = 0.0;
        }
        for (color, rest) in colors.iter_mut().zip(&self.color_rest) {
            color.value = *rest;
        }
        for (texture, (scale, offset)) in textures.iter_mut().zip(&self.texture_rest) {
            (texture.scale, texture.offset) = (*scale, *offset);
        }
        let mut start = Ends::default();
        for (&end, &weight) in self.ends.iter().zip(weights) {
            // Most expressions do not show.
            if weight != 0.0 {
                for &(slot, target, full) in &self.morphs[start.morphs..end.morphs] {
                    morphs[slot].weights[target] += weight * full;
                }
                for &(slot, difference) in &self.colors[start.colors..end.colors] {
                    colors[slot].value += difference * weight;
                }
                for &(slot, scale, offset) in &self.textures[start.textures..end.textures] {
                    textures[slot].scale += scale * weight;
                    textures[slot].offset += offset * weight;
                }
            }
            start = end;
        }
    }
}
