import path from "node:path";
import { DESKTOP_ORIGIN } from "#contracts/ipc/desktop-bridge";

/** The file that an address of the page's origin names, never one outside the folder. */
export function fileOf(folder: string, url: string): string | undefined {
  const { protocol: scheme, host, pathname } = new URL(url);
  if (`${scheme}//${host}` !== DESKTOP_ORIGIN) return undefined;
  const decoded = decode(pathname);
  if (decoded === undefined) return undefined;
  const file = path.join(folder, decoded);
  const inside = path.relative(folder, file);
  return inside === "" || inside.startsWith("..") || path.isAbsolute(inside) ? undefined : file;
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
