import { type ClockPort, HeaderList, type HttpPort, type HttpRequest, MessageBody } from '@lazuli/policies';
import type { IdentitySource } from './identity-source.ts';
import type { Token } from './token-port.ts';

/** Asks the source for a token. Rejects with an error that says what came instead, without the secrets that were sent. */
export async function fetchToken(
  source: IdentitySource,
  resource: string,
  clientId: string | null,
  { http, clock }: { readonly http: HttpPort; readonly clock: ClockPort },
): Promise<Token> {
  const response = await http.send(requestFor(source, resource, clientId));
  const bytes = response.body ? await MessageBody.fromSource(response.body).buffer(maxBytes) : new Uint8Array(0);
  const answer = objectOf(Buffer.from(bytes).toString());
  if (response.status !== 200) throw new Error(`status ${response.status}${detailOf(answer)}`);
  const token = answer?.access_token;
  if (typeof token !== 'string' || token === '') throw new Error('the answer has no access_token');
  return { accessToken: token, expiresOn: expiryOf(answer ?? {}, clock.now()) };
}

const maxBytes = 256 * 1024;
const timeoutMs = 10_000;
/** The metadata service is next door or not there at all: nobody should wait long to learn that. */
const metadataTimeoutMs = 2_000;

function requestFor(source: IdentitySource, resource: string, clientId: string | null): HttpRequest {
  const common = { signal: null, body: null, timeoutMs };
  switch (source.kind) {
    case 'identity-endpoint': {
      const headers = new HeaderList(['Accept', 'application/json']);
      if (source.header !== null) headers.set('X-IDENTITY-HEADER', source.header);
      const url = withQuery(source.url, { 'api-version': '2019-08-01', resource, client_id: clientId });
      return { ...common, method: 'GET', url, headers };
    }
    case 'instance-metadata': {
      const url = withQuery(source.url, { 'api-version': '2018-02-01', resource, client_id: clientId });
      const headers = new HeaderList(['Metadata', 'true']);
      return { ...common, method: 'GET', url, headers, timeoutMs: metadataTimeoutMs };
    }
    case 'client-credentials': {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: source.clientId,
        client_secret: source.clientSecret,
        scope: scopeOf(resource),
      });
      const headers = new HeaderList([
        'Content-Type',
        'application/x-www-form-urlencoded',
        'Accept',
        'application/json',
      ]);
      return { ...common, method: 'POST', url: source.url, headers, body: Buffer.from(form.toString()) };
    }
  }
}

/** A resource with a slash at its end gets two (`https://storage.azure.com//.default`): that is how its audience is kept. */
const scopeOf = (resource: string): string => (resource.endsWith('/.default') ? resource : `${resource}/.default`);

function withQuery(url: string, parameters: Readonly<Record<string, string | null>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) target.searchParams.set(name, value);
  return target.href;
}

/** `expires_on` is seconds since 1970, a number or text; `expires_in` seconds from now. Without either: five minutes. */
function expiryOf(answer: Readonly<Record<string, unknown>>, now: number): number {
  const on = secondsOf(answer.expires_on);
  if (on !== null && on > 0) return on * 1000;
  const within = secondsOf(answer.expires_in);
  return now + (within !== null && within > 0 ? within * 1000 : 300_000);
}

function secondsOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function detailOf(answer: Readonly<Record<string, unknown>> | null): string {
  const detail = answer?.error_description ?? answer?.error ?? answer?.message;
  return typeof detail === 'string' ? `, ${detail.slice(0, 300)}` : '';
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
