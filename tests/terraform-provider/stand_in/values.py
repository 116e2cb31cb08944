"""Values as the plugin protocol carries them: MessagePack, with an extension for what is not known yet."""

import json

import msgpack
from tf.gen import tfplugin_pb2 as pb

UNKNOWN = msgpack.ExtType(0, b"\x00")


def decode(value):
    """A protocol value as Python data. Every unknown, refined or not, becomes UNKNOWN."""
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, raw=False, ext_hook=lambda code, data: UNKNOWN, strict_map_key=False)
    return json.loads(value.json) if value.json else None


def encode(value):
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def is_unknown(value):
    return isinstance(value, msgpack.ExtType)


def holds_unknown(value):
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return is_unknown(value)
