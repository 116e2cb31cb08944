"""`data.aws_iam_policy_document`: statements as blocks, merged with other documents, as JSON.

As documented for the provider: source documents come first, the statements of the block replace those of the
sources that have the same Sid, and the override documents replace both in turn.
"""

import json

ORDER = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}


class BadDocument(ValueError):
    """The arguments make no policy; the text says why."""


def policy_document(config):
    """The JSON text for the arguments of one data source. Raises BadDocument."""
    document = {"Version": config.get("version") or "2012-10-17", "Statement": []}
    if config.get("policy_id"):
        document["Id"] = config["policy_id"]
    for text in config.get("source_policy_documents") or []:
        _merge(document, _parse(text), overwrite=False)
    own = [_statement(block, document["Version"]) for block in config.get("statement") or []]
    _merge(document, {"Statement": own}, overwrite=True)
    for text in config.get("override_policy_documents") or []:
        _merge(document, _parse(text), overwrite=True)
    return json.dumps({key: document[key] for key in ("Version", "Id", "Statement") if key in document}, indent=2)


def _parse(text):
    try:
        document = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise BadDocument(f"a policy document to merge is not JSON: {error}") from error
    statements = document.get("Statement", [])
    return document | {"Statement": statements if isinstance(statements, list) else [statements]}


def _merge(document, other, overwrite):
    for key in ("Version", "Id"):
        if other.get(key):
            document[key] = other[key]
    for statement in other["Statement"]:
        sid = statement.get("Sid")
        same = [i for i, known in enumerate(document["Statement"]) if sid and known.get("Sid") == sid]
        if same and not overwrite:
            raise BadDocument(f"duplicate Sid ({sid}) in source_policy_documents: give each statement its own")
        if same:
            document["Statement"][same[0]] = statement
        else:
            document["Statement"].append(statement)


def _statement(block, version):
    result = {"Effect": block.get("effect") or "Allow"}
    if block.get("sid"):
        result["Sid"] = block["sid"]
    for argument, key in LISTS.items():
        if block.get(argument):
            result[key] = _one_or_many(_variables(block[argument], version))
    for argument, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(argument):
            result[key] = _principals(block[argument], version)
    if block.get("condition"):
        result["Condition"] = _conditions(block["condition"], version)
    return {key: result[key] for key in ORDER if key in result}


def _principals(blocks, version):
    found = {}
    for block in blocks:
        found.setdefault(block["type"], []).extend(_variables(block["identifiers"], version))
    if found == {"*": ["*"]}:
        return "*"
    return {kind: _one_or_many(identifiers) for kind, identifiers in sorted(found.items())}


def _conditions(blocks, version):
    found = {}
    for block in blocks:
        values = found.setdefault(block["test"], {}).setdefault(block["variable"], [])
        values.extend(_variables(block["values"], version))
    return {test: {key: _one_or_many(values) for key, values in keys.items()} for test, keys in found.items()}


def _variables(texts, version):
    """IAM's `${…}` is spelt `&{…}` here, because the engine would take it for its own."""
    return [text if version == "2008-10-17" else text.replace("&{", "${") for text in texts]


def _one_or_many(values):
    return values[0] if len(values) == 1 else values
