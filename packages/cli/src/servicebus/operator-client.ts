import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { defaultDataFolder } from '@lazuli/server';
import { type ConnectionString, createSasToken, parseConnectionString } from '@lazuli/servicebus';

/** What reaches the development namespace of a Lazuli on this machine. */
export const developmentConnectionString =
  'Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;';

const tokenSeconds = 3600;
const timeoutMs = 90_000;

/** Asks a namespace for what operators may (`/$operator/…` at the port of its messages). */
export class OperatorClient {
  readonly #connection: ConnectionString;
  readonly #authority: Buffer | undefined;

  private constructor(connection: ConnectionString, authority: Buffer | undefined) {
    this.#connection = connection;
    this.#authority = authority;
  }

  /** Names another Lazuli than that of this machine: `connectionString`. The local authority of the data folder is trusted besides. */
  static async open(connectionString: string, dataFolder = defaultDataFolder()): Promise<OperatorClient> {
    const authority = await readFile(join(dataFolder, 'tls', 'authority.crt')).catch(() => undefined);
    return new OperatorClient(parseConnectionString(connectionString), authority);
  }

  /** @throws an error with the namespace's own words */
  async ask(
    method: 'GET' | 'POST',
    operation: string,
    query: Readonly<Record<string, string | number | undefined>>,
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const path = `/$operator/${operation}?${new URLSearchParams(given)}`;
    const { status, text } = await this.#send(method, path, body);
    const document: unknown = parse(text);
    if (typeof document !== 'object' || document === null)
      throw new Error(`The namespace answered ${status} with what is not JSON: ${text.slice(0, 200)}`);
    if (status !== 200) throw new Error(messageOf(document) ?? `The namespace answered ${status}.`);
    return { ...document };
  }

  #send(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
    const { hostName, useDevelopmentEmulator: isDevelopment } = this.#connection;
    const port = this.#connection.port ?? (isDevelopment ? 5672 : 5671);
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const send = isDevelopment ? httpRequest : httpsRequest;
    return new Promise((resolve, reject) => {
      const request = send(
        {
          host: hostName,
          port,
          method,
          path,
          headers: {
            Authorization: this.#token(),
            ...(content === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': content.length }),
          },
          ...(this.#authority === undefined ? {} : { ca: this.#authority }),
          timeout: timeoutMs,
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.once('error', reject);
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
          );
        },
      );
      request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
      request.once('error', (error) =>
        reject(new Error(`The namespace at ${hostName}:${port} cannot be reached: ${error.message}`, { cause: error })),
      );
      request.end(content);
    });
  }

  #token(): string {
    const { hostName, sharedAccessKey: key, sharedAccessKeyName: keyName, sharedAccessSignature } = this.#connection;
    if (sharedAccessSignature !== undefined) return sharedAccessSignature;
    if (keyName === undefined || key === undefined)
      throw new Error(
        'The connection string has neither SharedAccessKeyName with SharedAccessKey nor SharedAccessSignature.',
      );
    return createSasToken(`sb://${hostName}/`, keyName, key, Date.now() + tokenSeconds * 1000);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(document: object): string | undefined {
  const error: unknown = Reflect.get(document, 'error');
  const message: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : undefined;
  return typeof message === 'string' ? message : undefined;
}
