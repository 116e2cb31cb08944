#!/usr/bin/env python3
"""CPU time and memory of `narrows check` as a whole process, on deployments of many buckets, beside cfn-guard, and on many files.

usage: scale.py [--narrows FILE] [--guard FILE | --no-guard] [--buckets N]... [--files N]... [--runs N] [--keep DIR]

Writes for each number of buckets a CloudFormation template and a Terraform plan of the same deployment (an MRAP over every
three buckets, a policy of four statements on each bucket), checks both, and prints the least CPU time (user and system) and
the most memory of the runs. The template is matched in the same run by cfn-guard
(https://github.com/aws-cloudformation/cloudformation-guard) against rules that look for the same Deny by its shape: no proof, but
the fastest thing that reads such a template. Before that it is made sure that the rules fail where a Deny is missing.
With --files, so many templates of three buckets, each with names of its own, are checked by one `narrows check --each`, once.

Defaults: target/release/narrows of CARGO_TARGET_DIR or this repository; 3, 100 and 1000 buckets, no files; 5 runs; the cfn-guard of
PATH, else one that cargo installs from the registry into NARROWS_TOOLS (${XDG_CACHE_HOME:-$HOME/.cache}/narrows/tools), in some minutes.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ACCOUNT = "123456789012"
REGIONS = ["eu-west-1", "us-east-1", "ap-southeast-2"]
FIXED = ["--account", ACCOUNT, "--as-of", "2026-12-01"]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


def name(number):
    return f"data-{number:04}-{REGIONS[number % 3]}"


def statements(bucket, access_point):
    """The policy of a bucket; `bucket` and `access_point` as the format spells them."""
    objects = f"{bucket}/*"
    through = {"ArnNotEquals": {"s3:DataAccessPointArn": access_point}}
    lists = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "OnlyThroughMrap", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": objects, "Condition": through},
            {"Sid": "OnlyThroughMrapList", "Effect": "Deny", "Principal": "*", "Action": lists, "Resource": bucket, "Condition": through},
            {"Sid": "OnlyOverTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [bucket, objects],
             "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {"Sid": "App", "Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": ["s3:GetObject", "s3:PutObject"], "Resource": objects},
        ],
    }


def template(buckets, first=0):
    """Of so many buckets, numbered from `first`, a multiple of three."""
    found = {}
    for number in range(first, first + buckets):
        access_point = {"Fn::Sub": f"arn:aws:s3::{ACCOUNT}:accesspoint/${{Mrap{number // 3}.Alias}}"}
        found[f"Bucket{number}"] = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name(number)}}
        found[f"Policy{number}"] = {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "Bucket": {"Ref": f"Bucket{number}"},
            "PolicyDocument": statements(f"arn:aws:s3:::{name(number)}", access_point)}}
    for number in range(first // 3, -(-(first + buckets) // 3)):
        members = range(number * 3, min(number * 3 + 3, first + buckets))
        found[f"Mrap{number}"] = {"Type": "AWS::S3::MultiRegionAccessPoint", "Properties": {
            "Name": f"mrap-{number:04}", "Regions": [{"Bucket": {"Ref": f"Bucket{it}"}} for it in members]}}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": found}


def planned(kind, label, values):
    address = f"{kind}.{label}"
    return {"address": address, "mode": "managed", "type": kind, "name": label,
            "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": values}


def plan(buckets):
    resources = []
    for number in range(-(-buckets // 3)):
        members = range(number * 3, min(number * 3 + 3, buckets))
        alias = f"m{number:06x}narrow.mrap"
        resources.append(planned("aws_s3control_multi_region_access_point", f"m{number}", {
            "account_id": ACCOUNT, "alias": alias, "arn": f"arn:aws:s3::{ACCOUNT}:accesspoint/{alias}",
            "details": [{"name": f"mrap-{number:04}", "region": [{"bucket": name(it)} for it in members]}]}))
    for number in range(buckets):
        alias = f"m{number // 3:06x}narrow.mrap"
        policy = statements(f"arn:aws:s3:::{name(number)}", f"arn:aws:s3::{ACCOUNT}:accesspoint/{alias}")
        resources.append(planned("aws_s3_bucket", f"b{number}", {"bucket": name(number), "arn": f"arn:aws:s3:::{name(number)}", "id": name(number)}))
        resources.append(planned("aws_s3_bucket_policy", f"p{number}", {"bucket": name(number), "policy": json.dumps(policy)}))
    changes = [dict({key: it[key] for key in ("address", "mode", "type", "name", "provider_name")},
                    change={"actions": ["create"], "before": None, "after": it["values"], "after_unknown": {}}) for it in resources]
    return {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {"root_module": {"resources": resources}},
            "resource_changes": changes, "configuration": {"root_module": {}}}


GUARD = """
let policies = Resources.*[ Type == 'AWS::S3::BucketPolicy' ]
rule denied_past_the_access_point when %policies !empty {
  %policies {
    let denials = Properties.PolicyDocument.Statement[ Sid == 'OnlyThroughMrap' ]
    %denials !empty
    %denials {
      Effect == 'Deny'
      Action == 's3:*'
      Principal == '*'
      Condition.ArnNotEquals.'s3:DataAccessPointArn' exists
    }
  }
}
rule denied_without_tls when %policies !empty {
  %policies {
    let denials = Properties.PolicyDocument.Statement[ Sid == 'OnlyOverTls' ]
    %denials !empty
    %denials {
      Effect == 'Deny'
      Condition.Bool.'aws:SecureTransport' == 'false'
    }
  }
}
"""


GUARD_VERSION = "3.2.1"
# What cfn-guard ends with where a rule fails.
GUARD_FAILS = 19


def installed_guard():
    """A cfn-guard: that of PATH, else of the tool cache, where it is installed if need be."""
    known = shutil.which("cfn-guard")
    if known:
        return known
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    tools = Path(os.environ.get("NARROWS_TOOLS") or cache / "narrows" / "tools")
    root = tools / f"cfn-guard-{GUARD_VERSION}"
    program = root / "bin" / "cfn-guard"
    if not program.is_file():
        print(f"scale.py: installing cfn-guard {GUARD_VERSION} into {root} (some minutes, once; --no-guard does without)", file=sys.stderr, flush=True)
        # Without the target folder: cargo then builds in a temporary one, which it removes.
        environment = {key: value for key, value in os.environ.items() if key != "CARGO_TARGET_DIR"}
        command = ["cargo", "install", "--locked", "--quiet", "--root", root, f"cfn-guard@{GUARD_VERSION}"]
        try:
            subprocess.run(command, env=environment, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"scale.py: cfn-guard cannot be installed ({error}): name one with --guard, or do without with --no-guard")
    return program


def prove_guard(guard, rules, folder):
    """Ends the run unless the rules pass on a template and fail on each from which a bucket's Deny is taken."""
    whole = json.dumps(template(3))
    cases = [("whole", whole, 0)]
    for sid in ("OnlyThroughMrap", "OnlyOverTls"):
        without = json.loads(whole)
        policy = without["Resources"]["Policy1"]["Properties"]["PolicyDocument"]
        policy["Statement"] = [it for it in policy["Statement"] if it["Sid"] != sid]
        cases.append((f"without {sid}", json.dumps(without), GUARD_FAILS))
    for what, text, expected in cases:
        file = folder / "guarded.json"
        file.write_text(text)
        code = subprocess.run([guard, "validate", "-d", file, "-r", rules], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        if code != expected:
            sys.exit(f"scale.py: {guard} ended with {code} on a template {what}: expected {expected}, so its figures would say nothing")


def measure(command, runs, codes, folder=None):
    """The least CPU seconds and the most memory in MiB, each run being a process of its own."""
    cpu, memory = [], []
    for _ in range(runs):
        pid = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder).pid
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in codes:
            sys.exit(f"scale.py: {' '.join(map(str, command[:8]))} ended with {code}: expected {sorted(codes)}")
        cpu.append(used.ru_utime + used.ru_stime)
        memory.append(used.ru_maxrss / 1024)
    return min(cpu), max(memory)


def main():
    root = Path(__file__).resolve().parents[2]
    target = Path(os.environ.get("CARGO_TARGET_DIR") or root / "target")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--narrows", type=Path, default=target / "release" / "narrows")
    peer = parser.add_mutually_exclusive_group()
    peer.add_argument("--guard", type=Path)
    peer.add_argument("--no-guard", action="store_true")
    parser.add_argument("--buckets", type=int, action="append")
    parser.add_argument("--files", type=int, action="append", default=[])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if not given.narrows.is_file():
        sys.exit(f"scale.py: no {given.narrows}: run `cargo build --release -p narrows`, or name it with --narrows")
    narrows = given.narrows.resolve()
    guard = None if given.no_guard else given.guard or installed_guard()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        rules = folder / "rules.guard"
        rules.write_text(GUARD)
        if guard:
            prove_guard(guard, rules, folder)
        print(f"{'input':<34}{'tool':<11}{'CPU':>10}{'memory':>12}{'ratio':>8}")
        for buckets in given.buckets or [3, 100, 1000]:
            for kind, content in (("template", template(buckets)), ("plan", plan(buckets))):
                file = folder / f"{kind}-{buckets}.json"
                file.write_text(json.dumps(content, indent=1))
                what = f"{kind}, {buckets} buckets, {file.stat().st_size / 1e6:.1f} MB"
                own = measure([narrows, "check", file, *FIXED], given.runs, {0, 1, 3})
                print(f"{what:<34}{'narrows':<11}{own[0] * 1000:>7.0f} ms{own[1]:>8.0f} MiB", flush=True)
                if kind == "template" and guard:
                    peer = measure([guard, "validate", "-d", file, "-r", rules], given.runs, {0})
                    print(f"{what:<34}{'cfn-guard':<11}{peer[0] * 1000:>7.0f} ms{peer[1]:>8.0f} MiB{own[0] / peer[0]:>7.1f}x", flush=True)
        for files in given.files:
            many = folder / f"files-{files}"
            many.mkdir(exist_ok=True)
            names = [f"{number:05}.json" for number in range(files)]
            for number, file in enumerate(names):
                (many / file).write_text(json.dumps(template(3, number * 3), indent=1))
            for form in ("text", "json"):
                command = [narrows, "check", "--each", "--format", form, *FIXED, *names]
                own = measure(command, 1, {0, 1, 3}, many)
                what = f"{files} files, as {form}"
                print(f"{what:<34}{'narrows':<11}{own[0] * 1000:>7.0f} ms{own[1]:>8.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
