//! Previews that ended with an error, and those of which it cannot be told.

use crate::helpers::*;
use narrows_pulumi::is_event_stream;

fn with(diagnostic: &str) -> String {
    refused(&parse(&format!(r#"{{"changeSummary": {{}}, "diagnostics": [{diagnostic}]}}"#)))
}

#[test]
fn a_preview_that_failed_is_refused() {
    let text = with(r#"{"severity": "error", "message": "\nno\n"}"#);
    assert!(text.starts_with("a preview that ended with an error (`no`) is not supported here"), "{text}");
    let text = with(r#"{"severity": "info#err", "message": "Error: no\n\n"}"#);
    assert!(text.starts_with("a preview whose program printed to its error stream (`Error: no`)"), "{text}");
    for fine in [
        r#"{"severity": "info#err", "message": "Downloading provider: aws"}"#,
        r#"{"severity": "warning", "message": "old"}"#,
        r#"{"severity": "info", "message": "hello"}"#,
    ] {
        assert_eq!(with(fine), "", "{fine}");
    }
}

#[test]
fn a_preview_that_failed_at_once_is_refused_as_such() {
    let text = refused(&parse(
        r#"{"config": {}, "diagnostics": [{"severity": "error", "message": "no language plugin"}], "duration": 1}"#,
    ));
    assert!(text.starts_with("a preview that ended with an error (`no language plugin`)"), "{text}");
}

#[test]
fn events_are_told_from_a_preview() {
    let events =
        "\n{\"sequence\": 0, \"timestamp\": 1, \"preludeEvent\": {}}\n{\"sequence\": 1, \"timestamp\": 1}\n";
    assert!(is_event_stream(events));
    for other in ["", "{", "{\"steps\": []}", "{\"sequence\": 0}"] {
        assert!(!is_event_stream(other), "{other}");
    }
}
