//! A guardrail: one or more Cedar policies with an id, read as a specification.

use crate::fault::Fault;
use crate::load::Loader;
use cedar_policy::PolicySet;
use cedar_policy::pst::Template;
use narrows_model::intent::Severity;
use narrows_prover::{Actions, Demand};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

/// One thing that must hold of a deployment.
#[derive(Clone, Debug)]
pub struct Guardrail {
    /// Its id, as users name it.
    pub id: String,
    /// What it says, in one sentence.
    pub description: String,
    /// How bad it is that it does not hold.
    pub severity: Severity,
    /// What to change where it is refuted; `{bucket}` and its like stand for what it is asked about.
    pub(crate) remedy: String,
    /// What a verdict does not speak of.
    pub(crate) remarks: Vec<String>,
    /// What it is asked about, one by one.
    pub(crate) each: Each,
    /// What must be declared for it to be asked.
    pub(crate) requires: Vec<Requirement>,
    /// Whether object actions that do not exist yet are remarked upon.
    pub(crate) later: bool,
    /// Whether it is remarked upon that AWS calls a bucket policy public where the verdict does not, or the reverse.
    pub(crate) public: bool,
    pub(crate) body: Arc<LazyLock<Body, Make>>,
}

/// The policies of a guardrail.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// As trees.
    pub policies: Vec<Policy>,
    /// As Cedar's authorizer takes them.
    pub cedar: PolicySet,
}

/// Makes them.
pub(crate) type Make = Box<dyn FnOnce() -> Body + Send + Sync>;

impl Guardrail {
    /// A guardrail that nothing is said of yet; its policies are made when it is first asked.
    pub(crate) fn new(id: String, make: impl FnOnce() -> Body + Send + Sync + 'static) -> Self {
        Self {
            description: id.clone(),
            id,
            severity: Severity::default(),
            remedy: String::new(),
            remarks: Vec::new(),
            each: Each::default(),
            requires: Vec::new(),
            later: false,
            public: false,
            body: Arc::new(LazyLock::new(Box::new(make))),
        }
    }

    /// Its policies as trees.
    pub(crate) fn policies(&self) -> &[Policy] {
        &self.body.policies
    }

    /// Its policies as Cedar's authorizer takes them.
    pub(crate) fn cedar(&self) -> &PolicySet {
        &self.body.cedar
    }
}

/// One policy of a guardrail.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub tree: Template,
    pub demand: Demand,
    /// The actions of its head: those of objects, and those of the bucket.
    pub actions: (Actions, Actions),
}

/// What a guardrail is asked about, one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Each {
    /// Each bucket of an MRAP.
    #[default]
    MrapBucket,
    /// Each bucket.
    Bucket,
    /// Each grant that the owner declared, at each bucket of its MRAP.
    Grant,
    /// Each replication, at its source and its destinations.
    Replication,
    /// Each role whose policies are in the input and whose purpose is known, at every bucket.
    Role,
    /// Each MRAP: whether its buckets decide alike.
    Mrap,
    /// Each holder of policies: whether each of their statements can match a request.
    Policy,
}

impl FromStr for Each {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "mrap-bucket" => Self::MrapBucket,
            "bucket" => Self::Bucket,
            "grant" => Self::Grant,
            "replication" => Self::Replication,
            "role" => Self::Role,
            "mrap" => Self::Mrap,
            "policy" => Self::Policy,
            _ => {
                return Err(format!(
                    "`{text}` is nothing to ask about: expected mrap-bucket, bucket, grant, replication, role, mrap or policy"
                ));
            }
        })
    }
}

/// What must be declared for a guardrail to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    Endpoints,
    Deployer,
    Organization,
}

impl Requirement {
    /// What to say where it is not declared.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Endpoints => {
                "no VPC endpoints are declared: add `[[private_access]]` to narrows.toml, or name them with --vpce ID"
            }
            Self::Deployer => {
                "no deployer is declared: set `deployer` in narrows.toml, or name it with --deployer ARN"
            }
            Self::Organization => {
                "no organisation is declared: set `organisation` in narrows.toml, or name it with --organisation ID"
            }
        }
    }
}

impl FromStr for Requirement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "endpoints" => Self::Endpoints,
            "deployer" => Self::Deployer,
            "organization" => Self::Organization,
            _ => {
                return Err(format!(
                    "`{text}` cannot be required: expected endpoints, deployer or organization"
                ));
            }
        })
    }
}

/// A set of guardrails, sorted by id.
#[derive(Clone, Debug, Default)]
pub struct Guardrails(Vec<Guardrail>);

impl Guardrails {
    /// The guardrails that are shipped.
    pub fn shipped() -> Self {
        Self(crate::shipped::all().clone())
    }

    /// Adds the guardrails of a file, given its name and text.
    ///
    /// # Errors
    /// What is wrong with the file, at its place: it does not parse, does not fit the schema, asks what cannot be
    /// decided for all requests, or defines an id that is taken.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Fault> {
        let new = Loader::new(name, text).validated()?;
        for guardrail in new {
            if self.get(&guardrail.id).is_some() {
                return Err(Fault::new(
                    name,
                    text,
                    format!("the guardrail `{}` is there already", guardrail.id),
                )
                .help("give it another @id"));
            }
            self.0.push(guardrail);
        }
        self.0.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(())
    }

    /// The guardrail with this id.
    pub fn get(&self, id: &str) -> Option<&Guardrail> {
        self.iter().find(|guardrail| guardrail.id == id)
    }

    /// Only those with one of these ids; all of them where none is named.
    #[must_use]
    pub fn only(mut self, ids: &[impl AsRef<str>]) -> Self {
        if !ids.is_empty() {
            self.0.retain(|guardrail| ids.iter().any(|id| id.as_ref() == guardrail.id));
        }
        self
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Guardrail> {
        self.0.iter()
    }
}
