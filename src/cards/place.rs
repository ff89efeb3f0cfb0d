//! Puts the panels where the layout says, and tells gaze and hands where cards and their items are.

use bevy::prelude::*;

use super::panel::{CARD_WIDTH_PX, CardPanel};
use super::scene::CardItem;
use super::shell::{CardAnchors, CardTable};
use super::{CardBox, CardRank, CardSide, Layout, View};
use crate::behavior::CardAnchor;
use crate::protocol::{CardPayload, Importance, Side};
use crate::stage::{CustomerView, FOV_Y_RAD, Framing};

/// The places in use, kept from frame to frame so that a card stays where it is.
#[derive(Resource, Default)]
pub(super) struct Places(Layout);

/// Between the eyes of an avatar before there is one, meters.
const USUAL_EYES: Vec3 = Vec3::new(0.0, 1.50, 0.08);
/// From between the eyes to the middle of the head, meters.
const MIDDLE_OF_HEAD: Vec3 = Vec3::new(0.0, -0.03, 0.0);

/// How far cards turn toward the customer in a window: enough to look like things in space, not enough to shear.
const WINDOW_FACING: f32 = 0.25;

pub(super) fn place_panels(
    table: Res<'_, CardTable>,
    framing: Res<'_, Framing>,
    views: Query<'_, '_, (&Camera, &Transform), (With<CustomerView>, Without<CardPanel>)>,
    mut places: ResMut<'_, Places>,
    mut panels: Query<'_, '_, (&CardPanel, &mut Transform), Without<CustomerView>>,
    items: Query<'_, '_, (&CardItem, &ComputedNode, &UiGlobalTransform)>,
    mut anchors: ResMut<'_, CardAnchors>,
) {
    let Ok((camera, eyes)) = views.single() else { return };
    let aspect = camera.logical_viewport_size().map_or(1.4, |size| size.x / size.y.max(1.0));
    let head = framing.eyes.unwrap_or(USUAL_EYES) + MIDDLE_OF_HEAD;
    let pitch = eyes.forward().y.asin();
    let view = View {
        eye: eyes.translation,
        head,
        half_view_rad: (aspect * (FOV_Y_RAD / 2.0).tan()).atan(),
        off_center_rad: (eyes.translation.x - head.x).atan2(eyes.translation.z - head.z),
        elevation_rad: (pitch - FOV_Y_RAD / 2.0, pitch + FOV_Y_RAD / 2.0),
        facing: WINDOW_FACING,
    };
    let requests: Vec<CardBox> = table
        .0
        .iter()
        .enumerate()
        .filter_map(|(order, payload)| {
            let (panel, _) = panels.iter().find(|(panel, _)| panel.card_id == payload.card_id && !panel.leaving)?;
            (panel.size_m != Vec2::ZERO).then(|| card_box(payload, panel.size_m, order))
        })
        .collect();
    let placements = places.0.arrange(&view, &requests);
    let mut stand = Vec::new();
    for placement in placements {
        let Some((panel, mut transform)) =
            panels.iter_mut().find(|(panel, _)| panel.card_id.as_str() == placement.id && !panel.leaving)
        else {
            continue;
        };
        let size = panel.size_m * placement.scale;
        *transform = Transform::from_translation(placement.center)
            .with_rotation(Quat::from_rotation_y(placement.yaw_rad))
            .with_scale(size.extend(1.0));
        let mut positions: Vec<(usize, Vec3)> = items
            .iter()
            .filter(|(item, _, _)| item.root == panel.root)
            .map(|(item, node, place)| {
                let px = place.translation * node.inverse_scale_factor;
                let height_px = CARD_WIDTH_PX * panel.size_m.y / panel.size_m.x;
                let local = Vec3::new(px.x / CARD_WIDTH_PX - 0.5, 0.5 - px.y / height_px, 0.0);
                (item.index, transform.transform_point(local))
            })
            .collect();
        positions.sort_by_key(|(index, _)| *index);
        stand.push(CardAnchor {
            card_id: panel.card_id.clone(),
            center: placement.center,
            size,
            yaw_rad: placement.yaw_rad,
            items: positions.into_iter().map(|(_, position)| position).collect(),
        });
    }
    if anchors.0 != stand {
        anchors.0 = stand;
    }
}

fn card_box(payload: &CardPayload, size: Vec2, order: usize) -> CardBox {
    let placement = payload.placement.as_ref();
    CardBox {
        id: payload.card_id.as_str().to_owned(),
        size,
        side: match placement.and_then(|placement| placement.side.as_ref()) {
            Some(Side::Left) => Some(CardSide::Left),
            Some(Side::Right) => Some(CardSide::Right),
            _ => None,
        },
        rank: match placement.and_then(|placement| placement.importance.as_ref()) {
            Some(Importance::Low) => CardRank::Low,
            Some(Importance::High) => CardRank::High,
            _ => CardRank::Normal,
        },
        pinned: payload.pinned,
        order: order as u64,
    }
}
