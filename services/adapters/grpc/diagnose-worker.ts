import { isIP } from "node:net";
import { connect } from "node:tls";
import { certificateFaults } from "#contracts/certificate-faults";
import { connectionFaults } from "#contracts/connection-faults";
import { AppError } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";

/** Asked only of a worker that has never answered, after a call to it has failed. */
const ANSWER_TIMEOUT_MS = 400;

export interface WorkerTarget {
  /** host:port, as registered. */
  address: string;
  /** As its record says. */
  isTls: boolean;
  /** Authorities in PEM form; undefined: those that Node knows. */
  ca: string | undefined;
  clock: Clock;
}

type Handshake = { type: "secure" } | { type: "failed"; code: string } | { type: "silent" };

/** gRPC hides why no connection came about, so TLS is tried once by itself. Undefined: neither the way there nor TLS is the reason. */
export async function diagnoseWorker(target: WorkerTarget): Promise<AppError | undefined> {
  const handshake = await tryHandshake(target);
  const because = (code: ConstructorParameters<typeof AppError>[0], reason?: string): AppError =>
    new AppError(code, { detail: reason === undefined ? target.address : `${target.address}: ${reason}` });
  const noWay = handshake.type === "failed" ? connectionFaults[handshake.code] : undefined;
  if (noWay !== undefined) return because("worker-unreachable", noWay);
  if (!target.isTls) return handshake.type === "secure" ? because("worker-needs-tls") : undefined;
  if (handshake.type !== "failed") return undefined;
  const fault = certificateFaults[handshake.code];
  if (fault !== undefined) return because("worker-untrusted", fault);
  return isForeignProtocol(handshake.code) ? because("worker-without-tls") : undefined;
}

/** What came back was no TLS. */
function isForeignProtocol(code: string): boolean {
  return code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG";
}

function tryHandshake({ address, isTls, ca, clock }: WorkerTarget): Promise<Handshake> {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(address) ?? [];
  const host = bracketed ?? plain ?? "";
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port ?? 0),
      ca,
      ALPNProtocols: ["h2"],
      // Of a worker without TLS it only counts whether it has some.
      rejectUnauthorized: isTls,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const settle = (handshake: Handshake): void => {
      timer.dispose();
      socket.destroy();
      resolve(handshake);
    };
    const timer = clock.setTimer(ANSWER_TIMEOUT_MS, () => settle({ type: "silent" }));
    socket.on("secureConnect", () => settle({ type: "secure" }));
    socket.on("error", (error: NodeJS.ErrnoException) => settle({ type: "failed", code: error.code ?? "" }));
    socket.on("close", () => settle({ type: "silent" }));
  });
}
