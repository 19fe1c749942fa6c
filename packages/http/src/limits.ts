import type { ListenerLimits } from './listener.ts';
import type { UpstreamLimits } from './upstream.ts';

/** What a listener allows unless it is told otherwise. */
export const defaultListenerLimits: ListenerLimits = {
  headerBytes: 32 * 1024,
  headerCount: 200,
  // Azure API Management: "Maximum request URL length 16,384 bytes".
  urlBytes: 16 * 1024,
  headTimeoutMs: 30_000,
  requestTimeoutMs: 300_000,
  // Azure's load balancers cut a quiet connection after four minutes.
  idleTimeoutMs: 240_000,
  connections: 10_000,
};

/** What an upstream client allows unless it is told otherwise. */
export const defaultUpstreamLimits: UpstreamLimits = {
  connectTimeoutMs: 10_000,
  connectionsPerOrigin: 512,
  queuePerOrigin: 1024,
  // Shorter than the five seconds after which many servers (Node's own, for one) close a quiet connection: a request
  // must not be written to a connection that is just being closed.
  idleTimeoutMs: 4_000,
  bodyIdleTimeoutMs: 300_000,
  headerBytes: 64 * 1024,
  origins: 1024,
};
