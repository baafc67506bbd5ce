// What the tests need of the operating system: found, or installed by apt, or named with the way to get it.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import path from "node:path";

function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  for (const file of names.flatMap((name) => folders.map((folder) => path.join(folder, name)))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** A Chromium or Chrome: PARLEY_CHROMIUM, else one on the PATH; undefined when there is none. */
export function findChromium() {
  return process.env.PARLEY_CHROMIUM ?? onPath("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");
}

const SPEECH_DATA_FOLDER = "/usr/share/pocketsphinx/test/data";

/** `services`: what the package would start at boot, kept from doing so when we install it. */
const needs = [
  {
    apt: "redis-server",
    isThere: () => onPath("redis-server"),
    services: ["redis-server"],
    without: "tests with a real Redis fail",
  },
  {
    apt: "redis-sentinel",
    isThere: () => onPath("redis-sentinel"),
    services: ["redis-sentinel"],
    without: "tests with Redis Sentinel fail",
  },
  {
    apt: "chromium",
    isThere: findChromium,
    services: [],
    without: "browser tests fail",
    otherwise: "where apt has none (Ubuntu), install Google Chrome or set PARLEY_CHROMIUM to a Chromium",
  },
  { apt: "curl", isThere: () => onPath("curl"), services: [], without: "a test of the documents' commands fails" },
  {
    apt: "openssl",
    isThere: () => onPath("openssl"),
    services: [],
    without: "a test of the documents' commands fails",
  },
  { apt: "iproute2", isThere: () => onPath("ip"), services: [], without: "the test with two networks is skipped" },
  { apt: "unzip", isThere: () => onPath("unzip"), services: [], without: "tests in a desktop window are skipped" },
  { apt: "xdotool", isThere: () => onPath("xdotool"), services: [], without: "tests of the global shortcut fail" },
  { apt: "xvfb", isThere: () => onPath("Xvfb"), services: [], without: "tests in a desktop window fail" },
  {
    apt: "pocketsphinx-testdata",
    isThere: () => existsSync(SPEECH_DATA_FOLDER),
    services: [],
    without: "tests with recorded speech fail",
  },
];

// Runs as root. A policy-rc.d that says 101 keeps packages from starting their services; it goes when the script ends.
const INSTALL_SCRIPT = `
set -u
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
install() { apt-get install -y -q --no-install-recommends "$@"; }
if [ "$1" = update ]; then apt-get update -q; fi
shift
if ! install "$@"; then
  apt-get update -q
  for package in "$@"; do install "$package"; done
fi
`;

const DISABLE_SCRIPT = `for service in "$@"; do update-rc.d "$service" disable || true; done`;

/** How to become root without a question: [] as root, sudo where it needs no password, undefined otherwise. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
}

function hasAptLists() {
  const folder = "/var/lib/apt/lists";
  return existsSync(folder) && readdirSync(folder).some((name) => name.includes("_Packages"));
}

function runAsRoot(prefix, script, args) {
  const [command, ...rest] = [...prefix, "sh", "-c", script, "sh", ...args];
  // What apt says is progress, so it goes to stderr.
  return spawnSync(command, rest, { stdio: ["ignore", 2, 2] }).status;
}

function installByApt(prefix, missing) {
  const lists = hasAptLists() ? "keep" : "update";
  runAsRoot(prefix, INSTALL_SCRIPT, [lists, ...missing.map((need) => need.apt)]);
  const services = missing.filter((need) => need.isThere()).flatMap((need) => need.services);
  if (services.length > 0) runAsRoot(prefix, DISABLE_SCRIPT, services);
}

/** Finds or installs everything; returns one line for each thing that is still missing. */
export function provideSystemPackages() {
  const missing = needs.filter((need) => !need.isThere());
  const prefix = missing.length > 0 && onPath("apt-get") !== undefined ? rootPrefix() : undefined;
  if (prefix !== undefined) {
    console.log(`installing by apt: ${missing.map((need) => need.apt).join(" ")}`);
    installByApt(prefix, missing);
  }
  return missing
    .filter((need) => !need.isThere())
    .map(
      (need) =>
        `missing: ${need.apt} (${need.without}); get it with: sudo apt-get install ${need.apt}${need.otherwise === undefined ? "" : `; ${need.otherwise}`}`,
    );
}
