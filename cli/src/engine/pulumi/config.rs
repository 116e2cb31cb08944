//! The configuration of a stack, in which nobody but its owners can read the secrets.

use super::project::parsed_text;
use crate::failure::Failure;
use narrows_model::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The text that configures a stack, and where the things stand in it that are its own.
#[derive(Debug)]
pub(super) struct Config {
    text: String,
    /// Where what is encrypted stands, in the order of the text.
    secrets: Vec<(usize, usize)>,
    /// Where it says how it is encrypted, and where the salt stands.
    settings: Vec<(usize, usize)>,
    salt: Option<(usize, usize)>,
    /// Where a salt can be added.
    end: End,
}

#[derive(Clone, Copy, Debug)]
enum End {
    /// As a line at the end.
    Line,
    /// After the brace that stands there.
    Brace(usize),
}

/// The members by which a stack says how its secrets are encrypted.
const SETTINGS: [&str; 2] = ["secretsprovider", "encryptedkey"];
const SALT: &str = "encryptionsalt";
const SECURE: &str = "secure";

impl Config {
    /// Reads what configures a stack.
    pub(super) fn parse(file: &Path, text: &str) -> Result<Self, Failure> {
        let is_comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        let nothing = Self {
            text: text.to_owned(),
            secrets: Vec::new(),
            settings: Vec::new(),
            salt: None,
            end: End::Line,
        };
        if text.lines().all(is_comment) {
            return Ok(nothing);
        }
        let value = parsed_text(file, text)?;
        if value.get("environment").is_some() {
            return Err(Failure::new(format!(
                "`environment` in `{}` takes values from Pulumi ESC: expected values that are given",
                file.display()
            ))
            .help(
                "Narrows has no network: name a file with the values themselves with -- --config-file FILE",
            ));
        }
        let place = |value: &Value| place(file, text, value);
        let mut secrets = Vec::new();
        if let Some(config) = value.get("config") {
            note_secrets(config, &mut |secret| {
                secrets.push(place(secret)?);
                Ok(())
            })?;
        }
        // What an alias stands for stands in one place.
        secrets.sort_unstable();
        secrets.dedup();
        let settings =
            SETTINGS.iter().filter_map(|name| value.get(name)).map(place).collect::<Result<_, _>>()?;
        let salt = value.get(SALT).map(place).transpose()?;
        let start = value.location.span().map_or(0, |span| span.start);
        let is_brace = text.get(start..).is_some_and(|rest| rest.starts_with('{'));
        let end = if is_brace { End::Brace(start) } else { End::Line };
        Ok(Self { secrets, settings, salt, end, ..nothing })
    }

    /// How many secrets it has.
    pub(super) fn secrets(&self) -> usize {
        self.secrets.len()
    }

    /// The same text with other secrets, encrypted with a salt.
    pub(super) fn with(&self, salt: &str, secrets: &[String]) -> String {
        let mut changes: BTreeMap<(usize, usize), String> = BTreeMap::new();
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        changes.extend(self.secrets.iter().zip(secrets).map(|(place, secret)| (*place, quoted(secret))));
        changes.extend(self.settings.iter().map(|place| (*place, quoted(""))));
        changes.extend(self.salt.map(|place| (place, quoted(salt))));
        let mut text = self.text.clone();
        for ((start, end), new) in changes.iter().rev() {
            text.replace_range(start..end, new);
        }
        match (self.salt, self.end) {
            (Some(_), _) => {}
            (None, End::Line) => text.push_str(&format!("\n{SALT}: {}\n", quoted(salt))),
            // Nothing before the brace has changed.
            (None, End::Brace(start)) => {
                text.insert_str(start + 1, &format!("\"{SALT}\": {}, ", quoted(salt)))
            }
        }
        text
    }
}

/// The encrypted values within a value of a configuration.
fn note_secrets(value: &Value, note: &mut dyn FnMut(&Value) -> Result<(), Failure>) -> Result<(), Failure> {
    if let Some(members) = value.members() {
        if let [only] = members
            && only.name == SECURE
            && only.value.as_str().is_some()
        {
            return note(&only.value);
        }
        return members.iter().try_for_each(|member| note_secrets(&member.value, note));
    }
    value.items().unwrap_or_default().iter().try_for_each(|item| note_secrets(item, note))
}

/// Where a text on one line stands.
fn place(file: &Path, text: &str, value: &Value) -> Result<(usize, usize), Failure> {
    let span = value.location.span();
    let found = span.and_then(|span| Some((span, text.get(span.start..span.end)?, value.as_str()?)));
    match found {
        Some((span, written, meant))
            if [meant.to_owned(), format!("\"{meant}\""), format!("'{meant}'")].contains(&written.to_owned()) =>
        {
            Ok((span.start, span.end))
        }
        _ => Err(Failure::new(format!(
            "what is encrypted in `{}`, or how, stands in a form that is not known: expected texts on one line each",
            file.display()
        ))
        .help("write it as `pulumi config set --secret` does")
        .at(&value.location)),
    }
}

/// The salt and the secrets of a configuration that the engine wrote, by their names.
pub(super) fn written(file: &Path, text: &str) -> Result<(String, BTreeMap<String, String>), Failure> {
    let value = parsed_text(file, text)?;
    let salt = value.get(SALT).and_then(Value::as_str).unwrap_or_default().to_owned();
    let members = value.get("config").and_then(Value::members).unwrap_or_default();
    let secret = |value: &Value| value.get(SECURE).and_then(Value::as_str).map(str::to_owned);
    let secrets = members.iter().filter_map(|it| Some((it.name.to_string(), secret(&it.value)?))).collect();
    Ok((salt, secrets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> Result<String, String> {
        let config = Config::parse(Path::new("Pulumi.prod.yaml"), text).map_err(|error| error.message())?;
        let secrets: Vec<String> = (0..config.secrets()).map(|index| format!("v1:new{index}")).collect();
        Ok(config.with("v1:salt", &secrets))
    }

    #[test]
    fn secrets_and_how_they_are_encrypted_are_changed_and_nothing_else() {
        let text = "# kept\nsecretsprovider: awskms://key?region=us-east-1\nencryptedkey: QUJD\nconfig:\n  \
                    orders:number: 0123\n  orders:pass:\n    secure: AAAB\n  orders:all:\n    - {secure: 'AAAC'}\n    - \
                    inner: {secure: \"AAAD\"}\n  orders:not: {secure: x, other: y}\n";
        insta::assert_snapshot!(changed(text).unwrap(), @r#"
        # kept
        secretsprovider: ""
        encryptedkey: ""
        config:
          orders:number: 0123
          orders:pass:
            secure: "v1:new0"
          orders:all:
            - {secure: "v1:new1"}
            - inner: {secure: "v1:new2"}
          orders:not: {secure: x, other: y}

        encryptionsalt: "v1:salt"
        "#);
        let text = "encryptionsalt: v1:old=:v1:x\nconfig: {}\n";
        assert_eq!(changed(text).unwrap(), "encryptionsalt: \"v1:salt\"\nconfig: {}\n");
    }

    #[test]
    fn what_is_empty_or_written_in_braces_gets_a_salt_too() {
        for text in ["", "# nothing yet\n", "{}", "{\"config\": {\"orders:a\": {\"secure\": \"AAAB\"}}}"] {
            let text = changed(text).unwrap();
            let (salt, secrets) = written(Path::new("x.yaml"), &text).unwrap();
            assert_eq!(salt, "v1:salt", "{text}");
            assert!(secrets.values().all(|secret| secret == "v1:new0"), "{text}");
        }
    }

    #[test]
    fn what_needs_a_service_or_cannot_be_told_is_refused() {
        assert!(changed("environment: [prod]\n").unwrap_err().contains("Pulumi ESC"));
        let folded = "config:\n  orders:a:\n    secure: >-\n      AAAB\n      CCC\n";
        assert!(changed(folded).unwrap_err().contains("in a form that is not known"));
    }
}
