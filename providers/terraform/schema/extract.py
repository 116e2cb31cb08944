#!/usr/bin/env python3
"""Extracts the schemas of Terraform providers, without the providers themselves.

Their binaries are on no package registry, but PyPI holds bindings that were generated from their schemas
(cdktn-provider-aws and others). Their JavaScript says, per attribute, its type and whether it is computed, optional
or required, and per block its nesting. This script turns that back into the format of
`terraform providers schema -json`, so that the output of real providers can take the file's place.

    pip download --no-deps -r bindings.txt
    ./extract.py *.whl > providers.json

It stops at the first construct that it does not understand: a guessed type would make tests pass for nothing. Types
that hold one are left out by name. What the bindings do not tell is listed in README.md.
"""

import json
import re
import sys
import tarfile
import zipfile

REGISTRY = "registry.terraform.io"

# Types of which the bindings do not tell all: blocks that hold themselves, and lists in lists, which may be sets.
LEFT_OUT = {
    "aws_customerprofiles_domain",
    "aws_quicksight_analysis",
    "aws_quicksight_dashboard",
    "aws_quicksight_template",
    "aws_servicequotas_auto_management",
    "aws_wafv2_rule_group",
    "aws_wafv2_web_acl",
    "data.aws_networkmanager_core_network_policy_document",
    "data.aws_quicksight_analysis",
}

# The bindings' names of types -> Terraform's. A list that wraps a set is told apart by the caller.
SIMPLE = {"string": "string", "number": "number", "boolean": "bool"}
TYPES = SIMPLE | {
    f"{element}{kind}": [kind.lower(), terraform]
    for element, terraform in SIMPLE.items()
    for kind in ("List", "Map")
} | {"stringMapList": ["list", ["map", "string"]], "stringMapMap": ["map", ["map", "string"]]}
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
# The bindings write an attribute that is an object, or a map of objects, as they write a block that may stand once. Of
# those only these names are blocks.
SINGLE_BLOCKS = {"timeouts", "retry"}
NESTING = {"list": "list", "set": "set", "struct": "single", "map": "map"}


class Module:
    """One generated JavaScript file: the classes and functions of one resource type."""

    def __init__(self, path, source):
        self.path = path
        self.classes = dict(re.findall(r"\nclass (\w+) extends [\w.]+ \{(.*?)\n\}\n", source, re.S))
        self.functions = dict(re.findall(r"\nfunction (\w+)\(struct\) \{(.*?)\n\}", source, re.S))

    def fail(self, what):
        sys.exit(f"{self.path}: {what}: expected the shape of the bindings that README.md names; adapt extract.py")

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
            is_object = entry and entry["type"] in ("struct", "map") and name not in SINGLE_BLOCKS
            if nested and entry and entry["block"] and not is_object:
                block_types[name] = self.block_type(name, nested, entry, flags)
            elif entry and entry["block"] and not is_object:
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


def source_of(wheel, modules):
    """The provider's address, which the bindings of its own block tell."""
    found = re.search(r"terraformProviderSource: '([\w-]+/[\w-]+)'", dict(modules).get("provider", ""))
    return f"{REGISTRY}/{found.group(1)}" if found else sys.exit(f"{wheel}: no terraformProviderSource in it")


def schemas_of(modules):
    """What a provider says of its own block, its resource types and its data sources."""
    schemas = {"provider": None, "resource_schemas": {}, "data_source_schemas": {}}
    for name, source in sorted(modules):
        declared = re.search(r'static tfResourceType = "(\w+)"', source)
        is_data = name.startswith("data-")
        if not declared or ("data." if is_data else "") + declared.group(1) in LEFT_OUT:
            continue
        module = Module(name, source)
        main_class = module.main_class()
        inputs = re.search(r"synthesizeHclAttributes\(\) \{(.*?)\n    \}", module.classes[main_class], re.S)
        schema = {"version": 0, "block": module.block(main_class, inputs.group(1) if inputs else "")}
        if name == "provider":
            # `alias` belongs to the engine; the bindings add it to the provider's own arguments.
            schema["block"].get("attributes", {}).pop("alias", None)
            schemas["provider"] = schema
        else:
            schemas["data_source_schemas" if is_data else "resource_schemas"][declared.group(1)] = schema
    return schemas


def main(wheels):
    providers = {}
    for wheel in wheels:
        modules = list(read_modules(wheel))
        providers[source_of(wheel, modules)] = schemas_of(modules)
    print(dump({"format_version": "1.0", "provider_schemas": dict(sorted(providers.items()))}))


def dump(value, depth=0):
    """JSON with one line per type, so that a change of a provider reads well as a diff."""
    if depth == TYPES_DEPTH or not isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    items = sorted(value.items()) if depth == TYPES_DEPTH - 1 else value.items()
    return "{\n" + ",\n".join(f"{json.dumps(key)}:{dump(item, depth + 1)}" for key, item in items) + "\n}"


# How deep types stand: below `provider_schemas`, the provider and `resource_schemas`.
TYPES_DEPTH = 4


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
