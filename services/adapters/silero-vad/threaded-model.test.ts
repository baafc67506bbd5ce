import { describe, expect, it } from "vitest";
import { startSileroThread } from "./threaded-model";

/** A thread that runs this program, in which `post` answers and `onMessage` is called with each request. */
const threadOf = (program: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort } from "node:worker_threads";
       const post = (message) => parentPort.postMessage(message);
       ${program}`,
    )}`,
  );
const start = (program: string) => startSileroThread({ modelPath: "/models/vad.onnx", threadUrl: threadOf(program) });
const input = new Float32Array(576);
const state = new Float32Array(256);

describe("the thread of the voice activity model", () => {
  it("that ends by itself fails what waits, and the next run starts another", async () => {
    const model = await start(`
      parentPort.on("message", ({ type, requestId, values }) => {
        if (type === "end") parentPort.close();
        else if (values[0] === 1) process.exit(3);
        else post({ type: "done", requestId, values: new Float32Array([0.25, 7]) });
      });
      post({ type: "ready" });`);
    await expect(model.run(Float32Array.of(1), state)).rejects.toMatchObject({ code: "internal" });
    expect(await model.run(input, state)).toEqual({ speechProbability: 0.25, state: Float32Array.of(7) });
    model.dispose();
  });

  it("that throws is mourned once: what the next one was asked is answered", async () => {
    const model = await start(`
      parentPort.on("message", ({ type, requestId, values }) => {
        if (type === "end") parentPort.close();
        else if (values[0] === 1) throw new Error("out of memory");
        else setTimeout(() => post({ type: "done", requestId, values: new Float32Array([0.5]) }), 300);
      });
      post({ type: "ready" });`);
    const next = model.run(Float32Array.of(1), state).catch(() => model.run(input, state));
    expect((await next).speechProbability).toBe(0.5);
    model.dispose();
  });

  it("that cannot load the model says model-missing, and is not started again", async () => {
    await expect(start(`post({ type: "unusable", reason: "no such file" });`)).rejects.toMatchObject({
      code: "model-missing",
    });
    await expect(start(`throw new Error("out of memory");`)).rejects.toMatchObject({ code: "model-missing" });
  });

  it("that fails one run answers the next", async () => {
    const model = await start(`
      parentPort.on("message", ({ type, requestId }) => {
        if (type === "end") parentPort.close();
        else if (requestId === 1) post({ type: "failed", requestId, reason: "bad" });
        else post({ type: "done", requestId, values: new Float32Array([0.5]) });
      });
      post({ type: "ready" });`);
    await expect(model.run(input, state)).rejects.toMatchObject({ code: "internal" });
    expect((await model.run(input, state)).speechProbability).toBe(0.5);
    model.dispose();
  });
});
