import { HeaderList } from '@lazuli/policies';
import { afterEach, expect } from 'vitest';
import {
  type UpstreamClient,
  UpstreamError,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from '../upstream.ts';
import { type ServerConnection, WireServer } from './wire.ts';

export type MakeUpstream = (limits?: Partial<UpstreamLimits>) => UpstreamClient;

/** Starts backends and clients for tests and closes them after each. */
export function sending(make: MakeUpstream) {
  const servers: WireServer[] = [];
  const clients: UpstreamClient[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  return {
    client(limits?: Partial<UpstreamLimits>): UpstreamClient {
      const client = make(limits);
      clients.push(client);
      return client;
    },
    async answering(...answers: string[]): Promise<WireServer> {
      const server = await WireServer.answering(...answers);
      servers.push(server);
      return server;
    },
    async scripted(script: (connection: ServerConnection) => void): Promise<WireServer> {
      const server = await WireServer.start(script);
      servers.push(server);
      return server;
    },
  };
}

export function originOf(port: number, change: Partial<UpstreamOrigin> = {}): UpstreamOrigin {
  return {
    scheme: 'http',
    host: '127.0.0.1',
    port,
    validateCertificateChain: true,
    validateCertificateName: true,
    certificate: null,
    proxy: null,
    ...change,
  };
}

export function requestTo(port: number, change: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    method: 'GET',
    origin: originOf(port),
    target: '/',
    headers: new HeaderList(['Host', 'backend']),
    body: null,
    timeoutMs: 0,
    continueTimeoutMs: null,
    httpVersion: '1',
    cancellation: null,
    ...change,
  };
}

/** The failure that a promise of the client rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
}

export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
