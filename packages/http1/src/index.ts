/** HTTP/1.1 over plain sockets, behind the interfaces of `@lazuli/http`. */

export { createHttp1Upstream } from './client/http1-upstream.ts';
export type { HeadFault } from './syntax/field-reader.ts';
