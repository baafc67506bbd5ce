import { describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import type { SettingsState } from "#contracts/settings/user-settings";
import { silentLogger } from "#core/ports/logger";
import {
  createFakeSettingsFile,
  forgetfulSecrets,
  reversingSecrets,
  usualSettings,
  type FakeSettingsFile,
} from "#testing/fake-settings";
import { openSettings } from "./settings-keeper";

const ENDPOINT = { kind: "endpoint", url: "http://127.0.0.1:11434/v1", model: "" } as const;

async function open(file: FakeSettingsFile = createFakeSettingsFile(), secrets = reversingSecrets) {
  return openSettings({ file, secrets, configured: usualSettings, fixed: {}, fixedBy: {}, log: silentLogger });
}

describe("what holds", () => {
  it("is the configuration while the person has chosen nothing", async () => {
    const keeper = await open();
    expect(await keeper.read()).toMatchObject({ settings: usualSettings, secretKeeping: "keyring" });
  });

  it("is the person's choice over the configuration, also after the next start", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    await keeper.change({ voice: "flite-kal" });
    expect(file.kept?.settings).toEqual({ voice: "flite-kal" });
    const again = await open(file);
    expect((await again.read()).settings).toEqual({ ...usualSettings, voice: "flite-kal" });
  });

  it("tells of a damaged file until something is saved", async () => {
    const keeper = await open(createFakeSettingsFile(undefined, "set aside as X"));
    expect((await keeper.read()).notice).toBe("set aside as X");
    expect((await keeper.change({ voice: "tone" })).notice).toBeUndefined();
  });
});

describe("a change", () => {
  it("is told to all who listen, once it is kept", async () => {
    const keeper = await open();
    const told: SettingsState[] = [];
    const listening = keeper.onChange((state) => told.push(state));
    await Promise.all([keeper.change({ voice: "tone" }), keeper.change({ turnPreset: "quick" })]);
    listening.dispose();
    await keeper.change({ voice: "flite-slt" });
    expect(told.map(({ settings }) => [settings.voice, settings.turnPreset])).toEqual([
      ["tone", "balanced"],
      ["tone", "quick"],
    ]);
  });

  it("can forget what was chosen, so that the configuration holds again", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    await keeper.change({ voice: "tone", turnPreset: "quick" });
    expect((await keeper.change({ reset: ["voice"] })).settings).toEqual({ ...usualSettings, turnPreset: "quick" });
    expect(file.kept?.settings).toEqual({ turnPreset: "quick" });
  });

  it("that cannot be kept changes nothing", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    file.failWith = new AppError("file-unreadable");
    await expect(keeper.change({ voice: "tone", brainApiKey: "" })).rejects.toMatchObject({ code: "file-unreadable" });
    expect((await keeper.read()).settings.voice).toBe("flite-slt");
    file.failWith = undefined;
    expect((await keeper.change({ turnPreset: "patient" })).settings.voice).toBe("flite-slt");
  });

  it("to an endpoint needs its address", async () => {
    const keeper = await open();
    await expect(keeper.change({ brain: { ...ENDPOINT, url: "" } })).rejects.toMatchObject({ code: "bad-config" });
  });
});

describe("another Redis", () => {
  const REDIS = { url: "redis://redis.lan:6379", caFile: "" };

  it("is moved to before it is kept; what cannot be moved to is not kept", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    const moves: SettingsState[] = [];
    let failure: AppError | undefined = new AppError("redis-auth-failed");
    keeper.attach({
      useRedis(state) {
        moves.push(state);
        return failure === undefined ? Promise.resolve() : Promise.reject(failure);
      },
    });
    await expect(keeper.change({ redis: REDIS, redisPassword: "wrong" })).rejects.toMatchObject({
      code: "redis-auth-failed",
    });
    expect(file.kept).toBeUndefined();
    failure = undefined;
    await keeper.change({ redis: REDIS, redisPassword: "right" });
    await keeper.change({ voice: "tone" });
    expect(moves.map(({ redisPassword }) => redisPassword)).toEqual(["wrong", "right"]);
    expect(file.kept?.settings.redis).toEqual(REDIS);
  });

  it("a password in its address is taken out and sealed", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    const state = await keeper.change({ redis: { ...REDIS, url: "redis://me:p%40ss@redis.lan:6379/2" } });
    expect(state).toMatchObject({ settings: { redis: { url: "redis://me@redis.lan:6379/2" } }, redisPassword: "p@ss" });
    expect(JSON.stringify(file.kept)).not.toContain("p@ss");
  });

  it("its password goes to no other server", async () => {
    const keeper = await open();
    await keeper.change({ redis: REDIS, redisPassword: "right" });
    const elsewhere = await keeper.change({ redis: { ...REDIS, url: "redis://elsewhere.lan:6379" } });
    expect(elsewhere.redisPassword).toBeUndefined();
  });

  it("that cannot be written down is left again", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    const moves: string[] = [];
    keeper.attach({ useRedis: ({ settings }) => Promise.resolve(void moves.push(settings.redis.url)) });
    file.failWith = new AppError("file-unreadable");
    await expect(keeper.change({ redis: REDIS })).rejects.toMatchObject({ code: "file-unreadable" });
    expect(moves).toEqual([REDIS.url, ""]);
  });

  it("is refused while the environment names one", async () => {
    const fixedBy = { redis: "REDIS_URL" };
    const file = createFakeSettingsFile();
    const keeper = await openSettings({
      file,
      secrets: reversingSecrets,
      configured: usualSettings,
      fixed: {},
      fixedBy,
      log: silentLogger,
    });
    await expect(keeper.change({ redis: REDIS })).rejects.toMatchObject({ code: "setting-fixed" });
    expect((await keeper.read()).fixedBy).toEqual(fixedBy);
  });

  it.each(["redis.lan", "http://redis.lan", "redis://"])("%j is no address of one", async (url) => {
    const keeper = await open();
    await expect(keeper.change({ redis: { url, caFile: "" } })).rejects.toMatchObject({ code: "bad-config" });
  });
});

describe("the brain's key", () => {
  it("is written down sealed, and known again after the next start", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    await keeper.change({ brain: ENDPOINT, brainApiKey: "sk-secret" });
    expect(JSON.stringify(file.kept)).not.toContain("sk-secret");
    expect((await (await open(file)).read()).brainApiKey).toBe("sk-secret");
  });

  it("is for the endpoint it was entered for, and for no other", async () => {
    const keeper = await open();
    await keeper.change({ brain: ENDPOINT, brainApiKey: "sk-secret" });
    expect((await keeper.change({ brain: { ...ENDPOINT, model: "qwen3" } })).brainApiKey).toBe("sk-secret");
    const elsewhere = await keeper.change({ brain: { ...ENDPOINT, url: "https://elsewhere.test/v1" } });
    expect(elsewhere.brainApiKey).toBeUndefined();
    expect((await keeper.change({ brain: ENDPOINT })).brainApiKey).toBe("sk-secret");
  });

  it("can be forgotten, and needs an endpoint", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    await expect(keeper.change({ brainApiKey: "sk-secret" })).rejects.toMatchObject({ code: "bad-config" });
    await keeper.change({ brain: ENDPOINT, brainApiKey: "sk-secret" });
    expect((await keeper.change({ brainApiKey: "" })).brainApiKey).toBeUndefined();
    expect(file.kept?.secrets).toEqual({});
  });

  it("is known for this run alone where there is no keyring, and said to be lost after it", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file, forgetfulSecrets);
    const state = await keeper.change({ brain: ENDPOINT, brainApiKey: "sk-secret" });
    expect(state).toMatchObject({ brainApiKey: "sk-secret", secretKeeping: "none" });
    expect((await keeper.change({ voice: "tone" })).brainApiKey).toBe("sk-secret");
    expect(file.kept?.secrets).toEqual({});
    expect((await (await open(file, forgetfulSecrets)).read()).brainApiKey).toBeUndefined();
  });

  it("sealed elsewhere is kept as it is and asked for anew", async () => {
    const secrets = { brainApiKey: { form: "encrypted", value: "x", origin: "http://127.0.0.1:11434" } } as const;
    const file = createFakeSettingsFile({ version: 1, settings: { brain: ENDPOINT }, secrets });
    const keeper = await open(file, forgetfulSecrets);
    expect((await keeper.read()).notice).toContain("enter it again");
    await keeper.change({ voice: "tone" });
    expect(file.kept?.secrets).toEqual(secrets);
  });
});

describe("the mode", () => {
  it("is carried out before it is kept, and taken back when it cannot be kept", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    const modes: string[] = [];
    keeper.attach({ useMode: ({ settings }) => Promise.resolve(void modes.push(settings.mode)) });
    await keeper.change({ mode: "client" });
    file.failWith = new AppError("file-unreadable");
    await expect(keeper.change({ mode: "worker" })).rejects.toMatchObject({ code: "file-unreadable" });
    expect(modes).toEqual(["client", "worker", "client"]);
    expect((await keeper.read()).settings.mode).toBe("client");
  });

  it("of the command line wins, is not kept, and cannot be changed", async () => {
    const file = createFakeSettingsFile({ version: 1, settings: { mode: "client" }, secrets: {} });
    const keeper = await openSettings({
      file,
      secrets: reversingSecrets,
      configured: usualSettings,
      fixed: { mode: "worker" },
      fixedBy: { mode: "--mode" },
      log: silentLogger,
    });
    expect((await keeper.read()).settings.mode).toBe("worker");
    await expect(keeper.change({ mode: "full" })).rejects.toMatchObject({ code: "setting-fixed" });
    await keeper.change({ voice: "tone" });
    expect(file.kept?.settings).toEqual({ mode: "client", voice: "tone" });
  });
});

describe("the first run", () => {
  it("lasts until something is kept, be it nothing", async () => {
    const file = createFakeSettingsFile();
    const keeper = await open(file);
    expect((await keeper.read()).isFirstRun).toBe(true);
    expect((await keeper.change({})).isFirstRun).toBe(false);
    expect((await (await open(file)).read()).isFirstRun).toBe(false);
  });

  it("is no matter of a damaged file", async () => {
    const keeper = await open(createFakeSettingsFile(undefined, "set aside as X"));
    expect((await keeper.read()).isFirstRun).toBe(false);
  });
});
