"""Starts the provider. The engine runs this through `terraform-provider-aws`; it is of no use by hand."""

import sys

import tf.provider
import tf.runner

from stand_in.schema import ADDRESS, Schemas
from stand_in.service import service_for


class Identity:
    """The little that tf.runner asks of a provider."""

    def full_name(self):
        return ADDRESS


# tf.runner does the handshake (certificate, socket, announcement) and then serves whatever class stands here.
# tf's own class takes resources written in Python; ours answers from the schema file.
tf.provider.ProviderServicer = service_for(Schemas.load())
tf.runner.run_provider(Identity(), sys.argv)
