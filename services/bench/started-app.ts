import { spawn } from "node:child_process";
import { createDeferred } from "#core/lifecycle/deferred";

export interface StartedApp {
  /** What `npm start` printed, without the fragment: `http://127.0.0.1:<port>/`. */
  pageUrl: string;
  token: string;
  /** Asks it to end and waits for that. */
  stop(): Promise<void>;
}

/** Address and token in what has been printed so far. */
export function findPageAddress(printed: string): { pageUrl: string; token: string } | undefined {
  const [, pageUrl, token] = /(http:\/\/127\.0\.0\.1:\d+\/)#token=([^\s]+)\s/.exec(printed) ?? [];
  return pageUrl === undefined || token === undefined ? undefined : { pageUrl, token };
}

/** `npm start` for a browser, in a process group of its own; resolves as soon as it prints where its page is. */
export async function startApp(folder: string): Promise<StartedApp> {
  const child = spawn("npm", ["start", "--", "--browser"], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const address = createDeferred<{ pageUrl: string; token: string }>();
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    const found = findPageAddress(printed);
    if (found !== undefined) address.resolve(found);
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      address.reject(error);
      resolve();
    });
    child.once("close", () => {
      address.reject(new Error(`npm start ended before it printed an address: ${complaints.trim()}`));
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGTERM");
    await ended;
  };
  return { ...(await address.promise), stop };
}
