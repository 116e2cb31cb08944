"""The schema file, in the format of `terraform providers schema -json`, and its form in the plugin protocol."""

import json
from pathlib import Path

from tf.gen import tfplugin_pb2 as pb

ADDRESS = "registry.terraform.io/hashicorp/aws"
FILE = Path(__file__).parent.parent / "schema" / "aws-6.69.1.json"

NESTING = {
    "single": pb.Schema.NestedBlock.SINGLE,
    "list": pb.Schema.NestedBlock.LIST,
    "set": pb.Schema.NestedBlock.SET,
    "map": pb.Schema.NestedBlock.MAP,
}


class Schemas:
    """The schemas of the provider itself, of its resource types and of its data sources."""

    def __init__(self, provider, resources, data_sources):
        self.provider = provider
        self.resources = resources
        self.data_sources = data_sources

    @classmethod
    def load(cls, path=FILE):
        found = json.loads(path.read_text())["provider_schemas"][ADDRESS]
        return cls(found["provider"], found["resource_schemas"], found["data_source_schemas"])


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
