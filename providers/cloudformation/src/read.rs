//! From a template to deployments.

use crate::error::ReadError;
use crate::kinds;
use crate::mapping::{Fields, bodies};
use crate::resolve::{Found, Stop, as_text, spell};
use crate::serverless;
use crate::stack::{Environment, Given, Origin, Stack};
use crate::syntax;
use crate::template::conditions::{Atom, Choice};
use crate::template::is_template;
use crate::world::{Load, Templates, World};
use narrows_model::names::nearest;
use narrows_model::resources::Other;
use narrows_model::{
    AccountId, Body, Deployment, Input, Location, Member, Partition, Region, Resource, ResourceId, Value,
    ValueKind,
};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many deployments one template can become.
const MOST: usize = 16;

/// What is known of a deployment beside its template.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The account that is deployed to.
    pub account: Option<AccountId>,
    /// The Region that is deployed to; its partition is the deployment's.
    pub region: Option<Region>,
    /// The stack's name.
    pub stack_name: Option<String>,
    /// The values of parameters.
    pub parameters: BTreeMap<String, String>,
}

/// A deployment that a template becomes.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What is deployed, where one input holds several deployments: a stack set's template, or the stacks of an account.
    pub part: Option<String>,
    /// How conditions that the input does not decide turn out, such as `Env = prod`.
    pub choices: Vec<String>,
    /// The resources.
    pub deployment: Deployment,
    /// What the owner should know of the reading.
    pub notes: Vec<String>,
}

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    file: String,
    root: Rc<Value>,
}

impl Template {
    /// Parses a text that may be a template; `None` where it is JSON or YAML of something else.
    ///
    /// # Errors
    /// What is neither JSON nor YAML, and names that an object gives twice.
    pub fn parse(file: &str, text: &str) -> Result<Option<Self>, ReadError> {
        let root = syntax::parse(file, text)?;
        Ok(is_template(&root).then(|| Self { file: file.to_owned(), root: Rc::new(root) }))
    }

    /// JSON that may be a template; `None` where it is something else.
    ///
    /// # Errors
    /// Names that an object gives twice.
    pub fn of_json(file: &str, root: Value) -> Result<Option<Self>, ReadError> {
        syntax::once(&root)?;
        Ok(is_template(&root).then(|| Self { file: file.to_owned(), root: Rc::new(root) }))
    }

    /// Where the template stands.
    pub(crate) fn location(&self) -> Location {
        self.root.location.clone()
    }
}

/// A stack to read.
pub(crate) struct Root {
    pub scope: String,
    pub environment: Environment,
    pub template: Template,
    pub parameters: BTreeMap<String, String>,
}

/// Reads a template.
///
/// # Errors
/// The first thing that CloudFormation would not take, or that cannot be read without missing a policy, with its place.
/// More than 16 deployments.
pub fn read(template: &Template, options: &Options, load: Load<'_>) -> Result<Vec<Reading>, ReadError> {
    let root = Root {
        scope: String::new(),
        environment: Environment {
            account: options.account.clone(),
            region: options.region,
            name: options.stack_name.clone(),
        },
        template: template.clone(),
        parameters: options.parameters.clone(),
    };
    let partition = options.region.map(Region::partition).unwrap_or_default();
    readings(std::slice::from_ref(&root), None, partition, &options.parameters, load)
}

/// Reads stacks that form one deployment, in each way in which open conditions can turn out.
pub(crate) fn readings(
    roots: &[Root],
    part: Option<&str>,
    partition: Partition,
    parameters: &BTreeMap<String, String>,
    load: Load<'_>,
) -> Result<Vec<Reading>, ReadError> {
    let templates = Templates::default();
    let mut readings = Vec::new();
    let mut inner = Vec::new();
    let mut open: Vec<Vec<Choice>> = vec![Vec::new()];
    while let Some(choices) = open.pop() {
        match attempt(roots, partition, parameters, &choices, &templates, load) {
            Ok((deployment, notes, found)) => {
                readings.push(Reading {
                    part: part.map(str::to_owned),
                    choices: choices.iter().map(ToString::to_string).collect(),
                    deployment,
                    notes,
                });
                if inner.is_empty() {
                    inner = found;
                }
            }
            Err(Stop::Error(error)) => return Err(*error),
            Err(Stop::Undecided(atom)) => {
                if readings.len() + open.len() + 2 > MOST {
                    return Err(too_many(&atom, &choices, roots));
                }
                for holds in [false, true] {
                    let mut both = choices.clone();
                    both.push(Choice(atom.clone(), holds));
                    open.push(both);
                }
            }
        }
    }
    for (name, root) in inner {
        let parameters = root.parameters.clone();
        readings.extend(self::readings(&[root], Some(&name), partition, &parameters, load)?);
    }
    Ok(readings)
}

fn too_many(atom: &Atom, choices: &[Choice], roots: &[Root]) -> ReadError {
    let mut names: Vec<&str> = choices.iter().map(|Choice(atom, _)| atom.left.as_str()).collect();
    names.push(&atom.left);
    names.sort_unstable();
    names.dedup();
    let listed: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    ReadError::Unsupported {
        what: format!("a template whose conditions can turn out in more than {MOST} ways"),
        remedy: format!("give values for some of {} (--parameters KEY=VALUE, --region)", listed.join(", ")),
        location: roots.first().map(|root| root.template.root.location.clone()).unwrap_or_default(),
    }
}

type Attempt = (Deployment, Vec<String>, Vec<(String, Root)>);

fn attempt(
    roots: &[Root],
    partition: Partition,
    parameters: &BTreeMap<String, String>,
    choices: &[Choice],
    templates: &Templates,
    load: Load<'_>,
) -> Found<Attempt> {
    let world = Rc::new(World::new(partition, load, templates, choices));
    let mut stacks = Vec::new();
    for root in roots {
        let origin = Origin {
            scope: root.scope.clone(),
            path: root.scope.clone(),
            file: root.template.file.clone(),
            environment: root.environment.clone(),
            template: Rc::clone(&root.template.root),
            given: Given::Texts(root.parameters.clone()),
            depth: 0,
        };
        let stack = Stack::new(&world, origin)?;
        world.enter(&stack);
        stacks.push(stack);
    }
    if let Some(name) = parameters.keys().find(|name| !stacks.iter().any(|stack| stack.has_parameter(name))) {
        let known: Vec<&str> = stacks.iter().flat_map(|stack| stack.parameters()).collect();
        return Err(ReadError::Undefined {
            what: "the parameter".to_owned(),
            name: name.clone(),
            expected: "a name in Parameters".to_owned(),
            nearest: nearest(name, known.iter().copied()).map(str::to_owned),
            location: roots.first().map(|root| root.template.root.location.clone()).unwrap_or_default(),
        }
        .into());
    }
    let account = roots.first().and_then(|root| root.environment.account.clone());
    let mut collected = Collected { deployment: Deployment::new(account, partition), inner: Vec::new() };
    for stack in &stacks {
        collected.stack(stack)?;
    }
    Ok((collected.deployment, world.notes(), collected.inner))
}

struct Collected {
    deployment: Deployment,
    /// The templates of stack sets, which are deployed elsewhere.
    inner: Vec<(String, Root)>,
}

impl Collected {
    fn stack(&mut self, stack: &Rc<Stack<'_>>) -> Found<()> {
        for member in stack.resources() {
            let type_name = member.value.get("Type").and_then(Value::as_str).unwrap_or_default();
            let properties = kinds::properties(type_name);
            let nests = type_name == kinds::STACK || type_name == kinds::STACK_SET;
            if (properties.is_some() || nests || serverless::role_name(member).is_some())
                && let Some(condition) = member.value.get("Condition")
                && !stack.decided(condition)?
            {
                continue;
            }
            match properties {
                Some(properties) => self.modelled(stack, member, type_name, properties)?,
                None => self.other(stack, member, type_name)?,
            }
            if type_name == kinds::STACK
                && let Some(child) = stack.child(member)?
            {
                self.stack(&child)?;
            }
            if type_name == kinds::STACK_SET {
                self.stack_set(stack, member)?;
            }
            if let Some(role) = serverless::role_name(member)
                && let Some(given) = stack.role_of(member)?
            {
                let name = format!("{}{role}", stack.path);
                self.made_of(stack, member, "AWS::IAM::Role", &name, &given)?;
            }
            if let Some(unread) = serverless::unread(member) {
                self.deployment.assume(unread);
            }
        }
        Ok(())
    }

    fn modelled(
        &mut self,
        stack: &Rc<Stack<'_>>,
        member: &Member,
        type_name: &str,
        wanted: &[&str],
    ) -> Found<()> {
        let name = format!("{}{}", stack.path, member.name);
        let given = match member.value.get("Properties") {
            Some(given) => chosen(stack, given, wanted)?,
            None => {
                Value { kind: ValueKind::Object(Vec::new().into()), location: member.value.location.clone() }
            }
        };
        match self.made_of(stack, member, type_name, &name, &given)? {
            0 => self.other(stack, member, type_name),
            _ => Ok(()),
        }
    }

    /// Adds what a resource with these properties becomes; how many resources of the model that is.
    fn made_of(
        &mut self,
        stack: &Stack<'_>,
        member: &Member,
        type_name: &str,
        name: &str,
        given: &Value,
    ) -> Found<usize> {
        let id = ResourceId::new(kinds::kind_of(type_name), name);
        let made = bodies(type_name, &Fields::new(given, name), &id)?;
        let count = made.len();
        for made in made {
            let name = format!("{name}{}", made.suffix);
            let location = made.location.unwrap_or_else(|| member.location.clone());
            self.add(stack, name, type_name, made.body, location)?;
        }
        Ok(count)
    }

    fn other(&mut self, stack: &Stack<'_>, member: &Member, type_name: &str) -> Found<()> {
        let nothing =
            || Value { kind: ValueKind::Object(Vec::new().into()), location: member.value.location.clone() };
        let arguments = member.value.get("Properties").cloned().unwrap_or_else(nothing);
        let body = Body::Other(Other { type_name: type_name.to_owned(), arguments });
        let name = format!("{}{}", stack.path, member.name);
        self.add(stack, name, type_name, body, member.location.clone())
    }

    fn add(
        &mut self,
        stack: &Stack<'_>,
        name: String,
        type_name: &str,
        body: Body,
        location: Location,
    ) -> Found<()> {
        let region = stack.environment.region.filter(|_| kinds::is_regional(type_name)).map(Input::known);
        let resource = Resource {
            id: ResourceId::new(body.kind(), name.as_str()),
            region,
            body,
            depends_on: Vec::new(),
            address: name.clone().into(),
            location: location.clone(),
        };
        let repeated = |_| ReadError::Repeated { what: format!("resource {name}"), location };
        Ok(self.deployment.add(resource).map_err(repeated)?)
    }

    /// A stack set's template, which is deployed to other accounts.
    fn stack_set(&mut self, stack: &Rc<Stack<'_>>, member: &Member) -> Found<()> {
        let name = format!("{}{}", stack.path, member.name);
        let Some(properties) = member.value.get("Properties") else { return Ok(()) };
        let body = properties.get("TemplateBody").map(|body| stack.required(body)).transpose()?;
        let text = body.as_ref().and_then(as_text);
        let (Some(body), Some(text)) = (&body, text.as_ref().and_then(|text| text.as_literal())) else {
            stack
                .world
                .note(format!("the template of the stack set {name} is not read: it is not in the input"));
            return Ok(());
        };
        let root = syntax::parse_within(body, text)?;
        let mut parameters = BTreeMap::new();
        for item in properties.get("Parameters").and_then(Value::items).unwrap_or_default() {
            let key = item.get("ParameterKey").and_then(Value::as_str);
            let value = item.get("ParameterValue").map(|value| stack.required(value)).transpose()?;
            let value = value.as_ref().and_then(as_text);
            if let (Some(key), Some(value)) = (key, value.as_ref().and_then(|value| value.as_literal())) {
                parameters.insert(key.to_owned(), value.to_owned());
            }
        }
        let template = Template { file: stack.file.clone(), root: Rc::new(root) };
        let environment = Environment::default();
        let root = Root { scope: String::new(), environment, template, parameters };
        self.inner.push((format!("the template of the stack set {name}"), root));
        Ok(())
    }
}

/// The wanted ones of a resource's properties, with their functions worked out.
fn chosen(stack: &Stack<'_>, given: &Value, wanted: &[&str]) -> Found<Value> {
    let whole;
    let given = match given.members() {
        Some([only]) if only.name.starts_with("Fn::") => {
            whole = stack.required(given)?;
            &whole
        }
        _ => given,
    };
    let members = given.members().filter(|_| given.get("Fn::Transform").is_none());
    let Some(members) = members else {
        return Err(ReadError::Unresolved {
            what: "`Properties`".to_owned(),
            expression: spell(given),
            expected: "an object".to_owned(),
            location: given.location.clone(),
        }
        .into());
    };
    let mut kept = Vec::new();
    for member in members.iter().filter(|member| wanted.contains(&member.name.as_str())) {
        if let Some(value) = stack.resolve(&member.value)? {
            kept.push(Member { name: member.name.clone(), location: member.location.clone(), value });
        }
    }
    Ok(Value { kind: ValueKind::Object(kept.into()), location: given.location.clone() })
}
