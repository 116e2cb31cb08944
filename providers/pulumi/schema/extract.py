#!/usr/bin/env python3
"""Reads the type hints of the Python package pulumi-aws, and prints a Pulumi package schema of the types that are asked for.

usage: extract.py SITE_PACKAGES/pulumi_aws < resource-types.txt > aws-VERSION.json

A line of resource-types.txt is a module and a file of the package, such as `s3/bucket`. Nested types become `Any`.
"""
import ast
import json
import pathlib
import re
import sys

VERSION = "7.51.1"
ANY = {"$ref": "pulumi.json#/Any"}
PLAIN = {"str": "string", "bool": "boolean", "int": "integer", "float": "number"}


def type_of(hint):
    hint = hint.strip().strip("'\"")
    inner = re.fullmatch(r"(?:pulumi\.(?:Input|Output|InputType)|Optional)\[(.*)\]", hint, re.S)
    if inner:
        return type_of(inner.group(1))
    name = hint.removeprefix("_builtins.")
    if name in PLAIN:
        return {"type": PLAIN[name]}
    inner = re.fullmatch(r"(?:Sequence|list|List)\[(.*)\]", hint, re.S)
    if inner:
        return {"type": "array", "items": type_of(inner.group(1))}
    inner = re.fullmatch(r"(?:Mapping|dict|Dict)\[(?:_builtins\.)?str, ?(.*)\]", hint, re.S)
    if inner:
        return {"type": "object", "additionalProperties": type_of(inner.group(1))}
    return ANY


def properties(of):
    found = {}
    for item in of.body:
        if not isinstance(item, ast.FunctionDef):
            continue
        for decorator in item.decorator_list:
            call = isinstance(decorator, ast.Call)
            getter = decorator.func if call else decorator
            if getattr(getter, "attr", "") != "getter" or getattr(getter.value, "id", "") != "pulumi":
                continue
            named = [key.value.value for key in decorator.keywords if key.arg == "name"] if call else []
            found[item.name] = (named[0] if named else item.name, ast.unparse(item.returns) if item.returns else "")
    return found


def required(of):
    for item in of.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            given = zip(item.args.kwonlyargs, item.args.kw_defaults)
            return [argument.arg for argument, default in given if default is None]
    return []


def resource(path):
    text = path.read_text()
    classes = {item.name: item for item in ast.parse(text).body if isinstance(item, ast.ClassDef)}
    name = next(name for name, of in classes.items() if "pulumi.CustomResource" in map(ast.unparse, of.bases))
    token = re.search(r"'(aws:[^']+)'", text[text.index("super("):]).group(1)
    given = classes.get(f"{name}InitArgs") or classes[f"{name}Args"]
    arguments, outputs = properties(given), properties(classes[name])
    inputs = {spelled: type_of(hint) for spelled, hint in arguments.values()}
    return token, {
        "inputProperties": inputs,
        "requiredInputs": [arguments[name][0] for name in required(given)],
        "properties": {**inputs, **{spelled: type_of(hint) for spelled, hint in outputs.values()}},
        "required": [spelled for spelled, _ in outputs.values()],
    }


def main():
    package = pathlib.Path(sys.argv[1])
    paths = [line.strip() for line in sys.stdin if line.strip()]
    resources = dict(resource(package / f"{path}.py") for path in paths)
    json.dump({"name": "aws", "version": VERSION, "resources": dict(sorted(resources.items()))}, sys.stdout, indent=1)
    print()


main()
