"""The schema file, in the format of `terraform providers schema -json`, and its form in the plugin protocol."""

import json
from pathlib import Path

from tf.gen import tfplugin_pb2 as pb

ADDRESS = "registry.terraform.io/hashicorp/aws"
FOLDER = Path(__file__).parents[3] / "providers/terraform/schema"

# The types that are served: an engine is slow with all that there are.
TYPES = Path(__file__).parents[1] / "resource-types.txt"
DATA = "data."

NESTING = {
    "single": pb.Schema.NestedBlock.SINGLE,
    "list": pb.Schema.NestedBlock.LIST,
    "set": pb.Schema.NestedBlock.SET,
    "map": pb.Schema.NestedBlock.MAP,
}


class Schemas:
    """The schemas of the provider itself, of its resource types and of its data sources, and the types' defaults."""

    def __init__(self, provider, resources, data_sources, defaults):
        self.provider = provider
        self.resources = resources
        self.data_sources = data_sources
        self.defaults = defaults

    @classmethod
    def load(cls, folder=FOLDER):
        found = json.loads((folder / "providers.json").read_text())["provider_schemas"][ADDRESS]
        defaults = json.loads((folder / "defaults.json").read_text())
        served = served_types()
        resources = {name: found["resource_schemas"][name] for name in served if not name.startswith(DATA)}
        data_sources = {
            name[len(DATA) :]: found["data_source_schemas"][name[len(DATA) :]] for name in served if name.startswith(DATA)
        }
        schemas = cls(found["provider"], resources, data_sources, defaults)
        schemas.check_defaults()
        return schemas

    def check_defaults(self):
        """A default of an attribute that is not there, or not optional, would change nothing and go unseen."""
        for type_name, paths in self.defaults.items():
            for path in paths:
                block, *names = self.resources[type_name]["block"], *path.split(".")
                for name in names[:-1]:
                    block = block_types(block)[name]["block"]
                attribute = attributes(block)[names[-1]]
                if not attribute.get("optional") or attribute.get("computed"):
                    raise ValueError(f"defaults.json: {type_name}.{path} can have no default: it is not merely optional")


def served_types():
    lines = TYPES.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def attributes(block):
    """The attributes of a block: name -> {type, required, optional, computed}."""
    return block.get("attributes", {})


def block_types(block):
    """The nested blocks of a block: name -> {nesting_mode, block, min_items, max_items}."""
    return block.get("block_types", {})


def to_protocol(schema):
    return pb.Schema(version=schema["version"], block=_block(schema["block"]))


def _block(block):
    return pb.Schema.Block(
        attributes=[
            pb.Schema.Attribute(
                name=name,
                type=json.dumps(attribute["type"]).encode(),
                required=attribute.get("required", False),
                optional=attribute.get("optional", False),
                computed=attribute.get("computed", False),
                sensitive=attribute.get("sensitive", False),
            )
            for name, attribute in attributes(block).items()
        ],
        block_types=[
            pb.Schema.NestedBlock(
                type_name=name,
                nesting=NESTING[nested["nesting_mode"]],
                block=_block(nested["block"]),
                min_items=nested.get("min_items", 0),
                max_items=nested.get("max_items", 0),
            )
            for name, nested in block_types(block).items()
        ],
    )
