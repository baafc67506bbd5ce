import { readFile } from "node:fs/promises";
import path from "node:path";
import { protocol } from "electron";
import { DESKTOP_ORIGIN } from "#contracts/ipc/desktop-bridge";
import { pagePolicy } from "#adapters/web-server/page-policy";
import { fileOf } from "./page-files";

const SCHEME = "app";
export const PAGE_URL = `${DESKTOP_ORIGIN}/index.html`;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** Before `ready`: the page's scheme counts as secure, with an origin of its own. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** After `ready`: serves the built page from `folder`, and lets it connect to `orchestratorUrl` alone. */
export function serveAppScheme(folder: string, orchestratorUrl: string): void {
  const headers = {
    "content-security-policy": pagePolicy(orchestratorUrl),
    "x-content-type-options": "nosniff",
  };
  protocol.handle(SCHEME, async ({ method, url }) => {
    const file = method === "GET" ? fileOf(folder, url) : undefined;
    if (file === undefined) return new Response("Nothing is here.", { status: 404, headers });
    try {
      const contentType = CONTENT_TYPES[path.extname(file)] ?? "application/octet-stream";
      return new Response(await readFile(file), { headers: { ...headers, "content-type": contentType } });
    } catch {
      return new Response("Nothing is here.", { status: 404, headers });
    }
  });
}
