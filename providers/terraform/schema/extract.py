#!/usr/bin/env python3
"""Extracts the schema of some AWS provider resource types, without the provider itself.

The provider's binary is on no package registry, but PyPI holds bindings that were generated from its schema
(cdktn-provider-aws). Their JavaScript says, per attribute, its type and whether it is computed, optional or
required, and per block its nesting. This script turns that back into the format of
`terraform providers schema -json`, so that the output of a real provider can take the file's place.

    pip download --no-deps cdktn-provider-aws==25.8.1
    ./extract.py cdktn_provider_aws-25.8.1-py3-none-any.whl > aws-6.69.1.json

It stops at the first construct that it does not understand: a guessed type would make tests pass for nothing.
What the bindings do not tell is listed in README.md.
"""

import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

ADDRESS = "registry.terraform.io/hashicorp/aws"

# The bindings' names of types -> Terraform's. A list that wraps a set is told apart by the caller.
SIMPLE = {"string": "string", "number": "number", "boolean": "bool"}
TYPES = SIMPLE | {
    f"{element}{kind}": [kind.lower(), terraform]
    for element, terraform in SIMPLE.items()
    for kind in ("List", "Map")
}
# Computed attributes have no type of their own in the bindings; the class or getter that reads them has one.
GETTERS = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
}
NESTING = {"list": "list", "set": "set", "struct": "single", "map": "map"}


class Module:
    """One generated JavaScript file: the classes and functions of one resource type."""

    def __init__(self, path, source):
        self.path = path
        self.classes = dict(re.findall(r"\nclass (\w+) extends [\w.]+ \{(.*?)\n\}\n", source, re.S))
        self.functions = dict(re.findall(r"\nfunction (\w+)\(struct\) \{(.*?)\n\}", source, re.S))

    def fail(self, what):
        sys.exit(f"{self.path}: {what}: expected the shape that cdktn-provider-aws 25.8.1 has; adapt extract.py")

    def main_class(self):
        for name, body in self.classes.items():
            if "static tfResourceType" in body:
                return name
        return self.fail("no class with tfResourceType")

    def block(self, class_name, inputs):
        """The schema of one block: its attributes and nested blocks. `inputs` is the code that writes it as HCL."""
        body = self.classes.get(class_name)
        if body is None:
            self.fail(f"no class {class_name}")
        written = inputs_of(inputs)
        attributes, block_types = {}, {}
        members = re.finditer(
            r"// (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*?)(?=\n    //|\Z)", body, re.S
        )
        for name, computed, optional, required, code in (m.groups() for m in members):
            flags = {"computed": computed, "optional": optional, "required": required}
            flags = {flag: True for flag, said in flags.items() if said == "true"}
            nested = re.search(r"= new (\w+?)(List|Map|OutputReference)\(this, \"\w+\"(, true)?", code)
            entry = written.get(name)
            if nested and entry and entry["block"]:
                block_types[name] = self.block_type(name, nested, entry, flags)
            elif entry and entry["block"]:
                block_types[name] = self.provider_block_type(name, entry)
            elif nested:
                attributes[name] = {"type": self.object_type(nested, entry)} | flags
            else:
                attributes[name] = {"type": self.attribute_type(name, code, entry)} | flags
        block = {}
        if attributes:
            block["attributes"] = dict(sorted(attributes.items()))
        if block_types:
            block["block_types"] = dict(sorted(block_types.items()))
        return block

    def block_type(self, name, nested, entry, flags):
        struct, kind, _ = nested.groups()
        mode = NESTING.get(entry["type"]) or self.fail(f"block {name} is a {entry['type']}")
        result = {"nesting_mode": mode, "block": self.block(f"{struct}OutputReference", self.hcl(struct))}
        if mode in ("list", "set"):
            if "required" in flags:
                result["min_items"] = 1
            # The generator gives a block that may occur once a plain reference, any other a list.
            if kind == "OutputReference":
                result["max_items"] = 1
        return result

    def provider_block_type(self, name, entry):
        """A block of the provider's own configuration: the bindings keep its fields' types, not their flags."""
        block = {"attributes": {}}
        for field, field_entry in sorted(inputs_of(self.hcl(entry["struct"])).items()):
            if field_entry["block"]:
                self.fail(f"block {name} of the provider holds the block {field}")
            block["attributes"][field] = {"type": self.attribute_type(field, "", field_entry), "optional": True}
        mode = NESTING.get(entry["type"]) or self.fail(f"block {name} is a {entry['type']}")
        return {"nesting_mode": mode, "block": block}

    def object_type(self, nested, entry):
        """An attribute that holds objects: read-only ones, and those that may be written as blocks as well."""
        struct, kind, wraps_set = nested.groups()
        block = self.block(f"{struct}OutputReference", self.hcl(struct) if entry else "")
        fields = {name: attribute["type"] for name, attribute in block.get("attributes", {}).items()}
        if "block_types" in block:
            self.fail(f"attribute of type {struct} holds blocks")
        one = ["object", fields]
        if kind == "OutputReference":
            return one
        return [kind.lower() if kind == "Map" else "set" if wraps_set else "list", one]

    def attribute_type(self, name, code, entry):
        if entry:
            found = TYPES.get(entry["storage"]) or self.fail(f"{name} has the type {entry['storage']}")
        else:
            getter = re.search(r"this\.(get\w+Attribute)\(|= new cdktn\.(\w+)\(", code)
            if getter is None:
                self.fail(f"{name} has neither an input nor a getter")
            reader = getter.group(1) or getter.group(2)
            found = GETTERS.get(reader) or TYPES.get(lower_first(reader)) or self.fail(f"{name} is read by {reader}")
        is_set = (entry and entry["type"] == "set") or "Fn.tolist(" in code
        return ["set", found[1]] if is_set and isinstance(found, list) else found

    def hcl(self, struct):
        """The body of the function that writes this struct as HCL; a struct that is never written has none."""
        return self.functions.get(f"{lower_first(struct)}ToHclTerraform", "")


def lower_first(name):
    return name[0].lower() + name[1:]


def inputs_of(code):
    """What a function that writes HCL says of each name: is it a block, its collection kind, its element type."""
    pattern = (
        r"\n\s+(\w+): \{\n\s+value: ([^\n]+)\n\s+isBlock: (true|false),"
        r"\n\s+type: \"(\w+)\",\n\s+storageClassType: \"(\w+)\""
    )
    result = {}
    for name, value, block, kind, storage in re.findall(pattern, code):
        struct = re.search(r"(\w+)ToHclTerraform\b", value)
        result[name] = {
            # A list of objects that is an attribute, not a block, is written with `listMapperHcl(…, false)`.
            "block": block == "true" and not re.search(r"Hcl\(\w+, false\)", value),
            "struct": struct.group(1) if struct else None,
            "type": kind,
            "storage": storage,
        }
    return result


def read_modules(wheel):
    """All generated modules as (name, source), from the npm archive inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=archive.open(inner)) as package:
            for member in package:
                found = re.fullmatch(r"package/lib/([\w-]+)/index\.js", member.name)
                if found:
                    yield found.group(1), package.extractfile(member).read().decode()


def wanted_types():
    lines = (Path(__file__).parent / "resource-types.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def main(wheel):
    wanted = wanted_types() | {"provider.aws"}
    found = {}
    for name, source in read_modules(wheel):
        declared = re.search(r'static tfResourceType = "(\w+)"', source)
        if not declared:
            continue
        kind = "provider." if name == "provider" else "data." if name.startswith("data-") else ""
        key = kind + declared.group(1)
        if key in wanted:
            module = Module(name, source)
            main_class = module.main_class()
            inputs = re.search(r"synthesizeHclAttributes\(\) \{(.*?)\n    \}", module.classes[main_class], re.S)
            found[key] = {"version": 0, "block": module.block(main_class, inputs.group(1) if inputs else "")}
    missing = sorted(wanted - found.keys())
    if missing:
        sys.exit(f"{wheel}: no such types: {', '.join(missing)}; correct resource-types.txt")
    # `alias` belongs to the engine; the bindings add it to the provider's own arguments.
    del found["provider.aws"]["block"]["attributes"]["alias"]
    schemas = {
        "provider": found.pop("provider.aws"),
        "resource_schemas": {k: v for k, v in sorted(found.items()) if not k.startswith("data.")},
        "data_source_schemas": {k[5:]: v for k, v in sorted(found.items()) if k.startswith("data.")},
    }
    document = {"format_version": "1.0", "provider_schemas": {ADDRESS: schemas}}
    print(dump(document))


def dump(value, indent=""):
    """JSON with one line per attribute, so that a change of the provider reads well as a diff."""
    inner = indent + " "
    flat = json.dumps(value)
    if not isinstance(value, dict) or "type" in value and len(flat) <= 100 and "block" not in value or len(flat) < 60:
        return flat
    rows = (f"{inner}{json.dumps(key)}: {dump(item, inner)}" for key, item in value.items())
    return "{\n" + ",\n".join(rows) + "\n" + indent + "}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
