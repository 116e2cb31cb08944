//! Groups of actions that guardrails speak about.

use narrows_iam::actions::{self, Action};
use std::collections::BTreeSet;

/// A group of actions, by a name that is no action's.
pub(crate) struct Group {
    /// Its name, such as `data-read`.
    pub name: &'static str,
    /// What it is about, in one line.
    pub about: &'static str,
    holds: fn(&Action) -> bool,
}

impl Group {
    /// Its actions by their names in policies, such as `s3:GetObject`.
    pub fn actions(&self) -> impl Iterator<Item = String> {
        known().filter(|action| (self.holds)(action)).map(Action::qualified)
    }

    /// Whether an action is one of its own.
    pub fn has(&self, action: &Action) -> bool {
        (self.holds)(action)
    }
}

/// The actions that requests of a bucket or its objects can be for.
pub(crate) fn known() -> impl Iterator<Item = &'static Action> {
    actions::all().iter().filter(|action| action.is_object_action() || action.is_bucket_action())
}

/// The groups, by name.
pub(crate) const GROUPS: [Group; 14] = [
    Group {
        name: "acls",
        about: "what changes ACLs, which count for nothing where object ownership turns them off",
        holds: |action| ["PutBucketAcl", "PutObjectAcl", "PutObjectVersionAcl"].contains(&action.name),
    },
    Group {
        name: "configuration",
        about: "what the owner of a deployment must be able to change on a bucket, and to read back",
        holds: |action| CONFIGURATION.contains(&action.name),
    },
    Group {
        name: "data",
        about: "every action on objects, and those that list a bucket's objects",
        holds: Action::is_data_action,
    },
    Group {
        name: "data-delete",
        about: "data actions that take data away",
        holds: |action| action.is_data_action() && deletes(action),
    },
    Group { name: "data-list", about: "data actions that list objects or versions", holds: lists },
    Group {
        name: "data-read",
        about: "data actions that read objects or what is known of them",
        holds: |action| action.is_data_action() && action.access_level == "Read" && !lists(action),
    },
    Group {
        name: "data-write",
        about: "data actions that write objects or what is known of them, deletions aside",
        holds: |action| action.is_data_action() && action.access_level.contains("Write") && !deletes(action),
    },
    Group {
        name: "grant-delete",
        about: "what a grant to delete objects means",
        holds: |action| action.name == "DeleteObject",
    },
    Group {
        name: "grant-read",
        about: "what a grant to read means",
        holds: |action| ["GetObject", "ListBucket"].contains(&action.name),
    },
    Group {
        name: "grant-write",
        about: "what a grant to write means",
        holds: |action| {
            ["AbortMultipartUpload", "ListMultipartUploadParts", "PutObject"].contains(&action.name)
        },
    },
    Group {
        name: "new-paths",
        about: "what can open another way to data: policies, ownership, public access, and what copies data or names elsewhere",
        holds: |action| NEW_PATHS.contains(&action.name),
    },
    Group { name: "objects", about: "every action on objects", holds: Action::is_object_action },
    Group {
        name: "replication-destination",
        about: "what S3 needs at a destination to replicate objects, deletions and tags",
        holds: |action| ["ReplicateDelete", "ReplicateObject", "ReplicateTags"].contains(&action.name),
    },
    Group {
        name: "replication-source",
        about: "what S3 needs at a source to replicate: versions, their ACLs and tags, the configuration and the listing",
        holds: |action| REPLICATION_SOURCE.contains(&action.name),
    },
];

/// The actions of a group, or the one action with this name; `None` for a name that is neither.
pub(crate) fn actions_in(name: &str) -> Option<BTreeSet<String>> {
    if let Some(group) = GROUPS.iter().find(|group| group.name == name) {
        return Some(group.actions().collect());
    }
    known().find(|action| action.qualified() == name).map(|action| BTreeSet::from([action.qualified()]))
}

fn lists(action: &Action) -> bool {
    let of_bucket = ["ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"].contains(&action.name);
    of_bucket || (action.is_object_action() && action.access_level == "List")
}

fn deletes(action: &Action) -> bool {
    action.name.contains("Delete")
}

// Source: S3 User Guide, "Setting up permissions for live replication".
const REPLICATION_SOURCE: [&str; 5] = [
    "GetObjectVersionAcl",
    "GetObjectVersionForReplication",
    "GetObjectVersionTagging",
    "GetReplicationConfiguration",
    "ListBucket",
];

const CONFIGURATION: [&str; 20] = [
    "DeleteBucketPolicy",
    "GetBucketLocation",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "GetMetricsConfiguration",
    "GetReplicationConfiguration",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutEncryptionConfiguration",
    "PutLifecycleConfiguration",
    "PutMetricsConfiguration",
    "PutReplicationConfiguration",
];

const NEW_PATHS: [&str; 17] = [
    "AllowVendedLogDeliveryForResource",
    "CreateBucketMetadataTableConfiguration",
    "DeleteBucketPolicy",
    "PutAnalyticsConfiguration",
    "PutBucketAbac",
    "PutBucketLogging",
    "PutBucketNotification",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketWebsite",
    "PutInventoryConfiguration",
    "PutLifecycleConfiguration",
    "PutReplicationConfiguration",
    "UpdateBucketMetadataAnnotationTableConfiguration",
    "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_a_list_is_an_action() {
        let all: BTreeSet<&str> = known().map(|action| action.name).collect();
        for name in REPLICATION_SOURCE.iter().chain(&CONFIGURATION).chain(&NEW_PATHS) {
            assert!(all.contains(name), "{name}");
        }
    }

    #[test]
    fn groups_are_sorted_and_data_is_their_sum() {
        assert!(GROUPS.is_sorted_by_key(|group| group.name));
        let data = actions_in("data").unwrap();
        let parts = ["data-delete", "data-list", "data-read", "data-write"];
        let sum: BTreeSet<_> = parts.iter().flat_map(|name| actions_in(name).unwrap()).collect();
        assert_eq!(sum, data);
        let count: usize = parts.iter().map(|name| actions_in(name).unwrap().len()).sum();
        assert_eq!(count, data.len(), "no action is in two parts");
    }
}
