import { describe, expect, it } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { createDeferred } from "#core/lifecycle/deferred";
import { openWindow, startElectron } from "./open-window";
import type { ElectronEnd } from "./why-it-ended";

function setUp() {
  const listeners = { line: (_line: string) => {}, end: (_end: ElectronEnd) => {} };
  const clock = new FakeClock();
  const stopping = createDeferred<void>();
  const kills: string[] = [];
  const opened = openWindow({
    clock,
    stopped: stopping.promise,
    start: () => ({
      onLine: (listener) => void (listeners.line = listener),
      onEnd: (listener) => void (listeners.end = listener),
      kill: (signal) => void kills.push(signal),
    }),
  });
  const end = (outcome: Partial<ElectronEnd>): void =>
    listeners.end({ code: null, signal: null, stderr: "", ...outcome });
  const open = (): void => listeners.line("Parley's window is open.");
  return { opened, clock, kills, end, open, stop: () => stopping.resolve() };
}

describe("opening the window", () => {
  it("is done when Electron says so, and tells when it was closed", async () => {
    const { opened, open, end } = setUp();
    open();
    const window = await opened;
    end({ code: 0 });
    expect(window.type === "open" && (await window.ended)).toBeUndefined();
    expect(window.type).toBe("open");
  });

  it("tells why it ended badly after it was open", async () => {
    const { opened, open, end } = setUp();
    open();
    const window = await opened;
    end({ signal: "SIGKILL" });
    expect(window.type === "open" && (await window.ended)).toBe("Electron was ended by SIGKILL");
  });

  it("was left to a Parley that runs already when Electron ends well at once", async () => {
    const { opened, end } = setUp();
    end({ code: 0 });
    expect(await opened).toEqual({ type: "shown" });
  });

  it("gives up, and leaves nothing running, when no window comes", async () => {
    const { opened, clock, kills } = setUp();
    clock.advanceMs(20_000);
    expect(await opened).toEqual({ type: "failed", reason: "no window opened within 20 s" });
    expect(kills).toEqual(["SIGKILL"]);
  });

  it("can be stopped before the window is there", async () => {
    const { opened, stop, kills, end } = setUp();
    stop();
    await Promise.resolve();
    end({ signal: "SIGTERM" });
    expect(await opened).toEqual({ type: "stopped" });
    expect(kills).toEqual(["SIGTERM"]);
  });

  it.each([
    [
      {
        code: 127,
        stderr: "electron: error while loading shared libraries: libgtk-3.so.0: cannot open shared object file",
      },
      "the system library libgtk-3.so.0 is missing",
    ],
    [{ code: 127 }, "a system library is missing"],
    [
      {
        code: 133,
        stderr: "[1:FATAL:electron_main_delegate.cc(288)] Running as root without --no-sandbox is not supported.",
      },
      "Electron does not run as root without --no-sandbox",
    ],
    [
      { signal: "SIGTRAP", stderr: "[1:FATAL] No usable sandbox! If you" },
      "this system keeps Electron's sandbox from working",
    ],
    [{ code: 139 }, "the display could not be opened"],
    [{ signal: "SIGSEGV" }, "the display could not be opened"],
    [
      { code: 1, stderr: "[9:ERROR:ozone_platform_x11.cc] Missing X server or $DISPLAY" },
      "the display could not be opened",
    ],
    [{ code: 1, stderr: "[9:1/2:ERROR:x.cc(3)] Something failed\n    at foo (x.js:1:1)" }, "Something failed"],
    [{ code: 5 }, "Electron ended with 5"],
  ])("that failed with %o is explained in a few words", async (outcome, reason) => {
    const { opened, end } = setUp();
    end(outcome);
    expect(await opened).toEqual({ type: "failed", reason });
  });

  it("with a program that cannot be started is a reason too", async () => {
    const options = { program: "/no/such/electron", args: [], env: {}, onLogLine: () => {} };
    const stopped = new Promise<void>(() => {});
    const window = await openWindow({ clock: new FakeClock(), stopped, start: () => startElectron(options) });
    expect(window).toEqual({ type: "failed", reason: "spawn /no/such/electron ENOENT" });
  });
});
