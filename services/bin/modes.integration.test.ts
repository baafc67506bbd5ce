import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { ADMIN_PROTOCOL_NAME, type FleetSnapshot, type SettingsView } from "#contracts/protocol/admin";
import { AdminClient } from "#core/client/admin-client";
import { SessionClient } from "#core/client/session-client";
import { commandLine, descendants, runParley, type ParleyRun } from "#testing/parley-process";

const TOKEN = "modes-test-token";
const WAIT = { timeout: 20_000, interval: 50 };

let run: ParleyRun;
let admin: AdminClient;
let url: string;

async function start(...args: string[]): Promise<void> {
  run = runParley(["start", "--browser", "--port", "0", ...args], { env: { PARLEY_TOKEN: TOKEN } });
  const [, port] = await run.printed(/http:\/\/127\.0\.0\.1:(\d+)\/#token=/);
  url = `ws://127.0.0.1:${port}/`;
  admin = new AdminClient({ connect: createWsConnector(url, ADMIN_PROTOCOL_NAME), clock: systemClock });
  admin.start({ token: TOKEN });
}

afterEach(async () => {
  admin.close();
  await run.stop();
});

function parts(): string[] {
  const names = descendants(run.pid).map((pid) => /(orchestrator|desk|tts-worker)\.js/.exec(commandLine(pid))?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** Settings once the front that is meant answers. */
async function settingsWhere(fits: (view: SettingsView) => boolean): Promise<SettingsView> {
  return vi.waitFor(async () => {
    const view = await admin.call("settings-get", {});
    if (!fits(view)) throw new Error("not yet");
    return view;
  }, WAIT);
}

async function ownWorkerOf(): Promise<FleetSnapshot["workers"]> {
  let fleet: FleetSnapshot | undefined;
  const watching = admin.watch(["fleet"], (news) => {
    if (news.type === "fleet") fleet = news.fleet;
  });
  const found = await vi.waitFor(() => {
    const own = fleet?.workers.filter(({ name, isLive }) => isLive && name === fleet?.ownWorker) ?? [];
    if (own.length === 0) throw new Error("not yet");
    return own;
  }, WAIT);
  watching.dispose();
  return found;
}

describe("the mode", () => {
  it("changes while Parley runs: a conversation outlives what does not concern it, and a worker holds none", async () => {
    await start();
    expect(parts()).toEqual(["orchestrator", "tts-worker"]);
    const session = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
    await session.start({ token: TOKEN, sampleRateHz: 16_000 });

    expect((await admin.call("settings-set", { mode: "client" })).settings.mode).toBe("client");
    expect(parts()).toEqual(["orchestrator"]);
    expect(session.connection.type).toBe("open");
    await admin.call("settings-set", { mode: "full" });
    expect(parts()).toEqual(["orchestrator", "tts-worker"]);
    expect(session.connection.type).toBe("open");

    expect((await admin.call("settings-set", { mode: "worker" })).settings.mode).toBe("worker");
    await settingsWhere(({ isWorkerOnly }) => isWorkerOnly);
    expect(parts()).toEqual(["desk", "tts-worker"]);
    expect(await ownWorkerOf()).toMatchObject([{ state: "ready", info: { address: expect.stringMatching(/^127/) } }]);
    expect(session.connection.type).toBe("ended");
    const refused = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
    await expect(refused.start({ token: TOKEN, sampleRateHz: 16_000 })).rejects.toMatchObject({ code: "worker-only" });

    await admin.call("settings-set", { mode: "full" });
    await settingsWhere(({ isWorkerOnly }) => !isWorkerOnly);
    expect(parts()).toEqual(["orchestrator", "tts-worker"]);
  });

  it("of the command line holds, is said, and cannot be changed", async () => {
    await start("--mode", "client");
    expect(run.stdout).toContain("with the voices of your fleet alone");
    expect(parts()).toEqual(["orchestrator"]);
    const { settings, fixedBy } = await admin.call("settings-get", {});
    expect([settings.mode, fixedBy.mode]).toEqual(["client", "--mode"]);
    await expect(admin.call("settings-set", { mode: "full" })).rejects.toMatchObject({ code: "setting-fixed" });
    const session = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
    const { banner } = await session.start({ token: TOKEN, sampleRateHz: 16_000 });
    expect(banner).toContain("No worker of your fleet is ready");
    session.bye();
    await expect(admin.call("voice-preview", { voice: "flite-slt" })).rejects.toMatchObject({ code: "no-worker" });
  });
});
