use super::*;

#[test]
fn every_limit_is_set_by_its_own_variable() {
    for (at, limit) in LIMITS.iter().enumerate() {
        assert!(limit.range.contains(&limit.default), "{}", limit.name);
        let wanted = *limit.range.end();
        let mut limits = Limits::default();
        limit.set(&mut limits, &wanted.to_string()).unwrap();
        for (other_at, other) in LIMITS.iter().enumerate() {
            let expected = if at == other_at {
                wanted
            } else {
                other.default
            };
            assert_eq!(*(other.place)(&mut limits), expected, "{}", other.name);
        }
    }
}

#[test]
fn what_is_no_number_or_none_that_it_can_be_is_refused_by_name() {
    for value in ["", "many", "-1", "1.5", "99999999999999999999999"] {
        let depth = LIMITS.iter().find(|limit| limit.name == "LIMIT_DEPTH");
        let mut limits = Limits::default();
        let wrong = depth.unwrap().set(&mut limits, value);
        let line = wrong.unwrap_err().to_string();
        assert_eq!(
            line,
            "LIMIT_DEPTH is wrong: it is no number from 5 to 50. For example LIMIT_DEPTH=20"
        );
        assert_eq!(limits, Limits::default());
    }
}

#[test]
fn the_documented_table_is_this_one() {
    let documented = include_str!("../../../../docs/LIMITS.md");
    for limit in &LIMITS {
        let code = limit
            .code
            .map_or("–".to_owned(), |code| format!("`{code}`"));
        let row = format!(
            "| `{}` | {} | {} | {code} | {} |",
            limit.name, limit.what, limit.default, limit.why
        );
        assert!(documented.contains(&row), "docs/LIMITS.md lacks\n{row}");
    }
}
