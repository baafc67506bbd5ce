import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";

export interface ListeningProgram {
  /** Undefined: another user's program, or not known on this system. */
  pid?: number;
  program?: string;
  /** With its arguments. */
  commandLine?: string;
}

const LISTEN_STATE = "0A";

/** The program that listens on this TCP port of any address; undefined: none. `procFolder` for tests. */
export async function findPortHolder(port: number, procFolder = "/proc"): Promise<ListeningProgram | undefined> {
  const tables = await Promise.all(
    ["net/tcp", "net/tcp6"].map((name) => readFile(path.join(procFolder, name), "utf8").catch(() => undefined)),
  );
  if (tables.every((table) => table === undefined)) return (await canListen(port)) ? undefined : {};
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table ?? "", port)));
  return inodes.size === 0 ? undefined : ((await findOwner(inodes, procFolder)) ?? {});
}

/** Fields of a line: number, local address, remote address, state, …, inode as the tenth. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const isMatch = fields[1]?.endsWith(suffix) === true && fields[3] === LISTEN_STATE;
    return isMatch && fields[9] !== undefined ? [`socket:[${fields[9]}]`] : [];
  });
}

async function findOwner(sockets: ReadonlySet<string>, procFolder: string): Promise<ListeningProgram | undefined> {
  const pids = (await readdir(procFolder)).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const folder = path.join(procFolder, pid, "fd");
    const names = await readdir(folder).catch(() => []);
    const links = await Promise.all(names.map((name) => readlink(path.join(folder, name)).catch(() => "")));
    if (links.some((link) => sockets.has(link))) return describe(pid, procFolder);
  }
  return undefined;
}

async function describe(pid: string, procFolder: string): Promise<ListeningProgram> {
  const read = (name: string): Promise<string> => readFile(path.join(procFolder, pid, name), "utf8").catch(() => "");
  const [program, commandLine] = await Promise.all([read("comm"), read("cmdline")]);
  return { pid: Number(pid), program: program.trim(), commandLine: commandLine.replaceAll("\0", " ").trim() };
}

/** Where there is no /proc: whether the port can be had. */
function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
