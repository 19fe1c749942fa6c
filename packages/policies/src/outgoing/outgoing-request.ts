import { compileClientCertificate, validateAuthenticationCertificate } from '../authentication/client-certificate.ts';
import { compileManagedIdentity } from '../authentication/managed-identity.ts';
import { bufferBodies } from '../compile/body-reads.ts';
import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import { compileSetBody } from '../message/body-edit.ts';
import { compileSetHeader, validateSetHeader } from '../message/header-edit.ts';
import { compileSetMethod, validateSetMethod } from '../message/method-edit.ts';
import type { HttpRequest } from '../ports/ports.ts';
import { compileProxy, validateProxy } from './proxy.ts';
import { requestUrl, requestUrlProblem } from './request-url.ts';

export function validateOutgoingRequest(element: PolicyElement, compiler: PolicyCompiler): void {
  const { text: url } = compiler.child(element, 'set-url') ?? { text: null };
  if (url?.kind === 'literal' && !url.unresolved) {
    const problem = requestUrlProblem(url.text.trim());
    // Only a warning, as for the base-url of set-backend-service.
    if (problem) compiler.warn(element, problem, url.at);
  }
  if (!url && compiler.choice(element, 'mode').constant === 'new')
    compiler.report(element, "The required element 'set-url' is missing: only mode 'copy' has a URL to begin with.");
  if (compiler.has(element, 'timeout') && compiler.has(element, 'timeout-ms'))
    compiler.report(element, "Only one of the attributes 'timeout' and 'timeout-ms' may be given.");
  for (const child of compiler.children(element, 'set-header')) validateSetHeader(child, compiler);
  for (const child of compiler.children(element, 'set-method')) validateSetMethod(child, compiler);
  for (const child of compiler.children(element, 'authentication-certificate'))
    validateAuthenticationCertificate(child, compiler);
  for (const child of compiler.children(element, 'proxy')) validateProxy(child, compiler);
}

/**
 * Compiles a `send-request` or `send-one-way-request` to the request that it sends. Mode `new` begins with an empty GET,
 * `copy` with the present request to the backend; the children change it in their order. Expressions of the children see
 * the exchange's own messages.
 */
export function compileOutgoingRequest(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange) => Promise<HttpRequest> {
  const child = (name: string) => compiler.child(element, name);
  const mode = compiler.choice(element, 'mode');
  const seconds = compiler.int(element, 'timeout');
  const milliseconds = compiler.has(element, 'timeout-ms') ? compiler.int(element, 'timeout-ms') : null;
  const urlElement = child('set-url');
  const url = urlElement ? compiler.text(urlElement) : null;
  const methodElement = child('set-method');
  const method = methodElement ? compileSetMethod(methodElement, compiler) : null;
  const headerEdits = compiler.children(element, 'set-header').map((one) => compileSetHeader(one, compiler));
  const bodyElement = child('set-body');
  const body = bodyElement ? compileSetBody(bodyElement, compiler, 'none') : null;
  const certificateElement = child('authentication-certificate');
  const certificate = certificateElement ? compileClientCertificate(certificateElement, compiler) : null;
  const identityElement = child('authentication-managed-identity');
  const identity = identityElement ? compileManagedIdentity(identityElement, compiler) : null;
  const proxyElement = child('proxy');
  const proxy = proxyElement ? compileProxy(proxyElement, compiler) : null;

  return async (exchange) => {
    const isCopy = mode.get(exchange) === 'copy';
    const target = url ? requestUrl(url.get(exchange) ?? '') : isCopy ? backendUrl(exchange) : requestUrl('');
    const headers = isCopy ? copiedHeaders(exchange, url !== null) : new HeaderList();
    const copiesBody = isCopy && !body;
    const bytes = body ? body(exchange) : copiesBody ? await copiedBody(exchange) : null;
    if (isCopy && body) for (const name of ['Content-Encoding', 'Transfer-Encoding']) headers.remove(name);
    const request = {
      method: method ? method(exchange) : isCopy ? exchange.request.method : 'GET',
      url: target.href,
      headers,
      // An empty body that somebody set is still a body: Content-Length 0.
      body: bytes !== null && (bytes.length > 0 || body !== null) ? bytes : null,
      timeoutMs: milliseconds ? milliseconds.get(exchange) : seconds.get(exchange) * 1000,
      signal: exchange.signal,
      certificate: certificate?.(exchange),
      proxy: proxy?.(exchange),
    };
    for (const edit of headerEdits) edit(exchange, headers);
    const authorization = await identity?.(exchange);
    if (authorization) headers.set('Authorization', authorization);
    return request;
  };
}

/** The request's own way to its backend. @throws {PolicyError} ExpressionValueEvaluationFailure when there is none. */
function backendUrl(exchange: Exchange): URL {
  const { base, target } = exchange.request.url;
  if (!base) return requestUrl('');
  const host = base.host.includes(':') ? `[${base.host}]` : base.host;
  return requestUrl(`${base.scheme}://${host}:${base.port}${target}`);
}

/** Framing and connection belong to the caller's connection; Host to the place that `set-url` left. */
function copiedHeaders(exchange: Exchange, isElsewhere: boolean): HeaderList {
  const headers = exchange.request.headers.clone();
  for (const name of notCopied) headers.remove(name);
  if (isElsewhere || headers.get('Host')?.toLowerCase() === exchange.request.originalUrl.host.toLowerCase())
    headers.remove('Host');
  return headers;
}

const notCopied = [
  'Connection',
  'Content-Length',
  'Expect',
  'Keep-Alive',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
];

async function copiedBody(exchange: Exchange): Promise<Uint8Array | null> {
  await bufferBodies({ requestBody: true, responseBody: false }, exchange);
  return exchange.request.body?.buffered ?? null;
}
