"""alibabacloud_ecs20140526 and alibabacloud_vpc20160428: typed requests, signature version 3."""

import re

from alibabacloud_ecs20140526 import models as ecs_models
from alibabacloud_ecs20140526.client import Client as Ecs
from alibabacloud_tea_openapi.models import Config
from alibabacloud_vpc20160428 import models as vpc_models
from alibabacloud_vpc20160428.client import Client as Vpc

import story


def nested(parameters):
    """Turns `Tag.1.Key` into lists and objects, as the typed requests have them."""
    tree = {}
    for name, value in parameters.items():
        *path, last = name.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value

    def lists(node):
        if not isinstance(node, dict):
            return node
        if node and all(key.isdigit() for key in node):
            return [lists(node[key]) for key in sorted(node, key=int)]
        return {key: lists(value) for key, value in node.items()}

    return lists(tree)


def caller(client, models):
    def call(action, **parameters):
        request = getattr(models, f"{action}Request")().from_map(nested(parameters))
        method = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", action).lower()
        method = {"create_vswitch": "create_vswitch"}.get(method, method)
        method = method.replace("v_switch", "vswitch")
        try:
            return getattr(client, method)(request).body.to_map()
        except Exception as error:
            if getattr(error, "code", None) is None:
                raise
            raise story.Refused(error.code, error.message) from error

    return call


def config(key="LTAI-emulator", secret="emulator-secret"):
    return Config(
        access_key_id=key, access_key_secret=secret,
        endpoint=story.ENDPOINT, protocol="http", region_id=story.REGION,
    )


story.run(
    ecs=caller(Ecs(config()), ecs_models),
    vpc=caller(Vpc(config()), vpc_models),
    stranger=caller(Ecs(config(key="LTAI-nobody")), ecs_models),
    impostor=caller(Ecs(config(secret="wrong")), ecs_models),
)
