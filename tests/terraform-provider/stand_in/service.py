"""The provider's side of Terraform's plugin protocol 6: schema, validation, planning. Nothing is ever created."""

import json

from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from stand_in import data_sources
from stand_in.planning import complete, planned
from stand_in.schema import attributes, block_types, to_protocol
from stand_in.values import decode, encode

# String attributes that hold a JSON document in every type of the schema file; the real provider checks them too.
JSON_ATTRIBUTES = ("assume_role_policy", "dashboard_body", "definition", "event_pattern", "policy")


class Settings:
    """What the provider block says that shows in a plan. One process serves one provider block."""

    def __init__(self):
        self.region = None
        self.tags = {}


def service_for(schemas):
    """The class that tf.runner instantiates, bound to the schemas."""

    class Service(rpc.ProviderServicer):
        def __init__(self, _provider):
            self.settings = Settings()

        def GetMetadata(self, request, context):
            meta = pb.GetMetadata
            return meta.Response(
                resources=[meta.ResourceMetadata(type_name=name) for name in schemas.resources],
                data_sources=[meta.DataSourceMetadata(type_name=name) for name in schemas.data_sources],
            )

        def GetProviderSchema(self, request, context):
            return pb.GetProviderSchema.Response(
                provider=to_protocol(schemas.provider),
                resource_schemas={name: to_protocol(schema) for name, schema in schemas.resources.items()},
                data_source_schemas={name: to_protocol(schema) for name, schema in schemas.data_sources.items()},
            )

        def ValidateProviderConfig(self, request, context):
            return pb.ValidateProviderConfig.Response()

        def ConfigureProvider(self, request, context):
            config = decode(request.config)
            self.settings.region = config.get("region")
            for block in config.get("default_tags") or []:
                self.settings.tags.update(block.get("tags") or {})
            if self.settings.region is None:
                text = "the provider block has no region: the stand-in provider reads no environment, so set it there"
                return pb.ConfigureProvider.Response(diagnostics=[error("Missing Region", text, ["region"])])
            return pb.ConfigureProvider.Response()

        def ValidateResourceConfig(self, request, context):
            found = json_errors(decode(request.config), schemas.resources[request.type_name]["block"], [])
            return pb.ValidateResourceConfig.Response(diagnostics=found)

        def ValidateDataResourceConfig(self, request, context):
            return pb.ValidateDataResourceConfig.Response()

        def UpgradeResourceState(self, request, context):
            state = complete(json.loads(request.raw_state.json), schemas.resources[request.type_name]["block"])
            return pb.UpgradeResourceState.Response(upgraded_state=encode(state))

        def ReadResource(self, request, context):
            return pb.ReadResource.Response(new_state=request.current_state)

        def PlanResourceChange(self, request, context):
            proposed = decode(request.proposed_new_state)
            creates = decode(request.prior_state) is None and proposed is not None
            if creates:
                block = schemas.resources[request.type_name]["block"]
                proposed = planned(proposed, block, schemas.defaults.get(request.type_name, {}), self.settings)
            # An update keeps what the engine merged from the prior state; a deletion is null.
            # The real provider is of the kind that may set arguments which the configuration leaves out.
            return pb.PlanResourceChange.Response(planned_state=encode(proposed), legacy_type_system=True)

        def ApplyResourceChange(self, request, context):
            text = f"the stand-in provider only plans: {request.type_name} was not changed; apply with the real provider"
            return pb.ApplyResourceChange.Response(
                new_state=request.prior_state, diagnostics=[error("Nothing was applied", text)]
            )

        def ReadDataSource(self, request, context):
            try:
                state = data_sources.read(request.type_name, decode(request.config), self.settings)
            except data_sources.CannotRead as reason:
                diagnostics = [error("Data source not read", str(reason))]
                return pb.ReadDataSource.Response(state=request.config, diagnostics=diagnostics)
            return pb.ReadDataSource.Response(state=encode(state))

        def GetFunctions(self, request, context):
            return pb.GetFunctions.Response()

        def StopProvider(self, request, context):
            return pb.StopProvider.Response()

    return Service


def json_errors(value, block, path):
    """An error for each attribute that must be JSON and is not. What is unknown is not looked at."""
    found = []
    if not isinstance(value, dict):
        return found
    for name in attributes(block):
        text = value.get(name)
        if name in JSON_ATTRIBUTES and isinstance(text, str):
            try:
                json.loads(text)
            except json.JSONDecodeError as reason:
                found.append(error("Invalid JSON", f'"{name}" holds no JSON document: {reason}', path + [name]))
    for name, nested in block_types(block).items():
        inner = value.get(name)
        # The elements of a set have no path of their own, so an error there points at the whole set.
        if isinstance(inner, list):
            steps = ([] if nested["nesting_mode"] == "set" else [index] for index in range(len(inner)))
            for item, step in zip(inner, steps):
                found += json_errors(item, nested["block"], path + [name] + step)
        else:
            found += json_errors(inner, nested["block"], path + [name])
    return found


def error(summary, detail, path=()):
    """A diagnostic of the engine, at an attribute where a path is given."""
    steps = [
        pb.AttributePath.Step(element_key_int=step) if isinstance(step, int) else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    return pb.Diagnostic(
        severity=pb.Diagnostic.ERROR,
        summary=summary,
        detail=detail,
        attribute=pb.AttributePath(steps=steps) if steps else None,
    )
