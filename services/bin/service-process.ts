import { channelToParent } from "#adapters/registry-channel/message-channel";
import { serveRegistryMoves, type PreparedMove } from "#adapters/registry-channel/move-registry";
import type { RegistryAddress } from "#contracts/child/registry-move";
import { ServiceOrder, type ServiceReport } from "#contracts/child/service";
import { AppError, toWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { parent } from "./parent";

/** Errors after which a restart cannot help: the user has to change something first. */
function isHopeless(error: unknown): boolean {
  return error instanceof AppError && !error.retryable;
}

export interface RunningService {
  port: number;
  /** Gets ready to use another registry; nothing changes before the commit. */
  prepareMove(address: RegistryAddress): Promise<PreparedMove>;
  stop(): Promise<void>;
}

function report(message: ServiceReport, onSent?: () => void): void {
  parent.send(message, onSent);
}

/**
 * Runs a service as a child of the supervisor: reports readiness or why it cannot start, stops on order,
 * on SIGTERM, and when the parent is gone.
 */
export async function runAsChild(start: () => Promise<RunningService>): Promise<void> {
  let isStopping = false;
  let service: RunningService | undefined;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    const stopped = service?.stop() ?? Promise.resolve();
    void stopped.then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  parent.on("message", (message) => {
    const order = parseWith(ServiceOrder, message);
    if (!order.ok) return;
    switch (order.value.type) {
      case "service-stop":
        return stop();
      case "service-ping":
        return report({ type: "service-pong" });
    }
  });
  parent.once("disconnect", stop);
  process.on("SIGTERM", stop);
  // Ctrl-C reaches the whole process group; the supervisor decides the order.
  process.on("SIGINT", () => undefined);
  try {
    const started = await start();
    service = started;
    serveRegistryMoves(channelToParent(parent), (address) => started.prepareMove(address));
    report({ type: "service-ready", port: service.port });
  } catch (error) {
    if (isHopeless(error)) report({ type: "service-failed", error: toWireError(error) }, () => process.exit(1));
    else process.exit(1);
  }
}
