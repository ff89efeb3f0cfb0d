// The avatar's surfaces: the standard light of the engine, and over it what makes skin, eyes, hair and wool.
// One kind of surface per variant: SKIN (MOIST), EYE, CORNEA, HAIR, MOUTH, CLOTH; DETAIL where the machine affords it,
// WRINKLES where the face has them, FOLDS where a garment has.
#import bevy_pbr::{
    forward_io::{VertexOutput, FragmentOutput},
    lighting,
    mesh_bindings::mesh,
    mesh_view_bindings as view_bindings,
    pbr_bindings,
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::{alpha_discard, apply_pbr_lighting, calculate_tbn_mikktspace, calculate_view, main_pass_post_lighting_processing},
    pbr_types::PbrInput,
}
#import bevy_render::maths::PI
#import visavis::light::{light_share, light_share_above, room_light}

// Angle at the eye texture's edge, its exponent, sine of the iris' angle, depth of the iris in radii.
@group(#{MATERIAL_BIND_GROUP}) @binding(100) var<uniform> eye: vec4<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(101) var fold_normal: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(102) var wrinkle_mask: texture_2d<f32>;
// What the folds' texture covers of a garment's texture coordinates: corner and size.
@group(#{MATERIAL_BIND_GROUP}) @binding(103) var<uniform> fold_chart: vec4<f32>;

// ---------------------------------------------------------------------------------------------- light, ours to bend

// Mirror light of one rough surface, without its color.
fn gloss(n: vec3<f32>, v: vec3<f32>, l: vec3<f32>, roughness: f32) -> f32 {
    let a = roughness * roughness;
    let h = normalize(l + v);
    let n_l = saturate(dot(n, l));
    return lighting::D_GGX(a, saturate(dot(n, h)))
        * lighting::V_SmithGGXCorrelated(a, max(dot(n, v), 0.001), max(n_l, 0.001)) * n_l;
}

// The standard light with the matte part left out.
fn mirror_light(in: PbrInput) -> vec3<f32> {
    var black = in;
    black.material.base_color = vec4(0.0, 0.0, 0.0, in.material.base_color.a);
    return apply_pbr_lighting(black).rgb;
}

// Bumps smaller than a pixel become roughness, or they would sparkle.
fn calm_roughness(n: vec3<f32>, roughness: f32) -> f32 {
    let dx = dpdx(n);
    let dy = dpdy(n);
    let spread = min(0.25 * (dot(dx, dx) + dot(dy, dy)), 0.18);
    let a = roughness * roughness;
    return pow(saturate(a * a + spread), 0.25);
}

// --------------------------------------------------------------------------------------------------------- wrinkles

#ifdef WRINKLES
// How deep the skin is folded here, and the fold's normal in tangent space.
fn wrinkle(in: VertexOutput) -> vec4<f32> {
    let strengths = unpack4x8unorm(mesh[in.instance_index].tag).rgb;
    let mask = textureSample(wrinkle_mask, pbr_bindings::base_color_sampler, in.uv).rgb;
    let fold = textureSample(fold_normal, pbr_bindings::base_color_sampler, in.uv).xyz * 2.0 - 1.0;
    let depth = saturate(dot(mask, strengths));
    return vec4(fold, depth);
}
#endif

// ------------------------------------------------------------------------------------------------------------- skin

#ifdef SKIN
// How far light wanders below the skin: red farthest.
const WRAP: vec3<f32> = vec3(0.20, 0.11, 0.08);
// Meters above the skin at which its own shadow no longer counts.
const WANDER: f32 = 0.010;
// Small bumps blur for the light that wanders.
const BLUR: vec3<f32> = vec3(0.70, 0.40, 0.25);

fn lit_skin(in: PbrInput) -> vec3<f32> {
    let smooth_n = normalize(in.world_normal);
    let albedo = in.material.base_color.rgb;
    let v = in.V;
    var direct = vec3(0.0);
    var sharp = vec3(0.0);
    for (var i = 0u; i < view_bindings::lights.n_directional_lights; i += 1u) {
        let l = view_bindings::lights.directional_lights[i].direction_to_light;
        let color = view_bindings::lights.directional_lights[i].color.rgb;
        let bumpy = dot(in.N, l);
        let smoothed = dot(smooth_n, l);
        let facing = mix(vec3(bumpy), vec3(smoothed), BLUR);
        let wrapped = saturate((facing + WRAP) / (1.0 + WRAP));
        let share = light_share(i, in);
        // Where the surface turns away from the light, its own shadow does not stop the light that wanders, others' do.
        let shade = mix(light_share_above(i, in, WANDER), share, smoothstep(-0.12, 0.10, smoothed));
        // The rim of a shadow glows red.
        let through = mix(vec3(shade), vec3(sqrt(shade), shade, shade * shade), vec3(0.08, 0.0, 0.05));
        direct += color * wrapped * through;
#ifdef DETAIL
        // A second, sharper lobe: the film of oil on the skin.
        sharp += color * share * gloss(in.N, v, l, max(in.material.perceptual_roughness * 0.7, 0.28));
#endif
    }
    // What the room sends in, warmer in creases: light that gets out of them has been inside the skin.
    let open = in.diffuse_occlusion;
    let bled = pow(open, vec3(0.75, 1.0, 1.1));
    let room = room_light(normalize(mix(in.N, smooth_n, 0.5))) * bled;
    let matte = albedo * (direct / PI + room);
    return (matte + sharp * 0.028 * 0.12) * view_bindings::view.exposure;
}
#endif

// -------------------------------------------------------------------------------------------------------------- eye

#ifdef EYE
// Place on the eye across its axis, in radii, from a place in its texture.
fn across_axis(uv: vec2<f32>) -> vec2<f32> {
    let from_middle = (uv - 0.5) * 2.0;
    let r = length(from_middle);
    let angle = eye.x * pow(r, 1.0 / eye.y);
    return from_middle / max(r, 1.0e-5) * sin(min(angle, 1.5));
}

fn in_texture(across: vec2<f32>) -> vec2<f32> {
    let s = length(across);
    let r = pow(asin(min(s, 0.999)) / eye.x, eye.y);
    return 0.5 + 0.5 * r * across / max(s, 1.0e-5);
}

// Where the view, bent by the cornea, meets the iris.
fn behind_cornea(in: VertexOutput, v: vec3<f32>) -> vec2<f32> {
    let across = across_axis(in.uv);
    let s = length(across);
    // The frame of the eye on the screen: how place changes with `across`.
    let n = normalize(in.world_normal);
    let px = dpdx(in.world_position.xyz);
    let py = dpdy(in.world_position.xyz);
    let ax = dpdx(across);
    let ay = dpdy(across);
    // Rows of pixels go down on some screens and up on others.
    let side = sign(dot(cross(px, py), n));
    let x_axis = (cross(py, n) * ax.x + cross(n, px) * ay.x) * side;
    let y_axis = (cross(py, n) * ax.y + cross(n, px) * ay.y) * side;
    let largest = max(dot(x_axis, x_axis), dot(y_axis, y_axis));
    if largest < 1.0e-20 || s > eye.z * 1.05 {
        return in.uv;
    }
    let scale = inverseSqrt(largest);
    let local = vec3(dot(v, x_axis) * scale, dot(v, y_axis) * scale, max(dot(v, n), 0.2));
    let bent = refract(-normalize(local), vec3(0.0, 0.0, 1.0), 1.0 / 1.336);
    let depth = eye.w * (1.0 - smoothstep(0.75 * eye.z, 1.05 * eye.z, s));
    return in_texture(across + depth * bent.xy / max(-bent.z, 0.3));
}

fn eye_color(color: vec3<f32>, uv: vec2<f32>) -> vec3<f32> {
    let r = length(across_axis(uv)) / eye.z;
    // The limbus: where the iris meets the white.
    let ring = smoothstep(0.80, 0.98, r) * (1.0 - smoothstep(1.0, 1.14, r));
    // The white of an eye is not white, and rounds off into the corners.
    let white = mix(vec3(1.0), vec3(0.90, 0.865, 0.85), smoothstep(0.98, 1.10, r));
    let corner = 1.0 - 0.30 * smoothstep(1.25, 2.2, r);
    return color * white * corner * (1.0 - 0.38 * ring);
}
#endif

#ifdef CORNEA
// A window that the eye always shows: an eye without its light looks dead. It hangs in front of the viewer, so that
// its reflection stays between the lids, and never gets smaller than a pixel.
fn catch_light(in: PbrInput) -> f32 {
    let reflected = reflect(-in.V, in.N);
    let seen = (view_bindings::view.view_from_world * vec4(reflected, 0.0)).xyz;
    let middle = normalize(vec3(-0.46, 0.40, 1.0));
    let right = normalize(cross(vec3(0.0, 1.0, 0.0), middle));
    let ahead = dot(seen, middle);
    let place = vec2(dot(seen, right), dot(seen, cross(middle, right))) / max(ahead, 0.05);
    let half = vec2(0.16, 0.21);
    let soft = max(fwidth(place), vec2(0.05));
    let inside = 1.0 - smoothstep(half - 0.5 * soft, half + 0.5 * soft, abs(place));
    return select(0.0, inside.x * inside.y, ahead > 0.05);
}
#endif

// ------------------------------------------------------------------------------------------------------------- hair

#ifdef HAIR
// A strand as a thin cylinder: highlights lie across it (Kajiya and Kay).
fn strand(t: vec3<f32>, v: vec3<f32>, l: vec3<f32>, exponent: f32) -> f32 {
    let h = normalize(l + v);
    let along = dot(t, h);
    return smoothstep(-1.0, 0.0, along) * pow(sqrt(max(1.0 - along * along, 0.0)), exponent);
}

fn strand_light(in: PbrInput, vertex: VertexOutput) -> vec3<f32> {
    let n = normalize(in.world_normal);
#ifdef VERTEX_TANGENTS
    let across = vertex.world_tangent;
    var t = across.w * cross(n, across.xyz);
#else
    // Along the texture's v, from how it changes on the screen.
    let px = dpdx(vertex.world_position.xyz);
    let py = dpdy(vertex.world_position.xyz);
    let ux = dpdx(vertex.uv);
    let uy = dpdy(vertex.uv);
    var t = (cross(py, n) * ux.y + cross(n, px) * uy.y) * sign(dot(cross(px, py), n));
#endif
    t = t - n * dot(n, t);
    t = t * inverseSqrt(max(dot(t, t), 1.0e-12));
    let albedo = in.material.base_color.rgb;
    var light = vec3(0.0);
    for (var i = 0u; i < view_bindings::lights.n_directional_lights; i += 1u) {
        let l = view_bindings::lights.directional_lights[i].direction_to_light;
        let reach = saturate(0.25 + 0.75 * dot(n, l)) * light_share(i, in);
        // The surface's own reflection, shifted toward the root; below it, light that went through the strand.
        let white = strand(normalize(t - 0.10 * n), in.V, l, 56.0) * vec3(0.0075);
        let tinted = strand(normalize(t + 0.14 * n), in.V, l, 14.0) * (albedo * 0.26 + vec3(0.0015));
        light += view_bindings::lights.directional_lights[i].color.rgb * reach * (white + tinted);
    }
    return light * view_bindings::view.exposure * in.diffuse_occlusion;
}
#endif

// ------------------------------------------------------------------------------------------------------------ cloth

#ifdef CLOTH
// Threads along an edge of the weave's picture, as the forge's `suit/fabric.rs` draws it.
const THREADS: f32 = 32.0;

// Threads finer than the pixels would draw patterns of their own: there the weave is left out.
fn weave_fade(uv: vec2<f32>) -> f32 {
    let threads = max(length(dpdx(uv)), length(dpdy(uv))) * THREADS;
    return smoothstep(0.12, 0.32, threads);
}

#ifdef FOLDS
// A fold's normal in tangent space. Around a limb the texture repeats; beyond its ends lie pieces without folds.
fn cloth_fold(uv: vec2<f32>) -> vec2<f32> {
    let at = (uv - fold_chart.xy) / fold_chart.zw;
    let fold = textureSample(fold_normal, pbr_bindings::base_color_sampler, at).xy * 2.0 - 1.0;
    return select(vec2(0.0), fold, at.y > 0.0 && at.y < 1.0);
}
#endif

// Fibers that stand off the weave catch light at grazing angles (Estevez and Kulla's distribution).
fn sheen(in: PbrInput) -> vec3<f32> {
    let tint = 0.012 + 0.5 * in.material.base_color.rgb * (1.0 - 0.7 * in.material.base_color.rgb);
    // Single threads seen from the side would sparkle: the cloth's own curve counts more than its weave.
    let n = normalize(mix(in.world_normal, in.N, 0.3));
    let n_v = max(dot(n, in.V), 0.02);
    var light = room_light(n) * pow(1.0 - n_v, 3.0) * 0.38 * in.diffuse_occlusion;
#ifdef DETAIL
    for (var i = 0u; i < view_bindings::lights.n_directional_lights; i += 1u) {
        let l = view_bindings::lights.directional_lights[i].direction_to_light;
        let n_l = saturate(dot(n, l));
        let n_h = saturate(dot(n, normalize(l + in.V)));
        let exponent = 1.0 / 0.45;
        let d = (2.0 + exponent) * pow(max(1.0 - n_h * n_h, 1.0e-4), 0.5 * exponent) / (2.0 * PI);
        let visible = 1.0 / (4.0 * (n_l + n_v - n_l * n_v) + 1.0e-3);
        light += view_bindings::lights.directional_lights[i].color.rgb * d * visible * n_l * light_share(i, in);
    }
#endif
    return tint * light * view_bindings::view.exposure;
}
#endif

// -------------------------------------------------------------------------------------------------------------------

@fragment
fn fragment(vertex: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    var in = vertex;
#ifdef EYE
    let surface_uv = vertex.uv;
#ifdef DETAIL
    in.uv = behind_cornea(vertex, calculate_view(vertex.world_position, false));
#endif
#endif

    var pbr = pbr_input_from_standard_material(in, is_front);
    pbr.material.base_color = alpha_discard(pbr.material, pbr.material.base_color);

#ifdef WRINKLES
    let fold = wrinkle(vertex);
#ifdef VERTEX_TANGENTS
    let frame = calculate_tbn_mikktspace(vertex.world_normal, vertex.world_tangent);
    pbr.N = normalize(pbr.N + (frame[0] * fold.x + frame[1] * fold.y) * fold.w);
#endif
    // Little light leaves a fold, and what does is red.
    let shut = saturate(length(fold.xy) * 1.3) * fold.w;
    pbr.material.base_color = vec4(pbr.material.base_color.rgb * (1.0 - shut * vec3(0.26, 0.40, 0.42)), pbr.material.base_color.a);
    pbr.diffuse_occlusion *= 1.0 - 0.35 * shut;
#endif

    let occlusion = pbr.diffuse_occlusion.r;
    pbr.specular_occlusion *= saturate(occlusion * occlusion + 0.1);

    var color = pbr.material.base_color;
#ifdef CLOTH
    let fade = weave_fade(vertex.uv);
    pbr.N = normalize(mix(pbr.N, normalize(pbr.world_normal), fade));
#ifdef FOLDS
#ifdef VERTEX_TANGENTS
    let crease = cloth_fold(vertex.uv);
    let along = calculate_tbn_mikktspace(vertex.world_normal, vertex.world_tangent);
    let turned = select(-1.0, 1.0, is_front);
    pbr.N = normalize(pbr.N + (along[0] * crease.x + along[1] * crease.y) * turned);
#endif
#endif
    let woven = textureSample(pbr_bindings::base_color_texture, pbr_bindings::base_color_sampler, vertex.uv).g;
    let plain = textureSampleBias(pbr_bindings::base_color_texture, pbr_bindings::base_color_sampler, vertex.uv, 4.0).g;
    pbr.material.base_color = vec4(color.rgb * mix(1.0, plain / max(woven, 0.01), fade), color.a);
#endif
#ifdef SKIN
    var rough = clamp(pbr.material.perceptual_roughness * 1.12, 0.36, 0.64);
#ifdef MOIST
    rough = min(rough, 0.34);
#endif
#ifdef DETAIL
    rough = calm_roughness(pbr.N, rough);
#endif
    pbr.material.perceptual_roughness = rough;
    // Not every lamp casts a shadow: below hair and in folds none may gleam.
    let reach = saturate(1.9 * occlusion - 0.7);
    color = vec4(mirror_light(pbr) * reach + lit_skin(pbr), color.a);
#else ifdef EYE
    pbr.material.base_color = vec4(eye_color(pbr.material.base_color.rgb, surface_uv), color.a);
    color = apply_pbr_lighting(pbr);
#else ifdef CORNEA
    // The lids hide most of the room from it; all of the room would lie over the iris like milk.
    let light = 0.08 * mirror_light(pbr) + vec3(0.85, 0.88, 0.92) * catch_light(pbr);
    color = vec4(light, color.a * 0.6);
#else ifdef HAIR
    color = apply_pbr_lighting(pbr) + vec4(strand_light(pbr, vertex), 0.0);
#else ifdef MOUTH
    // Lips and cheeks keep most light out.
    pbr.diffuse_occlusion *= 0.42;
    pbr.specular_occlusion *= 0.12;
    pbr.material.base_color = vec4(pbr.material.base_color.rgb * vec3(0.80, 0.76, 0.72), color.a);
    color = apply_pbr_lighting(pbr);
#else ifdef CLOTH
    color = apply_pbr_lighting(pbr) + vec4(sheen(pbr), 0.0);
#else
    color = apply_pbr_lighting(pbr);
#endif

    var out: FragmentOutput;
    out.color = main_pass_post_lighting_processing(pbr, color);
    return out;
}
