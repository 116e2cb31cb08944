//! The command line's grammar and help.

use crate::format::Output;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use narrows_checks::render::{Page, Span, Style, Tone};
use narrows_guardrails::Guardrails;
use narrows_model::date::Date;
use narrows_model::{
    AccountId, Arn, BucketName, MrapArn, NameError, OrganisationId, Region, RoleArn, ServicePrincipal,
    VpcEndpointId,
};
use std::path::PathBuf;
use std::str::FromStr;

const EXAMPLES: &str = "\
Examples:
  narrows new orders                  describe a stack in orders/narrows.toml
  narrows check orders                prove what it would deploy, writing nothing
  narrows synth orders                write Terraform files to orders/out/terraform, and check them
  narrows check orders/out/terraform  check the files as they lie on disk
  narrows plan infra                  plan it with terraform, tofu or pulumi, and check the plan
  narrows diff main/orders orders     what access a change adds and removes
  narrows diff plan.json              what access a plan adds to what exists, and removes
  narrows check plan.json --stack orders
                                      check a plan (terraform show -json) against the description
  narrows check template.yaml --parameters Stage=prod
                                      check a CloudFormation template, as it is deployed with these values
  narrows check policy.json --mrap arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
                                      check a bucket policy, whatever made it
  narrows explain orders --principal arn:aws:iam::123456789012:role/orders-api \\
      --action s3:GetObject --mrap orders --key a.txt
                                      who allows a request, who denies it, and why

Verdicts:
  proved    holds for every possible request
  refuted   does not hold, and here is a request that shows it
  unknown   not decided, and here is why

Exit codes:
  0  everything that was asked is proved
  1  something is refuted
  2  the command or an input is wrong; nothing was checked
  3  something is undecided, or nothing could be asked

Narrows needs no AWS account, no network and no state.";

/// Compose and prove Amazon S3 Multi-Region Access Point stacks.
///
/// Narrows turns a short description into a deployment, and proves of any deployment that data is reached through its
/// Multi-Region Access Point (MRAP) and in no other way.
#[derive(Debug, Parser)]
#[command(name = "narrows", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(NewArgs),
    Synth(SynthArgs),
    Check(Box<CheckArgs>),
    Plan(Box<PlanArgs>),
    Diff(Box<DiffArgs>),
    Explain(Box<ExplainArgs>),
}

/// Describe a new stack: writes a commented narrows.toml
#[derive(Debug, clap::Args)]
pub(crate) struct NewArgs {
    /// The folder for narrows.toml; made if it does not exist
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Write a stack's files for an engine, then check what was written
#[derive(Debug, clap::Args)]
pub(crate) struct SynthArgs {
    /// The stack description: a .toml file, or a folder with a narrows.toml
    #[arg(value_name = "STACK", default_value = ".")]
    pub stack: PathBuf,
    /// The engine to write for
    #[arg(long, value_enum, default_value_t = Target::Terraform)]
    pub target: Target,
    /// The folder to write to [default: out/terraform beside the description]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The day that exemptions and dates in policies are judged on [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
}

/// The engines that files can be written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Terraform 1.5 and OpenTofu 1.6 or later, AWS provider 6.47 or later
    Terraform,
}

impl Target {
    /// The name of the folder that the target's files go to.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
        }
    }
}

/// Prove or refute what must hold of stacks, configurations, plans or policies
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// What to check; several paths are one deployment
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Check each path by itself
    #[arg(long)]
    pub each: bool,
    /// Ask only this guardrail; can be repeated [default: all]
    #[arg(long = "guardrail", value_name = "ID")]
    pub guardrails: Vec<String>,
    /// Ask the guardrails in a .cedar file, or in those of a folder, too; can be repeated
    #[arg(long = "guardrails-from", value_name = "PATH")]
    pub guardrails_from: Vec<PathBuf>,
    /// Write `text` or `json`, to FILE if given; can be repeated [default: text]
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<Output>,
    #[command(flatten)]
    pub declared: Declared,
}

/// Have Terraform, OpenTofu or Pulumi plan without AWS, and check the plan
#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// The folder of the configuration, or of the Pulumi project
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// The engine, by its name or path [default: pulumi where DIR has a Pulumi.yaml, else terraform, else tofu, on PATH]
    #[arg(long, value_name = "NAME|PATH")]
    pub engine: Option<String>,
    /// Write the plan as JSON to FILE, for `narrows check` and other tools
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Do not check the plan; without --out it is written to stdout
    #[arg(long)]
    pub no_check: bool,
    /// Run the providers that are installed in DIR/.terraform/providers, for their schemas: give it only for programs that
    /// you trust
    #[arg(long)]
    pub installed_providers: bool,
    /// Run these providers, and have them validate and plan behind the stand-in, without credentials: give it only for
    /// programs that you trust
    #[arg(long, conflicts_with = "installed_providers")]
    pub proxy: bool,
    /// How long the engine may take in all
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
    /// A real value for an attribute that is known only after apply, of all resources and data sources of a type; of Pulumi,
    /// for what a function answers (TOKEN.MEMBER); can be repeated
    #[arg(long = "set", value_name = "TYPE.ATTRIBUTE=VALUE")]
    pub set: Vec<SetValue>,
    /// Ask only this guardrail; can be repeated [default: all]
    #[arg(long = "guardrail", value_name = "ID")]
    pub guardrails: Vec<String>,
    /// Ask the guardrails in a .cedar file, or in those of a folder, too; can be repeated
    #[arg(long = "guardrails-from", value_name = "PATH")]
    pub guardrails_from: Vec<PathBuf>,
    /// Write `text` or `json`, to FILE if given; can be repeated [default: text]
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<Output>,
    /// For Terraform -var NAME=VALUE and -var-file=FILE; for Pulumi --stack NAME, --config KEY=VALUE, --config-path and
    /// --config-file FILE
    #[arg(last = true, value_name = "ENGINE ARGUMENTS")]
    pub arguments: Vec<String>,
    #[command(flatten)]
    pub declared: Declared,
}

/// `TYPE.ATTRIBUTE=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetValue {
    /// The type of resources or data sources, and the attribute.
    pub attribute: String,
    /// The value; JSON where it is such, else text.
    pub value: serde_json::Value,
}

impl FromStr for SetValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || "expected an attribute and its value, such as aws_vpc.id=vpc-0a1b2c3d4e5f60718".to_owned();
        let (attribute, value) = text.split_once('=').ok_or_else(expected)?;
        let (type_name, name) = attribute.split_once('.').ok_or_else(expected)?;
        let is_name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte))
        };
        if !is_name(type_name) || type_name == "data" || !is_name(name) {
            return Err(expected());
        }
        // Twelve digits are an account and no number.
        let parsed = serde_json::from_str(value).ok().filter(|value: &serde_json::Value| !value.is_number());
        let value = parsed.unwrap_or_else(|| value.into());
        Ok(Self { attribute: attribute.to_owned(), value })
    }
}

/// Tell what access a change adds and removes, or prove that it changes none
#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// The state before the change: any input of `narrows check`; a plan alone is compared with what it was made from
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The state after it; left out where BEFORE is a plan
    #[arg(value_name = "AFTER")]
    pub after: Option<PathBuf>,
    /// Write `text` or `json`, to FILE if given; can be repeated [default: text]
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<Output>,
    /// The stack description that declares for inputs that are none
    #[arg(long, value_name = "FILE", help_heading = "Declarations")]
    pub stack: Option<PathBuf>,
    /// An MRAP that buckets may be reached through, or the ARN of the inputs' MRAP of this name or address; can be repeated
    #[arg(long = "mrap", value_name = "[NAME=]ARN", help_heading = "Declarations")]
    pub mraps: Vec<NamedMrap>,
    /// The bucket that --mrap and a policy are about [default: the one that the policy names]
    #[arg(long, value_name = "NAME", help_heading = "Declarations")]
    pub bucket: Option<BucketName>,
    /// The account that the buckets are in [default: the MRAP's]
    #[arg(long, value_name = "ID", help_heading = "Declarations")]
    pub account: Option<AccountId>,
    /// The day from which on requests are looked at [default: today]
    #[arg(long, value_name = "DATE", help_heading = "Declarations")]
    pub as_of: Option<Date>,
    #[command(flatten)]
    pub template: TemplateArgs,
}

/// Explain the decision on one request: who allows it, who denies it, and why
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The deployment that decides it: any inputs of `narrows check`
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Show every statement and every element, not only what decides
    #[arg(long)]
    pub all: bool,
    /// Write `text` or `json`, to FILE if given; can be repeated [default: text]
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub formats: Vec<Output>,
    /// The stack description that declares for the other inputs
    #[arg(long, value_name = "FILE", help_heading = "Declarations")]
    pub stack: Option<PathBuf>,
    /// The account that the buckets are in [default: the MRAP's]
    #[arg(long, value_name = "ID", help_heading = "Declarations")]
    pub account: Option<AccountId>,
    /// The day of the request, at noon UTC, unless aws:CurrentTime is given [default: today]
    #[arg(long, value_name = "DATE", help_heading = "Declarations")]
    pub as_of: Option<Date>,
    #[command(flatten)]
    pub request: RequestArgs,
    #[command(flatten)]
    pub template: TemplateArgs,
}

/// The request to explain.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestArgs {
    /// Who asks: the ARN of a role, session, user or root user, an AWS service, or `anonymous`
    #[arg(long, value_name = "WHO", required_unless_present = "request", conflicts_with = "request")]
    pub principal: Option<String>,
    /// The name of the role's session [default: the one in the session's ARN, else `session`]
    #[arg(long, value_name = "NAME")]
    pub session: Option<String>,
    /// The action, such as s3:GetObject
    #[arg(long, value_name = "ACTION", required_unless_present = "request", conflicts_with = "request")]
    pub action: Option<String>,
    /// The MRAP that it goes through; the ARN where the input does not know it
    #[arg(long, value_name = "NAME|[NAME=]ARN")]
    pub mrap: Option<String>,
    /// With an MRAP the bucket routed to [default: each in turn], else the bucket that is asked directly
    #[arg(long, value_name = "NAME")]
    pub bucket: Option<String>,
    /// The object's key
    #[arg(long, value_name = "KEY", conflicts_with = "request")]
    pub key: Option<String>,
    /// A condition key of the request; can be repeated
    #[arg(long = "context", value_name = "KEY=VALUE")]
    pub context: Vec<ContextValue>,
    /// The policy that was passed when the session was made, which caps what it may do
    #[arg(long, value_name = "FILE")]
    pub session_policy: Option<PathBuf>,
    /// A request as JSON, such as a `counterexample` of `narrows check --format json`
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
}

/// `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContextValue {
    /// The condition key.
    pub key: String,
    /// One of its values.
    pub value: String,
}

impl FromStr for ContextValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, value)) if key.contains(':') && !key.contains(char::is_whitespace) => {
                Ok(Self { key: key.to_owned(), value: value.to_owned() })
            }
            _ => Err("expected a condition key and its value, such as aws:SecureTransport=true".to_owned()),
        }
    }
}

/// What the owner declares on the command line.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Declarations")]
pub(crate) struct Declared {
    /// The stack description that declares for the other inputs
    #[arg(long, value_name = "FILE")]
    pub stack: Option<PathBuf>,
    /// An MRAP that buckets may be reached through, or the ARN of the input's MRAP of this name or address; can be repeated
    #[arg(long = "mrap", value_name = "[NAME=]ARN")]
    pub mraps: Vec<NamedMrap>,
    /// The bucket that --mrap and a policy are about [default: the one that the policy names]
    #[arg(long, value_name = "NAME")]
    pub bucket: Option<BucketName>,
    /// A role that may go past MRAP and endpoints; can be repeated
    #[arg(long = "exempt", value_name = "ARN")]
    pub exempt: Vec<RoleArn>,
    /// An AWS service that may go past MRAP and endpoints; can be repeated
    #[arg(long = "exempt-service", value_name = "NAME")]
    pub exempt_services: Vec<ServicePrincipal>,
    /// Who deploys, and must not be locked out
    #[arg(long, value_name = "ARN")]
    pub deployer: Option<Arn>,
    /// A VPC endpoint that all data must come through; can be repeated
    #[arg(long = "vpce", value_name = "ID")]
    pub endpoints: Vec<VpcEndpointId>,
    /// The account that the buckets are in [default: the MRAP's]
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// The organisation that the account belongs to
    #[arg(long, value_name = "ID")]
    pub organisation: Option<OrganisationId>,
    /// The day that exemptions and dates in policies are judged on [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Whether a bucket may be asked about that is reached through no MRAP.
    #[arg(skip)]
    pub direct: bool,
    #[command(flatten)]
    pub template: TemplateArgs,
}

/// What a CloudFormation template leaves open.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Templates")]
pub(crate) struct TemplateArgs {
    /// The value of a template's parameter, or a file of them in a form of the AWS CLI; can be repeated
    #[arg(long = "parameters", value_name = "KEY=VALUE|FILE")]
    pub parameters: Vec<String>,
    /// The Region that a template is deployed to
    #[arg(long, value_name = "REGION")]
    pub region: Option<Region>,
}

/// The grammar, with help laid out for a width in columns.
pub(crate) fn command(width: usize) -> clap::Command {
    let width = width.min(100);
    Args::command()
        .term_width(width)
        .mut_subcommand("check", |check| check.after_help(help_of_check(width)))
        .mut_subcommand("plan", |plan| {
            plan.mut_arg("parameters", |it| it.hide(true))
                .mut_arg("region", |it| {
                    it.help("The Region of the providers that name none").help_heading("Declarations")
                })
                .after_help(help_of_plan(width))
        })
        .mut_subcommand("diff", |diff| diff.after_help(help_of_diff(width)))
        .mut_subcommand("synth", |synth| synth.after_help(help_of_synth(width)))
        .mut_subcommand("explain", |explain| explain.after_help(help_of_explain(width)))
}

fn page(width: usize) -> Page<'static> {
    Page::new(Style { colour: false, width })
}

fn help_of_check(width: usize) -> String {
    let mut page = page(width);
    let row = |page: &mut Page, label: &str, text: &str| {
        page.prose(vec![Span::plain(format!("  {label}")).padded(30)], text, Tone::Plain);
    };
    page.line([Span::plain("Inputs:")]);
    row(&mut page, "a .toml file", "a stack description: checked as it would be written");
    row(&mut page, "a folder with narrows.toml", "the same");
    row(&mut page, "another folder", "its *.tf.json files, and what else of this list lies directly in it");
    row(&mut page, "a plan", "JSON with `planned_values`, as `terraform show -json PLAN` prints it");
    row(&mut page, "a state", "JSON with `values`, as `terraform show -json` prints it");
    row(&mut page, "a Pulumi preview", "what `pulumi preview --json --show-sames` prints");
    row(&mut page, "a Pulumi stack", "what `pulumi stack export` prints");
    row(
        &mut page,
        "a template",
        "CloudFormation, in JSON or YAML, with what it nests; --parameters gives it values",
    );
    row(&mut page, "a cloud assembly", "cdk.out, or the folder that `cdk synth` wrote it to");
    row(&mut page, "a bucket policy", "JSON with `Statement`; alone it needs --mrap");
    row(
        &mut page,
        "identities",
        "what `aws iam get-account-authorization-details` prints, beside what they may reach",
    );
    row(&mut page, "a manifest", "narrows.policies.toml: which policy file is attached to what");
    page.gap();
    page.prose(
        Vec::new(),
        "Several paths are one deployment, unless --each is given: a policy counts at the bucket that another input has. \
         One thing in two of them is an error, but for a state beside what it is the state of: that tells the values that \
         exist already, such as an MRAP's ARN.",
        Tone::Plain,
    );
    page.gap();
    page.line([Span::plain("Guardrails:")]);
    for guardrail in Guardrails::shipped().iter() {
        row(&mut page, &guardrail.id, &guardrail.description);
    }
    page.gap();
    page.prose(
        Vec::new(),
        "What must hold depends on what the owner declares: who is exempt, which roles are to reach data, which \
         endpoints data comes through. A stack description declares it; for other input it is read from --stack, else \
         from the narrows.intent.json beside the input. The flags above add to it. A guardrail whose declaration is \
         missing is not asked.",
        Tone::Plain,
    );
    page.finish()
}

fn help_of_plan(width: usize) -> String {
    let mut page = page(width);
    page.prose(
        Vec::new(),
        "The engine evaluates the configuration, all of it: HCL, modules, functions. A stand-in answers for the providers, with \
         a symbol in the place of each value that is known only after apply, so that a policy is there in full before the \
         first deployment. It works on a copy of DIR, reads no credentials and has no network. Modules that are not in the \
         repository must be installed in DIR (terraform init); so must providers other than hashicorp/aws, whose programs are \
         run, for their schemas, with --installed-providers alone.",
        Tone::Plain,
    );
    page.gap();
    page.prose(
        Vec::new(),
        "With --proxy the providers in DIR/.terraform/providers run behind the stand-in: arguments are validated, defaults \
         set and functions called as in a real plan, and only what they leave unknown is a symbol. They get nothing of the \
         environment and made-up credentials, and are never asked to read or to change anything. What one of them cannot \
         plan so is planned without it, which a warning says.",
        Tone::Plain,
    );
    page.gap();
    page.prose(
        Vec::new(),
        "Of Pulumi, the program is previewed, in YAML or any language whose host is beside pulumi or on PATH, on a stack of its \
         own with the configuration of the one that is chosen. Secrets are not decrypted, and what is made of them is \
         unknown. A program in a language other than YAML is run, as pulumi preview would: give one only that you trust. One in Go is \
         compiled first, from modules that are there already.",
        Tone::Plain,
    );
    page.gap();
    page.prose(
        Vec::new(),
        "What is worked out from a symbol, such as a part of an ARN or its hash, is unknown and never taken for certain. \
         A comparison of a symbol with a literal is not noticed; each verdict says what it takes for granted. See \
         docs/plan.md.",
        Tone::Plain,
    );
    page.finish()
}

fn help_of_diff(width: usize) -> String {
    let mut page = page(width);
    page.prose(
        Vec::new(),
        "Two states of a deployment are compared for all requests: who may do what to each bucket, directly, through its \
         Multi-Region Access Points and through other access points. What is added or removed is shown with a request that \
         one state allows and the other does not. Give two inputs of the same kind; buckets are the same if their names \
         are, references if their addresses are.",
        Tone::Plain,
    );
    page.gap();
    page.line([Span::plain("Exit codes:")]);
    let row = |page: &mut Page, code: &str, text: &str| {
        page.prose(vec![Span::plain(format!("  {code}  "))], text, Tone::Plain);
    };
    row(&mut page, "0", "no access is added: nothing changes, or access is only removed");
    row(&mut page, "1", "access is added");
    row(&mut page, "2", "the command or an input is wrong; nothing was compared");
    row(&mut page, "3", "it is not decided whether access is added");
    page.finish()
}

fn help_of_synth(width: usize) -> String {
    let mut page = page(width);
    page.prose(
        Vec::new(),
        "Files of an earlier run are replaced, or removed where they are no longer part of the stack. Any other file is \
         left alone: if one is in the way, nothing is written. narrows.intent.json, written beside them, holds what the \
         description declares, so that `narrows check` of the folder needs no flags.",
        Tone::Plain,
    );
    page.finish()
}

fn help_of_explain(width: usize) -> String {
    let mut page = page(width);
    let row = |page: &mut Page, label: &str, text: &str| {
        page.prose(vec![Span::plain(format!("  {label}")).padded(5)], text, Tone::Plain);
    };
    page.line([Span::plain("Exit codes:")]);
    row(&mut page, "0", "allowed, at each bucket asked about");
    row(&mut page, "1", "denied at one of them");
    row(&mut page, "2", "the command or an input is wrong; nothing was decided");
    row(&mut page, "3", "it depends on what the input, or AWS's documents, leave open");
    page.gap();
    page.prose(
        Vec::new(),
        "A condition key that is not given is absent, but for aws:SecureTransport (true), aws:ViaAWSService (false) and \
         aws:CurrentTime. A VPC endpoint of the input that has no id yet is given by its address: \
         --context aws:SourceVpce=aws_vpc_endpoint.eu_west_2.",
        Tone::Plain,
    );
    page.finish()
}

/// `[NAME=]ARN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedMrap {
    /// The name or the address, where one was given.
    pub name: Option<String>,
    /// The ARN.
    pub arn: MrapArn,
}

impl FromStr for NamedMrap {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        // An address may have the sign in an instance key, an ARN never has it.
        match text.rsplit_once('=') {
            Some((name, arn)) => Ok(Self { name: Some(name.to_owned()), arn: arn.parse()? }),
            None => Ok(Self { name: None, arn: text.parse()? }),
        }
    }
}
