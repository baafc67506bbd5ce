import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { WebSocket } from "ws";
import { counters, gauges, histograms, workerGauges } from "#contracts/metrics";
import { wordErrors } from "#core/text/word-error-rate";
import { startFakeOpenAiServer } from "#testing/fake-openai-server";
import { lettersOf, spokenWords } from "#testing/heard-words";
import {
  agentTurnEnds,
  createConverse,
  errorCodes,
  startApp,
  testFolder,
  userClip,
  userTexts,
} from "#testing/parley-app";
import { descendants, findEntryPid, isRunning } from "#testing/parley-process";

const converse = createConverse({ connectTo: createWsConnector, clock: systemClock });

describe("the app", () => {
  it("tells health, readiness and figures, and serves only its own hosts", async () => {
    const app = await startApp();
    const base = app.url.replace("ws:", "http:");
    expect((await fetch(`${base}healthz`)).status).toBe(200);
    expect(await (await fetch(`${base}readyz`)).json()).toEqual({ status: "ready", reasons: [] });
    expect(await (await fetch(`${base}metrics`)).text()).toContain("parley_workers_ready 1");
    expect((await fetch(`${base}../../etc/passwd`)).status).toBe(404);
    expect((await fetch(`${base}healthz`, { headers: { origin: "https://evil.example" } })).status).toBe(403);
    const page = await fetch(base);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("[TT34] the only worker killed in mid-sentence: it is started again, and the sentence is heard to its end", async () => {
    const app = await startApp();
    let hasKilled = false;
    const { events } = await converse(app, {
      onEvent: (event) => {
        if (event.type !== "agent-playout-start" || hasKilled) return;
        hasKilled = true;
        process.kill(findEntryPid(app.run.pid, "tts-worker"), "SIGKILL");
      },
    });
    expect(hasKilled).toBe(true);
    expect(errorCodes(events)).toEqual([]);
    expect(agentTurnEnds(events).map((end) => end.reason)).toEqual(["completed"]);
    expect(lettersOf(spokenWords(events).join(""))).toBe(lettersOf(agentTurnEnds(events)[0]?.heardText ?? ""));
    const metrics = await (await fetch(`${app.url.replace("ws:", "http:")}metrics`)).text();
    for (const name of [...Object.keys(counters), ...Object.keys(gauges)]) expect(metrics).toMatch(`\n${name} `);
    for (const name of Object.keys(workerGauges)) expect(metrics).toContain(`\n# TYPE ${name} gauge\n`);
    expect(metrics).toMatch(/^parley_worker_capacity\{worker=".+"\} 8$/m);
    // Nothing was said over the agent.
    const { parley_overlap_reaction_ms: _, ...fed } = histograms;
    for (const name of Object.keys(fed)) expect(metrics).toMatch(new RegExp(`^${name}_count [1-9]`, "m"));
    expect(metrics).toMatch(/^parley_failovers_total [1-9]/m);
  });

  it("ears killed while the user speaks: the utterance is decoded again, and answered", async () => {
    const app = await startApp();
    let hasKilled = false;
    const { events } = await converse(app, {
      onEvent: (event) => {
        if (event.type !== "user-transcript-delta" || hasKilled) return;
        hasKilled = true;
        process.kill(findEntryPid(app.run.pid, "ears"), "SIGKILL");
      },
    });
    expect(hasKilled).toBe(true);
    expect(wordErrors(userClip.reference, userTexts(events)).errors).toBeLessThanOrEqual(2);
    expect(agentTurnEnds(events).at(-1)?.reason).toBe("completed");
  });

  it("the private redis killed during an answer: the answer is heard to its end, and the next one too", async () => {
    const app = await startApp();
    let hasKilled = false;
    const first = await converse(app, {
      onEvent: (event) => {
        if (event.type !== "agent-playout-start" || hasKilled) return;
        hasKilled = true;
        const redis = descendants(app.run.pid).find((pid) =>
          readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("redis-server"),
        );
        process.kill(redis ?? -1, "SIGKILL");
      },
    });
    expect(hasKilled).toBe(true);
    expect(agentTurnEnds(first.events).at(-1)?.reason).toBe("completed");
    const second = await converse(app);
    expect(agentTurnEnds(second.events).at(-1)?.reason).toBe("completed");
  });

  it("without redis-server and without a way to fetch one it talks all the same, and says what does not work", async () => {
    const app = await startApp({ PARLEY_REDIS_FOLDERS: "/nonexistent", PARLEY_NO_FETCH: "1" });
    await app.run.printed(/Workers on other machines cannot join/);
    const { events } = await converse(app);
    expect(agentTurnEnds(events).at(-1)?.reason).toBe("completed");
  });

  it("stops within its time, with all its parts", async () => {
    const app = await startApp();
    const parts = descendants(app.run.pid);
    expect(parts.length).toBeGreaterThanOrEqual(4);
    app.run.process.kill("SIGTERM");
    expect(await app.run.ended).toBe(0);
    expect(parts.filter(isRunning)).toEqual([]);
  });
});

it("[P2] a message of more than 1 MiB closes its connection and nothing else", async () => {
  const app = await startApp();
  const socket = new WebSocket(app.url, "parley.v1");
  const code = await new Promise<number>((resolve) => {
    socket.on("open", () => socket.send("x".repeat(1024 * 1024 + 1)));
    socket.on("error", () => undefined);
    socket.on("close", resolve);
  });
  expect(code).toBe(1009);
  expect((await fetch(`${app.url.replace("ws:", "http:")}healthz`)).status).toBe(200);
});

describe("a brain that fails", () => {
  it("is apologised for aloud, reported, and the session lives", async () => {
    const server = await startFakeOpenAiServer();
    const config = path.join(testFolder, "endpoint.yaml");
    writeFileSync(config, `brain:\n  kind: endpoint\n  endpoint:\n    url: ${server.baseUrl}\n    model: test\n`);
    const app = await startApp({}, config);
    server.answer({ type: "status", status: 500 });
    const failed = await converse(app);
    expect(errorCodes(failed.events)).toEqual(["brain-failed"]);
    expect(agentTurnEnds(failed.events).at(-1)?.heardText).toMatch(/^Sorry/);
    server.answer({ type: "stream", deltas: ["All ", "is ", "well."] });
    const well = await converse(app);
    expect(agentTurnEnds(well.events).at(-1)?.heardText).toBe("All is well.");
    await server.close();
  });
});
