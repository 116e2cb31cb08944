use super::resources::Shown;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Arguments that are given no value, so that the provider chooses one.
///
/// In a plan such an argument is unknown, just as one that is given a value which is unknown; the provider alone is told
/// which. Resources are known by their type and the texts in their planned state.
#[derive(Clone, Debug, Default)]
pub struct Unset(BTreeMap<(String, BTreeMap<String, String>), BTreeSet<String>>);

impl Unset {
    /// Notes the paths of a resource, without indices; of resources that look alike those that all of them have.
    pub fn add(&mut self, type_name: &str, texts: BTreeMap<String, String>, paths: BTreeSet<String>) {
        let known = self.0.entry((type_name.to_owned(), texts)).or_insert_with(|| paths.clone());
        known.retain(|path| paths.contains(path));
    }

    /// The paths of a resource, without indices.
    pub(super) fn of(&self, shown: &Shown<'_>) -> Option<&BTreeSet<String>> {
        let members = shown.values().and_then(Value::as_object).into_iter().flatten();
        let texts = members.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        self.0.get(&(shown.type_name.to_owned(), texts.collect()))
    }
}

/// Whether a path, with indices, is one of these.
pub(super) fn has(paths: Option<&BTreeSet<String>>, path: &str) -> bool {
    paths.is_some_and(|paths| paths.contains(&without_indices(path)))
}

fn without_indices(path: &str) -> String {
    let mut depth = 0_usize;
    let kept = path.chars().filter(|c| {
        match c {
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_resources_that_look_alike_what_all_are_planned_without_counts() {
        let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
        let texts = |name: &str| BTreeMap::from([("bucket".to_owned(), name.to_owned())]);
        let mut unset = Unset::default();
        unset.add("aws_s3_bucket", texts("one"), paths(&["acl", "rule.filter.prefix"]));
        unset.add("aws_s3_bucket", texts("two"), paths(&["acl", "policy"]));
        unset.add("aws_s3_bucket", texts("two"), paths(&["policy", "rule.filter.prefix"]));
        let has = |type_name: &str, name: &str, path: &str| {
            let value = json!({"values": {"bucket": name, "force_destroy": false, "tags": null}});
            let shown = Shown {
                value: &value,
                address: "",
                is_data: false,
                type_name,
                module: None,
                configuration: None,
            };
            has(unset.of(&shown), path)
        };
        assert!(
            has("aws_s3_bucket", "one", "acl") && has("aws_s3_bucket", "one", "rule[0].filter[12].prefix")
        );
        assert!(!has("aws_s3_bucket", "one", "policy") && !has("aws_s3_object", "one", "acl"));
        assert!(has("aws_s3_bucket", "two", "policy") && !has("aws_s3_bucket", "two", "acl"));
        assert!(!has("aws_s3_bucket", "three", "acl"));
    }
}
