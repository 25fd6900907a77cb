// @alicloud/pop-core: any action by its name, signature version 1.
"use strict";

const Core = require("@alicloud/pop-core");

const { ENDPOINT, REGION, run } = require("./story.js");

function caller(apiVersion, accessKeyId = "LTAI-emulator", accessKeySecret = "emulator-secret") {
  const endpoint = `http://${ENDPOINT}`;
  const client = new Core({ accessKeyId, accessKeySecret, endpoint, apiVersion });
  return (action, parameters) =>
    client.request(action, { RegionId: REGION, ...parameters }, { method: "POST", formatParams: false });
}

run({
  ecs: caller("2014-05-26"),
  vpc: caller("2016-04-28"),
  stranger: caller("2014-05-26", "LTAI-nobody"),
  impostor: caller("2014-05-26", "LTAI-emulator", "wrong"),
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
