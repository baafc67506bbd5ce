import type { ErrorCode } from "#contracts/errors";
import type { RedisPlan } from "./probes";

/** The name of the Redis in docker-compose.yml, which only the containers know. */
const COMPOSE_HOST = "redis";

/** The command that mends this failure of this Redis; undefined: the words of the error say it. */
export function redisFix(code: ErrorCode, plan: RedisPlan | undefined): string | undefined {
  const { host, port } = plan?.node ?? { host: "HOST", port: 6_379 };
  const scheme = plan?.isTls === true ? "rediss" : "redis";
  const cli = `redis-cli -h ${host} -p ${port}`;
  const isHere = /^(127\.|localhost$|::1$)/.test(host);
  switch (code) {
    case "redis-unreachable":
      if (host === COMPOSE_HOST) return "docker compose up -d redis && docker compose ps redis";
      if (isHere) return `sudo systemctl start redis-server, or: redis-server --port ${port} --daemonize yes`;
      return `${cli} ping; on ${host}: sudo systemctl start redis-server, and in its redis.conf: bind 0.0.0.0`;
    case "redis-auth-failed":
    case "redis-auth-required":
      return `export REDIS_URL=${scheme}://:PASSWORD@${host}:${port}, or export REDIS_PASSWORD_FILE=FILE; try it: ${cli} --askpass ping`;
    case "redis-unknown-host":
      return host === COMPOSE_HOST
        ? "outside of Docker: export REDIS_URL=redis://localhost:6380 with the port mapping of docker-compose.override.yml.example; inside: put the service into networks: [tts-network]"
        : `getent hosts ${host}, and export REDIS_URL=${scheme}://IP-ADDRESS:${port}`;
    case "redis-no-route":
      return `ip route get ${host}; in Docker: put both services into networks: [tts-network], then docker compose up -d`;
    case "redis-needs-tls":
      return `export REDIS_URL=rediss://${host}:${port}`;
    case "redis-without-tls":
      return `export REDIS_URL=redis://${host}:${port}`;
    case "redis-wants-certificate":
      return `on ${host}, with the server's own certificate: redis-cli -p ${port} --tls --cert CERT --key KEY --cacert CA CONFIG SET tls-auth-clients no; and a user with a password: parley redis acl`;
    case "redis-untrusted":
      return `export REDIS_CA_FILE=/path/to/ca.pem; what it shows: openssl s_client -connect ${host}:${port} -showcerts`;
    case "redis-protected":
      return `on ${host}: redis-cli -p ${port} CONFIG SET requirepass PASSWORD; here: export REDIS_URL=redis://:PASSWORD@${host}:${port}`;
    case "redis-full":
      return `${cli} CONFIG SET maxclients 10000`;
    case "redis-unsuitable":
      return `${cli} INFO server; a Redis of its own: unset REDIS_URL, or docker run -d -p 6379:6379 redis:7-alpine`;
    case "redis-denied":
      return "parley redis acl --password-file FILE, and give its line to the server with ACL SETUSER";
    case "redis-read-only":
      return `${cli} INFO replication, and export REDIS_URL with the address after master_host`;
    case "redis-no-master":
      return "export REDIS_SENTINEL_NAME=NAME; the names that it knows: redis-cli -h SENTINEL -p 26379 SENTINEL masters";
    default:
      return undefined;
  }
}
