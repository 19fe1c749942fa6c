/** HTTP/1.1 over plain sockets, behind the interfaces of `@lazuli/http`. */

export { createHttp1Upstream } from './client/http1-upstream.ts';
export { createHttp1Listener } from './server/listener.ts';
