// The cartoon shading of VRM (MToon 1.0) in the room's light: two tones with a boundary, rim, matcap, textures that
// move. OUTLINE draws the inside of a hull instead, ON_SCREEN with a width that does not shrink with distance.
#import bevy_pbr::{
    forward_io::{Vertex, VertexOutput, FragmentOutput},
    mesh_bindings::mesh,
    mesh_functions,
    mesh_view_bindings as view_bindings,
    morph,
    pbr_bindings,
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::{alpha_discard, main_pass_post_lighting_processing},
    pbr_types::PbrInput,
    skinning,
    view_transformations::position_world_to_clip,
}
#import bevy_render::maths::PI
#import visavis::light::{brightest_light, light_share, room_light}

struct Numbers {
    // Shade color; shift of its boundary.
    shade: vec4<f32>,
    // Factor of the matcap; hardness of the shade's boundary.
    matcap: vec4<f32>,
    // Rim color; how much lights color it.
    rim: vec4<f32>,
    // Outline color; how much lights color it.
    outline: vec4<f32>,
    // Evenness of the room's light, factor of the shift texture, exponent of the rim, its lift.
    mix: vec4<f32>,
    // Scroll along U and V per second, turn in radians per second, width of the outline.
    motion: vec4<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(100) var<uniform> numbers: Numbers;
@group(#{MATERIAL_BIND_GROUP}) @binding(101) var shade_multiply: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(102) var shading_shift: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(103) var matcap: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(104) var rim_multiply: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(105) var outline_width: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(106) var uv_animation_mask: texture_2d<f32>;

// ---------------------------------------------------------------------------------------------------------- vertices

// How wide the outline is here, in meters or in heights of the picture.
fn width_at(uv: vec2<f32>) -> f32 {
    let size = vec2<f32>(textureDimensions(outline_width));
    let at = vec2<i32>(fract(uv) * size);
    return numbers.motion.w * textureLoad(outline_width, min(at, vec2<i32>(size) - 1), 0).g;
}

@vertex
fn vertex(vertex: Vertex) -> VertexOutput {
    var out: VertexOutput;
    let instance = vertex.instance_index;
    var place = vertex.position;
    var normal = vec3(0.0, 0.0, 1.0);
#ifdef VERTEX_NORMALS
    normal = vertex.normal;
#endif
#ifdef VERTEX_TANGENTS
    var tangent = vertex.tangent;
#endif
#ifdef MORPH_TARGETS
    let index = vertex.index - mesh[instance].first_vertex_index;
    for (var target_index = 0u; target_index < morph::layer_count(instance); target_index += 1u) {
        let weight = morph::weight_at(target_index, instance);
        if weight == 0.0 {
            continue;
        }
        place += weight * morph::morph_position(index, target_index, instance);
        normal += weight * morph::morph_normal(index, target_index, instance);
#ifdef VERTEX_TANGENTS
        tangent += vec4(weight * morph::morph_tangent(index, target_index, instance), 0.0);
#endif
    }
#endif
#ifdef SKINNED
    let world_from_local = skinning::skin_model(vertex.joint_indices, vertex.joint_weights, instance);
    out.world_normal = skinning::skin_normals(world_from_local, normal);
#else
    let world_from_local = mesh_functions::get_world_from_local(instance);
    out.world_normal = mesh_functions::mesh_normal_local_to_world(normal, instance);
#endif
    out.world_position = mesh_functions::mesh_position_local_to_world(world_from_local, vec4(place, 1.0));
    var uv = vec2(0.0);
#ifdef VERTEX_UVS_A
    uv = vertex.uv;
    out.uv = uv;
#endif
#ifdef VERTEX_UVS_B
    out.uv_b = vertex.uv_b;
#endif
#ifdef VERTEX_TANGENTS
    out.world_tangent = mesh_functions::mesh_tangent_local_to_world(world_from_local, tangent, instance);
#endif
#ifdef VERTEX_COLORS
    out.color = vertex.color;
#endif
#ifdef VERTEX_OUTPUT_INSTANCE_INDEX
    out.instance_index = instance;
#endif
#ifdef VISIBILITY_RANGE_DITHER
    out.visibility_range_dither = mesh_functions::get_visibility_range_dither_level(
        instance, mesh_functions::get_world_from_local(instance)[3]);
#endif
#ifdef OUTLINE
    let outward = normalize(out.world_normal);
#ifdef OUTLINE_ON_SCREEN
    out.position = position_world_to_clip(out.world_position.xyz);
    let aspect = view_bindings::view.viewport.z / view_bindings::view.viewport.w;
    let across = (view_bindings::view.clip_from_world * vec4(outward, 0.0)).xy * vec2(aspect, 1.0);
    let toward = across * inverseSqrt(max(dot(across, across), 1.0e-12));
    out.position += vec4(toward / vec2(aspect, 1.0) * 2.0 * width_at(uv) * out.position.w, 0.0, 0.0);
#else
    out.world_position += vec4(outward * width_at(uv), 0.0);
    out.position = position_world_to_clip(out.world_position.xyz);
#endif
#else
    out.position = position_world_to_clip(out.world_position.xyz);
#endif
    return out;
}

// --------------------------------------------------------------------------------------------------------- fragments

// Where on its textures a place lies.
fn placed(uv: vec2<f32>) -> vec2<f32> {
    return (pbr_bindings::material.uv_transform * vec3(uv, 1.0)).xy;
}

// Texture coordinates as they move: turned about the middle, then shifted.
fn moved(uv: vec2<f32>) -> vec2<f32> {
    if all(numbers.motion.xyz == vec3(0.0)) {
        return uv;
    }
    let mask = textureSample(uv_animation_mask, pbr_bindings::base_color_sampler, placed(uv)).b;
    let time = view_bindings::globals.time * mask;
    // Whole turns change nothing, and small angles keep their digits.
    let angle = fract(numbers.motion.z * time / (2.0 * PI)) * 2.0 * PI;
    let turn = mat2x2(cos(angle), sin(angle), -sin(angle), cos(angle));
    return turn * (uv - 0.5) + 0.5 + fract(numbers.motion.xy * time);
}

// The matcap's coordinates: how the normal lies across the line of sight.
fn across_sight(n: vec3<f32>, v: vec3<f32>) -> vec2<f32> {
    let x = normalize(vec3(v.z, 0.0, -v.x));
    let y = cross(v, x);
    let lies = vec2(dot(x, n), dot(y, n)) * 0.495 + 0.5;
    return vec2(lies.x, 1.0 - lies.y);
}

@fragment
fn fragment(vertex: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    var in = vertex;
    var uv = vec2(0.0);
#ifdef VERTEX_UVS_A
    in.uv = moved(vertex.uv);
    uv = placed(in.uv);
#endif
#ifdef OUTLINE
    var pbr = pbr_input_from_standard_material(in, true);
#else
    var pbr = pbr_input_from_standard_material(in, is_front);
#endif
    // Samples before anything is discarded: their neighbors decide which level they take.
    let shade_texel = textureSample(shade_multiply, pbr_bindings::base_color_sampler, uv).rgb;
    let shift_texel = textureSample(shading_shift, pbr_bindings::base_color_sampler, uv).r;
    let rim_texel = textureSample(rim_multiply, pbr_bindings::base_color_sampler, uv).rgb;
    let matcap_texel = textureSample(matcap, pbr_bindings::base_color_sampler, across_sight(pbr.N, pbr.V)).rgb;
    pbr.material.base_color = alpha_discard(pbr.material, pbr.material.base_color);

    let n = pbr.N;
    let lit = pbr.material.base_color.rgb;
    let shade = numbers.shade.rgb * shade_texel;
    let toony = numbers.matcap.w;
    let shift = numbers.shade.w + shift_texel * numbers.mix.y;
    let exposure = view_bindings::view.exposure;

    var color = vec3(0.0);
    // What falls on a surface that faces every light: what rims are colored by.
    var fall = vec3(0.0);
    let main = brightest_light();
    for (var i = 0u; i < view_bindings::lights.n_directional_lights; i += 1u) {
        let light = view_bindings::lights.directional_lights[i].color.rgb * exposure / PI;
        let share = light_share(i, pbr);
        let facing = mix(-1.0, dot(n, view_bindings::lights.directional_lights[i].direction_to_light), share) + shift;
        // From -1 + toony to 1 - toony; at 1 a step.
        let reach = max(1.0 - toony, 1.0e-4);
        let step = saturate((facing + reach) / (2.0 * reach));
        // Only the main light has a shade; of the others the lit side is added.
        color += light * select(lit * step, mix(shade, lit, step), i == main);
        fall += light * select(step, 1.0, i == main);
    }
    let even = 0.5 * (room_light(vec3(0.0, 1.0, 0.0)) + room_light(vec3(0.0, -1.0, 0.0)));
    let room = mix(room_light(n), even, numbers.mix.x) * exposure;
    color += lit * room;
    fall += room;

#ifdef OUTLINE
    color = numbers.outline.rgb * mix(vec3(1.0), color, numbers.outline.w);
#else
    let edge = saturate(1.0 - dot(n, pbr.V) + numbers.mix.w);
    let parametric = numbers.rim.rgb * pow(max(edge, 1.0e-4), max(numbers.mix.z, 1.0e-4));
    let rim = (numbers.matcap.rgb * matcap_texel + parametric) * rim_texel;
    color += rim * mix(vec3(1.0), fall, numbers.rim.w);
    let emissive = pbr.material.emissive;
    color += emissive.rgb * mix(1.0, exposure, emissive.a);
#endif

    var out: FragmentOutput;
    out.color = main_pass_post_lighting_processing(pbr, vec4(color, pbr.material.base_color.a));
    return out;
}
