//! The numbers behind accessors, decoded and range-checked: plain, normalized, strided and sparse ones. Whatever
//! does not fit gives nothing instead of a panic.

use serde_json::Value;

use super::finding::Findings;
use super::schema::{self, RawAccessor, RawBuffer, RawBufferView, RawSparse};

/// More values than any accessor of an avatar has: one without data could otherwise ask for all memory.
const MAX_VALUES: usize = 1 << 26;

/// Reads accessors out of the binary chunk of a file.
pub(super) struct AccessorData<'a> {
    accessors: Vec<RawAccessor>,
    normalized: Vec<bool>,
    views: Vec<View<'a>>,
}

/// The bytes of a buffer view; none where it lies outside the file.
struct View<'a> {
    bytes: Option<&'a [u8]>,
    stride: Option<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Component {
    I8,
    U8,
    I16,
    U16,
    U32,
    F32,
}

impl<'a> AccessorData<'a> {
    /// Takes the lists of a document together with its binary chunk. Complaints are left to the checks that run
    /// before: see [`super::accessor::read`].
    pub(super) fn new(json: &Value, binary: &'a [u8]) -> Self {
        let silent = &mut Findings::default();
        let buffers: Vec<RawBuffer> = schema::list(json, "buffers", silent);
        let inside = buffers.first().is_some_and(|buffer| buffer.uri.is_none());
        let views: Vec<RawBufferView> = schema::list(json, "bufferViews", silent);
        let views = views
            .into_iter()
            .map(|view| View {
                bytes: (inside && view.buffer == 0)
                    .then(|| slice(binary, view.byte_offset, view.byte_length))
                    .flatten(),
                stride: view.byte_stride.and_then(|stride| usize::try_from(stride).ok()),
            })
            .collect();
        let accessors: Vec<RawAccessor> = schema::list(json, "accessors", silent);
        let normalized = (0..accessors.len())
            .map(|at| json["accessors"][at].get("normalized").and_then(Value::as_bool).unwrap_or(false))
            .collect();
        Self { accessors, normalized, views }
    }

    /// How many components an element of the accessor has: 1 for `SCALAR`, 3 for `VEC3`.
    pub(super) fn components(&self, index: usize) -> Option<usize> {
        components(&self.accessors.get(index)?.kind)
    }

    /// All components one after the other as floats; normalized integers as -1..=1 or 0..=1.
    pub(super) fn floats(&self, index: usize) -> Option<Vec<f32>> {
        let normalized = *self.normalized.get(index)?;
        self.decode(index, 0.0, |component, bytes| component.float(bytes, normalized))
    }

    /// All components one after the other as unsigned integers: triangle corners, joints. Nothing for signed
    /// integers and floats.
    pub(super) fn indices(&self, index: usize) -> Option<Vec<u32>> {
        self.decode(index, 0, Component::unsigned)
    }

    fn decode<T: Copy>(&self, index: usize, zero: T, value: impl Fn(Component, &[u8]) -> Option<T>) -> Option<Vec<T>> {
        let accessor = self.accessors.get(index)?;
        let width = components(&accessor.kind)?;
        let component = Component::from_code(accessor.component_type)?;
        // Columns of small matrices are padded; nothing in an avatar has them.
        if accessor.kind.starts_with("MAT") && component != Component::F32 {
            return None;
        }
        let count = usize::try_from(accessor.count).ok()?;
        let total = count.checked_mul(width).filter(|total| *total <= MAX_VALUES)?;
        let mut out = match accessor.buffer_view {
            Some(view) => {
                let elements = self.elements(view, accessor.byte_offset, count, width * component.bytes())?;
                let mut out = Vec::with_capacity(total);
                for element in elements {
                    for bytes in element.chunks_exact(component.bytes()) {
                        out.push(value(component, bytes)?);
                    }
                }
                out
            }
            None => vec![zero; total],
        };
        if let Some(sparse) = &accessor.sparse {
            self.overlay(sparse, component, width, &mut out, value)?;
        }
        Some(out)
    }

    /// Replaces the elements that a sparse accessor names.
    fn overlay<T: Copy>(
        &self,
        sparse: &RawSparse,
        component: Component,
        width: usize,
        out: &mut [T],
        value: impl Fn(Component, &[u8]) -> Option<T>,
    ) -> Option<()> {
        let count = usize::try_from(sparse.count).ok()?;
        let index = Component::from_code(sparse.indices.component_type)?;
        let at = self.elements(sparse.indices.buffer_view, sparse.indices.byte_offset, count, index.bytes())?;
        let element = width * component.bytes();
        let values = self.elements(sparse.values.buffer_view, sparse.values.byte_offset, count, element)?;
        for (at, element) in at.zip(values) {
            let start = usize::try_from(index.unsigned(at)?).ok()?.checked_mul(width)?;
            let target = out.get_mut(start..start.checked_add(width)?)?;
            for (slot, bytes) in target.iter_mut().zip(element.chunks_exact(component.bytes())) {
                *slot = value(component, bytes)?;
            }
        }
        Some(())
    }

    /// The bytes of each element.
    fn elements(&self, view: usize, offset: u64, count: usize, size: usize) -> Option<impl Iterator<Item = &'a [u8]>> {
        let view = self.views.get(view)?;
        let bytes: &'a [u8] = view.bytes?;
        let offset = usize::try_from(offset).ok()?;
        let stride = view.stride.unwrap_or(size).max(size);
        if let Some(last) = count.checked_sub(1) {
            let end = last.checked_mul(stride)?.checked_add(offset)?.checked_add(size)?;
            bytes.get(..end)?;
        }
        Some((0..count).map_while(move |at| bytes.get(offset + at * stride..)?.get(..size)))
    }
}

impl Component {
    fn from_code(code: u32) -> Option<Self> {
        match code {
            5120 => Some(Self::I8),
            5121 => Some(Self::U8),
            5122 => Some(Self::I16),
            5123 => Some(Self::U16),
            5125 => Some(Self::U32),
            5126 => Some(Self::F32),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::U32 | Self::F32 => 4,
        }
    }

    fn float(self, bytes: &[u8], normalized: bool) -> Option<f32> {
        let (value, most) = match self {
            Self::I8 => (f32::from(i8::from_le_bytes(bytes.try_into().ok()?)), 127.0),
            Self::U8 => (f32::from(*bytes.first()?), 255.0),
            Self::I16 => (f32::from(i16::from_le_bytes(bytes.try_into().ok()?)), 32_767.0),
            Self::U16 => (f32::from(u16::from_le_bytes(bytes.try_into().ok()?)), 65_535.0),
            Self::U32 => (u32::from_le_bytes(bytes.try_into().ok()?) as f32, u32::MAX as f32),
            Self::F32 => return Some(f32::from_le_bytes(bytes.try_into().ok()?)),
        };
        Some(if normalized { (value / most).max(-1.0) } else { value })
    }

    fn unsigned(self, bytes: &[u8]) -> Option<u32> {
        match self {
            Self::U8 => Some(u32::from(*bytes.first()?)),
            Self::U16 => Some(u32::from(u16::from_le_bytes(bytes.try_into().ok()?))),
            Self::U32 => Some(u32::from_le_bytes(bytes.try_into().ok()?)),
            Self::I8 | Self::I16 | Self::F32 => None,
        }
    }
}

fn components(kind: &str) -> Option<usize> {
    match kind {
        "SCALAR" => Some(1),
        "VEC2" => Some(2),
        "VEC3" => Some(3),
        "VEC4" | "MAT2" => Some(4),
        "MAT3" => Some(9),
        "MAT4" => Some(16),
        _ => None,
    }
}

fn slice(bytes: &[u8], offset: u64, length: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn document(accessor: Value, stride: Option<u64>) -> Value {
        let mut view = json!({"buffer": 0, "byteOffset": 4, "byteLength": 32});
        if let Some(stride) = stride {
            view["byteStride"] = json!(stride);
        }
        json!({"buffers": [{"byteLength": 36}], "bufferViews": [view], "accessors": [accessor]})
    }

    fn binary() -> Vec<u8> {
        (0..36).collect()
    }

    #[test]
    fn floats_are_read_as_they_stand() {
        let mut bytes = vec![0; 4];
        for value in [1.5_f32, -2.0, f32::NAN, 4.0] {
            bytes.extend(value.to_le_bytes());
        }
        bytes.resize(36, 0);
        let json = document(json!({"bufferView": 0, "componentType": 5126, "type": "VEC2", "count": 2}), None);
        let read = AccessorData::new(&json, &bytes).floats(0).unwrap_or_default();
        assert!(read[0] == 1.5 && read[1] == -2.0 && read[2].is_nan() && read[3] == 4.0, "{read:?}");
    }

    #[test]
    fn integers_are_normalized_only_where_the_file_says_so() {
        for (code, normalized, expected) in [
            (5121, false, vec![4.0, 5.0]),
            (5121, true, vec![4.0 / 255.0, 5.0 / 255.0]),
            (5120, true, vec![4.0 / 127.0, 5.0 / 127.0]),
            (5123, true, vec![f32::from(0x0504_u16) / 65_535.0, f32::from(0x0706_u16) / 65_535.0]),
        ] {
            let json = document(
                json!({"bufferView": 0, "componentType": code, "normalized": normalized, "type": "SCALAR", "count": 2}),
                None,
            );
            assert_eq!(AccessorData::new(&json, &binary()).floats(0), Some(expected));
        }
        let bytes = vec![0x80; 36];
        let json = document(
            json!({"bufferView": 0, "componentType": 5120, "normalized": true, "type": "SCALAR", "count": 1}),
            None,
        );
        assert_eq!(AccessorData::new(&json, &bytes).floats(0), Some(vec![-1.0]), "-128 counts as -127");
    }

    #[test]
    fn strides_and_offsets_are_honored() {
        let json = document(
            json!({"bufferView": 0, "byteOffset": 2, "componentType": 5121, "type": "VEC2", "count": 3}),
            Some(8),
        );
        assert_eq!(AccessorData::new(&json, &binary()).indices(0), Some(vec![6, 7, 14, 15, 22, 23]));
    }

    #[test]
    fn sparse_values_replace_elements() {
        let accessor = json!({"componentType": 5123, "type": "SCALAR", "count": 4, "sparse": {
            "count": 2,
            "indices": {"bufferView": 0, "byteOffset": 0, "componentType": 5121},
            "values": {"bufferView": 0, "byteOffset": 4},
        }});
        let mut bytes = vec![0; 36];
        (bytes[4], bytes[5], bytes[8], bytes[10]) = (1, 3, 7, 9);
        let json = document(accessor, None);
        assert_eq!(AccessorData::new(&json, &bytes).indices(0), Some(vec![0, 7, 0, 9]));
        bytes[5] = 4;
        assert_eq!(AccessorData::new(&json, &bytes).indices(0), None, "an element that does not exist");
    }

    #[test]
    fn what_is_not_there_is_not_read() {
        let scalar = |count: u64| json!({"bufferView": 0, "componentType": 5121, "type": "SCALAR", "count": count});
        assert!(AccessorData::new(&document(scalar(32), None), &binary()).indices(0).is_some());
        assert!(AccessorData::new(&document(scalar(33), None), &binary()).indices(0).is_none());
        assert!(AccessorData::new(&document(scalar(1), None), &[]).indices(0).is_none());
        assert!(AccessorData::new(&document(scalar(1), None), &binary()).indices(1).is_none());
        let huge = json!({"componentType": 5126, "type": "VEC3", "count": u64::MAX});
        assert!(AccessorData::new(&document(huge, None), &binary()).floats(0).is_none());
        let mut outside = document(scalar(1), None);
        outside["buffers"][0]["uri"] = json!("elsewhere.bin");
        assert!(AccessorData::new(&outside, &binary()).indices(0).is_none());
    }

    proptest! {
        #[test]
        fn any_layout_is_safe(
            offset in any::<u64>(), count in 0_u64..200, stride in proptest::option::of(0_u64..300), code in 5119_u32..5128,
            kind in "SCALAR|VEC2|VEC3|VEC4|MAT2|MAT3|MAT4|X", near in any::<bool>(), sparse in 0_u64..4,
        ) {
            let offset = if near { offset % 40 } else { offset };
            let accessor = json!({
                "bufferView": 0, "byteOffset": offset, "componentType": code, "type": kind, "count": count,
                "sparse": {"count": sparse, "indices": {"bufferView": 0, "componentType": 5121}, "values": {"bufferView": 0}},
            });
            let bytes = binary();
            let json = document(accessor, stride);
            let data = AccessorData::new(&json, &bytes);
            if let Some(values) = data.floats(0) {
                prop_assert_eq!(Some(values.len()), data.components(0).map(|width| width * count as usize));
            }
            let _ = data.indices(0);
        }
    }
}
