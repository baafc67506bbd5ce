// What the packages contain and how they present themselves; `npm run package` builds them.
// Environment: PARLEY_UPDATE_URL (folder of the update feed), PARLEY_HOMEPAGE and PARLEY_MAINTAINER (for the deb).

/** Where services/build/package.mjs puts a clean build of the services; dist/services may hold chunks of older builds. */
const SERVICES = "dist/package/services";

/** Run time needs none of it: bundled into the page, for browsers only, or other versions of what is used. */
const UNUSED_MODULES = [
  "!node_modules/{react,react-dom,scheduler,uplot,@types}/**",
  "!node_modules/**/*.{map,mts,cts,ts}",
  "!node_modules/**/README.md",
  // 26 MB for those who choose `echo.canceller: apm`; the app keeps to its own canceller (docs/adr/0006).
  "!node_modules/{@livekit,@bufbuild}/**",
  "!node_modules/ai/{docs,src}/**",
  "!node_modules/onnxruntime-node/script/**",
  "!node_modules/to-words/dist/umd/**",
  "!node_modules/@moonshine-ai/moonshine-js/dist/*.js",
  "!node_modules/@ricky0123/vad-web/dist/{*.js,silero_vad_legacy.onnx,silero_vad_v5.onnx,models/**}",
];

/** Programs and models that native code opens by path, which cannot look into an asar. */
const OPENED_BY_NATIVE_CODE = [
  "node_modules/onnxruntime-node/bin/**",
  "node_modules/@moonshine-ai/moonshine-js/dist/model/**",
  "node_modules/@ricky0123/vad-web/dist/*.onnx",
];

/**
 * onnxruntime-node brings every platform, 290 MB; a package takes the one it is for. `platform` as Node names it.
 * A set of its own with a file that is wanted: beside `files`, exclusions alone would mean "everything but".
 */
const nativesOf = (platform) => [
  {
    from: ".",
    filter: [
      "LICENSE",
      `!node_modules/onnxruntime-node/bin/napi-v6/!(${platform})/**`,
      "!node_modules/onnxruntime-node/bin/napi-v6/*/!(${arch})/**",
    ],
  },
];

const updateUrl = process.env.PARLEY_UPDATE_URL;

/** @satisfies {import("electron-builder").Configuration} */
export default {
  appId: "app.parley.desktop",
  productName: "Parley",
  copyright: "The Parley authors, MIT licence",
  extraMetadata: {
    main: "dist/electron/main.js",
    // The window's app id; desktops join it with the launcher of the same name by it, and Wayland's shortcuts need it.
    desktopName: "parley.desktop",
    homepage: process.env.PARLEY_HOMEPAGE ?? "https://parley.invalid",
  },
  directories: { output: "dist/package/out", buildResources: "electron/build" },
  artifactName: "${name}-${version}-${os}-${arch}.${ext}",
  files: [
    "configs/**/*.yaml",
    "THIRD_PARTY_NOTICES.md",
    { from: SERVICES, to: "dist/services", filter: ["**/*", "!**/*.map", "!bench.js", "!.stamp"] },
    { from: "dist/renderer", to: "dist/renderer", filter: ["**/*", "!**/*.map", "!.stamp"] },
    { from: "dist/electron", to: "dist/electron", filter: ["**/*", "!**/*.map", "!.stamp"] },
    ...UNUSED_MODULES,
  ],
  asar: true,
  asarUnpack: OPENED_BY_NATIVE_CODE,
  // A redis-server built for the target is taken along when it is there; without one Parley looks for it at run time.
  extraResources: [{ from: "vendor/redis/${os}-${arch}", to: "redis" }],
  // Its natives are built for Node-API, which is the same in Electron.
  npmRebuild: false,
  electronLanguages: ["en-US"],
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  },
  publish: updateUrl === undefined ? null : [{ provider: "generic", url: updateUrl }],
  linux: {
    target: ["AppImage", "deb"],
    executableName: "parley",
    category: "AudioVideo",
    maintainer: process.env.PARLEY_MAINTAINER ?? "The Parley authors <authors@parley.invalid>",
    synopsis: "Full-duplex voice chat",
    icon: "electron/build/icons",
    syncDesktopName: true,
    desktop: { entry: { Keywords: "voice;speech;assistant;chat;" } },
    files: nativesOf("linux"),
  },
  deb: { recommends: ["libappindicator3-1", "redis-server"] },
  mac: {
    // onnxruntime has no build for Intel Macs.
    target: [{ target: "dmg", arch: ["arm64"] }],
    category: "public.app-category.productivity",
    icon: "electron/build/icon-mac.png",
    minimumSystemVersion: "13.0",
    hardenedRuntime: true,
    // allow-jit: V8 and WebAssembly. audio-input: the microphone. disable-library-validation: without a signing
    // identity the parts are signed ad hoc, and the hardened runtime would refuse the app's own libraries.
    entitlements: "electron/build/entitlements.mac.plist",
    entitlementsInherit: "electron/build/entitlements.mac.plist",
    extendInfo: {
      NSMicrophoneUsageDescription: "Parley listens to you to answer. Speech is recognised on this computer.",
    },
    files: nativesOf("darwin"),
  },
  win: {
    target: [{ target: "nsis", arch: ["x64"] }],
    icon: "electron/build/icons/512x512.png",
    files: nativesOf("win32"),
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
};
