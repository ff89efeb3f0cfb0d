use super::*;

fn human() -> BodyData {
    BodyData::read(HUMAN).unwrap()
}

#[test]
fn the_file_holds_a_whole_human() {
    let data = human();
    assert_eq!(data.base.len(), 19_158);
    assert_eq!(data.quads.len(), 18_486);
    assert_eq!(data.group("body").count(), 13_378);
    assert_eq!(data.group("helper-tights").count(), 2_650);
    assert_eq!(data.joints.len(), 53);
    assert!(BlendShape::ALL.iter().all(|shape| !data.unit(*shape).is_empty()));
    assert!(["face", "lips", "eyelids", "ears", "fingernails", "inside-mouth"].iter().all(|m| data.mask(m).is_some()));
    assert!(data.target("macrodetails/asian-female-young").is_some());
    assert!(data.target("nose/nose-width1-decr").is_some());
    let lip = data.group("body").filter(|quad| {
        let center = quad.uvs.iter().map(|uv| data.uvs[*uv as usize]).sum::<Vec2>() / 4.0;
        data.mask("lips").unwrap().sample(center) > 0.5
    });
    assert!((20..400).contains(&lip.count()), "the mask lies where the lips are");
}

#[test]
fn every_cut_and_every_flipped_byte_is_refused() {
    for end in [0, 7, 8, 20, HEADER, HUMAN.len() / 2, HUMAN.len() - 1] {
        assert!(BodyData::read(&HUMAN[..end]).is_err(), "cut at {end}");
    }
    for place in [0, 8, 12, 16, HEADER, HUMAN.len() / 3, HUMAN.len() - 1] {
        let mut bytes = HUMAN.to_vec();
        bytes[place] ^= 0x40;
        assert!(BodyData::read(&bytes).is_err(), "flipped at {place}");
    }
}

#[test]
fn a_damaged_body_is_refused_even_where_the_check_sum_fits() {
    let body = miniz_oxide::inflate::decompress_to_vec_zlib(&HUMAN[HEADER..]).unwrap();
    let data = human();
    // Number of vertices; a vertex of the first face; the parent of the first joint.
    let quads = 4 + data.base.len() * 12 + 4 + data.uvs.len() * 4 + 2;
    let quads = quads + data.groups.iter().map(|g| g.len() + 1).sum::<usize>() + 4;
    for place in [0, quads, quads + data.quads.len() * 18 + 2 + 5] {
        let mut bad = body.clone();
        bad[place] = 0xF0;
        bad[place + 1] = 0xF0;
        assert!(BodyData::body(&mut Cursor::new(&bad)).is_err(), "at {place}");
    }
}
