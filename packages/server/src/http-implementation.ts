import {
  createNodeListener,
  createUndiciUpstream,
  type HttpListener,
  type ListenerOptions,
  type UpstreamClient,
} from '@lazuli/http';
import { createHttp1Listener, createHttp1Upstream } from '@lazuli/http1';
import type { HttpImplementation } from './server-options.ts';

interface Http {
  createListener(options: ListenerOptions): HttpListener;
  createUpstream(): UpstreamClient;
}

const implementations: Readonly<Record<HttpImplementation, Http>> = {
  sockets: { createListener: createHttp1Listener, createUpstream: createHttp1Upstream },
  node: { createListener: createNodeListener, createUpstream: createUndiciUpstream },
};

/** Lazuli's own HTTP/1.1 over sockets unless the reference over Node's layers is asked for. */
export function httpImplementationOf(name: HttpImplementation = 'sockets'): Http {
  return implementations[name];
}
