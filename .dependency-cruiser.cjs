// Who may import whom; docs/ARCHITECTURE.md says why. Each rule is proven by services/build/rules.test.ts.
const TEST = "[.](test|contract)[.]tsx?$";
const OURS = "^(services|electron|renderer|e2e)/";

/** Files under `from` may import of our own code only what `allowed` matches. `$1` is the first group of `from`. */
const sees = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from, pathNot: [TEST] },
  to: { path: OURS, pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      // Vite answers `?worker&url` and the like; virtual modules are no files.
      to: { couldNotResolve: true, pathNot: "[?]|^virtual:" },
    },
    {
      name: "no-dev-dependency",
      severity: "error",
      from: {
        path: "^(services|electron)/",
        pathNot: [TEST, "^services/(testing|build)/", "^services/adapters/[^/]+/testing/"],
      },
      // Playwright drives the page for `bench ui`, which no package contains.
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "node_modules/(electron|playwright)/",
      },
    },

    sees("contracts-is-a-leaf", "^services/contracts/", "^services/contracts/"),
    {
      name: "contracts-know-zod-only",
      severity: "error",
      from: { path: "^services/contracts/", pathNot: [TEST] },
      to: {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-peer", "npm-optional"],
        pathNot: "(^|/)node_modules/zod/",
      },
    },
    sees("core-sees-contracts", "^services/core/", "^services/(core|contracts)/"),
    {
      name: "core-is-pure",
      severity: "error",
      from: { path: "^services/core/", pathNot: [TEST] },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-peer", "npm-optional"] },
    },
    sees("adapters-see-core", "^services/adapters/", "^services/(adapters|core|contracts)/"),
    {
      name: "one-adapter-one-technology",
      severity: "error",
      from: { path: "^services/adapters/([^/]+)/", pathNot: [TEST] },
      to: { path: "^services/adapters/", pathNot: "^services/adapters/$1/" },
    },
    sees(
      "apps-take-ports",
      "^services/(orchestrator|tts-worker|supervisor|score|doctor)/",
      "^services/($1|core|contracts)/",
    ),
    {
      name: "score-is-pure",
      severity: "error",
      from: { path: "^services/(score|doctor)/", pathNot: [TEST] },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-peer", "npm-optional"] },
    },
    sees("sim-composes-services", "^services/sim/", "^services/(sim|adapters|orchestrator|tts-worker|core|contracts)/"),
    sees("host-composes-services", "^services/host/", "^services/(?!bin/|bench/|sim/|testing/)"),
    sees("bin-composes-services", "^services/bin/", "^services/(?!testing/|bench/)"),
    sees("bench-composes-services", "^services/bench/", "^services/(?!testing/)"),
    {
      name: "nothing-imports-bin",
      severity: "error",
      from: { pathNot: ["^services/(bin|bench)/", TEST] },
      to: { path: "^services/(bin|bench)/" },
    },
    sees("testing-sees-core", "^services/testing/", "^services/(testing|core|contracts)/"),
    {
      name: "testing-is-for-tests",
      severity: "error",
      from: { pathNot: [TEST, "^services/testing/", "^services/build/", "^e2e/"] },
      to: { path: "^services/testing/" },
    },
    sees("renderer-is-a-client", "^renderer/", "^(renderer|services/(contracts|core))/"),
    {
      name: "renderer-runs-without-node",
      severity: "error",
      from: { path: "^renderer/src/", pathNot: [TEST] },
      to: { dependencyTypes: ["core"] },
    },
    sees("preload-sees-contracts", "^electron/preload/", "^(electron/preload|services/contracts)/"),
    sees(
      "main-composes-services",
      "^electron/main/",
      "^(electron/(main|preload|build)|services/(?!bin/|bench/|sim/|testing/))",
    ),
    {
      name: "e2e-stays-outside",
      severity: "error",
      from: { path: "^e2e/" },
      to: { path: OURS, pathNot: "^(e2e|services/(testing|contracts|build))/" },
    },
    {
      name: "electron-stays-home",
      severity: "error",
      from: { pathNot: "^(electron|e2e)/" },
      to: { path: "(^|/)node_modules/electron/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|[.]cache)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.test.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
