import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "#core/ports/clock";

/** For each of the two questions; they are asked only after something else has failed. */
const ANSWER_TIMEOUT_MS = 400;

export interface RawTarget {
  host: string;
  port: number;
  clock: Clock;
}

/**
 * The first line that the server says to a bare PING without TLS. A Redis client library hides it when the server closes
 * the connection behind it. Undefined when nothing readable comes.
 */
export function askPlainly({ host, port, clock }: RawTarget): Promise<string | undefined> {
  const socket = connectTcp({ host, port });
  socket.on("connect", () => socket.write("PING\r\n"));
  return waitFor(socket, clock, (settle) => {
    socket.once("data", (data) => settle(/^[-+:$*](.*?)\r\n/.exec(data.toString("latin1"))?.[0].trim()));
  });
}

/** Whether the server speaks TLS, whatever its certificate. Nothing is sent to it. */
export async function speaksTls({ host, port, clock }: RawTarget): Promise<boolean> {
  const socket = connectTls({ host, port, rejectUnauthorized: false });
  const answer = await waitFor<true>(socket, clock, (settle) => {
    socket.once("secureConnect", () => settle(true));
  });
  return answer === true;
}

/**
 * Why a server that speaks TLS ends the connection by itself: with TLS 1.3 it refuses a client's certificate only after the
 * handshake, and what a client library sends meanwhile hides the reason. Nothing is sent to it. Undefined: it does not.
 */
export async function whyTlsEnds({ host, port, clock }: RawTarget): Promise<Error | undefined> {
  const socket = connectTls({ host, port, rejectUnauthorized: false });
  return waitFor(socket, clock, (settle) => {
    socket.on("error", settle);
  });
}

function waitFor<T>(
  socket: Socket,
  clock: Clock,
  listen: (settle: (answer: T | undefined) => void) => void,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const settle = (answer: T | undefined): void => {
      timer.dispose();
      socket.destroy();
      resolve(answer);
    };
    const timer = clock.setTimer(ANSWER_TIMEOUT_MS, () => settle(undefined));
    listen(settle);
    socket.on("error", () => settle(undefined));
    socket.on("close", () => settle(undefined));
  });
}
