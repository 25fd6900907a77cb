"""What every Python client does against the emulator: a network with an instance, pages, errors, and an end.

A client only has to say how it calls an action; everything else is here, so that all do the same.
"""

import json
import os
import time
import urllib.request

ENDPOINT = os.environ["ENDPOINT"]
REGION = "cn-hangzhou"
ZONE = "cn-hangzhou-h"
IMAGE = "aliyun_3_x64_20G_alibase_20240819.vhd"


class Refused(Exception):
    """An error that the API answered."""

    def __init__(self, code, message, status=None):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def faults(**what):
    """Replaces the emulator's faults and limits."""
    body = json.dumps(what).encode()
    urllib.request.urlopen(f"http://{ENDPOINT}/_emulator/faults", body).read()


def until(what, holds):
    """Waits for a state that the emulator reaches by its clock."""
    for _ in range(200):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true")


def refused(code, call, *arguments, **parameters):
    try:
        call(*arguments, **parameters)
    except Refused as error:
        assert error.code.startswith(code), f"{error.code}, not {code}"
        assert error.message, f"{code} has no message"
        return error
    raise AssertionError(f"{code} was expected")


def run(ecs, vpc, stranger, impostor):
    """Runs the story. `ecs` and `vpc` call an action with parameters and return its answer as a dictionary;
    `impostor` is `ecs` with a wrong secret, `stranger` with an access key that nobody has."""
    network = vpc("CreateVpc", RegionId=REGION, CidrBlock="10.0.0.0/8", VpcName="clients")["VpcId"]
    find = lambda: vpc("DescribeVpcs", RegionId=REGION, VpcId=network)["Vpcs"]["Vpc"][0]
    until("the VPC", lambda: find()["Status"] == "Available")
    place = dict(RegionId=REGION, VpcId=network, ZoneId=ZONE, CidrBlock="10.1.0.0/16")
    vswitch = vpc("CreateVSwitch", **place)["VSwitchId"]
    look = lambda: vpc("DescribeVSwitches", RegionId=REGION, VSwitchId=vswitch)["VSwitches"]["VSwitch"][0]
    until("the vSwitch", lambda: look()["Status"] == "Available")

    group = ecs("CreateSecurityGroup", RegionId=REGION, VpcId=network)["SecurityGroupId"]
    rule = dict(RegionId=REGION, SecurityGroupId=group, IpProtocol="tcp", PortRange="22/22")
    ecs("AuthorizeSecurityGroup", SourceCidrIp="10.0.0.0/8", **rule)
    ecs("AuthorizeSecurityGroupEgress", DestCidrIp="0.0.0.0/0", **rule)
    shown = ecs("DescribeSecurityGroupAttribute", RegionId=REGION, SecurityGroupId=group)
    assert {it["Direction"] for it in shown["Permissions"]["Permission"]} == {"ingress", "egress"}, shown

    pair = ecs("CreateKeyPair", RegionId=REGION, KeyPairName="clients")
    assert "PRIVATE KEY" in pair["PrivateKeyBody"]

    order = {
        "RegionId": REGION, "ImageId": IMAGE, "InstanceType": "ecs.g6.large", "VSwitchId": vswitch,
        "SecurityGroupId": group, "InstanceName": "clients", "KeyPairName": "clients",
        "SystemDisk.Category": "cloud_essd", "Amount": 5,
        "Tag.1.Key": "made by", "Tag.1.Value": "a client & co/ä",
    }
    ids = ecs("RunInstances", **order)["InstanceIdSets"]["InstanceIdSet"]
    assert len(ids) == 5, ids
    running = lambda: ecs("DescribeInstances", RegionId=REGION, Status="Running", PageSize=10)["TotalCount"]
    until("five running instances", lambda: running() == 5)

    by_number, by_token, token = [], [], None
    for number in (1, 2, 3):
        page = ecs("DescribeInstances", RegionId=REGION, VpcId=network, PageSize=2, PageNumber=number)
        by_number += [it["InstanceId"] for it in page["Instances"]["Instance"]]
    while token != "":
        more = {"NextToken": token} if token else {}
        page = ecs("DescribeInstances", RegionId=REGION, MaxResults=2, **more)
        by_token += [it["InstanceId"] for it in page["Instances"]["Instance"]]
        token = page.get("NextToken") or ""
    assert by_number == by_token and sorted(ids) == sorted(by_number), (ids, by_number, by_token)
    tag = {"Tag.1.Key": "made by", "Tag.1.Value": "a client & co/ä"}
    named = ecs("DescribeInstances", RegionId=REGION, InstanceIds=json.dumps(ids[:2]), **tag)
    assert named["TotalCount"] == 2, named

    disk = ecs("CreateDisk", RegionId=REGION, ZoneId=ZONE, Size=40, DiskCategory="cloud_essd")["DiskId"]
    state = lambda: ecs("DescribeDisks", RegionId=REGION, DiskIds=json.dumps([disk]))["Disks"]["Disk"][0]["Status"]
    until("the disk available", lambda: state() == "Available")
    ecs("AttachDisk", InstanceId=ids[0], DiskId=disk)
    until("the disk in use", lambda: state() == "In_use")
    address = vpc("AllocateEipAddress", RegionId=REGION, Bandwidth="5")["AllocationId"]
    vpc("AssociateEipAddress", RegionId=REGION, AllocationId=address, InstanceId=ids[0])
    eip = lambda: vpc("DescribeEipAddresses", RegionId=REGION, AllocationId=address)["EipAddresses"]["EipAddress"][0]
    until("the EIP in use", lambda: eip()["Status"] == "InUse")

    refused("InvalidParameter", ecs, "DescribeInstances", RegionId=REGION, PageSize=1000)
    refused("InvalidInstanceId.NotFound", ecs, "StartInstance", InstanceId="i-nothing")
    refused("DependencyViolation", vpc, "DeleteVpc", RegionId=REGION, VpcId=network)
    refused("IncorrectInstanceStatus", ecs, "DeleteInstance", InstanceId=ids[0])
    # One client sees by the string to sign that only the secret can be wrong, and says so.
    refused(("SignatureDoesNotMatch", "InvalidAccessKeySecret"), impostor, "DescribeRegions")
    refused("InvalidAccessKeyId.NotFound", stranger, "DescribeRegions")
    faults(quotas={"vpcs": 1})
    refused("QuotaExceeded.Vpc", vpc, "CreateVpc", RegionId=REGION, CidrBlock="172.16.0.0/12")
    faults(limits={"DescribeZones": 0})
    refused("Throttling", ecs, "DescribeZones", RegionId=REGION)
    faults()

    vpc("UnassociateEipAddress", RegionId=REGION, AllocationId=address, InstanceId=ids[0])
    until("the EIP available", lambda: eip()["Status"] == "Available")
    vpc("ReleaseEipAddress", RegionId=REGION, AllocationId=address)
    ecs("DetachDisk", InstanceId=ids[0], DiskId=disk)
    until("the disk available", lambda: state() == "Available")
    ecs("DeleteDisk", DiskId=disk)
    for id in ids:
        ecs("DeleteInstance", InstanceId=id, Force="true")
    until("no instances", lambda: ecs("DescribeInstances", RegionId=REGION)["TotalCount"] == 0)
    interfaces = lambda: ecs("DescribeNetworkInterfaces", RegionId=REGION)["TotalCount"]
    until("no interfaces", lambda: interfaces() == 0)
    ecs("DeleteKeyPairs", RegionId=REGION, KeyPairNames=json.dumps(["clients"]))
    ecs("DeleteSecurityGroup", RegionId=REGION, SecurityGroupId=group)
    vpc("DeleteVSwitch", VSwitchId=vswitch)
    gone = lambda: vpc("DescribeVSwitches", RegionId=REGION, VSwitchId=vswitch)["TotalCount"] == 0
    until("no vSwitch", gone)
    vpc("DeleteVpc", RegionId=REGION, VpcId=network)
    assert vpc("DescribeVpcs", RegionId=REGION, PageSize=50)["TotalCount"] == 0
