import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { buildWhatIsStale } from "../../services/build/build.mjs";
import { prepareElectronRuntime } from "../../services/build/electron-runtime.mjs";
import { descendants, isRunning } from "#testing/parley-process";
import { createHome } from "../worlds/world";
import { openDesktop, type Desktop } from "./desktop";

interface WorkerFixtures {
  /** One window for all tests of the file, as a person would have it. */
  desktop: Desktop;
}

const test = base.extend<object, WorkerFixtures>({
  desktop: [
    async ({}, use) => {
      const program = await prepareElectronRuntime();
      await buildWhatIsStale();
      const home = createHome();
      home.hear({ leadMs: 1200, tailMs: 20_000 });
      const desktop = await openDesktop({ program, home });
      await use(desktop);
      await desktop.close();
      home.remove();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const reason = await prepareElectronRuntime().then(
    () => "",
    (error: unknown) => String(error),
  );
  if (reason !== "") process.stdout.write(`skipped: ${reason}\n`);
  test.skip(reason !== "", reason);
});

test("the page has no Node, and a bridge that it cannot change", async ({ desktop: { page } }) => {
  const seen = await page.evaluate(() => ({
    node: ["require", "process", "module", "Buffer", "global"].filter((name) => name in window),
    isFrozen: Object.isFrozen((window as unknown as { parley: object }).parley),
    bridge: Object.keys((window as unknown as { parley: object }).parley),
  }));
  expect(seen).toEqual({
    node: [],
    isFrozen: true,
    bridge: ["launch", "connection", "report", "settings", "changeSettings", "onEvent"],
  });
});

test("the page leads nowhere else", async ({ desktop: { page } }) => {
  await page.evaluate(() => Object.assign(window, { wasHereBefore: true }));
  for (const url of [
    "https://example.invalid/",
    "file:///etc/hostname",
    "app://other/index.html",
    "data:text/html,x",
  ]) {
    await page.evaluate((target) => void (location.href = target), url);
  }
  await page.evaluate(() => {
    const link = Object.assign(document.createElement("a"), { href: "https://example.invalid/", target: "_top" });
    document.body.append(link);
    link.click();
    link.remove();
  });
  await page.waitForTimeout(300);
  const where = await page.evaluate(() => ({ url: location.href, isSame: "wasHereBefore" in window }));
  expect(where).toEqual({ url: "app://bundle/index.html", isSame: true });
  // Playwright would go on waiting for the addresses that were refused.
  await page.reload();
});

test("there is no second window", async ({ desktop: { app, page } }) => {
  const opened = await page.evaluate(() => [
    window.open("https://example.invalid/"),
    window.open("app://bundle/index.html", "_blank"),
  ]);
  expect(opened).toEqual([null, null]);
  expect(app.windows()).toHaveLength(1);
});

test("the microphone is allowed; camera, place, notifications and screen are refused", async ({
  desktop: { page },
}) => {
  const answers = await page.evaluate(async () => {
    const nameOf = (error: unknown): string => (error as Error).name;
    const media = (wanted: MediaStreamConstraints) =>
      navigator.mediaDevices.getUserMedia(wanted).then((stream) => stream.getTracks().map(({ kind }) => kind), nameOf);
    return {
      microphone: await media({ audio: true }),
      camera: await media({ video: true }),
      both: await media({ audio: true, video: true }),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(resolve, (error) => resolve(error.code)),
      ),
      notifications: await Notification.requestPermission(),
      screen: await navigator.mediaDevices.getDisplayMedia().then(() => "given", nameOf),
    };
  });
  expect(answers).toEqual({
    microphone: ["audio"],
    camera: "NotAllowedError",
    both: "NotAllowedError",
    place: 1,
    notifications: "denied",
    screen: expect.stringMatching(/Error$/),
  });
});

test("the page's policy stops foreign code, frames and connections", async ({ desktop: { page } }) => {
  const broken = await page.evaluate(async () => {
    const directives = new Set<string>();
    document.addEventListener("securitypolicyviolation", (event) => directives.add(event.effectiveDirective));
    const add = (name: "script" | "iframe" | "style", properties: object): void =>
      document.body.append(Object.assign(document.createElement(name), properties));
    add("script", { textContent: "window.wasRun = true" });
    add("script", { src: "https://example.invalid/x.js" });
    add("style", { textContent: "body { color: red }" });
    add("iframe", { src: "https://example.invalid/" });
    await fetch("https://example.invalid/").catch(() => undefined);
    await fetch("http://127.0.0.1:9/").catch(() => undefined);
    new WebSocket("ws://127.0.0.1:9/").onerror = () => undefined;
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Only now: Playwright lets its own call generate code until it first waits.
    let evaluated = "ran";
    try {
      (0, eval)("1");
    } catch (error) {
      evaluated = (error as Error).name;
    }
    await new Promise((resolve) => setTimeout(resolve));
    return { directives: [...directives].sort(), evaluated, wasRun: "wasRun" in window };
  });
  expect(broken).toEqual({
    directives: ["connect-src", "frame-src", "script-src", "script-src-elem", "style-src-elem"],
    evaluated: "EvalError",
    wasRun: false,
  });
});

test("the bridge answers only the window's own page, and only in its own shape", async ({
  desktop: { app, connection },
}) => {
  expect((await connection()).url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/);
  const foreign = await app.evaluate(async ({ app: main, BrowserWindow }) => {
    const preload = `${main.getAppPath()}/dist/electron/preload.cjs`;
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await window.loadURL("app://bundle/index.html");
    const answer: unknown = await window.webContents.executeJavaScript(
      "window.parley.connection().then(() => 'answered', (error) => String(error))",
    );
    window.destroy();
    return answer;
  });
  expect(foreign).toContain("This page may not talk to Parley.");
});

test("menu and tray act on the conversation, and show how it stands", async ({ desktop: { app, page, parley } }) => {
  await page.reload();
  const items = () =>
    app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()
        ?.items.find(({ id }) => id === "talk")
        ?.submenu?.items.map(({ label, enabled, checked }) => ({ label: label.replace("&", ""), enabled, checked })),
    );
  const press = (id: string) =>
    app.evaluate(({ Menu }, name) => Menu.getApplicationMenu()?.getMenuItemById(name)?.click(), id);
  await press("toggle-talk");
  await expect(parley.status).toHaveText("Listening");
  await press("toggle-mute");
  await expect(parley.status).toHaveText("Microphone muted");
  await press("toggle-pause");
  await expect(parley.status).toHaveText("Paused");
  await expect.poll(items).toEqual([
    { label: "Stop talking", enabled: true, checked: false },
    { label: "Mute", enabled: true, checked: true },
    { label: "Pause", enabled: true, checked: true },
    { label: "Stop speaking", enabled: true, checked: false },
  ]);
  await press("toggle-talk");
  await expect(parley.status).toHaveText("Conversation ended");
});

test("the shortcut works in every program, and it is said when another has its keys", async ({ desktop }) => {
  const { app, page, parley } = desktop;
  await desktop.pressKeys("ctrl+shift+space");
  await expect(parley.status).toHaveText("Listening");
  await desktop.pressKeys("ctrl+shift+space");
  await expect(parley.status).toHaveText("Conversation ended");
  await app.evaluate(({ globalShortcut }) => globalShortcut.register("F9", () => undefined));
  await page.getByRole("link", { name: "Settings" }).click();
  const keys = page.getByRole("textbox", { name: "Keys to start and stop talking" });
  await expect(keys).toHaveValue("Ctrl+Shift+Space");
  await keys.fill("F9");
  await keys.press("Enter");
  await expect(page.getByText("Another program or the system has these keys.")).toBeVisible();
  await keys.fill("Ctrl+Nonsense");
  await keys.press("Enter");
  await expect(page.getByText("There are no such keys.")).toBeVisible();
  await page.getByRole("link", { name: "Talk" }).click();
});

test("a start at login is what the system's own folder says", async ({ desktop: { app, page, parley } }) => {
  const appData = await app.evaluate(({ app: main }) => main.getPath("appData"));
  const entry = path.join(appData, "autostart/parley.desktop");
  await parley.goTo("Settings");
  const login = page.getByRole("switch", { name: "Start Parley at login" });
  await login.check();
  await expect.poll(() => existsSync(entry) && readFileSync(entry, "utf8")).toContain("Exec=");
  await page.reload();
  await expect(login).toBeChecked();
  await login.uncheck();
  await expect.poll(() => existsSync(entry)).toBe(false);
  await parley.goTo("Talk");
});

test("sleep halts the conversation, waking goes on", async ({ desktop: { app, parley } }) => {
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit("suspend"));
  await expect(parley.status).toHaveText("Paused");
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit("resume"));
  await expect(parley.status).not.toHaveText("Paused");
  await parley.stopButton.click();
});

test("a second start ends at once and shows the window that is there", async ({ desktop }) => {
  const isVisible = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect(await isVisible()).toBe(false);
  expect(await desktop.startAgain()).toBe(0);
  await expect.poll(isVisible).toBe(true);
  expect(desktop.app.windows()).toHaveLength(1);
});

test("a frame inside the window's own page cannot ask, not even with the bridge in it", async ({ desktop }) => {
  const page = await reopenWithBridgeInFrames(desktop);
  const answers = await page.evaluate(async () => {
    type Bridged = Window & { parley?: { connection(): Promise<unknown> } };
    const ask = (asked: Bridged | null): Promise<string> | undefined =>
      asked?.parley?.connection().then(
        () => "answered",
        (error: unknown) => String(error),
      );
    const frame = Object.assign(document.createElement("iframe"), { srcdoc: "<p>A frame</p>" });
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    document.body.append(frame);
    await loaded;
    return { page: await ask(window), frame: await ask(frame.contentWindow) };
  });
  expect(answers).toEqual({ page: "answered", frame: expect.stringContaining("This page may not talk to Parley.") });
});

/**
 * Parley opens its window anew, and Electron puts the bridge into the frames of its page too. Parley never asks for
 * that: without it a frame has nothing to ask with, and whether it would be answered could not be seen.
 */
async function reopenWithBridgeInFrames({ app }: Desktop): Promise<Page> {
  // The last window ends Parley.
  const open = () => app.evaluate(({ BrowserWindow }) => new BrowserWindow({ show: false }).loadURL("about:blank"));
  await Promise.all([app.waitForEvent("window"), open()]);
  const reopen = () =>
    app.evaluate(({ app: main, BrowserWindow }) => {
      const windows = BrowserWindow.getAllWindows();
      Object.assign(Object.prototype, { nodeIntegrationInSubFrames: true });
      windows.find(({ webContents }) => webContents.getURL().startsWith("app:"))?.destroy();
      main.emit("activate");
      Reflect.deleteProperty(Object.prototype, "nodeIntegrationInSubFrames");
      windows.find((window) => !window.isDestroyed())?.destroy();
    });
  const [page] = await Promise.all([app.waitForEvent("window"), reopen()]);
  return page;
}

test("quitting leaves no process behind, within 3 s", async ({ desktop }) => {
  const pids = [desktop.pid, ...descendants(desktop.pid)];
  expect(pids.length).toBeGreaterThan(5);
  const startMs = performance.now();
  await desktop.app.close();
  expect(performance.now() - startMs).toBeLessThan(3_000);
  await expect.poll(() => pids.filter(isRunning), { timeout: 1_000 }).toEqual([]);
});
