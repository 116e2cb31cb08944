//! One stack: a template with what it is given.

use crate::error::ReadError;
use crate::kinds;
use crate::resolve::{Found, as_text};
use crate::serverless;
use crate::template::parameters::Declared;
use crate::template::transforms::{Transforms, transforms};
use crate::template::{foreach, parameters, section};
use crate::world::World;
use narrows_model::{AccountId, Deployment, Kind, Location, Member, Region, Text, Value, ValueKind};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

/// How deep stacks can be nested.
const DEEPEST: usize = 12;

/// Where a stack is deployed to, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    pub account: Option<AccountId>,
    pub region: Option<Region>,
    pub name: Option<String>,
}

impl Environment {
    /// Whether it is sure that stacks of both see the same exports: a Region that is open may be any other.
    pub(crate) fn shares_exports(&self, other: &Self) -> bool {
        self.account == other.account && self.region.is_some() && self.region == other.region
    }
}

/// What a stack's parameters are given.
pub(crate) enum Given<'a> {
    /// By whoever deploys it.
    Texts(BTreeMap<String, String>),
    /// By the stack that it is nested in.
    Within { parent: Weak<Stack<'a>>, values: Option<Value> },
}

/// A template with what it is given.
pub(crate) struct Stack<'a> {
    me: Weak<Stack<'a>>,
    pub(crate) world: Rc<World<'a>>,
    /// What tells this stack from others of one input, such as `Network.`; empty for the only one.
    pub(crate) scope: String,
    /// The scope, and the stacks that this one is nested in.
    pub(crate) path: String,
    /// The file of the template.
    pub(crate) file: String,
    pub(crate) environment: Environment,
    pub(crate) template: Rc<Value>,
    given: Given<'a>,
    declared: BTreeMap<String, Declared>,
    values: RefCell<BTreeMap<String, Option<ValueKind>>>,
    /// The resources, by name: kind and place in the section.
    resources: BTreeMap<String, (Kind, usize)>,
    transforms: Transforms,
    pub(crate) conditions: RefCell<BTreeMap<String, Option<crate::template::conditions::Outcome>>>,
    children: RefCell<BTreeMap<String, Option<Rc<Stack<'a>>>>>,
    depth: usize,
}

/// What a stack is made from.
pub(crate) struct Origin<'a> {
    pub scope: String,
    pub path: String,
    pub file: String,
    pub environment: Environment,
    pub template: Rc<Value>,
    pub given: Given<'a>,
    pub depth: usize,
}

impl<'a> Stack<'a> {
    pub(crate) fn new(world: &Rc<World<'a>>, origin: Origin<'a>) -> Found<Rc<Self>> {
        let Origin { scope, path, file, environment, template, given, depth } = origin;
        let declared = parameters::declared(&template)?;
        let transforms = transforms(&template)?;
        if template.get("Resources").is_none() {
            return Err(ReadError::Missing {
                what: "`Resources`".to_owned(),
                expected: "a template that has it".to_owned(),
                location: template.location.clone(),
            }
            .into());
        }
        let make = |template: Rc<Value>, given: Given<'a>, resources| {
            Rc::new_cyclic(|me: &Weak<Stack<'a>>| Self {
                me: me.clone(),
                world: Rc::clone(world),
                scope: scope.clone(),
                path: path.clone(),
                file: file.clone(),
                environment: environment.clone(),
                template,
                given,
                declared: declared.clone(),
                values: RefCell::default(),
                resources,
                transforms,
                conditions: RefCell::default(),
                children: RefCell::default(),
                depth,
            })
        };
        if !world.has_loops(&template, foreach::has_loop) {
            let resources = named(&template)?;
            return Ok(make(template, given, resources));
        }
        // Collections are worked out with the parameters and mappings of the template as it is.
        let rolled = make(Rc::clone(&template), given, BTreeMap::new());
        let unrolled = Rc::new(rolled.unrolled(&template, &mut 0)?);
        let resources = named(&unrolled)?;
        let given = match &rolled.given {
            Given::Texts(texts) => Given::Texts(texts.clone()),
            Given::Within { parent, values } => {
                Given::Within { parent: parent.clone(), values: values.clone() }
            }
        };
        Ok(make(unrolled, given, resources))
    }

    /// The resources in the order of the template.
    pub(crate) fn resources(&self) -> &[Member] {
        self.template.get("Resources").and_then(Value::members).unwrap_or_default()
    }

    /// The kind of a resource.
    pub(crate) fn kind(&self, name: &str) -> Option<&Kind> {
        self.resources.get(name).map(|(kind, _)| kind)
    }

    /// The names that a reference can have.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().chain(self.declared.keys()).map(String::as_str)
    }

    /// Whether a name may be of a resource that a macro or a module adds.
    pub(crate) fn may_define(&self, name: &str) -> bool {
        // A module's resources are called by its name and theirs, with or without a dot between.
        let module = |(key, (kind, _)): (&String, &(Kind, usize))| {
            matches!(kind, Kind::Other(type_name) if type_name.ends_with("::MODULE"))
                && name.starts_with(key.as_str())
        };
        self.transforms.adding || self.resources.iter().any(module)
    }

    /// A mapping by its name.
    pub(crate) fn mapping(&self, name: &str) -> Option<&Value> {
        self.template.get("Mappings")?.get(name)
    }

    /// What a pseudo parameter gives; `None` for another name.
    pub(crate) fn pseudo(&self, name: &str) -> Option<Text> {
        let region = self.environment.region;
        Some(match name {
            "AWS::AccountId" => match &self.environment.account {
                Some(account) => Text::literal(account.as_str()),
                None => Text::unknown(Deployment::ACCOUNT),
            },
            "AWS::Region" => match region {
                Some(region) => Text::literal(region.as_str()),
                None => Text::unknown(format!("{}AWS::Region", self.scope)),
            },
            "AWS::Partition" => Text::literal(self.world.partition.as_str()),
            "AWS::URLSuffix" => Text::literal(match self.world.partition {
                narrows_model::Partition::China => "amazonaws.com.cn",
                _ => "amazonaws.com",
            }),
            "AWS::StackName" => match &self.environment.name {
                Some(name) => Text::literal(name.as_str()),
                None => Text::unknown(format!("{}AWS::StackName", self.path)),
            },
            "AWS::StackId" | "AWS::NotificationARNs" => Text::unknown(format!("{}{name}", self.path)),
            _ => return None,
        })
    }

    /// What a parameter gives; `None` where the template has none of that name.
    pub(crate) fn parameter(&self, name: &str) -> Found<Option<Value>> {
        let Some(declared) = self.declared.get(name) else { return Ok(None) };
        let value = |kind: ValueKind| Some(Value { kind, location: declared.location.clone() });
        if let Some(known) = self.values.borrow().get(name) {
            return match known {
                Some(kind) => Ok(value(kind.clone())),
                None => Err(ReadError::Unsupported {
                    what: format!("parameter {name}, which depends on itself,"),
                    remedy: "give it another value".to_owned(),
                    location: declared.location.clone(),
                }
                .into()),
            };
        }
        self.values.borrow_mut().insert(name.to_owned(), None);
        let kind = self.parameter_value(name, declared)?;
        self.values.borrow_mut().insert(name.to_owned(), Some(kind.clone()));
        Ok(value(kind))
    }

    fn parameter_value(&self, name: &str, declared: &Declared) -> Found<ValueKind> {
        let given = match &self.given {
            Given::Texts(texts) => texts.get(name).map(|text| Value::text(text.as_str())),
            Given::Within { parent, values } => {
                let given = values.as_ref().and_then(|values| values.get(name));
                match (given, parent.upgrade()) {
                    (Some(given), Some(parent)) => parent.resolve(given)?,
                    _ => None,
                }
            }
        };
        let spelled = format!("{}{name}", self.path);
        if declared.stored {
            return Ok(ValueKind::Text(Text::unknown(spelled)));
        }
        let text = match &given {
            Some(Value { kind: kind @ ValueKind::List(_), .. }) => return Ok(kind.clone()),
            Some(value) => as_text(value),
            None => None,
        };
        if let Some(literal) = text.as_ref().and_then(Text::as_literal) {
            declared.allow(name, literal)?;
        }
        if let (None, Some(default)) = (&text, &declared.default) {
            self.world.at_default(&spelled, &default.to_string());
        }
        match text.or_else(|| declared.default.clone()) {
            Some(text) => Ok(declared.value(text)),
            None => {
                self.world.allow(&spelled, &declared.allowed);
                Ok(ValueKind::Text(Text::unknown(spelled)))
            }
        }
    }

    /// The names of the parameters.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.declared.keys().map(String::as_str)
    }

    /// Whether the template declares a parameter.
    pub(crate) fn has_parameter(&self, name: &str) -> bool {
        self.declared.contains_key(name)
    }

    /// The stack that a resource nests; `None` where its template is not a file beside this one.
    pub(crate) fn child(&self, member: &Member) -> Found<Option<Rc<Self>>> {
        if let Some(known) = self.children.borrow().get(member.name.as_str()) {
            return Ok(known.clone());
        }
        // A stack that is asked for while it is made is not known yet.
        self.children.borrow_mut().insert(member.name.to_string(), None);
        let child = self.nested(member)?;
        self.children.borrow_mut().insert(member.name.to_string(), child.clone());
        Ok(child)
    }

    fn nested(&self, member: &Member) -> Found<Option<Rc<Self>>> {
        let Some(properties) = member.value.get("Properties") else { return Ok(None) };
        // A cloud assembly says where the asset lies.
        let asset = member.value.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
        let url = match (asset, properties.get("TemplateURL")) {
            (Some(path), _) => path.clone(),
            (None, Some(url)) => self.required(url)?,
            (None, None) => return Ok(None),
        };
        let Some(local) = url.as_str().filter(|url| !url.contains("://")) else {
            let shown = as_text(&url).unwrap_or_default();
            self.world.note(format!(
                "the template of the nested stack {}{} is not read: `{shown}` is no file",
                self.path, member.name
            ));
            return Ok(None);
        };
        if self.depth >= DEEPEST {
            return Err(ReadError::Unsupported {
                what: format!("a stack nested more than {DEEPEST} deep"),
                remedy: "take it out of itself".to_owned(),
                location: member.location.clone(),
            }
            .into());
        }
        let file = beside(&self.file, local);
        let template = self.world.template(&file, &url.location)?;
        let origin = Origin {
            scope: self.scope.clone(),
            path: format!("{}{}.", self.path, member.name),
            file,
            environment: Environment { name: None, ..self.environment.clone() },
            template,
            given: Given::Within { parent: self.me.clone(), values: properties.get("Parameters").cloned() },
            depth: self.depth + 1,
        };
        Stack::new(&self.world, origin).map(Some)
    }

    /// An output of a stack that a resource nests; `None` where its template is not read.
    pub(crate) fn output_of(&self, name: &str, output: &str, location: &Location) -> Found<Option<Value>> {
        let Some((Kind::Other(type_name), index)) = self.resources.get(name) else { return Ok(None) };
        let member = self.resources().get(*index).filter(|_| type_name == kinds::STACK);
        let Some(child) = member.map(|member| self.child(member)).transpose()?.flatten() else {
            return Ok(None);
        };
        match section(&child.template, "Outputs")?.iter().find(|it| it.name == output) {
            Some(found) => child.output(found).map(Some),
            None => Err(ReadError::Undefined {
                what: format!("the output of {name}"),
                name: output.to_owned(),
                expected: format!("a name in Outputs of `{}`", child.file),
                nearest: None,
                location: location.clone(),
            }
            .into()),
        }
    }

    /// The value of an output.
    pub(crate) fn output(&self, member: &Member) -> Found<Value> {
        match member.value.get("Value") {
            Some(value) => self.required(value),
            None => Err(ReadError::Missing {
                what: format!("`Value` of output {}", member.name),
                expected: "a value".to_owned(),
                location: member.location.clone(),
            }
            .into()),
        }
    }
}

/// The resources by their names; each must be an object with a type.
fn named(template: &Value) -> Result<BTreeMap<String, (Kind, usize)>, ReadError> {
    let mut found = BTreeMap::new();
    for (index, member) in section(template, "Resources")?.iter().enumerate() {
        if member.name == "Fn::Transform" {
            let name = member.value.get("Name").and_then(Value::as_str).unwrap_or("Fn::Transform");
            return Err(crate::template::transforms::unknown_macro(name, &member.value));
        }
        let Some(type_name) = member.value.get("Type").and_then(Value::as_str) else {
            return Err(untyped(member));
        };
        let before = found.insert(member.name.to_string(), (kinds::kind_of(type_name), index));
        if before.is_some() {
            let what = format!("resource {}", member.name);
            return Err(ReadError::Repeated { what, location: member.location.clone() });
        }
    }
    // What a macro adds stands behind the names that the template has.
    for (index, member) in section(template, "Resources")?.iter().enumerate() {
        if let Some(role) = serverless::role_name(member) {
            found.entry(role).or_insert((Kind::Role, index));
        }
    }
    Ok(found)
}

/// The error for a resource whose type is not there, or is something that another tool replaces.
fn untyped(member: &Member) -> ReadError {
    let what = format!("`Type` of {}", member.name);
    // The short form of a function puts `Fn::` before its name.
    let module = |value: &Value| {
        value.members().unwrap_or_default().iter().any(|it| it.name.ends_with("Rain::Module"))
    };
    match member.value.get("Type") {
        Some(given) if module(given) => ReadError::Unsupported {
            what: format!("{what}, a module of Rain,"),
            remedy: "check what `rain pkg` makes of the template".to_owned(),
            location: given.location.clone(),
        },
        Some(given) => ReadError::Type {
            what,
            got: given.kind_in_words().to_owned(),
            expected: "a type such as AWS::S3::Bucket".to_owned(),
            location: given.location.clone(),
        },
        None => ReadError::Missing {
            what,
            expected: "a type such as AWS::S3::Bucket".to_owned(),
            location: member.location.clone(),
        },
    }
}

/// A path that a file names, from the folder that the file is in.
pub(crate) fn beside(file: &str, path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    match file.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
        _ => path.to_owned(),
    }
}
