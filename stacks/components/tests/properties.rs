//! What holds for every valid description.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_model::{Region, Source};
use narrows_stacks::{StackSpec, intent_file};
use proptest::prelude::*;
use std::fmt::Write as _;

/// Parts of a description, from which its text is written.
#[derive(Clone, Debug)]
struct Parts {
    regions: Vec<&'static str>,
    grants: Vec<(u8, &'static str, &'static str)>,
    break_glass: Option<Option<&'static str>>,
    service: bool,
    replication: bool,
    active: usize,
    private: usize,
    observability: bool,
}

fn parts() -> impl Strategy<Value = Parts> {
    let codes: Vec<_> = Region::mrap_capable().map(Region::as_str).collect();
    let regions = proptest::sample::subsequence(codes, 1..=8).prop_shuffle();
    let grant = (
        0_u8..6,
        prop_oneof![Just("read"), Just("write"), Just("read-write")],
        prop_oneof![Just(""), Just("a b/")],
    );
    let glass = proptest::option::of(proptest::option::of(Just("2027-03-31")));
    let rest = (any::<bool>(), any::<bool>(), 0_usize..4, 0_usize..4, any::<bool>());
    (regions, proptest::collection::btree_set(grant, 0..5), glass, rest).prop_map(
        |(regions, grants, break_glass, (service, replication, active, private, observability))| Parts {
            regions,
            grants: grants.into_iter().collect(),
            break_glass,
            service,
            replication,
            active,
            private,
            observability,
        },
    )
}

fn text(parts: &Parts) -> String {
    let mut out = "[stack]\nname = \"x-1\"\naccount = \"123456789012\"\n[mrap]\nname = \"sg-1\"\n".to_owned();
    for region in &parts.regions {
        write!(out, "[[bucket]]\nregion = \"{region}\"\nname = \"b-{region}\"\n").unwrap();
    }
    for (role, access, prefix) in &parts.grants {
        let role = format!("arn:aws:iam::123456789012:role/r.{role}");
        write!(out, "[[grant]]\nrole = \"{role}\"\naccess = \"{access}\"\nprefix = \"{prefix}\"\n").unwrap();
    }
    if let Some(expires) = parts.break_glass {
        out.push_str("[[break_glass]]\nrole = \"arn:aws:iam::123456789012:role/g\"\nreason = \"x\"\n");
        if let Some(date) = expires {
            writeln!(out, "expires = \"{date}\"").unwrap();
        }
    }
    if parts.service {
        out.push_str("[[exempt_service]]\nservice = \"logging.s3.amazonaws.com\"\naccess = \"write\"\nreason = \"logs\"\n");
    }
    if parts.replication && parts.regions.len() > 1 {
        out.push_str("[replication]\n");
    }
    if parts.active > 0 && parts.regions.len() > 1 {
        let (active, rest) = parts.regions.split_at(parts.active.min(parts.regions.len()));
        write!(out, "[failover]\nactive = {active:?}\n").unwrap();
        if let [backup, passive @ ..] = rest {
            write!(out, "backup = {backup:?}\npassive = {passive:?}\n").unwrap();
        }
    }
    for (index, region) in parts.regions.iter().take(parts.private).enumerate() {
        write!(
            out,
            "[[private_access]]\nregion = \"{region}\"\nvpc = \"vpc-0000000{index}\"\n\
             subnets = [\"subnet-0000000{index}\"]\nclients = [\"10.{index}.0.0/16\"]\n"
        )
        .unwrap();
    }
    if parts.observability {
        out.push_str("[observability]\n");
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn valid_descriptions_compose_to_an_acyclic_graph(parts in parts()) {
        let text = text(&parts);
        let spec = StackSpec::parse("narrows.toml", &text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        let composed = spec.compose();
        let order = composed.deployment.in_order().unwrap();
        let place = |id: &_| order.iter().position(|it| it.id == *id).unwrap();
        for resource in &order {
            for needed in composed.deployment.dependencies(resource) {
                prop_assert!(place(&needed) < place(&resource.id), "{needed} before {}", resource.id);
            }
        }
        let again = StackSpec::parse("narrows.toml", &text).unwrap();
        prop_assert_eq!(format!("{:?}", again.compose()), format!("{:?}", composed));
        let file = Source::file("f", intent_file::print(&composed.intent));
        prop_assert_eq!(&intent_file::parse(&file).unwrap(), &composed.intent);
    }

    #[test]
    fn no_text_makes_the_reader_panic(cut in 0_usize..4000, insert in "[\\[\\]\"=a-z0-9 \\n]{0,6}") {
        let template = StackSpec::template();
        let cut = (0..=cut.min(template.len())).rev().find(|at| template.is_char_boundary(*at)).unwrap();
        let text = format!("{}{insert}{}", &template[..cut], &template[cut..]);
        if let Err(error) = StackSpec::parse("narrows.toml", &text) {
            let span = error.span();
            prop_assert!(error.text().text().get(span.start..span.end).is_some());
        }
    }
}
