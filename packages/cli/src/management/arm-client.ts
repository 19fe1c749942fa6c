import { Agent, request } from 'node:https';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** A JSON object as the management plane answers it. */
export type JsonObject = { readonly [name: string]: unknown };

/** The management plane refused a request. */
export class ArmFailure extends Error {
  override readonly name = 'ArmFailure';
  readonly status: number;
  readonly code: string;
  readonly details: readonly { readonly target: string; readonly message: string }[];

  constructor(status: number, code: string, message: string, details: ArmFailure['details'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface ArmClientOptions {
  /** `https://localhost:8444`, without a slash at the end. */
  readonly url: string;
  /** PEM; absent: the authorities that Node trusts. */
  readonly ca?: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Requests at once; the management plane answers each within milliseconds. */
const connections = 8;

/** A client of Azure Resource Manager that signs in with a client secret. */
export class ArmClient implements Disposable {
  readonly #options: ArmClientOptions;
  readonly #agent: Agent;
  #token: Promise<string> | undefined;

  constructor(options: ArmClientOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, ca: options.ca });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  /** `path` has its `api-version`. @throws {ArmFailure} */
  async send(method: Method, path: string, body?: unknown): Promise<JsonObject> {
    this.#token ??= this.#signIn();
    const url = path.startsWith('https:') ? path : `${this.#options.url}${path}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#exchange(method, url, text, {
      Authorization: `Bearer ${await this.#token}`,
      ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
    });
    if (answer.status >= 400) throw failureOf(answer);
    return answer.json;
  }

  /** `send` of a GET; undefined where there is nothing. */
  async find(path: string): Promise<JsonObject | undefined> {
    try {
      return await this.send('GET', path);
    } catch (error) {
      if (error instanceof ArmFailure && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All pages of a list. */
  async list(path: string): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const page: JsonObject = await this.send('GET', next);
      if (Array.isArray(page.value)) found.push(...page.value);
      next = typeof page.nextLink === 'string' ? page.nextLink : undefined;
    }
    return found;
  }

  async #signIn(): Promise<string> {
    const { url, tenantId, clientId, clientSecret } = this.#options;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${url}/.default`,
    });
    const answer = await this.#exchange('POST', `${url}/${tenantId}/oauth2/v2.0/token`, form.toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    const { access_token: token, error, error_description: description } = answer.json;
    if (typeof token === 'string') return token;
    throw new ArmFailure(
      answer.status,
      String(error ?? 'SignInFailed'),
      `Cannot sign in: ${String(description ?? error)}`,
    );
  }

  #exchange(method: Method, url: string, text: string | undefined, headers: Record<string, string>): Promise<Answer> {
    const length = text === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(text)) };
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method, agent: this.#agent, headers: { ...headers, ...length } }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          try {
            const json: unknown = body === '' ? {} : JSON.parse(body);
            resolve({ status: incoming.statusCode ?? 0, json: isJsonObject(json) ? json : {} });
          } catch {
            reject(new ArmFailure(incoming.statusCode ?? 0, 'NotJson', `${url} answered what is no JSON.`));
          }
        });
      });
      outgoing.on('error', (error) =>
        reject(
          new ArmFailure(
            0,
            'Unreachable',
            `The management plane at ${new URL(url).origin} cannot be reached: ${error.message}${hintOn(error)}`,
          ),
        ),
      );
      outgoing.end(text);
    });
  }
}

/** What to do about a certificate that is not trusted. */
function hintOn(error: Error): string {
  const isUntrusted = 'code' in error && /CERT|SIGNATURE|ISSUER/.test(String(error.code));
  return isUntrusted ? ' (give its authority with --ca: DATA/tls/authority.crt on the machine of the server)' : '';
}

interface Answer {
  readonly status: number;
  readonly json: JsonObject;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function failureOf({ status, json }: Answer): ArmFailure {
  const error = isJsonObject(json.error) ? json.error : {};
  const details = (Array.isArray(error.details) ? error.details : []).filter(isJsonObject);
  return new ArmFailure(
    status,
    String(error.code ?? status),
    String(error.message ?? `The management plane answered ${status}.`),
    details.map(({ target, message }) => ({ target: String(target ?? ''), message: String(message ?? '') })),
  );
}
