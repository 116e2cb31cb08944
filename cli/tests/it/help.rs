//! The help pages, as users see them.

use crate::narrows;
use narrows::{Exit, Memory};

#[test]
fn the_page_of_the_program() {
    let ran = narrows(Memory::new(), &["--help"]);
    assert_eq!(ran.exit, Exit::Clean);
    insta::assert_snapshot!(ran.stdout, @r"
    Compose and prove Amazon S3 Multi-Region Access Point stacks.

    Narrows turns a short description into a deployment, and proves of any deployment that data is
    reached through its Multi-Region Access Point (MRAP) and in no other way.

    Usage: narrows <COMMAND>

    Commands:
      new      Describe a new stack: writes a commented narrows.toml
      synth    Write a stack's files for an engine, then check what was written
      check    Prove or refute what must hold of stacks, configurations, plans or policies
      plan     Have Terraform, OpenTofu or Pulumi plan without AWS, and check the plan
      diff     Tell what access a change adds and removes, or prove that it changes none
      explain  Explain the decision on one request: who allows it, who denies it, and why

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

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
                                          check a CloudFormation template, as it is deployed with these
                                          values
      narrows check policy.json --mrap arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
                                          check a bucket policy, whatever made it
      narrows explain orders --principal arn:aws:iam::123456789012:role/orders-api \
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

    Narrows needs no AWS account, no network and no state.
    ");
}

#[test]
fn the_page_of_check() {
    insta::assert_snapshot!(narrows(Memory::new(), &["check", "--help"]).stdout, @"
    Prove or refute what must hold of stacks, configurations, plans or policies

    Usage: narrows check [OPTIONS] [PATH]...

    Arguments:
      [PATH]...  What to check; several paths are one deployment [default: .]

    Options:
          --each                    Check each path by itself
          --guardrail <ID>          Ask only this guardrail; can be repeated [default: all]
          --guardrails-from <PATH>  Ask the guardrails in a .cedar file, or in those of a folder, too;
                                    can be repeated
          --format <FORMAT[=FILE]>  Write `text` or `json`, to FILE if given; can be repeated [default:
                                    text]
      -h, --help                    Print help

    Declarations:
          --stack <FILE>           The stack description that declares for the other inputs
          --mrap <[NAME=]ARN>      An MRAP that buckets may be reached through, or the ARN of the
                                   input's MRAP of this name or address; can be repeated
          --bucket <NAME>          The bucket that --mrap and a policy are about [default: the one that
                                   the policy names]
          --exempt <ARN>           A role that may go past MRAP and endpoints; can be repeated
          --exempt-service <NAME>  An AWS service that may go past MRAP and endpoints; can be repeated
          --deployer <ARN>         Who deploys, and must not be locked out
          --vpce <ID>              A VPC endpoint that all data must come through; can be repeated
          --account <ID>           The account that the buckets are in [default: the MRAP's]
          --organisation <ID>      The organisation that the account belongs to
          --as-of <DATE>           The day that exemptions and dates in policies are judged on [default:
                                   today]

    Templates:
          --parameters <KEY=VALUE|FILE>  The value of a template's parameter, or a file of them in a
                                         form of the AWS CLI; can be repeated
          --region <REGION>              The Region that a template is deployed to

    Inputs:
      a .toml file                a stack description: checked as it would be written
      a folder with narrows.toml  the same
      another folder              its *.tf.json files, and what else of this list lies directly in it
      a plan                      JSON with `planned_values`, as `terraform show -json PLAN` prints it
      a state                     JSON with `values`, as `terraform show -json` prints it
      a Pulumi preview            what `pulumi preview --json --show-sames` prints
      a Pulumi stack              what `pulumi stack export` prints
      a template                  CloudFormation, in JSON or YAML, with what it nests; --parameters
                                  gives it values
      a cloud assembly            cdk.out, or the folder that `cdk synth` wrote it to
      a bucket policy             JSON with `Statement`; alone it needs --mrap
      identities                  what `aws iam get-account-authorization-details` prints, beside what
                                  they may reach
      a manifest                  narrows.policies.toml: which policy file is attached to what

    Several paths are one deployment, unless --each is given: a policy counts at the bucket that another
    input has. One thing in two of them is an error, but for a state beside what it is the state of:
    that tells the values that exist already, such as an MRAP's ARN.

    Guardrails:
      application-reaches-data    each declared grant is allowed through the MRAP at every bucket, so
                                  that failover changes nothing
      deployer-not-locked-out     nothing denies the deployer the policy and the configuration of a
                                  bucket
      least-privilege             a role can do nothing at the buckets beyond what it replicates or was
                                  granted
      no-new-paths                none but the deployer may change a bucket's policy, ownership or
                                  public access, nor have its data or names copied elsewhere
      not-public                  no S3 action on a bucket or its objects is allowed to anonymous
                                  callers, nor to accounts that nobody declared
      not-vacuous                 each statement of the policies of buckets, Multi-Region Access Points,
                                  VPC endpoints, roles and users can match some request
      only-through-mrap           no data action on a bucket is allowed unless it came through one of
                                  the bucket's Multi-Region Access Points
      organisation-only           no S3 action on a bucket or its objects is allowed to IAM principals
                                  from outside the organisation
      private-only                no data action is allowed unless it came through one of the declared
                                  VPC endpoints
      replication-works           the replication role may do what S3 needs at each source and each
                                  destination
      same-in-every-region        the buckets of a Multi-Region Access Point decide each request alike,
                                  so that it does not matter where it is routed
      tls-only                    no S3 action on a bucket or its objects is allowed without TLS, nor
                                  with a version below the stated one

    What must hold depends on what the owner declares: who is exempt, which roles are to reach data,
    which endpoints data comes through. A stack description declares it; for other input it is read from
    --stack, else from the narrows.intent.json beside the input. The flags above add to it. A guardrail
    whose declaration is missing is not asked.
    ");
}

#[test]
fn the_page_of_synth() {
    insta::assert_snapshot!(narrows(Memory::new(), &["synth", "-h"]).stdout, @r"
    Write a stack's files for an engine, then check what was written

    Usage: narrows synth [OPTIONS] [STACK]

    Arguments:
      [STACK]  The stack description: a .toml file, or a folder with a narrows.toml [default: .]

    Options:
          --target <TARGET>  The engine to write for [default: terraform] [possible values: terraform]
          --out <DIR>        The folder to write to [default: out/terraform beside the description]
          --as-of <DATE>     The day that exemptions and dates in policies are judged on [default:
                             today]
      -h, --help             Print help (see more with '--help')

    Files of an earlier run are replaced, or removed where they are no longer part of the stack. Any
    other file is left alone: if one is in the way, nothing is written. narrows.intent.json, written
    beside them, holds what the description declares, so that `narrows check` of the folder needs no
    flags.
    ");
}

#[test]
fn the_page_of_explain() {
    insta::assert_snapshot!(narrows(Memory::new(), &["explain", "--help"]).stdout, @"
    Explain the decision on one request: who allows it, who denies it, and why

    Usage: narrows explain [OPTIONS] [PATH]...

    Arguments:
      [PATH]...  The deployment that decides it: any inputs of `narrows check` [default: .]

    Options:
          --all                     Show every statement and every element, not only what decides
          --format <FORMAT[=FILE]>  Write `text` or `json`, to FILE if given; can be repeated [default:
                                    text]
      -h, --help                    Print help

    Declarations:
          --stack <FILE>  The stack description that declares for the other inputs
          --account <ID>  The account that the buckets are in [default: the MRAP's]
          --as-of <DATE>  The day of the request, at noon UTC, unless aws:CurrentTime is given [default:
                          today]

    Request:
          --principal <WHO>         Who asks: the ARN of a role, session, user or root user, an AWS
                                    service, or `anonymous`
          --session <NAME>          The name of the role's session [default: the one in the session's
                                    ARN, else `session`]
          --action <ACTION>         The action, such as s3:GetObject
          --mrap <NAME|[NAME=]ARN>  The MRAP that it goes through; the ARN where the input does not know
                                    it
          --bucket <NAME>           With an MRAP the bucket routed to [default: each in turn], else the
                                    bucket that is asked directly
          --key <KEY>               The object's key
          --context <KEY=VALUE>     A condition key of the request; can be repeated
          --session-policy <FILE>   The policy that was passed when the session was made, which caps
                                    what it may do
          --request <FILE>          A request as JSON, such as a `counterexample` of `narrows check
                                    --format json`

    Templates:
          --parameters <KEY=VALUE|FILE>  The value of a template's parameter, or a file of them in a
                                         form of the AWS CLI; can be repeated
          --region <REGION>              The Region that a template is deployed to

    Exit codes:
      0  allowed, at each bucket asked about
      1  denied at one of them
      2  the command or an input is wrong; nothing was decided
      3  it depends on what the input, or AWS's documents, leave open

    A condition key that is not given is absent, but for aws:SecureTransport (true), aws:ViaAWSService
    (false) and aws:CurrentTime. A VPC endpoint of the input that has no id yet is given by its address:
    --context aws:SourceVpce=aws_vpc_endpoint.eu_west_2.
    ");
}

#[test]
fn no_command_is_an_error() {
    let ran = narrows(Memory::new(), &[]);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(ran.stderr.contains("Usage: narrows <COMMAND>"), "{ran}");
}

#[test]
fn the_page_of_plan() {
    let ran = narrows(Memory::new(), &["plan", "--help"]);
    assert_eq!(ran.exit, Exit::Clean);
    insta::assert_snapshot!(ran.stdout, @"
    Have Terraform, OpenTofu or Pulumi plan without AWS, and check the plan

    Usage: narrows plan [OPTIONS] [DIR] [-- <ENGINE ARGUMENTS>...]

    Arguments:
      [DIR]                  The folder of the configuration, or of the Pulumi project [default: .]
      [ENGINE ARGUMENTS]...  For Terraform -var NAME=VALUE and -var-file=FILE; for Pulumi --stack NAME,
                             --config KEY=VALUE, --config-path and --config-file FILE

    Options:
          --engine <NAME|PATH>          The engine, by its name or path [default: pulumi where DIR has a
                                        Pulumi.yaml, else terraform, else tofu, on PATH]
          --out <FILE>                  Write the plan as JSON to FILE, for `narrows check` and other
                                        tools
          --no-check                    Do not check the plan; without --out it is written to stdout
          --installed-providers         Run the providers that are installed in
                                        DIR/.terraform/providers, for their schemas: give it only for
                                        programs that you trust
          --proxy                       Run these providers, and have them validate and plan behind the
                                        stand-in, without credentials: give it only for programs that
                                        you trust
          --timeout <SECONDS>           How long the engine may take in all [default: 300]
          --set <TYPE.ATTRIBUTE=VALUE>  A real value for an attribute that is known only after apply, of
                                        all resources and data sources of a type; of Pulumi, for what a
                                        function answers (TOKEN.MEMBER); can be repeated
          --guardrail <ID>              Ask only this guardrail; can be repeated [default: all]
          --guardrails-from <PATH>      Ask the guardrails in a .cedar file, or in those of a folder,
                                        too; can be repeated
          --format <FORMAT[=FILE]>      Write `text` or `json`, to FILE if given; can be repeated
                                        [default: text]
      -h, --help                        Print help

    Declarations:
          --stack <FILE>           The stack description that declares for the other inputs
          --mrap <[NAME=]ARN>      An MRAP that buckets may be reached through, or the ARN of the
                                   input's MRAP of this name or address; can be repeated
          --bucket <NAME>          The bucket that --mrap and a policy are about [default: the one that
                                   the policy names]
          --exempt <ARN>           A role that may go past MRAP and endpoints; can be repeated
          --exempt-service <NAME>  An AWS service that may go past MRAP and endpoints; can be repeated
          --deployer <ARN>         Who deploys, and must not be locked out
          --vpce <ID>              A VPC endpoint that all data must come through; can be repeated
          --account <ID>           The account that the buckets are in [default: the MRAP's]
          --organisation <ID>      The organisation that the account belongs to
          --as-of <DATE>           The day that exemptions and dates in policies are judged on [default:
                                   today]
          --region <REGION>        The Region of the providers that name none

    The engine evaluates the configuration, all of it: HCL, modules, functions. A stand-in answers for
    the providers, with a symbol in the place of each value that is known only after apply, so that a
    policy is there in full before the first deployment. It works on a copy of DIR, reads no credentials
    and has no network. Modules that are not in the repository must be installed in DIR (terraform
    init); so must providers other than hashicorp/aws, whose programs are run, for their schemas, with
    --installed-providers alone.

    With --proxy the providers in DIR/.terraform/providers run behind the stand-in: arguments are
    validated, defaults set and functions called as in a real plan, and only what they leave unknown is
    a symbol. They get nothing of the environment and made-up credentials, and are never asked to read
    or to change anything. What one of them cannot plan so is planned without it, which a warning says.

    Of Pulumi, the program is previewed, in YAML or any language whose host is beside pulumi or on PATH,
    on a stack of its own with the configuration of the one that is chosen. Secrets are not decrypted,
    and what is made of them is unknown. A program in a language other than YAML is run, as pulumi
    preview would: give one only that you trust. One in Go is compiled first, from modules that are
    there already.

    What is worked out from a symbol, such as a part of an ARN or its hash, is unknown and never taken
    for certain. A comparison of a symbol with a literal is not noticed; each verdict says what it takes
    for granted. See docs/plan.md.
    ");
}
