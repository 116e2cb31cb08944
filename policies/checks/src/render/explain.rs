//! One request explained: the decision, the request, and a tree of its legs with each document's say.

use super::{Page, Span, Style, Tone, text::Preface};
use crate::{
    BucketView, DocumentView, EffectView, ExplanationView, LegExplanationView, MatchView, RequestView,
    RoleView, RouteView, RulingView, SaysView, StatementView,
};

/// The explanation as text, with a line break at its end; `all` shows every statement and element.
pub fn render(view: &ExplanationView, preface: &Preface, all: bool, style: Style) -> String {
    let mut page = Page::new(style);
    super::text::preface_lines(preface, &mut page);
    page.gap();
    verdict(view, &mut page);
    request(&view.request, &mut page);
    tree(view, all, &mut page);
    why(view, &mut page);
    page.gap();
    page.line([Span::new("Assumed", Tone::Strong)]);
    for assumption in &view.assumptions {
        page.prose(vec![Span::plain("  · ")], assumption, Tone::Faint);
    }
    page.finish()
}

/// The explanation as indented JSON with a line break at its end; every key is always there.
///
/// # Errors
/// None that a view can cause; the serializer's signature asks for it.
pub fn json(view: &ExplanationView) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(view)?;
    text.push('\n');
    Ok(text)
}

fn sign(ruling: RulingView) -> (&'static str, &'static str, Tone) {
    match ruling {
        RulingView::Allowed => ("✓", "allowed", Tone::Good),
        RulingView::Denied => ("✗", "denied", Tone::Bad),
        RulingView::Depends => ("?", "depends", Tone::Open),
    }
}

fn verdict(view: &ExplanationView, page: &mut Page) {
    let (mark, word, tone) = sign(view.decision);
    let at = |ruling: RulingView| view.buckets.iter().filter(|it| it.decision == ruling).count();
    let counts: Vec<String> = [RulingView::Allowed, RulingView::Depends, RulingView::Denied]
        .into_iter()
        .filter(|ruling| at(*ruling) > 0)
        .map(|ruling| format!("{} at {}", sign(ruling).1, at(ruling)))
        .collect();
    let where_ = match (counts.len(), view.buckets.as_slice()) {
        (_, [only]) => format!(" at bucket {}", only.bucket.name),
        (1, all) => format!(" at each of {} buckets", all.len()),
        (_, all) => format!(" ({} of {} buckets)", counts.join(", "), all.len()),
    };
    page.line([Span::new(format!("{mark} {word}"), tone), Span::plain(where_)]);
}

fn request(request: &RequestView, page: &mut Page) {
    page.gap();
    let mut row = |label: &str, text: &str, tone: Tone| {
        page.line([Span::new(format!("    {label}"), Tone::Faint).padded(15), Span::new(text, tone)]);
    };
    row("principal", &request.principal, Tone::Plain);
    if let Some(session) = &request.session {
        row("session", session, Tone::Plain);
    }
    row("action", &request.action, Tone::Plain);
    row("resource", &request.resource, Tone::Plain);
    let mut label = "context";
    for (key, values) in &request.context {
        row(label, &format!("{key} = {}", values.join(", ")), Tone::Plain);
        label = "";
    }
    label = "assumed";
    for (key, value) in &request.assumed_context {
        row(label, &format!("{key} = {value}"), Tone::Faint);
        label = "";
    }
}

fn tree(view: &ExplanationView, all: bool, page: &mut Page) {
    page.gap();
    let principal = &view.request.principal;
    let short = principal.splitn(6, ':').nth(5).unwrap_or(principal);
    page.line([Span::plain("    "), Span::new(short, Tone::Strong)]);
    let route = match view.request.route {
        RouteView::Direct => "at the bucket's own endpoint",
        RouteView::Mrap => "through the Multi-Region Access Point",
        RouteView::OtherAccessPoint => "through an access point that is not in the input",
    };
    page.line([Span::new("    │ ", Tone::Faint), Span::new(route, Tone::Faint)]);
    let own = view.access_point.iter().map(|leg| ("access point", leg));
    let buckets = view
        .buckets
        .iter()
        .flat_map(|it| [("bucket", &it.leg)].into_iter().chain(it.keys.iter().map(|key| ("its key", key))));
    let legs: Vec<_> = own.chain(buckets).collect();
    let width = legs.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (index, (name, leg)) in legs.iter().enumerate() {
        let last = index + 1 == legs.len();
        let (mark, _, tone) = sign(leg.decision);
        page.line([
            Span::new(if last { "    └─ " } else { "    ├─ " }, Tone::Faint),
            Span::new(format!("{mark} "), tone),
            Span::new(name, Tone::Strong).padded(width + 2),
            Span::plain(match &leg.action {
                Some(action) => format!("{action} on {}", leg.resource),
                None => leg.resource.clone(),
            }),
        ]);
        documents(leg, if last { "         " } else { "    │    " }, all, page);
    }
}

fn documents(leg: &LegExplanationView, rail: &str, all: bool, page: &mut Page) {
    for document in &leg.documents {
        let (mark, tone) = match document.says {
            SaysView::Allows | SaysView::Delegates => ("✓", Tone::Good),
            SaysView::Denies => ("✗", Tone::Bad),
            SaysView::MayAllow | SaysView::MayDeny | SaysView::Unknown => ("?", Tone::Open),
            SaysView::Nothing | SaysView::None => ("–", Tone::Faint),
        };
        let role = match document.role {
            RoleView::Resource => "its policy",
            RoleView::Endpoint => "endpoint",
            RoleView::Identity => "identity",
            RoleView::Boundary => "boundary",
            RoleView::Session => "session",
            RoleView::Acl => "acl",
            RoleView::Other => "policy",
            RoleView::Control => "control policy",
        };
        let mut line = vec![
            Span::new(rail, Tone::Faint),
            Span::new(mark, tone),
            Span::plain(format!(" {role}")).padded(13),
            Span::plain(said(document)),
        ];
        // The line is enough beside the statement's name; the JSON path is in the JSON.
        if let Some(location) = document.location.as_deref().and_then(|it| it.split(" (").next()) {
            line.push(Span::new(format!("  {location}"), Tone::Faint));
        }
        page.line(line);
        let statements = document.statements.iter().filter(|it| all || it.decisive);
        for statement in statements {
            if all {
                heading(statement, rail, page);
            }
            elements(statement, rail, all, page);
        }
    }
}

fn said(document: &DocumentView) -> String {
    let name = document.name.as_deref().unwrap_or_default();
    let statement = document.statement.as_deref().unwrap_or_default();
    match (document.says, &document.note) {
        (SaysView::Allows, _) => format!("{statement} allows it"),
        (SaysView::MayAllow, _) => format!("{statement} may allow it"),
        (SaysView::Delegates, _) => format!("{statement} leaves it to the caller's identity policies"),
        (SaysView::Denies, _) => format!("{statement} denies it"),
        (SaysView::MayDeny, _) => format!("{statement} may deny it"),
        (SaysView::Nothing, _) if statement.is_empty() => {
            format!("no Deny of {name} matches, and it has no Allow")
        }
        (SaysView::Nothing, _) => format!("nothing matches; nearest is {statement}"),
        (SaysView::None | SaysView::Unknown, Some(note)) if name.is_empty() => note.clone(),
        (SaysView::None | SaysView::Unknown, Some(note)) => format!("{name}: {note}"),
        (SaysView::None | SaysView::Unknown, None) => name.to_owned(),
    }
}

fn heading(statement: &StatementView, rail: &str, page: &mut Page) {
    let (mark, tone) = matched(statement.matches);
    let effect = match statement.effect {
        EffectView::Allow => "Allow",
        EffectView::Deny => "Deny ",
    };
    page.line([
        Span::new(format!("{rail}  "), Tone::Faint),
        Span::new(format!("{mark} "), tone),
        Span::plain(format!("{effect} {}", statement.label)),
    ]);
}

/// Of a statement that matches, its conditions; of another, what keeps it from matching; with `all`, everything.
fn elements(statement: &StatementView, rail: &str, all: bool, page: &mut Page) {
    for element in &statement.elements {
        let shown = match statement.matches {
            MatchView::Yes => element.element == "condition",
            MatchView::Open => element.matches == MatchView::Open,
            MatchView::No => element.matches == MatchView::No,
        };
        if !(all || shown) {
            continue;
        }
        let (mark, tone) = matched(element.matches);
        let rail = Span::new(format!("{rail}  {}", if all { "  " } else { "" }), Tone::Faint);
        let lead = vec![rail.clone(), Span::new(format!("{mark} "), tone)];
        page.beside(lead, &rail, &element.reason, Tone::Plain);
    }
}

/// An element's sign; what matches is neither good nor bad.
fn matched(matches: MatchView) -> (&'static str, Tone) {
    match matches {
        MatchView::Yes => ("=", Tone::Faint),
        MatchView::Open => ("?", Tone::Open),
        MatchView::No => ("≠", Tone::Accent),
    }
}

fn why(view: &ExplanationView, page: &mut Page) {
    // One paragraph for the buckets whose reasons differ in nothing but the bucket.
    let mut groups: Vec<(Vec<String>, Vec<&BucketView>)> = Vec::new();
    for bucket in view.buckets.iter().filter(|it| !it.why.is_empty()) {
        let form: Vec<String> = bucket.why.iter().map(|reason| without_bucket(reason, bucket)).collect();
        let same = groups.iter_mut().find(|(known, group)| {
            *known == form && group.first().is_some_and(|it| it.decision == bucket.decision)
        });
        match same {
            Some((_, group)) => group.push(bucket),
            None => groups.push((form, vec![bucket])),
        }
    }
    for (_, group) in groups {
        let [first, others @ ..] = group.as_slice() else { continue };
        page.gap();
        let word = match first.decision {
            RulingView::Depends => "Depends on",
            RulingView::Denied | RulingView::Allowed => "Denied, because",
        };
        let mut line = vec![Span::new(word, Tone::Strong)];
        if view.buckets.len() > 1 {
            let others: Vec<&str> = others.iter().map(|it| it.bucket.name.as_str()).collect();
            let also = if others.is_empty() { "" } else { ", and in the same way at " };
            let place = format!("  at {}{also}{}", first.bucket.name, others.join(", "));
            line.push(Span::new(place, Tone::Faint));
        }
        page.line(line);
        for reason in &first.why {
            page.prose(vec![Span::plain("  · ")], reason, Tone::Plain);
        }
    }
}

/// A reason without what names its bucket and its bucket's policy.
fn without_bucket(reason: &str, bucket: &BucketView) -> String {
    let policies = bucket.leg.documents.iter().filter(|it| it.role == RoleView::Resource);
    let names = policies.filter_map(|it| it.name.as_deref()).filter(|name| !name.is_empty());
    let names = names.chain([bucket.bucket.name.as_str()]);
    names.fold(reason.to_owned(), |reason, name| reason.replace(name, "\0"))
}
