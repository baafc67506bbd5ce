import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BASE = "docker-compose.yml";
const overlays = readdirSync(path.join(ROOT, "configs/compose")).map((name) => `configs/compose/${name}`);
const examples = readdirSync(ROOT).filter((name) => /^docker-compose\..*example$/.test(name));

/** The Compose Specification's own schema, as dclint carries it. */
const schemaFile = path.join(
  path.dirname(createRequire(import.meta.url).resolve("dclint/package.json")),
  "schemas/compose.schema.json",
);
const { $schema: _draft, ...schema } = z
  .record(z.string(), z.unknown())
  .parse(JSON.parse(readFileSync(schemaFile, "utf8")));
// The specification's formats ("duration") are not those of JSON Schema.
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

/** What is wrong, in the schema's words; empty: nothing. */
function problemsOf(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
const readYaml = (file: string): unknown => parse(readFileSync(path.join(ROOT, file), "utf8"), { merge: true });

const Names = z
  .union([z.array(z.union([z.string(), z.object({ source: z.string() })])), z.record(z.string(), z.unknown())])
  .transform((list) =>
    Array.isArray(list) ? list.map((each) => (typeof each === "string" ? each : each.source)) : Object.keys(list),
  )
  .default([]);
const Group = z.record(z.string(), z.unknown()).default({});
const Part = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({ networks: Names, secrets: Names, configs: Names, volumes: Names, depends_on: Names }),
  ),
  networks: Group,
  secrets: Group,
  configs: Group,
  volumes: Group,
});

/** What services of these files' documents together name and nothing defines. */
function undefinedNames(documents: readonly unknown[]): string[] {
  const parts = documents.map((document) => Part.parse(document));
  const services = parts.flatMap((part) => Object.entries(part.services));
  const known = (kind: "networks" | "secrets" | "configs" | "volumes" | "services"): Set<string> =>
    new Set(parts.flatMap((part) => Object.keys(part[kind])));
  return services.flatMap(([service, { networks, secrets, configs, volumes, depends_on: waitsFor }]) =>
    (
      [
        ["networks", networks],
        ["secrets", secrets],
        ["configs", configs],
        ["volumes", volumes.map((mount) => mount.split(":", 1)[0] ?? "").filter((name) => /^\w/.test(name))],
        ["services", waitsFor],
      ] as const
    ).flatMap(([kind, names]) =>
      names.filter((name) => !known(kind).has(name)).map((name) => `${service}: ${kind} ${name}`),
    ),
  );
}

describe("Compose files follow the Compose Specification", () => {
  it("there are some of each kind", () => {
    expect(overlays.length).toBeGreaterThanOrEqual(2);
    expect(examples).toEqual(["docker-compose.override.yml.example"]);
  });

  it.each([BASE, ...overlays, ...examples])("%s", (file) => {
    expect(problemsOf(readYaml(file))).toEqual([]);
  });

  it.each([BASE, ...overlays, ...examples])("all that %s names is defined there or in docker-compose.yml", (file) => {
    expect(undefinedNames([readYaml(BASE), readYaml(file)])).toEqual([]);
  });

  it.each([
    ["a key that there is not", { services: { a: { image: "b", helthcheck: {} } } }],
    ["a condition that there is not", { services: { a: { depends_on: { b: { condition: "healthy" } } } } }],
    ["a secret without a source of its own kind", { secrets: { a: { fil: "x" } } }],
    ["a port that is none", { services: { a: { ports: [true] } } }],
  ])("%s would be noticed", (_what, document) => {
    expect(problemsOf(document)).not.toEqual([]);
  });

  it("a name that nothing defines would be noticed", () => {
    const a = {
      networks: ["net"],
      secrets: [{ source: "secret" }],
      volumes: ["data:/data", "./x:/x"],
      depends_on: ["b"],
    };
    expect(
      undefinedNames([{ services: { a } }, { networks: { net: null } }].map((part) => ({ services: {}, ...part }))),
    ).toEqual(["a: secrets secret", "a: volumes data", "a: services b"]);
  });
});
