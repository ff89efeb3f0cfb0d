//! The binary chunk with its views and accessors.

use glam::Vec3;
use serde_json::{Value, json};

/// Component types of glTF.
const U8: u32 = 5121;
const U16: u32 = 5123;
const U32: u32 = 5125;
const F32: u32 = 5126;

/// What a view is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Vertex attributes.
    Vertices = 34962,
    /// Indices of triangles.
    Indices = 34963,
}

#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Buffer {
    /// Index of a new view.
    pub(super) fn view(&mut self, bytes: &[u8], target: Option<Target>) -> usize {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let mut view = json!({"buffer": 0, "byteOffset": self.bytes.len(), "byteLength": bytes.len()});
        if let Some(target) = target {
            view["target"] = json!(target as u32);
        }
        self.bytes.extend_from_slice(bytes);
        self.views.push(view);
        self.views.len() - 1
    }

    fn accessor(&mut self, accessor: Value) -> usize {
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    /// Floats; with bounds where the standard asks for them.
    pub(super) fn floats(&mut self, values: &[f32], kind: &str, target: Option<Target>, has_bounds: bool) -> usize {
        let width = match kind {
            "VEC2" => 2,
            "VEC3" => 3,
            "VEC4" => 4,
            "MAT4" => 16,
            _ => 1,
        };
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let view = self.view(&bytes, target);
        let mut accessor =
            json!({"bufferView": view, "componentType": F32, "count": values.len() / width, "type": kind});
        if has_bounds {
            let bound = |start: f32, pick: fn(f32, f32) -> f32| -> Vec<f32> {
                (0..width).map(|k| values.iter().skip(k).step_by(width).copied().fold(start, pick)).collect()
            };
            accessor["min"] = json!(bound(f32::INFINITY, f32::min));
            accessor["max"] = json!(bound(f32::NEG_INFINITY, f32::max));
        }
        self.accessor(accessor)
    }

    /// Indices of triangles, in two bytes where they fit.
    pub(super) fn indices(&mut self, triangles: &[[u32; 3]], vertices: usize) -> usize {
        let flat = triangles.iter().flatten();
        let (bytes, component): (Vec<u8>, u32) = if vertices < usize::from(u16::MAX) {
            (flat.flat_map(|index| (*index as u16).to_le_bytes()).collect(), U16)
        } else {
            (flat.flat_map(|index| index.to_le_bytes()).collect(), U32)
        };
        let view = self.view(&bytes, Some(Target::Indices));
        let count = triangles.len() * 3;
        self.accessor(json!({"bufferView": view, "componentType": component, "count": count, "type": "SCALAR"}))
    }

    /// Joints of vertices, in a byte each where they fit.
    pub(super) fn joints(&mut self, joints: &[[u16; 4]]) -> usize {
        let fits = joints.iter().flatten().all(|joint| *joint <= u16::from(u8::MAX));
        let (bytes, component): (Vec<u8>, u32) = if fits {
            (joints.iter().flatten().map(|joint| *joint as u8).collect(), U8)
        } else {
            (joints.iter().flatten().flat_map(|joint| joint.to_le_bytes()).collect(), U16)
        };
        let view = self.view(&bytes, Some(Target::Vertices));
        let count = joints.len();
        self.accessor(json!({"bufferView": view, "componentType": component, "count": count, "type": "VEC4"}))
    }

    /// Bytes that stand for 0..=1: weights and colors.
    pub(super) fn shares(&mut self, values: &[[u8; 4]]) -> usize {
        let bytes: Vec<u8> = values.iter().flatten().copied().collect();
        let view = self.view(&bytes, Some(Target::Vertices));
        let count = values.len();
        self.accessor(
            json!({"bufferView": view, "componentType": U8, "normalized": true, "count": count, "type": "VEC4"}),
        )
    }

    /// Vectors most of which are zero. There is always at least one that is stored: an empty list is not allowed.
    pub(super) fn sparse(&mut self, count: usize, values: &[(u32, Vec3)]) -> usize {
        let nothing = [(0, Vec3::ZERO)];
        let values = if values.is_empty() { &nothing } else { values };
        let is_small = count <= usize::from(u16::MAX);
        let indices: Vec<u8> = values
            .iter()
            .flat_map(
                |(index, _)| {
                    if is_small { (*index as u16).to_le_bytes().to_vec() } else { index.to_le_bytes().to_vec() }
                },
            )
            .collect();
        let vectors: Vec<u8> = values.iter().flat_map(|(_, v)| v.to_array()).flat_map(f32::to_le_bytes).collect();
        // Where some are not stored, zero counts, too.
        let start = if values.len() < count { Vec3::ZERO } else { values[0].1 };
        let (low, high) =
            values.iter().fold((start, start), |(low, high), (_, vector)| (low.min(*vector), high.max(*vector)));
        let (indices, vectors) = (self.view(&indices, None), self.view(&vectors, None));
        self.accessor(json!({
            "componentType": F32, "count": count, "type": "VEC3", "min": low.to_array(), "max": high.to_array(),
            "sparse": {
                "count": values.len(),
                "indices": {"bufferView": indices, "componentType": if is_small { U16 } else { U32 }},
                "values": {"bufferView": vectors},
            },
        }))
    }

    /// Puts views, accessors and the buffer into the document; gives the bytes.
    pub(super) fn finish(mut self, document: &mut Value) -> Vec<u8> {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        document["accessors"] = Value::Array(self.accessors);
        document["bufferViews"] = Value::Array(self.views);
        document["buffers"] = json!([{"byteLength": self.bytes.len()}]);
        self.bytes
    }
}
