import type { PreparedMove } from "#adapters/registry-channel/move-registry";
import { createPromMetrics } from "#adapters/prom-metrics/prom-metrics";
import { systemClock } from "#adapters/system/system-clock";
import { isLoopback } from "#adapters/web-server/host-policy";
import type { RegistryAddress } from "#contracts/child/registry-move";
import { AppError } from "#contracts/errors";
import { openAll, type ClosingStack } from "#core/lifecycle/closing-stack";
import { RegistrySwitch } from "#core/registry/registry-switch";
import { createDesk } from "#orchestrator/desk";
import { createAdminServices } from "./admin-services";
import { connectRegistry } from "./registry-choice";
import type { OrchestratorRun } from "./run-orchestrator";
import { servePage } from "./serve-page";
import type { RunningService } from "./service-process";
import { createSettingsServices } from "./settings-choice";
import { json } from "./status-routes";

/** The page and the admin protocol beside a worker that serves others alone, in this process. */
export async function runDesk(run: OrchestratorRun): Promise<RunningService> {
  const { host } = run.config.server;
  if (!isLoopback(host) && run.token === undefined) throw new AppError("token-required", { detail: host });
  return openAll((stack) => startDesk(run, stack));
}

async function startDesk(run: OrchestratorRun, stack: ClosingStack): Promise<RunningService> {
  const { config, log, token } = run;
  if (run.settings === undefined) throw new AppError("bad-config", { detail: "started without settings" });
  const keeper = run.settings;
  const metrics = createPromMetrics();
  const registry = new RegistrySwitch(await connectRegistry(run.registry, log), systemClock);
  stack.add(() => registry.close());
  const { initial, tryBrain } = await createSettingsServices({ keeper, config, log });
  const admin = createAdminServices({ registry, log, configFrom: run.configFrom });
  const desk = createDesk({ ...admin, clock: systemClock, log, metrics, registry, token, keeper, initial, tryBrain });
  const serving = servePage(config.server, {
    routes: new Map([["/healthz", () => json(200, { status: "ok" })]]),
    onConnection: (connection) => desk.accept(connection),
    onRefused: () => metrics.count("parley_refused_connections_total"),
    log,
  });
  const web = await stack.open(serving, (opened) => opened.close());
  stack.add(() => {
    desk.stop();
    return Promise.resolve();
  });
  await desk.start();
  const prepareMove = async (address: RegistryAddress): Promise<PreparedMove> => {
    const next = await connectRegistry(address, log);
    return {
      async commit() {
        await registry.use(next).close();
        await desk.look();
      },
      abort: () => next.close(),
    };
  };
  return { port: web.port, prepareMove, stop: () => stack.close() };
}
