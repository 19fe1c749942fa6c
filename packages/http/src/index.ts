/** The HTTP server and client side behind narrow interfaces, and their reference implementation over Node's own layers. */

export { parseContentLength, responseHasBody } from './framing.ts';
export { endToEndHeaders, forwardableTrailers, isWrittenBySender } from './hop-by-hop.ts';
export { defaultListenerLimits, defaultUpstreamLimits } from './limits.ts';
export type * from './listener.ts';
export { createNodeListener } from './node/listener.ts';
export { authorityOf, type ProxyAddress, parseProxy, tunnel } from './node/proxy-tunnel.ts';
export { createUndiciUpstream } from './node/upstream.ts';
export { toConnectError, toUpstreamError } from './node/upstream-failure.ts';
export {
  type UpstreamClient,
  UpstreamError,
  type UpstreamFailure,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from './upstream.ts';
