//! A part as a mesh.

use glam::Vec3;
use serde_json::{Value, json};

use super::buffer::{Buffer, Target};
use super::{METER, Space};
use crate::forge::part::Part;

/// Smaller movements are not stored, meters.
const LEAST_POSITION: f32 = 1.0e-5;
/// Smaller turns of normals are not stored.
const LEAST_NORMAL: f32 = 2.5e-2;

pub(super) fn write(
    part: &Part,
    material: usize,
    joints: usize,
    space: Space,
    buffer: &mut Buffer,
) -> Result<Value, String> {
    check(part, joints)?;
    let flat = |points: &mut dyn Iterator<Item = Vec3>| points.flat_map(|point| point.to_array()).collect::<Vec<f32>>();
    let positions = flat(&mut part.positions.iter().map(|point| space.place(*point)));
    let normals = flat(&mut part.normals.iter().map(|normal| normal.normalize_or(Vec3::Y)));
    let target = Some(Target::Vertices);
    let mut attributes = json!({
        "POSITION": buffer.floats(&positions, "VEC3", target, true),
        "NORMAL": buffer.floats(&normals, "VEC3", target, false),
    });
    if !part.uvs.is_empty() {
        let uvs: Vec<f32> = part.uvs.iter().flat_map(|uv| uv.to_array()).collect();
        attributes["TEXCOORD_0"] = json!(buffer.floats(&uvs, "VEC2", target, false));
    }
    if !part.colors.is_empty() {
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        let colors: Vec<[u8; 4]> = part.colors.iter().map(|[r, g, b]| [byte(*r), byte(*g), byte(*b), 255]).collect();
        attributes["COLOR_0"] = json!(buffer.shares(&colors));
    }
    let names: Vec<[u16; 4]> =
        part.weights.iter().map(|four| four.map(|(joint, weight)| if weight > 0.0 { joint } else { 0 })).collect();
    attributes["JOINTS_0"] = json!(buffer.joints(&names));
    let weights: Vec<f32> = part
        .weights
        .iter()
        .flat_map(|four| {
            let sum: f32 = four.iter().map(|(_, weight)| weight).sum();
            four.map(|(_, weight)| weight / sum)
        })
        .collect();
    attributes["WEIGHTS_0"] = json!(buffer.floats(&weights, "VEC4", target, false));
    let mut primitive = json!({
        "attributes": attributes,
        "indices": buffer.indices(&part.triangles, part.positions.len()),
        "material": material,
    });
    let mut mesh = json!({"name": part.name});
    if !part.morphs.is_empty() {
        let count = part.positions.len();
        let targets: Vec<Value> = part
            .morphs
            .iter()
            .map(|morph| {
                let moves: Vec<(u32, Vec3)> = morph
                    .deltas
                    .iter()
                    .map(|(vertex, offset, _)| (*vertex, *offset * METER))
                    .filter(|(_, offset)| offset.length() > LEAST_POSITION)
                    .collect();
                let turns: Vec<(u32, Vec3)> = morph
                    .deltas
                    .iter()
                    .map(|(vertex, _, turn)| (*vertex, *turn))
                    .filter(|(_, turn)| turn.length() > LEAST_NORMAL)
                    .collect();
                json!({"POSITION": buffer.sparse(count, &moves), "NORMAL": buffer.sparse(count, &turns)})
            })
            .collect();
        primitive["targets"] = Value::Array(targets);
        mesh["weights"] = json!(vec![0.0; part.morphs.len()]);
        let names: Vec<&str> = part.morphs.iter().map(|morph| morph.shape.name()).collect();
        mesh["extras"] = json!({"targetNames": names});
    }
    mesh["primitives"] = json!([primitive]);
    Ok(mesh)
}

/// Whether all arrays fit together and all numbers are finite.
fn check(part: &Part, joints: usize) -> Result<(), String> {
    let count = part.positions.len();
    let is_empty_or = |length: usize| length == 0 || length == count;
    let finite = part.positions.iter().chain(&part.normals).all(|vector| vector.is_finite())
        && part.uvs.iter().all(|uv| uv.is_finite());
    let is_whole = count > 0
        && part.normals.len() == count
        && part.weights.len() == count
        && is_empty_or(part.uvs.len())
        && is_empty_or(part.colors.len())
        && !part.triangles.is_empty()
        && part.triangles.iter().flatten().all(|vertex| (*vertex as usize) < count)
        && part.morphs.iter().flat_map(|morph| &morph.deltas).all(|(vertex, ..)| (*vertex as usize) < count);
    let has_weights = part.weights.iter().all(|four| {
        let sum: f32 = four.iter().map(|(_, weight)| weight).sum();
        sum > 0.5
            && four.iter().all(|(joint, weight)| *weight >= 0.0 && (*weight == 0.0 || usize::from(*joint) < joints))
    });
    if finite && is_whole && has_weights {
        Ok(())
    } else {
        Err(format!("the part {} is not whole (finite {finite}, whole {is_whole}, weights {has_weights})", part.name))
    }
}
