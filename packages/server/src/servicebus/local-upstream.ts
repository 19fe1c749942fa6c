import type { UpstreamClient, UpstreamOrigin, UpstreamRequest } from '@lazuli/http';

/** Where a namespace is served by this process; undefined: it is not. */
export type FindNamespace = (hostName: string) => { readonly host: string; readonly port: number } | undefined;

/**
 * Requests of the gateway to a namespace that is served here (`contoso.servicebus.windows.net`) go to its port, in plain HTTP over
 * loopback and with their Host as it is: policies name the namespace as they do in Azure. All others go where they did.
 */
export function withLocalNamespaces(upstream: UpstreamClient, find: FindNamespace): UpstreamClient {
  // Connection pools are found by the object: one for each address.
  const local = new Map<string, UpstreamOrigin>();
  const originOf = (origin: UpstreamOrigin): UpstreamOrigin => {
    const address = find(origin.host);
    if (address === undefined) return origin;
    const key = `${address.host}:${address.port}`;
    let plain = local.get(key);
    if (plain === undefined) {
      plain = {
        scheme: 'http',
        ...address,
        validateCertificateChain: true,
        validateCertificateName: true,
        certificate: null,
        proxy: null,
      };
      local.set(key, plain);
    }
    return plain;
  };
  const directed = (request: UpstreamRequest): UpstreamRequest => {
    const origin = originOf(request.origin);
    return origin === request.origin ? request : { ...request, origin };
  };
  return {
    request: (request) => upstream.request(directed(request)),
    upgrade: (request) => upstream.upgrade(directed(request)),
    close: () => upstream.close(),
  };
}
