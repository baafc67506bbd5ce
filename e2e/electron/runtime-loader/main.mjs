// Stands in for Electron's own default app in the runtime for tests: loads the app folder named on the command line.
// The top-level await matters: Electron holds back `ready` until its entry module has been evaluated.
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";

const target = process.argv.slice(1).find((argument) => !argument.startsWith("-"));
if (target === undefined) {
  console.error("usage: electron <folder>");
  app.exit(2);
} else {
  const folder = path.resolve(target);
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  app.setVersion(manifest.version);
  app.setName(manifest.productName);
  app.setAppPath(folder);
  try {
    await import(pathToFileURL(path.join(folder, manifest.main)).href);
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
}
