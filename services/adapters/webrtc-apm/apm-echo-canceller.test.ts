import { expect, test } from "vitest";
import type { PlayedSound } from "#core/ports/echo-canceller";
import { describeEchoCancellerContract } from "#testing/echo-canceller.contract";
import { createApmEchoCancellers } from "./apm-echo-canceller";
import { loadApmLibrary } from "./apm-library";

const nothing: PlayedSound = { startCount: 0, moveCount: 0, isDated: false, read: () => false };

describeEchoCancellerContract("WebRTC", createApmEchoCancellers);

test("a computer without the library is told what to do", async () => {
  const missing = loadApmLibrary(() => Promise.reject(new Error("Cannot find module")));
  await expect(missing).rejects.toMatchObject({ code: "echo-canceller-missing" });
});

test("what comes after dispose is refused instead of written into memory that is gone", async () => {
  const canceller = (await createApmEchoCancellers()).create(nothing);
  canceller.dispose();
  expect(() => canceller.process({ samples: new Float32Array(512), endSample: 512 })).toThrow(
    expect.objectContaining({ code: "internal" }),
  );
});
