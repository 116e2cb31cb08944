//! What a peer reads otherwise than AWS documents.
//!
//! Each exclusion is needed: a test asserts that some of the cases that it covers differ. Its sentence is AWS's own, and
//! `docs/semantics.md` says how we read it.

mod has;

use crate::own::Documents;
use crate::peer::Peer;
use narrows_tests::generate::Case;

/// A construct that is left out of the comparison with one peer.
#[derive(Debug)]
pub struct Exclusion {
    /// What the table prints.
    pub name: &'static str,
    /// The peer.
    pub peer: Peer,
    /// The sentence of AWS's documents that the peer misses.
    pub aws: &'static str,
    /// The page of AWS's documents that has it.
    pub source: &'static str,
    /// Whether a case has the construct.
    pub has: fn(&Case, &Documents) -> bool,
}

/// All exclusions of a peer.
pub fn of(peer: Peer) -> impl Iterator<Item = &'static Exclusion> {
    ALL.iter().filter(move |exclusion| exclusion.peer == peer)
}

/// The first exclusion of a peer that covers a case.
pub fn first(peer: Peer, case: &Case, documents: &Documents) -> Option<&'static Exclusion> {
    of(peer).find(|exclusion| (exclusion.has)(case, documents))
}

const OPERATORS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const MULTIVALUED: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";
const PRINCIPAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const LOGIC: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html";
const ARNS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html";
const RESOURCE: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";
const VARIABLES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html";
const VERSION: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html";

const NULL_DATA_SET: &str = "It also returns true if there are no keys in the request, or if the key values resolve to a null data set, such as an empty string.";
const DATES: &str = "You must specify date/time values with one of the W3C implementations of the ISO 8601 date formats \
                     or in epoch (UNIX) time.";
const PREFIX: &str = "If you specify an IP address without the associated routing prefix, IAM uses the default prefix \
                      value of /32.";
const SIX_FIELDS: &str = "Each of the six colon-delimited components of the ARN is checked separately and each can \
                          include multi-character match wildcards (*) or single-character match wildcards (?).";

const INCOMPLETE: &str = "When you specify an incomplete ARN (one with fewer than the standard six fields) in an \
                          identity-based policy, AWS automatically completes the ARN by adding wildcard characters (*) \
                          to all missing fields.";

const ALL: &[Exclusion] = &[
    Exclusion {
        name: "a policy variable in version 2008-10-17",
        peer: Peer::IamSimulate,
        aws: "For example, variables such as ${aws:username} aren't recognized as variables and are instead treated as \
              literal strings in the policy.",
        source: VERSION,
        has: has::literal_variable,
    },
    Exclusion {
        name: "a policy variable whose key is there and empty",
        peer: Peer::IamSimulate,
        aws: "When the policy is evaluated, the policy variables are replaced with values that come from the conditional \
              context keys passed in the request.",
        source: VARIABLES,
        has: has::empty_variable,
    },
    Exclusion {
        name: "${*}, ${?} or ${$} in the value of a String equality operator",
        peer: Peer::IamSimulate,
        aws: "There are a few special predefined policy variables that have fixed values that enable you to represent \
              characters that otherwise have special meaning.",
        source: VARIABLES,
        has: has::escape,
    },
    Exclusion {
        name: "a date compared with epoch time",
        peer: Peer::IamSimulate,
        aws: DATES,
        source: OPERATORS,
        has: has::mixed_dates,
    },
    Exclusion {
        name: "NotIpAddress with a single address, and an address of the other family",
        peer: Peer::IamSimulate,
        aws: PREFIX,
        source: OPERATORS,
        has: has::single_address_of_other_family,
    },
    Exclusion {
        name: "an IPv4 network of prefix length 0",
        peer: Peer::IamSimulate,
        aws: "The value must be in the standard CIDR format (for example, 203.0.113.0/24 or 2001:DB8:1234:5678::/64).",
        source: OPERATORS,
        has: has::prefix_of_length_0,
    },
    Exclusion {
        name: "a set operator on a list of empty texts",
        peer: Peer::IamSimulate,
        aws: NULL_DATA_SET,
        source: MULTIVALUED,
        has: has::set_of_empty_texts,
    },
    Exclusion {
        name: "an ARN operator with * alone",
        peer: Peer::IamSimulate,
        aws: SIX_FIELDS,
        source: OPERATORS,
        has: has::arn_operator_with_everything,
    },
    Exclusion {
        name: "a policy variable in one of the first five fields of an ARN operator's value",
        peer: Peer::IamSimulate,
        aws: "Policy variables – Supported",
        source: OPERATORS,
        has: has::variable_in_field,
    },
    Exclusion {
        name: "a role's ARN without the role's path",
        peer: Peer::IamSimulate,
        aws: "If your Principal element in a role trust policy contains an ARN that points to a specific IAM role, then \
              that ARN transforms to the role's unique principal ID when you save the policy.",
        source: PRINCIPAL,
        has: has::role_without_its_path,
    },
    Exclusion {
        name: "an object's key with * or ? in it",
        peer: Peer::IamSimulate,
        aws: "You can use wildcard characters (* and ?) within the individual segments of an ARN (the parts separated by colons).",
        source: RESOURCE,
        has: has::wildcard_in_request,
    },
    Exclusion {
        name: "NotResource or a negated ARN operator with an ARN of fewer than six fields",
        peer: Peer::IamSimulate,
        aws: INCOMPLETE,
        source: ARNS,
        has: has::short_and_negated,
    },
    Exclusion {
        name: "a document without Version",
        peer: Peer::IamRs,
        aws: "If you do not include a Version element, the value defaults to 2008-10-17.",
        source: VERSION,
        has: has::no_version,
    },
    Exclusion {
        name: "principals of more than one kind",
        peer: Peer::IamRs,
        aws: "For example, you can specify a principal in a bucket policy using all three methods.",
        source: PRINCIPAL,
        has: has::mixed_principals,
    },
    Exclusion {
        name: "an account as principal, and a root user as caller",
        peer: Peer::IamRs,
        aws: "The account ARN and the shortened account ID behave the same way. Both delegate permissions to the account.",
        source: PRINCIPAL,
        has: has::account,
    },
    Exclusion {
        name: "a session or a federated user as principal",
        peer: Peer::IamRs,
        aws: "When they use those session credentials to perform operations in AWS, they become a role session principal.",
        source: PRINCIPAL,
        has: has::session,
    },
    Exclusion {
        name: "an anonymous caller",
        peer: Peer::IamRs,
        aws: "For resource-based policies, using a wildcard (*) with an Allow effect grants access to all users, including anonymous users (public access).",
        source: PRINCIPAL,
        has: has::anonymous,
    },
    Exclusion {
        name: "an ARN operator",
        peer: Peer::IamRs,
        aws: SIX_FIELDS,
        source: OPERATORS,
        has: has::arn_operator,
    },
    Exclusion {
        name: "a policy variable",
        peer: Peer::IamRs,
        aws: "${*} - use where you need an * (asterisk) character.",
        source: VARIABLES,
        has: has::variable,
    },
    Exclusion {
        name: "a set operator with other than plain String operators",
        peer: Peer::IamRs,
        aws: "The ForAllValues and ForAnyValue qualifiers add set-operation functionality to the condition operator, allowing you to test request context keys with multiple values against multiple context key values in a policy condition.",
        source: MULTIVALUED,
        has: has::set_operator_on_other_types,
    },
    Exclusion {
        name: "a set operator on a list of empty texts",
        peer: Peer::IamRs,
        aws: NULL_DATA_SET,
        source: MULTIVALUED,
        has: has::set_of_empty_texts,
    },
    Exclusion {
        name: "Null with both values",
        peer: Peer::IamRs,
        aws: "If a single condition operator includes multiple values for a context key, those values are evaluated using a logical OR.",
        source: LOGIC,
        has: has::null_with_both,
    },
    Exclusion {
        name: "a date without a time",
        peer: Peer::IamRs,
        aws: DATES,
        source: OPERATORS,
        has: has::date_without_time,
    },
    Exclusion {
        name: "a resource of fewer than six fields",
        peer: Peer::IamRs,
        aws: INCOMPLETE,
        source: ARNS,
        has: has::short_resource,
    },
];
