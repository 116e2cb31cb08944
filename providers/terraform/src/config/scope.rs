use super::blocks::Blocks;
use crate::error::ReadError;
use crate::hcl::{self, Budget, Scope, Step, walk};
use crate::policy_document;
use narrows_model::{AccountId, Partition, Value, ValueKind};
use std::collections::BTreeMap;

/// What names mean in a configuration.
pub(super) struct Names<'a> {
    locals: BTreeMap<&'a str, &'a Value>,
    /// Defaults of variables, which are no templates.
    variables: BTreeMap<&'a str, &'a Value>,
    /// The data sources that are worked out here, by name.
    documents: BTreeMap<&'a str, &'a Value>,
    /// What `aws_caller_identity` gives.
    pub account: Option<AccountId>,
    /// What `aws_partition` gives.
    pub partition: Option<Partition>,
    budget: Budget,
}

impl<'a> Names<'a> {
    pub(super) fn of(blocks: &Blocks<'a>) -> Result<Self, ReadError> {
        let mut names = Self {
            locals: BTreeMap::new(),
            variables: BTreeMap::new(),
            documents: BTreeMap::new(),
            account: None,
            partition: None,
            budget: Budget::default(),
        };
        for local in &blocks.locals {
            if names.locals.insert(&local.name, &local.value).is_some() {
                let what = format!("local `{}`", local.name);
                return Err(ReadError::Repeated { what, location: local.location.clone() });
            }
        }
        for variable in &blocks.variables {
            if let Some(default) = variable.body.get("default").filter(|value| value.kind != ValueKind::Null)
            {
                names.variables.insert(variable.name(), default);
            }
        }
        for data in blocks.data.iter().filter(|data| data.type_name() == policy_document::TYPE) {
            names.documents.insert(data.name(), data.body);
        }
        // What does not parse is an error even where nothing uses it, as it is for Terraform.
        for value in names.locals.values() {
            hcl::resolve(value, &names)?;
        }
        Ok(names)
    }

    fn local(&self, name: &str) -> Option<Value> {
        let value = *self.locals.get(name)?;
        self.budget.spend(|| hcl::resolve(value, self).ok())
    }

    /// An attribute of a policy document; none of several that `count` or `for_each` makes.
    fn document(&self, name: &str, attribute: &str) -> Option<Value> {
        let body = *self.documents.get(name)?;
        if ["count", "for_each"].iter().any(|repeated| body.get(repeated).is_some()) {
            return None;
        }
        let arguments = self.budget.spend(|| hcl::resolve(body, self).ok())?;
        policy_document::attribute(&arguments, &format!("data.{}.{name}", policy_document::TYPE), attribute)
    }
}

impl Scope for Names<'_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Option<Value> {
        let (Step::Name(name), rest) = steps.split_first()? else { return None };
        match (root, name.as_str(), rest) {
            ("local", name, rest) => walk(&self.local(name)?, rest),
            ("var", name, rest) => walk(self.variables.get(name)?, rest),
            ("data", "aws_caller_identity", [Step::Name(_), Step::Name(attribute)]) => {
                let account =
                    self.account.as_ref().filter(|_| attribute == "account_id" || attribute == "id")?;
                Some(Value::text(account.as_str()))
            }
            ("data", "aws_partition", [Step::Name(_), Step::Name(attribute)]) => {
                let partition = self.partition.filter(|_| attribute == "partition" || attribute == "id")?;
                Some(Value::text(partition.as_str()))
            }
            ("data", policy_document::TYPE, [Step::Name(name), Step::Name(attribute)]) => {
                self.document(name, attribute)
            }
            _ => None,
        }
    }
}
