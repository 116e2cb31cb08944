#!/usr/bin/env python3
"""Time of `narrows plan` beside that of the engine's own plan with the real AWS provider.

usage: plan_overhead.py --provider FILE [--narrows FILE] [--engine FILE] [--runs N] [FOLDER]

FILE of --provider is the AWS provider's program (terraform-provider-aws_v…), else NARROWS_AWS_PROVIDER. FOLDER holds a configuration
that needs nothing but it; the default is tests/fixtures/proxy/aws. Each row is the least of the runs: wall time, CPU time of all
processes, and both in proportion to the engine's own `plan`, which is given made-up credentials and told to ask AWS nothing.
`show -json` is what anyone needs who reads a plan. The commands of the engine are timed by a wrapper: the last column is the time in
which none of them runs, of it the start of the first provider behind Narrows.

Defaults: target/release/narrows of CARGO_TARGET_DIR or this repository, terraform of PATH, 3 runs.
"""
import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = {"tofu": "registry.opentofu.org"}
# What keeps the provider from asking AWS who it is.
SKIP = """  access_key                  = "narrows"
  secret_key                  = "narrows"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
"""
WRAPPER = """#!/bin/sh
start=$(date +%s.%N)
"{engine}" "$@"
code=$?
echo "$1 $start $(date +%s.%N)" >>"{log}"
exit $code
"""


def run(command, folder, environment=None):
    """Wall and CPU seconds of one command and all that it started."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"plan_overhead.py: {' '.join(map(str, command))} failed:\n{said.decode(errors='replace')}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime


def skipping(text):
    """An override file with made-up credentials for each provider block."""
    blocks = []
    for body in re.findall(r'^provider "aws" \{\n(.*?)^\}', text, re.M | re.S):
        alias = re.search(r"^\s*alias\s*=.*\n", body, re.M)
        blocks.append(f'provider "aws" {{\n{alias.group(0) if alias else ""}{SKIP}}}\n')
    return "\n".join(blocks)


def own(engine, provider, folder, scratch):
    """The engine's own plan, then `show -json` of it."""
    settings = scratch / "settings.tfrc"
    settings.write_text(f'provider_installation {{\n  dev_overrides {{\n    "hashicorp/aws" = "{provider.parent}"\n  }}\n  direct {{}}\n}}\n')
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(scratch), "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}
    plan = run([engine, "plan", "-refresh=false", "-input=false", "-lock=false", "-out=own.plan"], folder, environment)
    return plan, run([engine, "show", "-json", "own.plan"], folder, environment)


def narrows(program, flags, engine, folder, scratch):
    """A whole run, the wall time of the engine's commands in it, and how many plans it made."""
    log, wrapper = scratch / "log", scratch / engine.name
    log.write_text("")
    wrapper.write_text(WRAPPER.format(engine=engine, log=log))
    wrapper.chmod(0o755)
    whole = run([program, "plan", folder, "--engine", wrapper, "--no-check", "--out", scratch / "plan.json", *flags], scratch)
    commands = [line.split() for line in log.read_text().splitlines()]
    return whole, covered((float(start), float(end)) for _, start, end in commands), sum(name == "plan" for name, *_ in commands)


def covered(spans):
    """How long at least one of the spans lasts, of which some are at once."""
    total, until = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total


def install(folder, engine, provider):
    system, machine = platform.system().lower(), {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    source = f"{HOST.get(engine.name, 'registry.terraform.io')}/hashicorp/aws"
    package = folder / ".terraform/providers" / source / "0.0.0" / f"{system}_{machine}"
    package.mkdir(parents=True)
    (package / "terraform-provider-aws_v0.0.0").symlink_to(provider)


def main():
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--narrows", type=Path, default=target / "release" / "narrows")
    parser.add_argument("--engine", type=Path, default=shutil.which("terraform") or shutil.which("tofu"))
    parser.add_argument("--provider", type=Path, default=os.environ.get("NARROWS_AWS_PROVIDER"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "tests/fixtures/proxy/aws")
    given = parser.parse_args()
    for what, file in (("narrows", given.narrows), ("engine", given.engine), ("provider", given.provider)):
        if file is None or not file.is_file():
            sys.exit(f"plan_overhead.py: no {what} at {file}: name it with --{what}")
    program, engine, provider = (file.resolve() for file in (given.narrows, given.engine, given.provider))
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        folders = {}
        for name in ("own", "narrows"):
            folders[name] = scratch / name
            shutil.copytree(given.folder, folders[name], ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
        text = "".join(file.read_text() for file in folders["own"].glob("*.tf"))
        (folders["own"] / "zz_override.tf").write_text(skipping(text))
        install(folders["narrows"], engine, provider)
        rows = {"plan": [], "plan, show -json": [], "narrows plan --proxy": [], "narrows plan": []}
        # In turn, so that what else the machine does meets all alike.
        for _ in range(given.runs):
            plan, show = own(engine, provider, folders["own"], scratch)
            rows["plan"].append((*plan, 1, None))
            rows["plan, show -json"].append((plan[0] + show[0], plan[1] + show[1], 1, None))
            for name, flags in (("narrows plan --proxy", ["--proxy"]), ("narrows plan", [])):
                whole, commands, plans = narrows(program, flags, engine, folders["narrows"], scratch)
                rows[name].append((*whole, plans, whole[0] - commands))
        wall, cpu = (min(row[column] for row in rows["plan"]) for column in (0, 1))
        print(f"{'':<24}{'wall':>8}{'ratio':>7}{'CPU':>9}{'ratio':>7}{'plans':>7}{'wall/plan':>11}{'ratio':>7}{'CPU/plan':>10}{'ratio':>7}{'without the engine':>20}")
        for name, runs in rows.items():
            least = [min(run[column] for run in runs) for column in (0, 1, 2)]
            beside = "" if runs[0][3] is None else f"{min(run[3] for run in runs):.2f} s"
            each = [least[0] / least[2], least[1] / least[2]]
            print(f"{name:<24}{least[0]:>6.2f} s{least[0] / wall:>7.2f}{least[1]:>7.2f} s{least[1] / cpu:>7.2f}{least[2]:>7}"
                  f"{each[0]:>9.2f} s{each[0] / wall:>7.2f}{each[1]:>8.2f} s{each[1] / cpu:>7.2f}{beside:>20}")


if __name__ == "__main__":
    main()
