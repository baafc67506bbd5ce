const LOOPBACK_NAMES = new Set(["127.0.0.1", "localhost", "[::1]", "::1"]);

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host);
}

export interface HostPolicy {
  /** Address that the server is bound to. */
  boundHost: string;
  /** Further names under which it may be reached, without port. */
  allowedHosts: readonly string[];
  /** Pages that come from elsewhere and may connect all the same, for instance "app://bundle" of the desktop window. */
  allowedOrigins: readonly string[];
}

export interface RequestOrigin {
  host: string | undefined;
  origin: string | undefined;
}

/**
 * Keeps other web pages out. The Host header must be a name of this server (against DNS rebinding), and a page
 * that connects must come from this server itself. Programs send no Origin and are let through to the token check.
 */
export function isAllowedRequest(policy: HostPolicy, request: RequestOrigin): boolean {
  const host = hostName(request.host);
  if (host === undefined || !isKnownHost(policy, host)) return false;
  if (request.origin === undefined || policy.allowedOrigins.includes(request.origin)) return true;
  try {
    return new URL(request.origin).host === request.host;
  } catch {
    return false;
  }
}

function isKnownHost(policy: HostPolicy, host: string): boolean {
  if (policy.allowedHosts.includes(host)) return true;
  if (isLoopback(policy.boundHost)) return isLoopback(host);
  // Bound to the LAN: an address is safe from rebinding, a name is not unless it is listed.
  return isLoopback(host) || /^[\d.]+$/.test(host) || host.startsWith("[");
}

function hostName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    return new URL(`http://${header}`).hostname;
  } catch {
    return undefined;
  }
}
