//! Refutations: the request, its path with who decided, and what to change.

use super::alike::{Others, also};
use crate::render::{Page, Span, Tone};
use crate::{
    CounterexampleView, DecidedByView, Decision, IdleStatementView, LegView, RouteView, VerdictView,
};
use std::io;

pub(super) fn render(first: &VerdictView, others: &mut Others<'_>, page: &mut Page<'_>) -> io::Result<()> {
    heading(first, page);
    page.gap();
    if let Some(found) = &first.counterexample {
        shown(found, page);
    }
    for statement in &first.statements {
        idle(statement, page);
    }
    if let Some(remedy) = &first.remedy {
        page.gap();
        let lead = vec![Span::plain("    "), Span::new("change  ", Tone::Accent)];
        page.prose(lead, remedy, Tone::Plain);
    }
    let what = if first.counterexample.is_some() { "the same request fails at" } else { "the same in" };
    also(what, others, page)
}

/// The request, its way, and how to make it.
fn shown(found: &CounterexampleView, page: &mut Page<'_>) {
    page.prose(vec![Span::plain("    ")], &found.sentence, Tone::Plain);
    request(found, page);
    path(found, page);
    if let Some(command) = &found.command {
        page.gap();
        page.line([Span::plain("    "), Span::new("try     ", Tone::Accent), Span::plain(command)]);
    }
}

/// A statement that no request can match, and why.
fn idle(it: &IdleStatementView, page: &mut Page<'_>) {
    let effect = if it.effect == "Allow" { "allows" } else { "denies" };
    let text = format!(
        "{} of {} {effect} nothing, for no request can match it: {}. It is at {}.",
        it.statement, it.document, it.reason, it.location
    );
    page.prose(vec![Span::plain("    ")], &text, Tone::Plain);
}

fn heading(verdict: &VerdictView, page: &mut Page<'_>) {
    page.gap();
    let subject = &verdict.subject;
    let mut line = vec![
        Span::new("✗ ", Tone::Bad),
        Span::new(&verdict.guardrail, Tone::Strong),
        Span::plain(format!(" fails for {} ", subject.kind)),
        Span::new(&subject.name, Tone::Strong),
    ];
    if !subject.address.is_empty() {
        line.push(Span::new(format!("  {}", subject.address), Tone::Faint));
    }
    page.line(line);
}

fn request(found: &CounterexampleView, page: &mut Page<'_>) {
    page.gap();
    let mut row = |label: &str, text: &str| {
        page.line([Span::new(format!("    {label}"), Tone::Faint).padded(15), Span::plain(text)]);
    };
    row("principal", &found.principal);
    row("action", &found.action);
    row("resource", &found.resource);
    let mut label = "context";
    for (key, values) in &found.context {
        row(label, &format!("{key} = {}", values.join(", ")));
        label = "";
    }
}

/// The way of the request, leg by leg.
fn path(found: &CounterexampleView, page: &mut Page<'_>) {
    page.gap();
    page.line([Span::plain("    "), Span::new(short(&found.principal), Tone::Strong)]);
    page.line([Span::new("    │ ", Tone::Faint), Span::new(route(found), Tone::Faint)]);
    let through = found.legs.iter().all(|leg| leg.decision == Decision::Allowed);
    let names: Vec<&str> = found.legs.iter().map(leg_name).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    for (index, (leg, name)) in found.legs.iter().zip(&names).enumerate() {
        let last = index + 1 == found.legs.len();
        let (mark, tone) = match (leg.decision, through) {
            (Decision::Allowed, true) => ("✓ ", Tone::Bad),
            (Decision::Allowed, false) => ("✓ ", Tone::Good),
            (Decision::Denied, _) => ("✗ ", Tone::Bad),
        };
        page.line([
            Span::new(if last { "    └─ " } else { "    ├─ " }, Tone::Faint),
            Span::new(mark, tone),
            Span::plain(name).padded(width + 2),
            Span::plain(&leg.resource),
        ]);
        let rail = if last { "         " } else { "    │    " };
        page.along(&Span::new(rail, Tone::Faint), &decided(leg), Tone::Plain);
    }
}

fn route(found: &CounterexampleView) -> String {
    let way = match found.route {
        RouteView::Direct => "at the bucket's own endpoint, past every access point",
        RouteView::Mrap => "through the Multi-Region Access Point",
        RouteView::OtherAccessPoint => "through another access point",
    };
    let first = |key: &str| found.context.get(key).and_then(|values| values.first());
    let mut way = way.to_owned();
    if let Some(endpoint) = first("aws:SourceVpce") {
        way.push_str(&format!(", from VPC endpoint {endpoint}"));
    } else if let Some(address) = first("aws:SourceIp") {
        way.push_str(&format!(", from {address}"));
    }
    if first("aws:SecureTransport").is_some_and(|value| value == "false") {
        way.push_str(", without TLS");
    }
    way
}

/// What a leg is about: a bucket's ARN has neither Region nor account.
fn leg_name(leg: &LegView) -> &'static str {
    let fields: Vec<&str> = leg.resource.splitn(6, ':').collect();
    match fields.as_slice() {
        [_, _, "kms", ..] => "key",
        [_, _, _, _, "", ..] => "bucket",
        _ => "access point",
    }
}

pub(in crate::render) fn decided(leg: &LegView) -> String {
    match (&leg.decided_by, leg.decision) {
        (DecidedByView::Statement { document, statement, location }, decision) => {
            let (word, rest) = match decision {
                Decision::Allowed => ("allowed", ", and none denies it"),
                Decision::Denied => ("denied", ""),
            };
            // One without a Sid is called by its number, `statement 1`.
            let named = if statement.starts_with("statement ") { "" } else { "statement " };
            format!("{word} by {named}{statement} of {document}, {location}{rest}")
        }
        (DecidedByView::Assumption { assumption }, Decision::Allowed) => {
            format!("no statement denies it, and {assumption}")
        }
        (DecidedByView::Assumption { assumption }, Decision::Denied) => assumption.clone(),
        (DecidedByView::Implicit { implicit }, _) => implicit.clone(),
    }
}

/// A principal without its ARN's head.
fn short(principal: &str) -> &str {
    principal.splitn(6, ':').nth(5).unwrap_or(principal)
}

/// What verdicts whose requests or statements differ in nothing but the name of the subject have in common.
pub(super) fn form(verdict: &VerdictView) -> io::Result<String> {
    Ok(serde_json::to_string(&(request_form(verdict), statements(verdict)))?)
}

/// The statements without their places, the subject's name taken out.
fn statements(verdict: &VerdictView) -> Vec<IdleStatementView> {
    let mut statements = verdict.statements.clone();
    for it in &mut statements {
        it.document.clear();
        it.location.clear();
        it.reason = it.reason.replace(&verdict.subject.name, "…");
    }
    statements
}

/// The request with the subject's name taken out, and with the statements of each document without their places.
fn request_form(verdict: &VerdictView) -> Option<CounterexampleView> {
    let mut found = verdict.counterexample.clone()?;
    // Both are told by the rest.
    found.sentence.clear();
    found.command = None;
    let blank = |text: &mut String| *text = text.replace(&verdict.subject.name, "…");
    blank(&mut found.resource);
    blank(&mut found.principal);
    found.elsewhere.iter_mut().for_each(blank);
    for leg in &mut found.legs {
        blank(&mut leg.resource);
        if let DecidedByView::Statement { document, location, .. } = &mut leg.decided_by {
            document.clear();
            location.clear();
        }
    }
    found.context.values_mut().flatten().for_each(blank);
    Some(found)
}
