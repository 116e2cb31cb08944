//! S3's actions, as the service authorization reference lists them: see `data/README.md`.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/s3-actions.tsv");

/// An S3 action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its name, without `s3:`.
    pub name: &'static str,
    /// Its access levels, such as `Permissions management, Write`.
    pub access_level: &'static str,
    /// The types of its resources, such as `object`; `*` where it takes none.
    pub resource_types: Vec<&'static str>,
    /// Whether it can come through an access point.
    pub access_point: AccessPointSupport,
}

/// Whether an action can come through an access point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessPointSupport {
    /// An access point can be its resource.
    Resource,
    /// Only the condition key `s3:DataAccessPointArn` is listed.
    KeyOnly,
    /// Neither.
    None,
}

static ACTIONS: LazyLock<Vec<Action>> = LazyLock::new(|| TABLE.lines().skip(1).filter_map(row).collect());

fn row(line: &'static str) -> Option<Action> {
    let mut columns = line.split('\t');
    let (name, access_level, types, support) =
        (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let access_point = match support {
        "ap-resource" => AccessPointSupport::Resource,
        "key-listed-only" => AccessPointSupport::KeyOnly,
        _ => AccessPointSupport::None,
    };
    Some(Action { name, access_level, resource_types: types.split(',').collect(), access_point })
}

impl Action {
    /// Whether its resource is an object, by itself or through an access point.
    pub fn is_object_action(&self) -> bool {
        self.resource_types.iter().any(|kind| matches!(*kind, "object" | "accesspointobject"))
    }

    /// Whether its resource is a bucket.
    pub fn is_bucket_action(&self) -> bool {
        self.resource_types.contains(&"bucket")
    }

    /// Whether it reads, writes or lists data: every object action, and the three that list a bucket's objects.
    pub fn is_data_action(&self) -> bool {
        self.is_object_action()
            || matches!(self.name, "ListBucket" | "ListBucketVersions" | "ListBucketMultipartUploads")
    }

    /// The name with its service, such as `s3:GetObject`.
    pub fn qualified(&self) -> String {
        format!("s3:{}", self.name)
    }
}

/// All 180 actions, by name.
pub fn all() -> &'static [Action] {
    &ACTIONS
}

/// The action with this name in any case, with or without `s3:`.
pub fn find(name: &str) -> Option<&'static Action> {
    let bare = match name.split_once(':') {
        Some((service, bare)) if service.eq_ignore_ascii_case("s3") => bare,
        Some(_) => return None,
        None => name,
    };
    all().iter().find(|action| action.name.eq_ignore_ascii_case(bare))
}

/// The 47 actions on data: see [`Action::is_data_action`].
pub fn data_actions() -> impl Iterator<Item = &'static Action> {
    all().iter().filter(|action| action.is_data_action())
}

/// The 44 actions on objects.
pub fn object_actions() -> impl Iterator<Item = &'static Action> {
    all().iter().filter(|action| action.is_object_action())
}

/// The 62 actions on buckets.
pub fn bucket_actions() -> impl Iterator<Item = &'static Action> {
    all().iter().filter(|action| action.is_bucket_action())
}

/// Whether the action with this name, in any case and with or without `s3:`, is listed as one on objects.
pub fn is_object_action(name: &str) -> bool {
    find(name).is_some_and(Action::is_object_action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(all().len(), 180);
        assert_eq!(TABLE.lines().count(), 181, "every row is an action");
        assert!(all().is_sorted_by(|a, b| a.name < b.name));
        let counts = (data_actions().count(), object_actions().count(), bucket_actions().count());
        assert_eq!(counts, (47, 44, 62));
        let carried = |support| all().iter().filter(|action| action.access_point == support).count();
        assert_eq!(carried(AccessPointSupport::Resource), 50);
        assert_eq!(carried(AccessPointSupport::KeyOnly), 19);
    }

    #[test]
    fn names_are_found_in_any_case() {
        assert_eq!(find("S3:getobject").map(Action::qualified), Some("s3:GetObject".to_owned()));
        assert_eq!(find("kms:Decrypt"), None);
        assert!(is_object_action("PutObject") && !is_object_action("s3:ListBucket"));
    }
}
