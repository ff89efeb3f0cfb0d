//! What a frame of an evaluation looks like as JSON.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::vrm::document::Local;
use crate::vrm::runtime::Runtime;

/// The avatar after one update, to be written as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Time of the frame since the start, seconds.
    pub t: f64,
    pub(super) runtime: &'a Runtime,
    /// Nodes to write; all where it is `None`.
    pub(super) nodes: Option<&'a [usize]>,
}

/// The transform of a node against its parent.
#[derive(Serialize)]
struct NodeLocal {
    t: [f32; 3],
    r: [f32; 4],
    s: [f32; 3],
}

impl From<Local> for NodeLocal {
    fn from(local: Local) -> Self {
        Self { t: local.translation.into(), r: local.rotation.into(), s: local.scale.into() }
    }
}

/// Values of a material that expressions move.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct MaterialValues {
    #[serde(flatten)]
    colors: BTreeMap<&'static str, [f32; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    texture_transform: Option<TextureValues>,
}

#[derive(Serialize)]
struct TextureValues {
    scale: [f32; 2],
    offset: [f32; 2],
}

impl Serialize for Frame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("t", &self.t)?;
        map.serialize_entry("expressions", &self.expressions())?;
        map.serialize_entry("morphs", &self.morphs())?;
        map.serialize_entry("nodes", &self.locals())?;
        map.serialize_entry("materials", &self.materials())?;
        map.end()
    }
}

impl<'a> Frame<'a> {
    fn expressions(&self) -> Pairs<impl Iterator<Item = (&'a str, f32)> + Clone> {
        let names = self.runtime.document().expressions.iter().map(|e| e.name.as_str());
        Pairs(names.zip(self.runtime.output().weights.iter().copied()))
    }

    fn morphs(&self) -> Pairs<impl Iterator<Item = (usize, &'a [f32])> + Clone> {
        let nodes = self.nodes;
        let wanted = move |node: usize| nodes.is_none_or(|nodes| nodes.contains(&node));
        let morphs = self.runtime.output().morphs.iter().filter(move |morph| wanted(morph.node));
        Pairs(morphs.map(|morph| (morph.node, morph.weights.as_slice())))
    }

    fn locals(&self) -> BTreeMap<usize, NodeLocal> {
        let local = |node| (node, NodeLocal::from(self.runtime.local(node)));
        match self.nodes {
            Some(nodes) => nodes.iter().copied().map(local).collect(),
            None => (0..self.runtime.document().nodes.len()).map(local).collect(),
        }
    }

    fn materials(&self) -> BTreeMap<usize, MaterialValues> {
        let mut out: BTreeMap<usize, MaterialValues> = BTreeMap::new();
        let output = self.runtime.output();
        for color in &output.colors {
            out.entry(color.material).or_default().colors.insert(color.kind.name(), color.value.into());
        }
        for texture in &output.textures {
            let values = TextureValues { scale: texture.scale.into(), offset: texture.offset.into() };
            out.entry(texture.material).or_default().texture_transform = Some(values);
        }
        out
    }
}

/// Pairs as a JSON object.
struct Pairs<I>(I);

impl<K: Serialize, V: Serialize, I: Iterator<Item = (K, V)> + Clone> Serialize for Pairs<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clone())
    }
}
