//! `Condition` blocks.

use super::error::{Nearest, ParseError, Problem};
use super::pattern::Syntax;
use super::principal::repeated;
use super::{Parser, span};
use crate::{Condition, ConditionKey, Family, Operator, Scalar, Token, Values, Version, keys, scalar};
use narrows_model::{Location, Member, SmolStr, Value, ValueKind, is_symbol};

impl Parser<'_> {
    pub(super) fn conditions(&mut self, block: &Member) -> Result<Vec<Condition>, ParseError> {
        let mut conditions = Vec::new();
        let mut seen: Vec<Operator> = Vec::new();
        let operators = super::members(&block.value, "`Condition`")?;
        if operators.is_empty() {
            self.remark("the condition block is empty and says nothing", &span(block));
        }
        for member in operators {
            let operator = self.operator(member)?;
            // The same operator in another case is a repetition too; ArnEquals and ArnLike are two names.
            if seen.contains(&operator) {
                return Err(repeated("condition operator", &member.name, &member.location));
            }
            seen.push(operator);
            self.operator_block(operator, member, &mut conditions)?;
        }
        Ok(conditions)
    }

    fn operator(&mut self, member: &Member) -> Result<Operator, ParseError> {
        let name = &member.name;
        let Some(operator) = Operator::from_name(name) else {
            let lower = name.to_ascii_lowercase();
            let base = lower.split_once(':').map_or(lower.as_str(), |(_, base)| base);
            let problem = if base.strip_suffix("ifexists").unwrap_or(base) == "null" {
                Problem::NullOperator { got: name.to_string() }
            } else {
                let names = Operator::all_names();
                let nearest = Nearest::to(name, names.iter().map(String::as_str));
                Problem::Operator { got: name.to_string(), nearest }
            };
            return Err(ParseError::new(problem, &member.location));
        };
        let documented = operator.to_string();
        if documented != *name {
            self.remark(format!("operator `{name}` is documented as `{documented}`"), &member.location);
        }
        Ok(operator)
    }

    fn operator_block(
        &mut self,
        operator: Operator,
        block: &Member,
        conditions: &mut Vec<Condition>,
    ) -> Result<(), ParseError> {
        let members = super::members(&block.value, "a condition operator's block")?;
        if members.is_empty() {
            self.remark(format!("`{operator}` has no key and says nothing"), &span(block));
        }
        let first = conditions.len();
        for member in members {
            self.check_key(&member.name, &member.location)?;
            let key = ConditionKey::new(&member.name);
            if conditions.iter().skip(first).any(|earlier| earlier.key == key) {
                return Err(repeated("condition key", &member.name, &member.location));
            }
            let values = self.values(operator, member)?;
            let (spelled_key, location) = (member.name.clone(), span(member));
            conditions.push(Condition { operator, key, spelled_key, values, location });
        }
        Ok(())
    }

    fn check_key(&mut self, name: &str, location: &Location) -> Result<(), ParseError> {
        if name.contains("${") || name.contains(is_symbol) {
            let (what, expression) = ("a condition key", name.to_owned());
            return Err(ParseError::new(Problem::Unknown { what, expression }, location));
        }
        let well_formed =
            name.split_once(':').is_some_and(|(prefix, key)| !prefix.is_empty() && !key.is_empty());
        if !well_formed || name.contains(char::is_control) {
            let nearest = Nearest::to(name, keys::documented());
            return Err(ParseError::new(Problem::Key { got: name.to_owned(), nearest }, location));
        }
        if name.get(..3).is_some_and(|prefix| prefix.eq_ignore_ascii_case("s3:")) && !keys::is_s3_key(name) {
            let nearest = Nearest::to(name, keys::s3_keys().iter().copied());
            self.remark(
                format!("S3 documents no condition key `{name}`: it is always absent{nearest}"),
                location,
            );
        }
        Ok(())
    }

    fn values(&mut self, operator: Operator, member: &Member) -> Result<Values, ParseError> {
        let mut texts = Vec::new();
        for item in super::strings(member)? {
            texts.push((self.scalar_text(item, &member.name)?, &item.location));
        }
        let is_arn = matches!(operator.family, Family::Arn { .. });
        Ok(match operator.family {
            Family::StringEquals
            | Family::StringEqualsIgnoreCase
            | Family::StringLike
            | Family::Arn { .. } => {
                let wildcards = is_arn || operator.family == Family::StringLike;
                let syntax = Syntax { wildcards, variables: true };
                let mut patterns = Vec::with_capacity(texts.len());
                for (text, location) in texts {
                    self.remark_on_value(operator, &member.name, &text, location);
                    let pattern = self.pattern(text, syntax, location)?;
                    let open = |token: &Token| match token {
                        Token::Char(c) => is_symbol(*c),
                        Token::Variable(_) => true,
                        _ => false,
                    };
                    if is_arn
                        && !pattern.is_everything()
                        && colons(&pattern.spelled) < 5
                        && pattern.fields().is_none()
                        && !pattern.tokens().iter().any(open)
                    {
                        let text = format!(
                            "`{}` has fewer than six fields, so what it matches is open",
                            pattern.spelled
                        );
                        self.remark(text, location);
                    }
                    patterns.push(pattern);
                }
                Values::Text(patterns)
            }
            Family::Bool | Family::Null => {
                let variables = operator.family == Family::Bool;
                let values =
                    self.scalars(operator, texts, variables, "`true` or `false`", scalar::boolean)?;
                for value in &values {
                    match value {
                        Scalar::Known(truth, spelled) if *spelled != truth.to_string() => {
                            let text = format!("`{spelled}` is documented as `{truth}`");
                            self.remark(text, &member.value.location);
                        }
                        _ => {}
                    }
                }
                Values::Bool(values)
            }
            Family::BinaryEquals => {
                Values::Binary(self.scalars(operator, texts, false, "base64", scalar::base64)?)
            }
            Family::IpAddress => {
                for (text, location) in &texts {
                    if let Some((network, true)) = scalar::network(text) {
                        let text = format!(
                            "`{text}` has bits set after its prefix: it counts as {}",
                            network.address
                        );
                        self.remark(text, location);
                    }
                }
                let read = |text: &str| scalar::network(text).map(|(network, _)| network);
                let expected = "an address or a network in CIDR form, such as 10.0.0.0/16";
                Values::Ip(self.scalars(operator, texts, false, expected, read)?)
            }
            Family::NumericEquals
            | Family::NumericLessThan
            | Family::NumericLessThanEquals
            | Family::NumericGreaterThan
            | Family::NumericGreaterThanEquals => {
                let expected = "a decimal number with at most nine digits after the point";
                Values::Number(self.scalars(operator, texts, false, expected, scalar::number)?)
            }
            Family::DateEquals
            | Family::DateLessThan
            | Family::DateLessThanEquals
            | Family::DateGreaterThan
            | Family::DateGreaterThanEquals => {
                let expected = "an ISO 8601 date (with a zone if it has a time), such as 2027-03-31T00:00:00Z, or seconds since 1970";
                Values::Date(self.scalars(operator, texts, false, expected, scalar::date)?)
            }
        })
    }

    fn scalars<T>(
        &self,
        operator: Operator,
        texts: Vec<(SmolStr, &Location)>,
        variables: bool,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<Scalar<T>>, ParseError> {
        let has_variable = |text: &str| variables && self.version == Version::V2012 && text.contains("${");
        let mut values = Vec::with_capacity(texts.len());
        for (text, location) in texts {
            values.push(match read(&text) {
                Some(value) => Scalar::Known(value, text),
                None if text.contains(is_symbol) || has_variable(&text) => Scalar::Unknown(text),
                None => {
                    let problem =
                        Problem::Value { operator: operator.to_string(), got: text.to_string(), expected };
                    return Err(ParseError::new(problem, location));
                }
            });
        }
        Ok(values)
    }

    /// A string, a number or a Boolean as text.
    fn scalar_text(&mut self, value: &Value, name: &str) -> Result<SmolStr, ParseError> {
        match &value.kind {
            ValueKind::Bool(truth) => Ok(SmolStr::new_static(if *truth { "true" } else { "false" })),
            ValueKind::Number(number) => Ok(number.clone()),
            _ => self.string(value, name),
        }
    }

    fn remark_on_value(&mut self, operator: Operator, key: &str, text: &str, location: &Location) {
        if key.eq_ignore_ascii_case("s3:DataAccessPointArn") {
            self.remark_on_alias(text, location);
        }
        if matches!(operator.family, Family::StringEquals | Family::StringEqualsIgnoreCase)
            && text.contains(['*', '?'])
        {
            let documented = if operator.negated { "StringNotLike" } else { "StringLike" };
            let text = format!("`{operator}` takes `{text}` literally: `{documented}` takes wildcards");
            self.remark(text, location);
        }
    }
}

fn colons(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b':').count()
}
