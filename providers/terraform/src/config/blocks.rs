use crate::error::ReadError;
use narrows_model::{Location, Member, Value, ValueKind};

/// The blocks of a folder's files that matter here, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Blocks<'a> {
    pub resources: Vec<Block<'a>>,
    pub data: Vec<Block<'a>>,
    pub providers: Vec<Block<'a>>,
    pub variables: Vec<Block<'a>>,
    pub modules: Vec<Block<'a>>,
    /// The members of all `locals` blocks.
    pub locals: Vec<&'a Member>,
}

/// A block with its labels.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    labels: Vec<&'a Member>,
    /// What is inside, an object.
    pub body: &'a Value,
}

impl<'a> Block<'a> {
    /// The last label.
    pub(super) fn name(&self) -> &'a str {
        self.labels.last().map(|label| label.name.as_str()).unwrap_or_default()
    }

    /// The first label.
    pub(super) fn type_name(&self) -> &'a str {
        self.labels.first().map(|label| label.name.as_str()).unwrap_or_default()
    }

    /// Where the body stands.
    pub(super) fn location(&self) -> Location {
        self.body.location.clone()
    }
}

/// Block types of the Terraform language that hold no resource and name nothing that is resolved here.
const PASSED_OVER: [&str; 12] = [
    "action",
    "check",
    "ephemeral",
    "import",
    "language",
    "list",
    "moved",
    "output",
    "removed",
    "resource_policy",
    "terraform",
    "//",
];

impl<'a> Blocks<'a> {
    pub(super) fn of(files: &'a [Value]) -> Result<Self, ReadError> {
        let mut found = Self::default();
        for file in files {
            for root in objects(file, "the top of a file")? {
                for member in root {
                    found.add(member)?;
                }
            }
        }
        Ok(found)
    }

    fn add(&mut self, member: &'a Member) -> Result<(), ReadError> {
        match member.name.as_str() {
            "resource" => labelled(&member.value, 2, "resource", &mut Vec::new(), &mut self.resources),
            "data" => labelled(&member.value, 2, "data", &mut Vec::new(), &mut self.data),
            "provider" => labelled(&member.value, 1, "provider", &mut Vec::new(), &mut self.providers),
            "variable" => labelled(&member.value, 1, "variable", &mut Vec::new(), &mut self.variables),
            "module" => labelled(&member.value, 1, "module", &mut Vec::new(), &mut self.modules),
            "locals" => {
                for object in objects(&member.value, "`locals`")? {
                    self.locals.extend(object.iter().filter(|local| local.name != "//"));
                }
                Ok(())
            }
            name if PASSED_OVER.contains(&name) => Ok(()),
            name => Err(ReadError::Unsupported {
                what: format!("a block of type `{name}`"),
                remedy: "expected one of Terraform's, such as `resource`, `provider` or `locals`; remove it"
                    .to_owned(),
                location: member.location.clone(),
            }),
        }
    }
}

/// The objects that a value is: itself, or the items of a list.
fn objects<'a>(value: &'a Value, what: &str) -> Result<Vec<&'a [Member]>, ReadError> {
    let object = |value: &'a Value| {
        value.members().ok_or_else(|| ReadError::Type {
            what: what.to_owned(),
            got: value.kind_in_words().to_owned(),
            expected: "an object".to_owned(),
            location: value.location.clone(),
        })
    };
    match &value.kind {
        ValueKind::List(items) => items.iter().map(object).collect(),
        _ => Ok(vec![object(value)?]),
    }
}

/// Collects the blocks below so many labels; Terraform takes a list of objects at every level.
fn labelled<'a>(
    value: &'a Value,
    labels: usize,
    what: &str,
    above: &mut Vec<&'a Member>,
    found: &mut Vec<Block<'a>>,
) -> Result<(), ReadError> {
    let path = || above.iter().map(|label| format!(" {}", label.name)).collect::<String>();
    let given = objects(value, &format!("{what}{}", path()))?;
    if labels > 0 {
        for member in given.into_iter().flatten().filter(|member| member.name != "//") {
            above.push(member);
            labelled(&member.value, labels - 1, what, above, found)?;
            above.pop();
        }
        return Ok(());
    }
    let bodies = match &value.kind {
        ValueKind::List(items) => items.iter().collect(),
        _ => vec![value],
    };
    found.extend(bodies.into_iter().map(|body| Block { labels: above.clone(), body }));
    Ok(())
}
