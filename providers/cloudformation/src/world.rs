//! What the stacks of one reading share.

use crate::error::ReadError;
use crate::resolve::{Found, as_text};
use crate::stack::{Environment, Stack};
use crate::syntax;
use crate::template::conditions::{Allowed, Atom, Choice, lookup};
use crate::template::section;
use narrows_model::{Location, Partition, Text, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

/// Gives the text of a file; `None` where there is none, an error where it cannot be read.
pub type Load<'a> = &'a dyn Fn(&str) -> Result<Option<String>, String>;

/// Templates that were read, by their files.
pub(crate) type Templates = RefCell<BTreeMap<String, Rc<Value>>>;

/// How deep exports can lead to exports.
const DEEPEST: usize = 64;

pub(crate) struct World<'a> {
    pub(crate) partition: Partition,
    load: Load<'a>,
    templates: &'a Templates,
    choices: &'a [Choice],
    allowed: RefCell<Allowed>,
    defaults: RefCell<BTreeMap<String, String>>,
    notes: RefCell<Vec<String>>,
    stacks: RefCell<Vec<Weak<Stack<'a>>>>,
    depth: Cell<usize>,
    /// Whether a template has loops, by where it lies in memory.
    loops: RefCell<BTreeMap<usize, bool>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        partition: Partition,
        load: Load<'a>,
        templates: &'a Templates,
        choices: &'a [Choice],
    ) -> Self {
        Self {
            partition,
            load,
            templates,
            choices,
            allowed: RefCell::default(),
            defaults: RefCell::default(),
            notes: RefCell::default(),
            stacks: RefCell::default(),
            depth: Cell::new(0),
            loops: RefCell::default(),
        }
    }

    /// The template in a file.
    pub(crate) fn template(&self, file: &str, location: &Location) -> Found<Rc<Value>> {
        if let Some(known) = self.templates.borrow().get(file) {
            return Ok(Rc::clone(known));
        }
        let refused = |got: String| ReadError::Type {
            what: "the template of a nested stack".to_owned(),
            got,
            expected: "a file that can be read".to_owned(),
            location: location.clone(),
        };
        let text = match (self.load)(file) {
            Ok(Some(text)) => text,
            Ok(None) => return Err(refused(format!("`{file}`, which is not there")).into()),
            Err(error) => return Err(refused(format!("`{file}`, which cannot be read ({error})")).into()),
        };
        let template = Rc::new(syntax::parse(file, &text)?);
        self.templates.borrow_mut().insert(file.to_owned(), Rc::clone(&template));
        Ok(template)
    }

    pub(crate) fn has_loops(&self, template: &Rc<Value>, look: impl Fn(&Value) -> bool) -> bool {
        let key = Rc::as_ptr(template).addr();
        *self.loops.borrow_mut().entry(key).or_insert_with(|| look(template))
    }

    /// Lets a stack's exports be imported by the others.
    pub(crate) fn enter(&self, stack: &Rc<Stack<'a>>) {
        self.stacks.borrow_mut().push(Rc::downgrade(stack));
    }

    /// What a stack exports under a name to a stack that is deployed there: exports are those of one account and Region.
    ///
    /// Source: CloudFormation User Guide, "Get exported outputs from a deployed CloudFormation stack".
    pub(crate) fn export(&self, name: &Text, importer: &Environment) -> Found<Option<Value>> {
        if self.depth.get() >= DEEPEST {
            return Ok(None);
        }
        self.depth.set(self.depth.get() + 1);
        let found = self.exported(name, importer);
        self.depth.set(self.depth.get().saturating_sub(1));
        found
    }

    fn exported(&self, name: &Text, importer: &Environment) -> Found<Option<Value>> {
        let stacks: Vec<Rc<Stack<'a>>> = self.stacks.borrow().iter().filter_map(Weak::upgrade).collect();
        for stack in stacks.iter().filter(|stack| stack.environment.shares_exports(importer)) {
            for output in section(&stack.template, "Outputs")? {
                let Some(given) = output.value.get("Export").and_then(|export| export.get("Name")) else {
                    continue;
                };
                // Two outputs may export one name where only one of them is made.
                if let Some(condition) = output.value.get("Condition")
                    && !stack.decided(condition)?
                {
                    continue;
                }
                if as_text(&stack.required(given)?).as_ref() == Some(name) {
                    return stack.output(output).map(Some);
                }
            }
        }
        Ok(None)
    }

    pub(crate) fn outcome(&self, atom: &Atom) -> Option<bool> {
        lookup(atom, self.choices, &self.allowed.borrow())
    }

    /// The values that a parameter without a value can have.
    pub(crate) fn allow(&self, spelled: &str, values: &[String]) {
        if !values.is_empty() {
            self.allowed.borrow_mut().insert(spelled.to_owned(), values.to_vec());
        }
    }

    pub(crate) fn at_default(&self, spelled: &str, default: &str) {
        self.defaults.borrow_mut().insert(spelled.to_owned(), default.to_owned());
    }

    pub(crate) fn note(&self, note: String) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// What the owner should know of the reading.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = self.notes.borrow().clone();
        let defaults = self.defaults.borrow();
        if !defaults.is_empty() {
            let listed: Vec<_> = defaults.iter().map(|(name, value)| format!("{name}={value}")).collect();
            notes.push(format!(
                "parameters are taken at their defaults ({}); --parameters gives the values that are deployed",
                listed.join(", ")
            ));
        }
        notes
    }
}
