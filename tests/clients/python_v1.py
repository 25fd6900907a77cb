"""aliyun-python-sdk-ecs: a class for each action, signature version 1. VPC goes through its generic request."""

import importlib
import json

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

import story


def client(key="LTAI-emulator", secret="emulator-secret"):
    return AcsClient(key, secret, story.REGION, auto_retry=False)


def send(client, request):
    request.set_accept_format("json")
    request.set_endpoint(story.ENDPOINT)
    try:
        return json.loads(client.do_action_with_exception(request))
    except ServerException as error:
        raise story.Refused(error.error_code, error.message, error.http_status) from error
    except ClientException as error:
        raise story.Refused(error.error_code, error.message) from error


def ecs(client):
    def call(action, **parameters):
        module = importlib.import_module(f"aliyunsdkecs.request.v20140526.{action}Request")
        request = getattr(module, f"{action}Request")()
        for name, value in parameters.items():
            request.add_query_param(name, value)
        return send(client, request)

    return call


def vpc(client):
    def call(action, **parameters):
        request = CommonRequest()
        request.set_domain(story.ENDPOINT)
        request.set_version("2016-04-28")
        request.set_action_name(action)
        request.set_method("POST")
        request.set_protocol_type("http")
        for name, value in parameters.items():
            request.add_query_param(name, value)
        return send(client, request)

    return call


story.run(
    ecs=ecs(client()),
    vpc=vpc(client()),
    stranger=ecs(client(key="LTAI-nobody")),
    impostor=ecs(client(secret="wrong")),
)
