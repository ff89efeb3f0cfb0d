// The light of the room, for shaders that bend it their own way.
#define_import_path visavis::light

#import bevy_pbr::{
    mesh_types::MESH_FLAGS_SHADOW_RECEIVER_BIT,
    mesh_view_bindings as view_bindings,
    mesh_view_types::DIRECTIONAL_LIGHT_FLAGS_SHADOWS_ENABLED_BIT,
    pbr_types::PbrInput,
    shadows::fetch_directional_shadow,
}
#ifdef ENVIRONMENT_MAP
#import bevy_pbr::environment_map::quat_rotate
#endif

// How much of a directional light gets here, 0..=1.
fn light_share(light: u32, in: PbrInput) -> f32 {
    return light_share_above(light, in, 0.0);
}

// The same a way, in meters, above the surface: there what turns away from the light is no longer in its own shadow,
// only in that of others.
fn light_share_above(light: u32, in: PbrInput, way: f32) -> f32 {
    let receives = (in.flags & MESH_FLAGS_SHADOW_RECEIVER_BIT) != 0u;
    let casts = (view_bindings::lights.directional_lights[light].flags & DIRECTIONAL_LIGHT_FLAGS_SHADOWS_ENABLED_BIT) != 0u;
    if !(receives && casts) {
        return 1.0;
    }
    let at = in.world_position + vec4(in.world_normal * way, 0.0);
    let view_z = (view_bindings::view.view_from_world * at).z;
    return fetch_directional_shadow(light, at, in.world_normal, view_z, in.frag_coord.xy);
}

// The directional light that shapes what it falls on. Their order says nothing: it changes with who casts shadows.
fn brightest_light() -> u32 {
    var brightest = 0u;
    var most = 0.0;
    for (var i = 0u; i < view_bindings::lights.n_directional_lights; i += 1u) {
        let luminance = dot(view_bindings::lights.directional_lights[i].color.rgb, vec3(0.2126, 0.7152, 0.0722));
        if luminance > most {
            brightest = i;
            most = luminance;
        }
    }
    return brightest;
}

// Light from the room on a matte surface facing `n`, over π.
fn room_light(n: vec3<f32>) -> vec3<f32> {
    var light = view_bindings::lights.ambient_color.rgb;
#ifdef ENVIRONMENT_MAP
    if view_bindings::light_probes.view_cubemap_index >= 0 {
        var toward = quat_rotate(view_bindings::light_probes.view_rotation, n);
        toward.z = -toward.z;
#ifdef MULTIPLE_LIGHT_PROBES_IN_ARRAY
        let texel = textureSampleLevel(
            view_bindings::diffuse_environment_maps[view_bindings::light_probes.view_cubemap_index],
            view_bindings::environment_map_sampler, toward, 0.0);
#else
        let texel = textureSampleLevel(
            view_bindings::diffuse_environment_map, view_bindings::environment_map_sampler, toward, 0.0);
#endif
        light += texel.rgb * view_bindings::light_probes.intensity_for_view;
    }
#endif
    return light;
}
