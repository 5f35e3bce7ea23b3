// node validate.cjs APP_FOLDER DESCRIPTOR: what Atlassian's own package finds wrong with the Forge manifest in
// that folder, and with the modules of the Connect descriptor, as one JSON document.
"use strict";
const fs = require("node:fs");
const Ajv = require("ajv");
const { ProcessorBuilder, ValidationTypes } = require("@forge/manifest");
const schema = require("@forge/manifest/schema.json");

const [folder, descriptor] = process.argv.slice(2);
const told = JSON.parse(fs.readFileSync(descriptor, "utf8"));

function descriptorProblems() {
  const known = schema.definitions.ModuleSchema.properties;
  return Object.entries(told.modules).flatMap(([name, module]) => {
    const described = known[`connect-jira:${name}`];
    if (!described) return [`${name}: there is no such module`];
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const holds = ajv.compile({ ...described, definitions: schema.definitions });
    // Forge wants a list of each module, and a key of each webhook; a descriptor has neither.
    const list = Array.isArray(module) ? module : described.type === "array" ? [module] : module;
    const keyed = name === "webhooks" ? list.map((one, n) => ({ key: `w${n}`, ...one })) : list;
    return holds(keyed) ? [] : holds.errors.map((e) => `${name}${e.instancePath}: ${e.message}`);
  });
}

process.chdir(folder);
Promise.resolve(ProcessorBuilder.instance().withValidation(ValidationTypes.FULL).build().process()).then(
  (result) => {
    const manifest = (result.problems ?? result.errors ?? []).map((p) => `${p.level}: ${p.message} (line ${p.line})`);
    console.log(JSON.stringify({ ok: result.success, manifest, descriptor: descriptorProblems() }));
  },
);
