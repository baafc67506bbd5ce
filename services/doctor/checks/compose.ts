import type { ComposeFile } from "#contracts/doctor/compose";
import { broken, ok, warn, type Check, type Found } from "../check";
import { holderWords } from "../holder-words";
import type { Probes } from "../probes";

type Service = ComposeFile["services"][string];

/** A program that holds a port for a container. */
const DOCKER_PROGRAM = /^(docker|containerd|rootlesskit)/;
const REDIS_PORT_INSIDE = "6379";

/** What the Compose files of this folder would do: two programs on one port, services that do not see each other. */
export function checkCompose({ composeFiles, portHolder }: Pick<Probes, "composeFiles" | "portHolder">): Check {
  return {
    name: "compose",
    async run() {
      const files = await composeFiles();
      if (files.length === 0) return ok("There are no Compose files in this folder, and none are needed.");
      const services = merged(files.map(({ content }) => content));
      const found = [...addressFaults(services), ...networkFaults(services), ...(await portFaults(files, portHolder))];
      return found.length > 0 ? found : ok("The Compose files fit together and to this computer.");
    },
  };
}

/** Ports add up over files, as Compose has it; of the rest the later file wins. */
function merged(files: readonly ComposeFile[]): Map<string, Service> {
  const services = new Map<string, Service>();
  for (const [name, service] of files.flatMap((file) => Object.entries(file.services))) {
    const before = services.get(name);
    services.set(name, { ...before, ...service, ports: [...(before?.ports ?? []), ...(service.ports ?? [])] });
  }
  return services;
}

/** Inside, the Redis is at its own port whatever port the host sees. */
function addressFaults(services: ReadonlyMap<string, Service>): Found[] {
  return [...services].flatMap(([name, service]) => {
    const { host, port = REDIS_PORT_INSIDE } = redisOf(service) ?? {};
    if (host === undefined) return [];
    if (host === "localhost" || host === "127.0.0.1")
      return [
        broken(
          `${name} looks for the Redis in its own container.`,
          `${name}: REDIS_URL=redis://redis:${REDIS_PORT_INSIDE}`,
        ),
      ];
    if (!services.has(host) || port === REDIS_PORT_INSIDE) return [];
    const words = `${name} looks for the Redis at ${host}:${port}; inside, it is at ${REDIS_PORT_INSIDE} whatever port is published.`;
    return [broken(words, `${name}: REDIS_URL=redis://${host}:${REDIS_PORT_INSIDE}`)];
  });
}

function redisOf({ environment = [] }: Service): { host: string; port: string | undefined } | undefined {
  const lines = Array.isArray(environment)
    ? environment
    : Object.entries(environment).map(([name, value]) => `${name}=${String(value)}`);
  const url = lines.find((line) => line.startsWith("REDIS_URL="))?.slice("REDIS_URL=".length) ?? "";
  const parts = /^rediss?:\/\/(?:[^@]*@)?([\w.-]+)(?::(\d+))?/.exec(url);
  return parts?.[1] === undefined ? undefined : { host: parts[1], port: parts[2] };
}

function networkFaults(services: ReadonlyMap<string, Service>): Found[] {
  return [...services].flatMap(([name, service]) => {
    const host = redisOf(service)?.host;
    const redis = host === undefined ? undefined : services.get(host);
    if (host === undefined || redis === undefined) return [];
    const shared = networksOf(service).some((network) => networksOf(redis).includes(network));
    const [network = "default"] = networksOf(redis);
    if (shared) return [];
    const words = `${name} and ${host} are in no network together: there is no route to the Redis.`;
    return [broken(words, `${name}: networks: [${network}], then docker compose up -d`)];
  });
}

function networksOf({ networks }: Service): readonly string[] {
  if (networks === undefined) return ["default"];
  return Array.isArray(networks) ? networks : Object.keys(networks);
}

async function portFaults(
  files: Awaited<ReturnType<Probes["composeFiles"]>>,
  portHolder: Probes["portHolder"],
): Promise<Found[]> {
  const published = files.flatMap(({ name: file, content }) =>
    Object.entries(content.services).flatMap(([service, { ports = [], command }]) =>
      ports.flatMap((port) => {
        const at = publishedAt(port);
        return at === undefined ? [] : [{ ...at, file, service, hasPassword: hasPassword(command) }];
      }),
    ),
  );
  const found = await Promise.all(
    published.map(async ({ port, isOpen, file, service, hasPassword: isGuarded }) => {
      const holder = await portHolder(port);
      const isForeign = holder !== undefined && !DOCKER_PROGRAM.test(holder.program ?? "docker") && !holder.isParley;
      const taken = `Port ${port}, which ${file} publishes for ${service}, is taken by ${isForeign ? holderWords(holder) : ""}.`;
      const other = `${file}: take ${service}'s ports out, or publish another: "127.0.0.1:${10_000 + (port % 50_000)}:${port}"`;
      return [
        ...(isForeign ? [broken(taken, other)] : []),
        ...(service === "redis" && isOpen && !isGuarded
          ? [
              warn(
                `${file} publishes the Redis to the network without a password.`,
                `${file}: "127.0.0.1:${port}:${REDIS_PORT_INSIDE}", or command: redis-server --requirepass PASSWORD`,
              ),
            ]
          : []),
      ];
    }),
  );
  return found.flat();
}

function hasPassword(command: Service["command"]): boolean {
  return String(command).includes("--requirepass");
}

/** The port of the host; undefined for one that Docker chooses. Open: to all computers of the network. */
function publishedAt(port: NonNullable<Service["ports"]>[number]): { port: number; isOpen: boolean } | undefined {
  if (typeof port === "number") return undefined;
  if (typeof port === "object") {
    const published = Number(port.published);
    if (!Number.isInteger(published)) return undefined;
    return { port: published, isOpen: port.host_ip === undefined || port.host_ip === "0.0.0.0" };
  }
  const parts = /^(?:(\[[^\]]*\]|[\d.]+):)?(\d+):\d+/.exec(port);
  if (parts?.[2] === undefined) return undefined;
  return { port: Number(parts[2]), isOpen: parts[1] === undefined || parts[1] === "0.0.0.0" };
}
