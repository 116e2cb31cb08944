//! The ids of what belongs to one bucket, of which each type makes its own.
//!
//! Source: "Import" on the pages of the resource types in the AWS provider's documentation.

use super::aws::Answer;
use super::value::Data;
use std::collections::BTreeMap;

/// How an id is made.
enum Form {
    /// Of the values of these arguments, of which all but the first may be left out.
    Commas(&'static [&'static str]),
    /// Of the bucket and a name.
    Colon,
}

const FORMS: [(&str, Form); 19] = [
    ("aws_s3_bucket_accelerate_configuration", OWNED),
    ("aws_s3_bucket_acl", Form::Commas(&["bucket", "expected_bucket_owner", "acl"])),
    ("aws_s3_bucket_analytics_configuration", Form::Colon),
    ("aws_s3_bucket_cors_configuration", OWNED),
    ("aws_s3_bucket_intelligent_tiering_configuration", Form::Colon),
    ("aws_s3_bucket_inventory", Form::Colon),
    ("aws_s3_bucket_lifecycle_configuration", OWNED),
    ("aws_s3_bucket_logging", OWNED),
    ("aws_s3_bucket_metric", Form::Colon),
    ("aws_s3_bucket_notification", PLAIN),
    ("aws_s3_bucket_object_lock_configuration", OWNED),
    ("aws_s3_bucket_ownership_controls", PLAIN),
    ("aws_s3_bucket_policy", PLAIN),
    ("aws_s3_bucket_public_access_block", PLAIN),
    ("aws_s3_bucket_replication_configuration", PLAIN),
    ("aws_s3_bucket_request_payment_configuration", OWNED),
    ("aws_s3_bucket_server_side_encryption_configuration", OWNED),
    ("aws_s3_bucket_versioning", OWNED),
    ("aws_s3_bucket_website_configuration", OWNED),
];
const PLAIN: Form = Form::Commas(&["bucket"]);
const OWNED: Form = Form::Commas(&["bucket", "expected_bucket_owner"]);

/// The id of a resource of one of these types; `None` of another.
pub(super) fn of(type_name: &str, given: &BTreeMap<String, Data>) -> Option<Answer> {
    let (_, form) = FORMS.iter().find(|(of, _)| *of == type_name)?;
    let text = match form {
        Form::Commas(arguments) => {
            let parts = arguments.iter().map(|argument| part(given, argument));
            parts.collect::<Option<Vec<_>>>().and_then(|parts| match parts.as_slice() {
                [Some(_), ..] => Some(parts.into_iter().flatten().collect::<Vec<_>>().join(",")),
                _ => None,
            })
        }
        Form::Colon => {
            let both = [part(given, "bucket"), part(given, "name")].map(Option::flatten);
            if let [Some(bucket), Some(name)] = both { Some(format!("{bucket}:{name}")) } else { None }
        }
    };
    Some(text.map_or(Answer::Unknown, Answer::Exact))
}

/// The value of an argument, if it has one; `None` where it is not known yet.
fn part<'g>(given: &'g BTreeMap<String, Data>, argument: &str) -> Option<Option<&'g str>> {
    match given.get(argument) {
        None | Some(Data::Null) => Some(None),
        Some(Data::Text(text)) => Some(Some(text).filter(|text| !text.is_empty()).map(String::as_str)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(type_name: &str, given: &[(&str, &str)]) -> Option<Answer> {
        let given = given.iter().map(|(name, text)| ((*name).to_owned(), Data::text(*text)));
        of(type_name, &given.collect())
    }

    fn exact(type_name: &str, given: &[(&str, &str)], expected: &str) {
        assert_eq!(id(type_name, given), Some(Answer::Exact(expected.to_owned())), "{type_name}");
    }

    #[test]
    fn an_id_is_what_import_takes() {
        let owned = [("bucket", "logs"), ("expected_bucket_owner", "111122223333")];
        exact("aws_s3_bucket_policy", &[("bucket", "logs")], "logs");
        exact("aws_s3_bucket_versioning", &[("bucket", "logs")], "logs");
        exact("aws_s3_bucket_versioning", &owned, "logs,111122223333");
        exact("aws_s3_bucket_acl", &[("bucket", "logs"), ("acl", "private")], "logs,private");
        let acl = [owned.as_slice(), &[("acl", "private")]].concat();
        exact("aws_s3_bucket_acl", &acl, "logs,111122223333,private");
        for of in ["metric", "inventory", "analytics_configuration", "intelligent_tiering_configuration"] {
            exact(&format!("aws_s3_bucket_{of}"), &[("bucket", "logs"), ("name", "all")], "logs:all");
        }
    }

    #[test]
    fn an_id_is_not_known_before_its_parts() {
        let unknown = BTreeMap::from([
            ("bucket".to_owned(), Data::text("logs")),
            ("acl".to_owned(), Data::Unknown),
            ("name".to_owned(), Data::Unknown),
        ]);
        assert_eq!(of("aws_s3_bucket_acl", &unknown), Some(Answer::Unknown));
        assert_eq!(of("aws_s3_bucket_metric", &unknown), Some(Answer::Unknown));
        assert_eq!(id("aws_s3_bucket_policy", &[]), Some(Answer::Unknown));
        // Types whose id nobody knows, or that have had several.
        assert_eq!(id("aws_s3_bucket_abac", &[("bucket", "logs")]), None);
        assert_eq!(id("aws_s3_bucket_object", &[("bucket", "logs"), ("key", "a/b")]), None);
    }
}
