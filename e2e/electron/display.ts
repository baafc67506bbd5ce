import { spawn } from "node:child_process";

export interface VirtualDisplay {
  /** For the DISPLAY variable. */
  name: string;
  close(): Promise<void>;
}

/** A display without a screen, on a number that is free. */
export async function openVirtualDisplay(): Promise<VirtualDisplay> {
  const args = ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"];
  const server = spawn("Xvfb", args, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const number = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdout.once("data", (data: Buffer) => resolve(data.toString("utf8").trim()));
  });
  return {
    name: `:${number}`,
    close: async () => {
      server.kill();
      await exited;
    },
  };
}
