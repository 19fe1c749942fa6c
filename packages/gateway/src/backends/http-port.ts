import type { UpstreamClient } from '@lazuli/http';
import { endToEndHeaders } from '@lazuli/http';
import { type BaseUrl, cancellationOf, type HttpPort, PolicyError, parseBaseUrl } from '@lazuli/policies';
import { toPolicyError } from './http-failure.ts';
import { PlainOrigins } from './plain-origins.ts';

/** Requests that the gateway makes itself (send-request, key sets, tokens), over the same pools of connections. */
export function createHttpPort(upstream: UpstreamClient, origins: PlainOrigins = new PlainOrigins()): HttpPort {
  return {
    async send({ method, url, headers, body, timeoutMs, signal, certificate, proxy }) {
      const { base, target } = locate(url);
      const plain = origins.find(base);
      const sent = headers.clone();
      if (!sent.has('Host')) sent.set('Host', new URL(url).host);
      try {
        const response = await upstream.request({
          method,
          origin: certificate || proxy ? origins.variant(plain, certificate ?? null, proxy ?? null) : plain,
          target,
          headers: sent,
          body,
          timeoutMs,
          continueTimeoutMs: null,
          httpVersion: '1',
          cancellation: signal ? cancellationOf(signal) : null,
        });
        return {
          status: response.status,
          reason: response.reason,
          headers: endToEndHeaders(response.headers),
          body: response.body,
        };
      } catch (error) {
        throw toPolicyError(error, timeoutMs);
      }
    },
  };
}

function locate(url: string): { readonly base: BaseUrl; readonly target: string } {
  try {
    const base = parseBaseUrl(url);
    if (base.scheme !== 'http' && base.scheme !== 'https') throw new TypeError(`'${url}' is not an http or https URL.`);
    const { pathname, search } = new URL(url);
    return { base, target: `${pathname}${search}` };
  } catch (error) {
    throw new PolicyError('BackendConnectionFailure', error instanceof Error ? error.message : String(error), {
      status: 500,
      message: 'Internal server error',
      activityId: true,
    });
  }
}
