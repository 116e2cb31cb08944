//! Which configured block a planned one comes from.

use crate::hcl;
use crate::policy_document;
use narrows_model::{Value, ValueKind};

/// The configured block that a planned one comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pairing<'v> {
    /// This one.
    Block(&'v Value),
    /// One of a dynamic block, or one that cannot be told from others.
    Hidden,
}

/// Pairs planned blocks with configured ones.
///
/// Lists keep the order of the configuration. Sets do not: there a planned block comes from the one that does not
/// contradict what is known of it, and where several remain, they must be alike in everything that is known.
pub(super) fn pair<'v>(
    type_name: &str,
    path: &str,
    after: &[Value],
    unknown: &[Value],
    configured: &'v [Value],
) -> Vec<Pairing<'v>> {
    if after.len() != configured.len() {
        return vec![Pairing::Hidden; after.len()];
    }
    let is_set = matches!(
        (type_name, path),
        ("aws_s3control_multi_region_access_point", "details.region")
            | ("aws_s3control_multi_region_access_point_routes", "route")
            | (
                policy_document::TYPE,
                "statement.condition" | "statement.principals" | "statement.not_principals"
            )
    );
    if !is_set {
        return configured.iter().map(Pairing::Block).collect();
    }
    pair_set(after, unknown, configured)
}

fn pair_set<'v>(after: &[Value], unknown: &[Value], configured: &'v [Value]) -> Vec<Pairing<'v>> {
    let nothing = Value::new(ValueKind::Null);
    let planned: Vec<(&Value, &Value)> = after
        .iter()
        .enumerate()
        .map(|(index, after)| (after, unknown.get(index).unwrap_or(&nothing)))
        .collect();
    let mut pairs = vec![None; planned.len()];
    let mut free: Vec<&Value> = configured.iter().collect();
    while let Some((index, block)) = certain(&planned, &pairs, &free) {
        if let Some(place) = pairs.get_mut(index) {
            *place = Some(block);
        }
        free.retain(|other| !std::ptr::eq(*other, block));
    }
    pairs.into_iter().map(|pair| pair.map_or(Pairing::Hidden, Pairing::Block)).collect()
}

/// A planned block that is not paired yet, and the free configured block that it must come from.
fn certain<'v>(
    planned: &[(&Value, &Value)],
    pairs: &[Option<&Value>],
    free: &[&'v Value],
) -> Option<(usize, &'v Value)> {
    let open = || {
        let unpaired = |index: &usize| pairs.get(*index).is_some_and(Option::is_none);
        planned.iter().enumerate().filter(move |(index, _)| unpaired(index))
    };
    // The only place that a configured block can have gone to.
    for block in free {
        let mut places = open().filter(|(_, (after, unknown))| agrees(block, after, unknown));
        if let (Some((index, _)), None) = (places.next(), places.next()) {
            return Some((index, block));
        }
    }
    for (index, planned) in open() {
        let candidates = || free.iter().copied().filter(|block| agrees(block, planned.0, planned.1));
        let first = candidates().next()?;
        if candidates().count() == 1 {
            return Some((index, first));
        }
        // Planned blocks that are alike may be swapped, so long as nothing but what is unknown tells the configured
        // ones apart and none of these can have gone elsewhere.
        let elsewhere = |other: &(&Value, &Value)| {
            other != planned && candidates().any(|block| agrees(block, other.0, other.1))
        };
        let decided = candidates().all(|block| is_decided(block, planned.0));
        if decided && !open().any(|(_, other)| elsewhere(other)) {
            return Some((index, first));
        }
    }
    None
}

/// Whether nothing that a configured block spells out contradicts a planned one.
fn agrees(block: &Value, after: &Value, unknown: &Value) -> bool {
    block.members().unwrap_or_default().iter().all(|member| {
        let Some(constant) = constant(&member.value) else { return true };
        let is_unknown = unknown.get(&member.name).and_then(Value::as_bool) == Some(true);
        !is_unknown
            && after.get(&member.name).is_none_or(|known| hcl::as_text(constant) == hcl::as_text(known))
    })
}

/// Whether all that is known of a planned block is spelled out in the configured one, so that nothing else can tell
/// blocks apart.
fn is_decided(block: &Value, after: &Value) -> bool {
    let known =
        after.members().unwrap_or_default().iter().filter(|member| member.value.kind != ValueKind::Null);
    let given = |name: &str| block.get(name);
    known
        .into_iter()
        .all(|member| given(&member.name).is_none_or(|expression| constant(expression).is_some()))
}

/// The value that an expression spells out; none for what may be a template, as in a `.tf.json` configuration.
fn constant(expression: &Value) -> Option<&Value> {
    let constant = expression.get("constant_value").filter(|_| expression.get("references").is_none())?;
    let is_template = constant.as_str().is_some_and(|text| text.contains("${") || text.contains("%{"));
    (!is_template).then_some(constant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_model::Source;

    const ROUTES: &str = "aws_s3control_multi_region_access_point_routes";

    fn json(text: &str) -> Vec<Value> {
        let value = narrows_model::json::parse(&Source::file("t", text)).unwrap();
        value.items().unwrap().to_vec()
    }

    /// For each planned block the `bucket` of its configured one.
    fn paired(after: &str, unknown: &str, configured: &str) -> Vec<String> {
        let configured = json(configured);
        let pairs = pair(ROUTES, "route", &json(after), &json(unknown), &configured);
        pairs
            .into_iter()
            .map(|pair| match pair {
                Pairing::Block(block) => block.get("bucket").unwrap().to_string(),
                Pairing::Hidden => "hidden".to_owned(),
            })
            .collect()
    }

    #[test]
    fn what_is_known_tells_blocks_of_a_set_apart() {
        let configured = r#"[
            {"bucket": {"references": ["a"]}, "region": {"constant_value": "eu-west-2"}},
            {"bucket": {"references": ["b"]}, "region": {"constant_value": "us-east-1"}}]"#;
        let pairs = paired(
            r#"[{"region": "us-east-1"}, {"region": "eu-west-2"}]"#,
            r#"[{"bucket": true}, {"bucket": true}]"#,
            configured,
        );
        assert_eq!(pairs, [r#"{"references":["b"]}"#, r#"{"references":["a"]}"#]);
    }

    #[test]
    fn a_known_block_leaves_the_other_for_the_unknown_one() {
        let configured = r#"[{"bucket": {"references": ["a"]}}, {"bucket": {"constant_value": "lit"}}]"#;
        let pairs = paired(r#"[{"bucket": "lit"}, {}]"#, r#"[{}, {"bucket": true}]"#, configured);
        assert_eq!(pairs, [r#"{"constant_value":"lit"}"#, r#"{"references":["a"]}"#]);
    }

    #[test]
    fn a_constant_has_one_place() {
        let configured = r#"[
            {"bucket": {"references": ["a"]}}, {"bucket": {"constant_value": "lit"}}, {"bucket": {"references": ["b"]}}]"#;
        let pairs = paired(
            r#"[{"bucket": "lit"}, {}, {}]"#,
            r#"[{}, {"bucket": true}, {"bucket": true}]"#,
            configured,
        );
        assert_eq!(
            pairs,
            [r#"{"constant_value":"lit"}"#, r#"{"references":["a"]}"#, r#"{"references":["b"]}"#]
        );
    }

    #[test]
    fn blocks_that_are_alike_may_be_swapped() {
        let configured = r#"[{"bucket": {"references": ["a"]}}, {"bucket": {"references": ["b"]}}]"#;
        let pairs = paired("[{}, {}]", r#"[{"bucket": true}, {"bucket": true}]"#, configured);
        assert_eq!(pairs, [r#"{"references":["a"]}"#, r#"{"references":["b"]}"#]);
    }

    #[test]
    fn blocks_that_only_an_expression_tells_apart_are_hidden() {
        // Which dial belongs to which bucket cannot be known: the Regions come from variables.
        let configured = r#"[
            {"bucket": {"references": ["a"]}, "region": {"references": ["var.a"]}},
            {"bucket": {"references": ["b"]}, "region": {"references": ["var.b"]}}]"#;
        let pairs = paired(
            r#"[{"region": "us-east-1"}, {"region": "eu-west-2"}]"#,
            r#"[{"bucket": true}, {"bucket": true}]"#,
            configured,
        );
        assert_eq!(pairs, ["hidden", "hidden"]);
    }

    #[test]
    fn other_numbers_of_blocks_mean_a_dynamic_block() {
        assert_eq!(paired("[{}, {}]", "[{}, {}]", "[{}]"), ["hidden", "hidden"]);
    }
}
