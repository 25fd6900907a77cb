// @alicloud/ecs20140526: typed requests, signature version 3. VPC goes through the client that it is built on.
"use strict";

const { default: Ecs, ...models } = require("@alicloud/ecs20140526");
const OpenApi = require("@alicloud/openapi-core");

const { ENDPOINT, REGION, run } = require("./story.js");

const { Config, OpenApiRequest, Params } = OpenApi.$OpenApiUtil;

function config(accessKeyId = "LTAI-emulator", accessKeySecret = "emulator-secret") {
  return new Config({ accessKeyId, accessKeySecret, endpoint: ENDPOINT, protocol: "http", regionId: REGION });
}

/** Turns `Tag.1.Key` into lists and objects, with names as the typed requests have them. */
function nested(parameters) {
  const tree = {};
  for (const [name, value] of Object.entries(parameters)) {
    const path = name.split(".");
    const last = path.pop();
    let place = tree;
    for (const part of path) place = place[part] ??= {};
    place[last] = value;
  }
  return tree;
}

/** Makes a typed request, and what is nested in it, from parameters by their names in the API. */
function typed(Model, tree) {
  const names = Model.names();
  const types = Model.types();
  const fields = {};
  for (const [field, name] of Object.entries(names)) {
    const value = tree[name];
    if (value === undefined) continue;
    const type = types[field];
    if (type && type.type === "array") {
      const item = type.itemType;
      fields[field] = Object.values(value).map((it) => (typeof item === "function" ? typed(item, it) : it));
    } else {
      fields[field] = typeof type === "function" ? typed(type, value) : value;
    }
  }
  return new Model(fields);
}

function ecs(client) {
  return async (action, parameters) => {
    const method = action[0].toLowerCase() + action.slice(1);
    const request = typed(models[`${action}Request`], nested({ RegionId: REGION, ...parameters }));
    return (await client[method](request)).body.toMap();
  };
}

function vpc() {
  const client = new OpenApi.default(config());
  return async (action, parameters) => {
    const params = new Params({
      action,
      version: "2016-04-28",
      protocol: "HTTP",
      pathname: "/",
      method: "POST",
      authType: "AK",
      style: "RPC",
      reqBodyType: "formData",
      bodyType: "json",
    });
    const request = new OpenApiRequest({ query: { RegionId: REGION, ...parameters } });
    return (await client.callApi(params, request, { toMap: () => ({}) })).body;
  };
}

run({
  ecs: ecs(new Ecs(config())),
  vpc: vpc(),
  stranger: ecs(new Ecs(config("LTAI-nobody"))),
  impostor: ecs(new Ecs(config("LTAI-emulator", "wrong"))),
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
