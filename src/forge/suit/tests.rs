use std::collections::HashMap;

use glam::{Affine3A, Quat, Vec3};

use super::*;
use crate::forge::rig::{FOLD_SHARE, Influence, skin, skin_normals};
use crate::forge::{Part, test_person};
use crate::vrm::HumanBone;

const FONT: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf");
const WOMAN: &str = "badge = \"林小雨\"";
const MAN: &str = "sex = \"male\"\nbadge = \"Lin\"";

fn dressed(recipe: &'static str) -> &'static (Body, Kit) {
    static WARDROBE: std::sync::OnceLock<[(Body, Kit); 2]> = std::sync::OnceLock::new();
    let both = WARDROBE.get_or_init(|| {
        [WOMAN, MAN].map(|recipe| {
            let body = test_person(recipe);
            let kit = build(&body, FONT);
            (body, kit)
        })
    });
    &both[usize::from(recipe == MAN)]
}

fn part<'a>(kit: &'a Kit, name: &str) -> &'a Part {
    kit.parts.iter().find(|part| part.name == name).unwrap()
}

#[test]
fn clothes_keep_the_triangle_budget() {
    for recipe in [WOMAN, MAN] {
        let triangles = dressed(recipe).1.triangles();
        assert!((8_000..=17_500).contains(&triangles), "{recipe}: {triangles}");
    }
}

#[test]
fn meshes_are_sound() {
    for recipe in [WOMAN, MAN, "glasses = true\n[suit]\nneckwear = \"scarf\"\ntop = \"shirt\""] {
        let own;
        let kit = if recipe == WOMAN || recipe == MAN {
            &dressed(recipe).1
        } else {
            own = build(&test_person(recipe), FONT);
            &own
        };
        for part in &kit.parts {
            let count = part.positions.len();
            assert!(count < 65_536 && !part.triangles.is_empty(), "{}", part.name);
            assert_eq!([part.normals.len(), part.uvs.len(), part.weights.len()], [count; 3], "{}", part.name);
            assert!(part.positions.iter().all(|p| p.is_finite()), "{}", part.name);
            assert!(part.normals.iter().all(|n| (n.length() - 1.0).abs() < 1.0e-3), "{}", part.name);
            for influence in &part.weights {
                let sum: f32 = influence.iter().map(|(_, weight)| weight).sum();
                assert!((sum - 1.0).abs() < 1.0e-4, "{}: {sum}", part.name);
            }
            for t in &part.triangles {
                let [a, b, c] = t.map(|v| part.positions[v as usize]);
                assert!((b - a).cross(c - a).length() > 1.0e-7, "{}: {a} {b} {c}", part.name);
            }
            assert!(kit.materials.iter().any(|m| m.name == part.material), "{}", part.material);
        }
        for material in &kit.materials {
            for name in [&material.base_texture, &material.normal_texture].into_iter().flatten() {
                assert!(kit.textures.iter().any(|t| t.name == *name), "{name}");
            }
        }
    }
}

#[test]
fn shoes_are_closed() {
    for recipe in [WOMAN, MAN] {
        let soles = part(&dressed(recipe).1, "Soles");
        let key = |v: u32| (soles.positions[v as usize] * 2000.0).round().as_ivec3().to_array();
        let mut edges: HashMap<_, i32> = HashMap::new();
        for t in &soles.triangles {
            for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
                let (a, b) = (key(a), key(b));
                if a != b {
                    *edges.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
                }
            }
        }
        let low = soles.positions.iter().map(|p| p.y).fold(f32::INFINITY, f32::min);
        let open = edges.iter().filter(|((a, _), n)| **n != 0 && (a[1] as f32) < (low + 0.05) * 2000.0).count();
        assert!(open <= 90, "{open} open edges below");
    }
}

#[test]
fn only_head_neck_and_hands_stay_visible() {
    for recipe in [WOMAN, MAN] {
        let (body, _) = dressed(recipe);
        let visible = visible_body(body);
        let has = |bone: HumanBone| {
            let joint = body.rig.joint(bone) as u16;
            body.data.group("body").zip(&visible).any(|(quad, visible)| {
                *visible
                    && quad
                        .vertices
                        .iter()
                        .all(|v| body.rig.weights[*v as usize].iter().any(|(j, weight)| *j == joint && *weight > 0.7))
            })
        };
        for bone in [HumanBone::Head, HumanBone::LeftIndexDistal, HumanBone::RightThumbDistal] {
            assert!(has(bone), "{recipe}: {bone:?} hidden");
        }
        for bone in [HumanBone::Hips, HumanBone::LeftUpperLeg, HumanBone::RightFoot, HumanBone::LeftUpperArm] {
            assert!(!has(bone), "{recipe}: {bone:?} visible");
        }
    }
}

/// Points of a surface in cells, to ask for the nearest.
struct Nearest<'a> {
    points: &'a [Vec3],
    cells: HashMap<[i32; 3], Vec<u32>>,
}

const CELL: f32 = 0.4;

impl<'a> Nearest<'a> {
    fn new(points: &'a [Vec3]) -> Self {
        let mut cells: HashMap<[i32; 3], Vec<u32>> = HashMap::new();
        for (at, point) in points.iter().enumerate() {
            cells.entry((*point / CELL).floor().as_ivec3().to_array()).or_default().push(at as u32);
        }
        Self { points, cells }
    }

    fn of(&self, point: Vec3) -> Option<usize> {
        let [x, y, z] = (point / CELL).floor().as_ivec3().to_array();
        let mut best = (CELL * CELL, None);
        for dx in -1..=1 {
            for dy in -1..=1 {
                for dz in -1..=1 {
                    for at in self.cells.get(&[x + dx, y + dy, z + dz]).into_iter().flatten() {
                        let distance = self.points[*at as usize].distance_squared(point);
                        if distance < best.0 {
                            best = (distance, Some(*at as usize));
                        }
                    }
                }
            }
        }
        best.1
    }
}

/// Every pose of the library as matrices on the T-pose.
fn poses(body: &Body) -> Vec<(String, Vec<Affine3A>)> {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../assets/behavior/poses.json")).unwrap();
    let poses = file["poses"].as_object().unwrap();
    poses
        .iter()
        .map(|(name, bones)| {
            let turns: Vec<(HumanBone, Quat)> = bones
                .as_object()
                .unwrap()
                .iter()
                .map(|(bone, turn)| {
                    let q: Vec<f32> =
                        turn["q"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect();
                    (HumanBone::from_name(bone).unwrap(), Quat::from_xyzw(q[0], q[1], q[2], q[3]).normalize())
                })
                .collect();
            (name.clone(), body.rig.posed(&turns))
        })
        .collect()
}

/// Height of points above the nearest points of a part in a pose; nothing where it is far.
fn heights(cover: &Part, points: &[Vec3], matrices: &[Affine3A]) -> Vec<Option<f32>> {
    let mut surface = skin(&cover.positions, &cover.weights, matrices);
    let mut normals = skin_normals(&cover.normals, &cover.weights, matrices);
    // Large triangles count between their corners, too.
    for t in &cover.triangles {
        let [a, b, c] = t.map(|v| v as usize);
        for share in [[4, 1, 1], [1, 4, 1], [1, 1, 4], [2, 2, 2], [3, 3, 0], [0, 3, 3], [3, 0, 3]] {
            let [x, y, z] = share.map(|sixth| sixth as f32 / 6.0);
            surface.push(surface[a] * x + surface[b] * y + surface[c] * z);
            normals.push((normals[a] * x + normals[b] * y + normals[c] * z).normalize_or(Vec3::Y));
        }
    }
    let nearest = Nearest::new(&surface);
    points.iter().map(|p| nearest.of(*p).map(|at| (*p - surface[at]).dot(normals[at]))).collect()
}

/// How much of an influence turns with an upper arm.
fn arm_share(body: &Body, influence: &Influence) -> f32 {
    let upper = [HumanBone::LeftUpperArm, HumanBone::RightUpperArm];
    let arms = upper.map(|bone| body.rig.joint(bone));
    let folds = upper.map(|bone| body.rig.fold(bone));
    let is_below = |mut joint: usize| {
        while let Some(parent) = body.rig.joints[joint].parent.filter(|_| !arms.contains(&joint)) {
            joint = parent;
        }
        arms.contains(&joint)
    };
    let share = |(joint, weight): &(u16, f32)| match usize::from(*joint) {
        joint if folds.contains(&joint) => FOLD_SHARE * weight,
        joint if is_below(joint) => *weight,
        _ => 0.0,
    };
    influence.iter().map(share).sum()
}

/// The skin of the body whose vertices are chosen, in the T-pose.
fn skin_of(body: &Body, chosen: impl Fn(u32) -> bool) -> Part {
    let flat = body.rig.t_pose(&body.shape);
    let mut own: HashMap<u32, u32> = HashMap::new();
    let mut out = Part::default();
    for quad in body.data.group("body").filter(|quad| quad.vertices.iter().all(|v| chosen(*v))) {
        let [a, b, c, d] = quad.vertices.map(|v| {
            *own.entry(v).or_insert_with(|| {
                out.positions.push(flat[v as usize]);
                out.weights.push(body.rig.weights[v as usize]);
                out.positions.len() as u32 - 1
            })
        });
        out.triangles.extend([[a, b, c], [a, c, d]]);
    }
    out.normals = sheet::smooth_normals(&out.positions, &out.triangles);
    out
}

/// Whether a surface winds around a point: the solid angles of its triangles sum to a full sphere inside.
fn is_inside(point: Vec3, surface: &[Vec3], triangles: &[[u32; 3]]) -> bool {
    let angle = |t: &[u32; 3]| {
        let [a, b, c] = t.map(|v| surface[v as usize] - point);
        let (x, y, z) = (a.length(), b.length(), c.length());
        let below = x * y * z + a.dot(b) * z + b.dot(c) * x + c.dot(a) * y;
        2.0 * a.dot(b.cross(c)).atan2(below)
    };
    triangles.iter().map(angle).sum::<f32>() > 2.0 * std::f32::consts::PI
}

/// A part without what is turned in: hems, undersides.
fn outer_side(part: &Part, tailor: &Tailor<'_>) -> Part {
    let from_t = &tailor.wearer.from_t;
    let points = skin(&part.positions, &part.weights, from_t);
    let normals = skin_normals(&part.normals, &part.weights, from_t);
    let is_outer: Vec<bool> = (0..points.len())
        .map(|v| {
            arm_share(tailor.body, &part.weights[v]) > 0.3
                || normals[v].dot(tailor.trunk.normal(tailor.trunk.locate(points[v]).0)) > 0.4
        })
        .collect();
    let mut outer = part.clone();
    outer.triangles.retain(|t| t.iter().all(|v| is_outer[*v as usize]));
    outer.keep(|_| true);
    outer
}

#[test]
fn nothing_pokes_through_the_jacket_in_any_pose() {
    for recipe in [WOMAN, MAN] {
        let (body, kit) = dressed(recipe);
        let tailor = Tailor::new(body);
        let jacket = &outer_side(part(kit, "Jacket"), &tailor);
        for name in ["Shirt", "Trousers"] {
            let inner = part(kit, name);
            let rest = skin(&inner.positions, &inner.weights, &tailor.wearer.from_t);
            let under: Vec<usize> = heights(jacket, &rest, &tailor.wearer.from_t)
                .iter()
                .enumerate()
                // The collar shows above the jacket's.
                .filter(|(at, height)| height.is_some_and(|h| h < -0.015) && tailor.neck.locate(rest[*at]).1 < -0.15)
                .map(|(at, _)| at)
                .collect();
            assert!(under.len() > 100, "{name}: only {} points under the jacket", under.len());
            for (pose, matrices) in poses(body) {
                // Walking into a T-pose is no pose of service.
                if pose == "t_pose" {
                    continue;
                }
                let posed = skin(&inner.positions, &inner.weights, &matrices);
                let points: Vec<Vec3> = under.iter().map(|at| posed[*at]).collect();
                let raised = heights(jacket, &points, &matrices);
                let places: Vec<(Vec3, f32)> = under
                    .iter()
                    .zip(raised)
                    .filter_map(|(at, h)| h.filter(|h| *h > 0.03).map(|h| (rest[*at], h)))
                    .collect();
                assert!(places.is_empty(), "{recipe} {pose}: {name} at {places:?} of {}", under.len());
            }
        }
    }
}

#[test]
fn trousers_rest_on_the_shoes() {
    for recipe in [WOMAN, MAN] {
        let (body, kit) = dressed(recipe);
        let tailor = Tailor::new(body);
        let trousers = part(kit, "Trousers");
        let points = skin(&trousers.positions, &trousers.weights, &tailor.wearer.from_t);
        for side in Side::BOTH {
            let last = shoe::Last::new(&tailor.wearer, side, tailor.cut.female);
            let near = points.iter().filter(|p| p.x * side.sign() > 0.0 && p.y < tailor.wearer.floor + 1.2);
            let over: Vec<f32> = near.map(|p| p.y - last.top(*p)).collect();
            assert!(over.iter().all(|height| *height > -0.06), "{recipe}: {over:?}");
            assert!(over.iter().any(|height| *height < 0.05), "{recipe}: they hang in the air");
        }
    }
}

#[test]
fn folds_lie_in_the_crook_of_the_elbow_and_not_on_the_chest() {
    let (body, kit) = dressed(WOMAN);
    let tailor = Tailor::new(body);
    let image = kit.textures.iter().find(|t| t.name == "jacket_folds").unwrap().image.to_rgb8();
    // How far normals lean around a texture coordinate in tiles of the weave.
    let lean = |u: f32, v: f32| {
        let [left, top, wide, high] = folds::JACKET.chart();
        let at = |share: f32, size: u32| (share * size as f32) as i64;
        let (x, y) = (at((u - left) / wide, image.width()), at((v - top) / high, image.height()));
        let texels = (-12..=12).flat_map(|dy| (-12..=12).map(move |dx| (x + dx, y + dy)));
        let lean = |(x, y): (i64, i64)| {
            let [r, g, _] = image.get_pixel(x as u32, y as u32).0.map(|c| f32::from(c) / 127.5 - 1.0);
            r.hypot(g)
        };
        texels.map(lean).fold(0.0, f32::max)
    };
    let crook =
        lean(folds::SLEEVE_TILES + 1.15 * jacket::SLEEVE_TURN * jacket::WEAVE, tailor.arms[0].elbow * jacket::WEAVE);
    let chest = lean(0.5 * jacket::TRUNK_TURN * jacket::WEAVE, -jacket::WEAVE);
    assert!(crook > 0.3 && chest < 0.12, "{crook} {chest}");
}

#[test]
fn hands_stay_out_of_the_jacket_in_every_pose() {
    for recipe in [WOMAN, MAN] {
        let (body, kit) = dressed(recipe);
        let trunk: Vec<bool> = part(kit, "Jacket").weights.iter().map(|i| arm_share(body, i) < 0.3).collect();
        let jacket = part(kit, "Jacket");
        let keep: Vec<usize> = (0..trunk.len()).filter(|v| trunk[*v]).collect();
        let torso = Part {
            positions: keep.iter().map(|v| jacket.positions[*v]).collect(),
            normals: keep.iter().map(|v| jacket.normals[*v]).collect(),
            weights: keep.iter().map(|v| jacket.weights[*v]).collect(),
            ..Part::default()
        };
        let flat = body.rig.t_pose(&body.shape);
        let wearer = Tailor::new(body).wearer;
        let is_hand = |v: &u32| wearer.pulls[*v as usize].0[12..14].iter().sum::<f32>() > 0.6;
        let hand: Vec<usize> =
            body.data.group_vertices("body").into_iter().filter(is_hand).map(|v| v as usize).collect();
        let weights: Vec<_> = hand.iter().map(|v| body.rig.weights[*v]).collect();
        let points: Vec<Vec3> = hand.iter().map(|v| flat[*v]).collect();
        for (pose, matrices) in poses(body) {
            let posed = skin(&points, &weights, &matrices);
            let inside = heights(&torso, &posed, &matrices).into_iter().flatten().filter(|h| *h < -0.06).count();
            assert!(inside == 0, "{recipe} {pose}: {inside} points of hands in the jacket");
        }
    }
}

#[test]
fn hands_do_not_enter_each_other_or_the_head_in_any_pose() {
    for recipe in [WOMAN, MAN] {
        let (body, _) = dressed(recipe);
        let wearer = Tailor::new(body).wearer;
        // A hand takes the places behind those of the arm; the head the fourth and fifth.
        let hand = |v: u32, side: usize| wearer.pulls[v as usize].0[12 + side] > 0.6;
        let [left, right] = [0, 1].map(|side| skin_of(body, |v| hand(v, side)));
        let head = skin_of(body, |v| wearer.head(v) > 0.6);
        let mut together = Vec::new();
        for (pose, matrices) in poses(body) {
            let deepest = |points: &Part, cover: &Part| {
                let points = skin(&points.positions, &points.weights, &matrices);
                let surface = skin(&cover.positions, &cover.weights, &matrices);
                let heights = heights(cover, &points, &matrices);
                let deep = points
                    .iter()
                    .zip(&heights)
                    .filter_map(|(p, height)| height.filter(|h| *h < 0.0 && is_inside(*p, &surface, &cover.triangles)));
                (deep.fold(0.0, f32::min), heights.iter().flatten().count())
            };
            let (of_left, near) = deepest(&left, &right);
            let of_right = deepest(&right, &left).0;
            let of_hands = deepest(&left, &head).0.min(deepest(&right, &head).0);
            let most = [of_left, of_right, of_hands].into_iter().fold(0.0, f32::min);
            assert!(most > -0.04, "{recipe} {pose}: {of_left} {of_right} dm in a hand, {of_hands} in the head");
            if near > 0 {
                together.push(pose);
            }
        }
        assert!(together.contains(&"listen".to_owned()), "{recipe}: hands meet in {together:?}");
    }
}

#[test]
fn the_same_person_gets_the_same_suit() {
    let body = test_person(WOMAN);
    assert_eq!(build(&body, FONT).parts, dressed(WOMAN).1.parts);
}
