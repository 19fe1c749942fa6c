/** HTTP/1.1 over plain sockets, behind the interfaces of `@lazuli/http`. */

export type { HeadFault } from './syntax/field-reader.ts';
