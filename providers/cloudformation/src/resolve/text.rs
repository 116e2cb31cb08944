//! Text of values, and dynamic references in it.

use narrows_model::{Part, Text, Value, ValueKind};

/// What begins and ends a value that CloudFormation fetches from Systems Manager or Secrets Manager.
const BEGIN: &str = "{{resolve:";
const END: &str = "}}";

/// A scalar as text.
pub(crate) fn as_text(value: &Value) -> Option<Text> {
    match &value.kind {
        ValueKind::Text(text) => Some(text.clone()),
        ValueKind::Number(number) => Some(Text::literal(number.as_str())),
        ValueKind::Bool(value) => Some(Text::literal(if *value { "true" } else { "false" })),
        ValueKind::Json(inner) => Some(inner.to_json_text()),
        ValueKind::Null | ValueKind::List(_) | ValueKind::Object(_) => None,
    }
}

/// Whether a text has no dynamic reference.
pub(crate) fn is_finished(text: &Text) -> bool {
    !text.parts().iter().any(|part| matches!(part, Part::Literal(literal) if literal.contains(BEGIN)))
}

/// A text whose dynamic references are unknown values, named as they are spelled.
pub(crate) fn finished(text: Text) -> Text {
    if is_finished(&text) {
        return text;
    }
    let mut out = Text::default();
    // What is inside a dynamic reference that has begun.
    let mut inside: Option<String> = None;
    for part in text.parts() {
        let Part::Literal(literal) = part else {
            match &mut inside {
                Some(inside) => inside.push_str(&Text::from_iter([part.clone()]).to_string()),
                None => out.push(part.clone()),
            }
            continue;
        };
        let mut rest = literal.as_str();
        loop {
            match inside.take() {
                None => match rest.split_once(BEGIN) {
                    Some((before, after)) => {
                        out.push(Part::literal(before));
                        inside = Some(BEGIN.to_owned());
                        rest = after;
                    }
                    None => {
                        out.push(Part::literal(rest));
                        break;
                    }
                },
                Some(begun) => match rest.split_once(END) {
                    Some((before, after)) => {
                        out.push(Part::unknown(format!("{begun}{before}{END}")));
                        rest = after;
                    }
                    None => {
                        inside = Some(format!("{begun}{rest}"));
                        break;
                    }
                },
            }
        }
    }
    if let Some(begun) = inside {
        out.push(Part::Unknown(begun.into()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dynamic_references_are_unknown() {
        let text = Text::literal("a-{{resolve:ssm:/x:1}}-b{{resolve:ssm:")
            .then(Text::unknown("Name"))
            .then_literal("}}c");
        assert_eq!(
            finished(text).parts(),
            [
                Part::literal("a-"),
                Part::Unknown("{{resolve:ssm:/x:1}}".to_owned().into()),
                Part::literal("-b"),
                Part::Unknown("{{resolve:ssm:${Name}}}".to_owned().into()),
                Part::literal("c"),
            ]
        );
        assert_eq!(finished(Text::literal("{{resolve:ssm:/x")), Text::unknown("{{resolve:ssm:/x"));
        assert_eq!(finished(Text::literal("{{other}}")), Text::literal("{{other}}"));
    }
}
