export type { BackendHealth } from './backends/backend-registry.ts';
export { createHttpPort } from './backends/http-port.ts';
export { createGateway, type Gateway, type GatewayOptions, type GatewayPorts } from './gateway.ts';
export { type HealthReport, healthPath, statusPath } from './health.ts';
export { endToEndHeaders } from './http/hop-by-hop.ts';
export { defaultListenerLimits, defaultUpstreamLimits } from './http/limits.ts';
export type * from './http/listener.ts';
export { createNodeListener } from './http/node/listener.ts';
export { createUndiciUpstream } from './http/node/upstream.ts';
export {
  type UpstreamClient,
  UpstreamError,
  type UpstreamFailure,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from './http/upstream.ts';
export { createTokenPort, type TokenPortOptions } from './identity/token-port.ts';
export type { AccessRecord } from './request/access-record.ts';
export { type CompiledRouter, compileRouter } from './routing/compile-router.ts';
export { type RequestTarget, splitTarget } from './routing/request-path.ts';
export type { RouteOutcome, Router } from './routing/router.ts';
export { type BuiltSnapshot, buildSnapshot, type Snapshot, type SnapshotOptions } from './snapshot/snapshot.ts';
