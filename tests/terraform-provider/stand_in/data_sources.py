"""The data sources that have an answer without AWS. The account is the one that AWS uses in its documentation."""

from stand_in.policy_document import BadDocument, policy_document

ACCOUNT = "111122223333"


class CannotRead(Exception):
    """There is no answer; the text says why and what to do."""


def read(type_name, config, settings):
    """The state of a data source: its configuration with the computed attributes set. Raises CannotRead."""
    computed = COMPUTED.get(type_name)
    if computed is None:
        known = ", ".join(sorted(COMPUTED))
        raise CannotRead(f"the stand-in provider has no answer for {type_name}: use one of {known}, or a variable")
    return config | computed(config, settings)


def _caller_identity(_config, _settings):
    return {
        "account_id": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/stand-in",
        "id": ACCOUNT,
        "user_id": "AIDAEXAMPLESTANDIN000",
    }


def _partition(_config, _settings):
    return {
        "dns_suffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverse_dns_prefix": "com.amazonaws",
    }


def _region(config, settings):
    name = config.get("region") or config.get("name") or settings.region
    # The long name ("US East (N. Virginia)") is nothing to build on, so the stand-in repeats the short one.
    return {
        "description": name,
        "endpoint": f"ec2.{name}.amazonaws.com",
        "id": name,
        "name": name,
        "region": name,
    }


def _policy_document(config, _settings):
    try:
        text = policy_document(config)
    except BadDocument as error:
        raise CannotRead(str(error)) from error
    # The real provider's id is a hash of the text that nobody refers to.
    return {"id": "stand-in", "json": text, "minified_json": text}


COMPUTED = {
    "aws_caller_identity": _caller_identity,
    "aws_iam_policy_document": _policy_document,
    "aws_partition": _partition,
    "aws_region": _region,
}
