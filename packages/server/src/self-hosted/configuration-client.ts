import { Agent, request } from 'node:https';
import { rootCertificates } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { configurationPath } from './configuration-endpoint.ts';

export interface ConfigurationClientOptions {
  /** `https://host:port`, without a path. */
  readonly endpoint: URL;
  /** `GatewayKey {token}`. */
  readonly authorization: string;
  /** Trusted beside the machine's own authorities. */
  readonly caPem: string | null;
}

export type FetchedConfiguration =
  | { readonly kind: 'changed'; readonly text: string; readonly etag: string }
  | { readonly kind: 'unchanged' };

/** The endpoint does not accept the token: expired, revoked, or of another service. */
export class ConfigurationRefusedError extends Error {
  override readonly name = 'ConfigurationRefusedError';
}

/** Nothing usable came from the endpoint; later it may. */
export class ConfigurationUnavailableError extends Error {
  override readonly name = 'ConfigurationUnavailableError';
}

const configurationBytes = 512 * 1024 * 1024;
const patienceMs = 15_000;

/** The endpoint of the management plane as a self-hosted gateway sees it. */
export class ConfigurationClient {
  readonly #options: ConfigurationClientOptions;
  readonly #agent: Agent;
  #abort = new AbortController();

  constructor(options: ConfigurationClientOptions) {
    this.#options = options;
    this.#agent = new Agent({
      keepAlive: true,
      ...(options.caPem === null ? {} : { ca: [...rootCertificates, options.caPem] }),
    });
  }

  /**
   * The newest configuration, when it is not the one with the entity tag `known`; else waits for one, at most `waitSeconds`.
   * @throws {ConfigurationRefusedError} {ConfigurationUnavailableError}
   */
  async fetch(known: string | null, waitSeconds: number): Promise<FetchedConfiguration> {
    const headers = { Prefer: `wait=${waitSeconds}`, ...(known === null ? {} : { 'If-None-Match': known }) };
    const answer = await this.#send('GET', configurationPath, headers, null, waitSeconds * 1000 + patienceMs);
    if (answer.status === 304) return { kind: 'unchanged' };
    if (answer.status === 200 && answer.etag !== null) return { kind: 'changed', text: answer.text, etag: answer.etag };
    throw new ConfigurationUnavailableError(`The endpoint answered ${answer.status}.`);
  }

  /** @throws {ConfigurationRefusedError} {ConfigurationUnavailableError} */
  async post(path: string, body: object): Promise<void> {
    const { status } = await this.#send('POST', `${configurationPath}${path}`, {}, JSON.stringify(body), patienceMs);
    if (status !== 204) throw new ConfigurationUnavailableError(`The endpoint answered ${status}.`);
  }

  close(): void {
    this.#abort.abort();
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    more: Readonly<Record<string, string>>,
    body: string | null,
    timeoutMs: number,
  ): Promise<{ readonly status: number; readonly text: string; readonly etag: string | null }> {
    const { endpoint, authorization } = this.#options;
    const headers: Record<string, string> = { ...more, Authorization: authorization, 'Accept-Encoding': 'gzip' };
    if (body !== null) {
      headers['Content-Type'] = 'application/json';
      headers['Content-Length'] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(new ConfigurationUnavailableError(error.message || String(error), { cause: error }));
      const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(timeoutMs)]);
      const outgoing = request(new URL(path, endpoint), { method, headers, agent: this.#agent, signal }, (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > configurationBytes) incoming.destroy(new Error('The configuration is too large.'));
          else chunks.push(chunk);
        });
        incoming.on('error', fail);
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0;
          let text: string;
          try {
            text = unpacked(Buffer.concat(chunks), incoming.headers['content-encoding']);
          } catch (error) {
            return fail(error instanceof Error ? error : new Error(String(error)));
          }
          if (status === 401 || status === 403) reject(new ConfigurationRefusedError(messageIn(text)));
          else resolve({ status, text, etag: incoming.headers.etag ?? null });
        });
      });
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }
}

function unpacked(bytes: Buffer, encoding: string | undefined): string {
  return (encoding === 'gzip' ? gunzipSync(bytes, { maxOutputLength: configurationBytes }) : bytes).toString();
}

function messageIn(text: string): string {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && 'error' in document) {
      const { error } = document;
      if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string')
        return error.message.slice(0, 1000);
    }
  } catch {
    // Not from this endpoint.
  }
  return 'The endpoint does not accept the token.';
}
