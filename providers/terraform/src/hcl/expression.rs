use super::as_text;
use super::scope::{Scope, Step, is_reserved, name_of_mrap};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::template::Element;
use narrows_model::{Location, Member, Reference, Text, Value, ValueKind};
use std::ops::Range;

/// Evaluates the expressions of one template, as far as that needs no engine.
///
/// References become references, `jsonencode` of a literal structure becomes JSON; anything else that is not a literal
/// is unknown text, as the source spells it.
pub(super) struct Evaluator<'a> {
    /// The whole template.
    pub source: &'a str,
    /// What names mean.
    pub scope: &'a dyn Scope,
    /// The string that the template is.
    pub location: &'a Location,
}

impl Evaluator<'_> {
    fn found(&self, kind: ValueKind) -> Value {
        Value { kind, location: self.location.clone() }
    }

    fn referring(&self, reference: Reference) -> Value {
        self.found(ValueKind::Text(reference.into()))
    }

    /// A piece of the template as it is spelled.
    pub fn spelled(&self, span: Option<Range<usize>>) -> String {
        span.and_then(|span| self.source.get(span)).unwrap_or(self.source).trim().to_owned()
    }

    /// The value of an expression.
    pub fn value(&self, expression: &Expression) -> Value {
        self.known(expression)
            .unwrap_or_else(|| self.found(ValueKind::Text(Text::unknown(self.spelled(expression.span())))))
    }

    fn known(&self, expression: &Expression) -> Option<Value> {
        let kind = match expression {
            Expression::Null(_) => ValueKind::Null,
            Expression::Bool(flag) => ValueKind::Bool(*flag.value()),
            Expression::Number(number) => ValueKind::Number(number.value().to_string().into()),
            Expression::String(text) => ValueKind::Text(Text::literal(text.value().as_str())),
            Expression::Array(array) => ValueKind::List(array.iter().map(|item| self.value(item)).collect()),
            Expression::Object(object) => self.object(object)?,
            Expression::StringTemplate(template) => {
                let elements: Vec<&Element> = template.iter().collect();
                if let [Element::Interpolation(only)] = elements.as_slice() {
                    return Some(self.value(&only.expr));
                }
                ValueKind::Text(self.text(&elements)?)
            }
            Expression::Parenthesis(inner) => return Some(self.value(inner.inner())),
            Expression::Traversal(traversal) => return self.traversal(traversal),
            Expression::FuncCall(call) => return self.call(call),
            Expression::HeredocTemplate(_)
            | Expression::Variable(_)
            | Expression::Conditional(_)
            | Expression::UnaryOp(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => return None,
        };
        Some(self.found(kind))
    }

    fn object(&self, object: &Object) -> Option<ValueKind> {
        let mut members: Vec<Member> = Vec::with_capacity(object.len());
        for (key, value) in object.iter() {
            let name = match key {
                ObjectKey::Ident(name) => name.value().to_string(),
                ObjectKey::Expression(key) => as_text(&self.value(key))?.as_literal()?.to_owned(),
            };
            let member = Member {
                name: name.into(),
                location: self.location.clone(),
                value: self.value(value.expr()),
            };
            // In HCL the last of several members with one name wins.
            members.retain(|known| known.name != member.name);
            members.push(member);
        }
        Some(ValueKind::Object(members.into()))
    }

    fn traversal(&self, traversal: &Traversal) -> Option<Value> {
        let steps = self.steps(traversal)?;
        match &traversal.expr {
            Expression::Variable(root) if is_reserved(root.value()) => {
                self.scope.lookup(root.value(), &steps)
            }
            Expression::Variable(root) => match self.scope.known(root.value(), &steps) {
                Some(known) => Some(known),
                None => Some(self.referring(self.scope.reference(root.value(), &steps)?)),
            },
            Expression::FuncCall(split) if steps == [Step::Index(1)] => self.after_colon(split),
            _ => None,
        }
    }

    fn steps(&self, traversal: &Traversal) -> Option<Vec<Step>> {
        let step = |operator: &TraversalOperator| match operator {
            TraversalOperator::GetAttr(name) => Some(Step::Name(name.value().to_string())),
            TraversalOperator::LegacyIndex(index) => Some(Step::Index(*index.value())),
            TraversalOperator::Index(index) => match self.value(index).kind {
                ValueKind::Text(key) => Some(Step::Key(key.as_literal()?.to_owned())),
                ValueKind::Number(number) => Some(Step::Index(number.parse().ok()?)),
                _ => None,
            },
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => None,
        };
        traversal.operators.iter().map(|operator| step(operator.value())).collect()
    }

    fn call(&self, call: &FuncCall) -> Option<Value> {
        if call.name.is_namespaced() || call.args.expand_final() {
            return None;
        }
        let arguments: Vec<&Expression> = call.args.iter().collect();
        match (call.name.name.value().as_str(), arguments.as_slice()) {
            ("jsonencode", [argument]) => self.json(argument),
            ("tostring", [argument]) => Some(self.found(ValueKind::Text(as_text(&self.value(argument))?))),
            ("element", [Expression::FuncCall(split), index])
                if self.value(index).kind == ValueKind::Number("1".into()) =>
            {
                self.after_colon(split)
            }
            _ => None,
        }
    }

    /// `jsonencode` of a structure; of text that is not a literal nothing is known, since it may stand for a structure.
    fn json(&self, argument: &Expression) -> Option<Value> {
        let value = self.value(argument);
        match &value.kind {
            ValueKind::Text(text) if text.as_literal().is_none() => None,
            _ => Some(value.into_json_text()),
        }
    }

    /// `split(":", <MRAP>.id)[1]`, which is how the provider's documentation names an MRAP in its policy.
    fn after_colon(&self, split: &FuncCall) -> Option<Value> {
        let arguments: Vec<&Expression> = split.args.iter().collect();
        let (true, [colon, id]) = (split.name.name.value().as_str() == "split", arguments.as_slice()) else {
            return None;
        };
        let id = self.value(id);
        let name = name_of_mrap(id.as_text()?.as_reference()?)?;
        (self.value(colon).as_str() == Some(":")).then(|| self.referring(name))
    }
}
