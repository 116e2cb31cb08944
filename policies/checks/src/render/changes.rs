//! What access a change adds and removes, as text and as JSON.

use super::text::{Preface, decided, preface_lines};
use super::{Page, Span, Style, Tone};
use crate::changes::{AccessView, CallersView, ChangeView, ChangesView, Direction};
use crate::{Decision, RouteView};
use std::collections::BTreeMap;

/// The view as text, with a line break at its end.
pub fn render(view: &ChangesView, preface: &Preface, style: Style) -> String {
    let mut page = Page::new(style);
    preface_lines(preface, &mut page);
    for entry in merged(&view.changes) {
        change(&entry, &mut page);
    }
    for undecided in &view.unknown {
        page.gap();
        let lead = vec![
            Span::new("? ", Tone::Open),
            Span::new(&undecided.bucket.name, Tone::Strong),
            Span::plain("  "),
        ];
        page.prose(lead, &undecided.reason, Tone::Plain);
    }
    page.gap();
    page.line([Span::new("Assumed", Tone::Strong)]);
    for assumption in &view.assumptions {
        page.prose(vec![Span::new("  · ", Tone::Faint)], assumption, Tone::Plain);
    }
    page.gap();
    let compared = match view.buckets {
        1 => "1 bucket compared".to_owned(),
        count => format!("{count} buckets compared"),
    };
    let (text, tone) = match view.access {
        AccessView::Unchanged => ("no change in access", Tone::Good),
        AccessView::Added => ("access is added", Tone::Bad),
        AccessView::Removed => ("access is removed, and none is added", Tone::Good),
        AccessView::Unknown => ("it is not decided whether access changes", Tone::Open),
    };
    page.line([Span::new(text, tone), Span::new(format!(" · {compared}"), Tone::Faint)]);
    page.finish()
}

/// The view as indented JSON with a line break at its end; every key is always there.
///
/// # Errors
/// None that a view can cause; the serializer's signature asks for it.
pub fn json(view: &ChangesView) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(view)?;
    text.push('\n');
    Ok(text)
}

/// Changes that differ only in bucket, route and kind of action.
struct Entry<'a> {
    first: &'a ChangeView,
    buckets: Vec<&'a str>,
    routes: Vec<String>,
    groups: BTreeMap<&'a str, Vec<&'a str>>,
}

fn merged(changes: &[ChangeView]) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    // First the actions of one bucket and route, then buckets, then routes.
    for change in changes {
        let (bucket, route) = (change.bucket.name.as_str(), route(change));
        let known = entries
            .iter_mut()
            .find(|it| same_callers(it, change) && it.buckets == [bucket] && it.routes == [route.as_str()]);
        let entry = match known {
            Some(entry) => entry,
            None => {
                let groups = BTreeMap::new();
                entries.push(Entry { first: change, buckets: vec![bucket], routes: vec![route], groups });
                let Some(entry) = entries.last_mut() else { continue };
                entry
            }
        };
        let actions = entry.groups.entry(change.group.as_str()).or_default();
        actions.extend(change.actions.iter().map(String::as_str));
        actions.sort_unstable();
        actions.dedup();
    }
    let entries = joined(
        entries,
        |one, other| one.routes == other.routes,
        |one, other| one.buckets.extend(other.buckets),
    );
    joined(entries, |one, other| one.buckets == other.buckets, |one, other| one.routes.extend(other.routes))
}

fn same_callers(entry: &Entry<'_>, change: &ChangeView) -> bool {
    let first = entry.first;
    (first.change, &first.callers, &first.own_policies)
        == (change.change, &change.callers, &change.own_policies)
}

fn joined<'a>(
    entries: Vec<Entry<'a>>,
    alike: impl Fn(&Entry<'a>, &Entry<'a>) -> bool,
    join: impl Fn(&mut Entry<'a>, Entry<'a>),
) -> Vec<Entry<'a>> {
    let mut out: Vec<Entry<'a>> = Vec::new();
    for entry in entries {
        let known = out
            .iter_mut()
            .find(|it| same_callers(it, entry.first) && it.groups == entry.groups && alike(it, &entry));
        match known {
            Some(known) => join(known, entry),
            None => out.push(entry),
        }
    }
    out
}

fn change(entry: &Entry<'_>, page: &mut Page) {
    // Whoever needs no policy of its own can do it whatever that says.
    let alone = match entry.first.own_policies.as_str() {
        "allow-nothing" => " without a policy of their own that allows it",
        "allow-on-bucket" => ", with a policy of their own for the bucket alone",
        "allow-on-access-point" => ", with a policy of their own for the access point alone",
        _ => "",
    };
    let (sign, word, tone, may) = match entry.first.change {
        Direction::Added => ("+ ", "added", Tone::Bad, "may now"),
        Direction::Removed => ("- ", "removed", Tone::Accent, "may no longer"),
    };
    page.gap();
    let lead = vec![Span::new(sign, tone), Span::new(word, tone).padded(9)];
    page.prose(
        lead,
        &format!(
            "{} {may} make requests of {}{alone}",
            callers(&entry.first.callers),
            entry.routes.join(", ")
        ),
        Tone::Strong,
    );
    let mut row = |label: &str, text: &str| {
        page.prose(vec![Span::new(format!("    {label}"), Tone::Faint).padded(19)], text, Tone::Plain);
    };
    row("buckets", &entry.buckets.join(", "));
    for (group, actions) in &entry.groups {
        let text = match actions.len() {
            0..=4 => actions.join(", "),
            count => format!(
                "{count} actions, such as {}",
                actions.iter().take(3).copied().collect::<Vec<_>>().join(", ")
            ),
        };
        row(&group.replace('-', " "), &text);
    }
    let example = &entry.first.example;
    row("example", &format!("{} by {} on {}", example.action, example.principal, example.resource));
    for (key, values) in &example.context {
        row("", &format!("{key} = {}", values.join(", ")));
    }
    let allowed = example.legs.last().map(decided).unwrap_or_default();
    let stops = entry.first.refused.iter().find(|leg| leg.decision == Decision::Denied);
    let refused = match stops {
        Some(leg) => decided(leg),
        None => missing(entry.first),
    };
    let (before, after) = match entry.first.change {
        Direction::Added => (refused, allowed),
        Direction::Removed => (allowed, refused),
    };
    row("before", &before);
    row("after", &after);
}

/// What to say where the other state has nothing to decide.
fn missing(change: &ChangeView) -> String {
    match change.route {
        RouteView::Mrap => "the bucket cannot be reached through this Multi-Region Access Point".to_owned(),
        RouteView::Direct | RouteView::OtherAccessPoint => "the input has no such bucket".to_owned(),
    }
}

fn route(change: &ChangeView) -> String {
    match (change.route, &change.mrap) {
        (RouteView::Direct, _) => "the bucket directly".to_owned(),
        (RouteView::Mrap, Some(name)) => format!("Multi-Region Access Point {name}"),
        (RouteView::Mrap, None) => "a Multi-Region Access Point".to_owned(),
        (RouteView::OtherAccessPoint, _) => "other access points".to_owned(),
    }
}

fn callers(callers: &CallersView) -> String {
    let name = callers.name.as_deref().unwrap_or_default();
    match callers.kind.as_str() {
        "principal" => name.to_owned(),
        "account" => format!("callers of account {name} that no policy names"),
        "other-accounts" => "callers of other accounts".to_owned(),
        "anonymous" => "anonymous callers".to_owned(),
        _ => "AWS services".to_owned(),
    }
}
