"""What a new resource looks like before it exists."""

from stand_in.schema import attributes, block_types
from stand_in.values import UNKNOWN, holds_unknown


def planned(proposed, block, defaults, settings):
    """The planned state of a new resource: what the configuration gives, defaults, and unknown for the rest."""
    state = filled(proposed, block, defaults)
    known = attributes(block)
    if "region" in known and proposed.get("region") is None:
        state["region"] = settings.region
    if "tags_all" in known:
        tags = proposed.get("tags") or {}
        state["tags_all"] = UNKNOWN if holds_unknown(tags) else {**settings.tags, **tags}
    return state


def filled(value, block, defaults, path=""):
    """Sets what the configuration leaves out, in nested blocks too: to its default, or unknown if it is computed."""
    if not isinstance(value, dict):
        return value
    result = dict(value)
    for name, attribute in attributes(block).items():
        if result.get(name) is None:
            result[name] = UNKNOWN if attribute.get("computed") else defaults.get(path + name)
    return _in_blocks(result, block, lambda item, nested, name: filled(item, nested, defaults, f"{path}{name}."))


def complete(value, block):
    """Gives a state that was written by hand or by another version the shape of the schema: nulls, empty blocks."""
    if not isinstance(value, dict):
        return value
    known = attributes(block).keys() | block_types(block).keys()
    result = {name: item for name, item in value.items() if name in known}
    for name in attributes(block):
        result.setdefault(name, None)
    for name, nested in block_types(block).items():
        if result.get(name) is None:
            result[name] = {"single": None, "map": {}}.get(nested["nesting_mode"], [])
    return _in_blocks(result, block, lambda item, nested, _name: complete(item, nested))


def _in_blocks(value, block, change):
    for name, nested in block_types(block).items():
        inner = value.get(name)
        if isinstance(inner, list):
            value[name] = [change(item, nested["block"], name) for item in inner]
        elif isinstance(inner, dict) and nested["nesting_mode"] == "map":
            value[name] = {key: change(item, nested["block"], name) for key, item in inner.items()}
        else:
            value[name] = change(inner, nested["block"], name)
    return value
