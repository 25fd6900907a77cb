// What every Node client does against the emulator: a network with an instance, pages, errors, and an end.
// A client only has to say how it calls an action; everything else is here, so that all do the same.
"use strict";

const assert = require("node:assert");

const ENDPOINT = process.env.ENDPOINT;
const REGION = "cn-hangzhou";
const ZONE = "cn-hangzhou-h";
const IMAGE = "aliyun_3_x64_20G_alibase_20240819.vhd";

/** Replaces the emulator's faults and limits. */
async function faults(what) {
  const answer = await fetch(`http://${ENDPOINT}/_emulator/faults`, {
    method: "POST",
    body: JSON.stringify(what),
  });
  assert.ok(answer.ok);
}

/** Waits for a state that the emulator reaches by its clock. */
async function until(what, holds) {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${what} did not come true`);
}

async function refused(code, promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(String(error.code).startsWith(code), `${error.code ?? error}, not ${code}`);
    assert.ok(error.message, `${code} has no message`);
    return;
  }
  assert.fail(`${code} was expected`);
}

/**
 * Runs the story. `ecs` and `vpc` call an action with parameters and return its answer; `impostor` is `ecs` with a
 * wrong secret, `stranger` with an access key that nobody has.
 */
async function run({ ecs, vpc, stranger, impostor }) {
  const network = (await vpc("CreateVpc", { CidrBlock: "10.0.0.0/8", VpcName: "clients" })).VpcId;
  const vpcs = async () => (await vpc("DescribeVpcs", { VpcId: network })).Vpcs.Vpc;
  await until("the VPC", async () => (await vpcs())[0].Status === "Available");
  const place = { VpcId: network, ZoneId: ZONE, CidrBlock: "10.1.0.0/16" };
  const vswitch = (await vpc("CreateVSwitch", place)).VSwitchId;
  const switches = async () => (await vpc("DescribeVSwitches", { VSwitchId: vswitch })).VSwitches.VSwitch;
  await until("the vSwitch", async () => (await switches())[0].Status === "Available");

  const group = (await ecs("CreateSecurityGroup", { VpcId: network })).SecurityGroupId;
  const rule = { SecurityGroupId: group, IpProtocol: "tcp", PortRange: "22/22" };
  await ecs("AuthorizeSecurityGroup", { ...rule, SourceCidrIp: "10.0.0.0/8" });
  await ecs("AuthorizeSecurityGroupEgress", { ...rule, DestCidrIp: "0.0.0.0/0" });
  const rules = (await ecs("DescribeSecurityGroupAttribute", { SecurityGroupId: group })).Permissions.Permission;
  assert.deepStrictEqual(rules.map((it) => it.Direction).sort(), ["egress", "ingress"]);

  const pair = await ecs("CreateKeyPair", { KeyPairName: "clients" });
  assert.match(pair.PrivateKeyBody, /PRIVATE KEY/);

  const order = {
    ImageId: IMAGE,
    InstanceType: "ecs.g6.large",
    VSwitchId: vswitch,
    SecurityGroupId: group,
    InstanceName: "clients",
    KeyPairName: "clients",
    "SystemDisk.Category": "cloud_essd",
    Amount: 5,
    "Tag.1.Key": "made by",
    "Tag.1.Value": "a client & co/ä",
  };
  const ids = (await ecs("RunInstances", order)).InstanceIdSets.InstanceIdSet;
  assert.strictEqual(ids.length, 5);
  const count = async (filter) => (await ecs("DescribeInstances", filter)).TotalCount;
  await until("five running instances", async () => (await count({ Status: "Running" })) === 5);

  const byNumber = [];
  const byToken = [];
  const idsOf = (page) => page.Instances.Instance.map((it) => it.InstanceId);
  for (const number of [1, 2, 3]) {
    byNumber.push(...idsOf(await ecs("DescribeInstances", { VpcId: network, PageSize: 2, PageNumber: number })));
  }
  let token;
  do {
    const page = await ecs("DescribeInstances", { MaxResults: 2, ...(token ? { NextToken: token } : {}) });
    byToken.push(...idsOf(page));
    token = page.NextToken;
  } while (token);
  assert.deepStrictEqual(byToken, byNumber);
  assert.deepStrictEqual([...byNumber].sort(), [...ids].sort());
  const tag = { "Tag.1.Key": "made by", "Tag.1.Value": "a client & co/ä" };
  assert.strictEqual(await count({ InstanceIds: JSON.stringify(ids.slice(0, 2)), ...tag }), 2);

  const disk = (await ecs("CreateDisk", { ZoneId: ZONE, Size: 40, DiskCategory: "cloud_essd" })).DiskId;
  const disks = async () => (await ecs("DescribeDisks", { DiskIds: JSON.stringify([disk]) })).Disks.Disk;
  await until("the disk", async () => (await disks())[0].Status === "Available");
  await ecs("AttachDisk", { InstanceId: ids[0], DiskId: disk });
  await until("the disk in use", async () => (await disks())[0].Status === "In_use");
  const address = (await vpc("AllocateEipAddress", { Bandwidth: "5" })).AllocationId;
  await vpc("AssociateEipAddress", { AllocationId: address, InstanceId: ids[0] });
  const eip = async () => (await vpc("DescribeEipAddresses", { AllocationId: address })).EipAddresses.EipAddress[0];
  await until("the EIP in use", async () => (await eip()).Status === "InUse");

  await refused("InvalidParameter", ecs("DescribeInstances", { PageSize: 1000 }));
  await refused("InvalidInstanceId.NotFound", ecs("StartInstance", { InstanceId: "i-nothing" }));
  await refused("DependencyViolation", vpc("DeleteVpc", { VpcId: network }));
  await refused("IncorrectInstanceStatus", ecs("DeleteInstance", { InstanceId: ids[0] }));
  await refused("SignatureDoesNotMatch", impostor("DescribeRegions", {}));
  await refused("InvalidAccessKeyId.NotFound", stranger("DescribeRegions", {}));
  await faults({ quotas: { vpcs: 1 } });
  await refused("QuotaExceeded.Vpc", vpc("CreateVpc", { CidrBlock: "172.16.0.0/12" }));
  await faults({ limits: { DescribeZones: 0 } });
  await refused("Throttling", ecs("DescribeZones", {}));
  await faults({});

  await vpc("UnassociateEipAddress", { AllocationId: address, InstanceId: ids[0] });
  await until("the EIP available", async () => (await eip()).Status === "Available");
  await vpc("ReleaseEipAddress", { AllocationId: address });
  await ecs("DetachDisk", { InstanceId: ids[0], DiskId: disk });
  await until("the disk available", async () => (await disks())[0].Status === "Available");
  await ecs("DeleteDisk", { DiskId: disk });
  for (const id of ids) await ecs("DeleteInstance", { InstanceId: id, Force: true });
  await until("no instances", async () => (await count({})) === 0);
  const interfaces = async () => (await ecs("DescribeNetworkInterfaces", {})).TotalCount;
  await until("no interfaces", async () => (await interfaces()) === 0);
  await ecs("DeleteKeyPairs", { KeyPairNames: JSON.stringify(["clients"]) });
  await ecs("DeleteSecurityGroup", { SecurityGroupId: group });
  await vpc("DeleteVSwitch", { VSwitchId: vswitch });
  await until("no vSwitch", async () => (await switches()).length === 0);
  await vpc("DeleteVpc", { VpcId: network });
  assert.strictEqual((await vpcs()).length, 0);
}

module.exports = { ENDPOINT, REGION, run };
