/** The HTTP server and client side behind narrow interfaces, and their reference implementation over Node's own layers. */

export { parseContentLength, responseHasBody } from './framing.ts';
export { endToEndHeaders, forwardableTrailers, isWrittenBySender } from './hop-by-hop.ts';
export { defaultListenerLimits, defaultUpstreamLimits } from './limits.ts';
export type * from './listener.ts';
export { certificateOf, plainAddress, type ServerContext } from './node/http1-server.ts';
export { type Http2Side, serveHttp2 } from './node/http2-server.ts';
export { createNodeListener } from './node/listener.ts';
export { authorityOf, type ProxyAddress, parseProxy, tunnel } from './node/proxy-tunnel.ts';
export { takeListener } from './node/take-listener.ts';
export { createUndiciUpstream } from './node/upstream.ts';
export { toConnectError, toUpstreamError } from './node/upstream-failure.ts';
export { type Refusal, refusalBody, refusalBytes } from './refusal.ts';
export { type CheckedHead, checkRequestHead, isAuthority } from './request-head.ts';
export { type ReadTarget, SharedReads } from './shared-reads.ts';
export { UpgradedSocket } from './upgraded-socket.ts';
export {
  type UpstreamClient,
  UpstreamError,
  type UpstreamFailure,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from './upstream.ts';
