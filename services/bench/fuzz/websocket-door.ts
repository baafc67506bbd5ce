import { WebSocket } from "ws";
import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import { encodeAudioFrame } from "#contracts/protocol/audio-frame";
import { MAX_MESSAGE_BYTES, PROTOCOL_NAME } from "#contracts/protocol/limits";
import { eventOf, inBatches, inTime, type Door } from "./door";
import type { Mutator } from "./mutate";

/** 20 refusals close a connection; what came after them would be lost. */
const MESSAGES_PER_CONNECTION = 15;
const CONNECTIONS_AT_ONCE = 8;

const start = { type: "session-start", token: "secret", audio: { sampleRateHz: 16_000 }, voice: "tone" };
const conversation: readonly unknown[] = [
  start,
  { ...start, resume: { sessionId: "session-1", resumeToken: "none" } },
  { type: "playout", positionSamples: 960 },
  { type: "interrupt" },
  { type: "text", text: "What time is it?" },
  { type: "settings", voice: "tone" },
  { type: "bye" },
];
const call = { type: "call", requestId: 1, request: { name: "worker-x", url: "redis://127.0.0.1:1", id: "x" } };
/** Calls that reach other computers or take long are tried by their own tests. */
const calls = ["worker-drain", "settings-get", "conversations-list", "conversation-get", "conversation-sound"];
const admin: readonly unknown[] = [
  { type: "admin-start", token: "secret" },
  { type: "watch", topics: ["fleet", "redis"] },
  ...calls.map((name) => ({ ...call, name })),
];
const legacy: readonly unknown[] = [
  { type: "text", text: "Hello there.", is_final: true },
  { type: "control", command: "STOP" },
];
const micFrame = encodeAudioFrame({
  kind: "mic",
  turn: 0,
  sequence: 1,
  sampleIndex: 320,
  isLast: false,
  pcm: Int16Array.from({ length: 320 }, (_, index) => 8_000 * Math.sin(index / 5)),
});

interface Way {
  protocol: string | undefined;
  /** Sent as they are before the mutated messages. */
  first: readonly unknown[];
  samples: readonly unknown[];
}

const WAYS: readonly Way[] = [
  { protocol: PROTOCOL_NAME, first: [start], samples: conversation },
  { protocol: PROTOCOL_NAME, first: [start], samples: conversation },
  { protocol: PROTOCOL_NAME, first: [], samples: conversation },
  { protocol: ADMIN_PROTOCOL_NAME, first: [admin[0]], samples: admin },
  { protocol: ADMIN_PROTOCOL_NAME, first: [], samples: admin },
  { protocol: undefined, first: [], samples: legacy },
];

export function createWebSocketDoor(url: string, mutator: Mutator): Door {
  const open = async (protocol: string | undefined): Promise<WebSocket> => {
    const socket = new WebSocket(url, protocol ?? [], { perMessageDeflate: false });
    socket.on("error", () => undefined);
    await inTime("opening a WebSocket", Promise.race([eventOf(socket, "open"), eventOf(socket, "close")]));
    return socket;
  };

  const sendMutated = (socket: WebSocket, samples: readonly unknown[]): void => {
    if (mutator.once(4)) socket.send(mutator.bytes(micFrame));
    else socket.send(mutator.json(mutator.pick(samples)));
  };

  const connection = async (count: number): Promise<void> => {
    const { protocol, first, samples } = mutator.pick(WAYS);
    const socket = await open(protocol);
    const closed = eventOf(socket, "close");
    for (const message of first) socket.send(JSON.stringify(message));
    const isHuge = first.length === 0 && mutator.once(20);
    for (let sent = 0; sent < count; sent++) sendMutated(socket, samples);
    if (isHuge) socket.send("x".repeat(MAX_MESSAGE_BYTES + 1));
    // A session that is left without goodbye waits for its client, and so takes a place.
    socket.send(JSON.stringify({ type: "bye" }));
    if (first[0] !== start && !isHuge) socket.close();
    await inTime("the end of a WebSocket", closed);
  };

  return {
    name: "WebSocket",
    knock: (messageCount) =>
      inBatches(messageCount, { atOnce: CONNECTIONS_AT_ONCE, perStep: MESSAGES_PER_CONNECTION }, connection),
    async check() {
      const socket = await open(PROTOCOL_NAME);
      socket.send(JSON.stringify(start));
      const greeting = String(await inTime("the greeting", eventOf(socket, "message")));
      if (!greeting.includes("session-started")) throw new Error(`no session: ${greeting.slice(0, 200)}`);
      const closed = eventOf(socket, "close");
      socket.send(JSON.stringify({ type: "bye" }));
      await inTime("the end of the session", closed);
    },
    close: () => undefined,
  };
}
