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
export { type CompiledRouter, compileRouter } from './routing/compile-router.ts';
export { type RequestTarget, splitTarget } from './routing/request-path.ts';
export type { RouteOutcome, Router } from './routing/router.ts';
