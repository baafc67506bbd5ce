import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "playwright";
import { welcomeBack } from "#testing/known-person";

export interface PackagedApp {
  page: Page;
  /** Closes the app as a user would and resolves with its exit code when it has ended. */
  quit(): Promise<number | null>;
  /** Ends what may still run and removes what it kept. */
  dispose(): void;
}

/** Ids of the processes that run this program, or one in this folder, whoever started them. */
export function processesOf(program: string): number[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => `${exeOf(id)}/`.startsWith(`${program}/`)).map(Number);
}

function exeOf(id: string): string | undefined {
  try {
    return readlinkSync(`/proc/${id}/exe`);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** Starts an unpacked app on a display and with a home of its own, and connects to its page. `searchPath`: PATH. */
export async function startPackagedApp(program: string, searchPath: string): Promise<PackagedApp> {
  const home = mkdtempSync(path.join(tmpdir(), "parley-packaged-"));
  welcomeBack(path.join(home, ".config"));
  // Chromium's own sandbox refuses root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn("xvfb-run", ["-a", program, ...sandbox, "--remote-debugging-port=0"], {
    cwd: home,
    env: { PATH: searchPath, HOME: home, XDG_RUNTIME_DIR: home, PARLEY_NO_FETCH: "1" },
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const dispose = (): void => {
    for (const id of processesOf(path.dirname(program))) process.kill(id, "SIGKILL");
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    const browser = await chromium.connectOverCDP(await untilDebuggable(child.stderr, ended));
    const [context] = browser.contexts();
    if (context === undefined) throw new Error("the app has no browser context");
    const page = context.pages()[0] ?? (await context.waitForEvent("page"));
    const quit = async (): Promise<number | null> => {
      const session = await browser.newBrowserCDPSession();
      // The connection ends with the app, which may be before the answer.
      await session.send("Browser.close").catch(() => undefined);
      return ended;
    };
    return { page, quit, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function untilDebuggable(stderr: NodeJS.ReadableStream, ended: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const match = /DevTools listening on (ws:\S+)/.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    void ended.then((code) => reject(new Error(`the app ended with ${code}: ${text}`)));
  });
}
