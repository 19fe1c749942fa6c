import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientSecretCredential, type TokenCredential } from '@azure/identity';
import { createNodeListener, defaultListenerLimits } from '@lazuli/http';
import { createManagement, type Management, type ManagementOptions } from '@lazuli/management';
import { openLocalAuthority } from '@lazuli/server';
import { type OpenOptions, openStore, type Store } from '@lazuli/store';

export interface ServedManagement {
  readonly management: Management;
  readonly store: Store;
  /** The first principal, for another front on the same store. */
  readonly principal: KnownPrincipal;
  /** `https://localhost:PORT` */
  readonly url: string;
  readonly ca: string;
  readonly credential: TokenCredential;
  /** Options that every client of `@azure/arm-*` gets. */
  readonly clientOptions: { readonly endpoint: string; readonly tlsOptions: { readonly ca: string } };
  /** A credential of an application with a secret. */
  credentialOf(appId: string, secret: string): TokenCredential;
  /** One request by hand, with the first principal's token unless another (or none) is given. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Closes the front and opens it again on the same store. */
  restart(): Promise<ServedManagement>;
  stop(): Promise<void>;
}

export interface KnownPrincipal {
  readonly appId: string;
  readonly secret: string;
}

export interface ServeOptions extends Partial<Omit<ManagementOptions, 'store'>> {
  /** Default: SQLite in a folder of its own. */
  readonly storeUrl?: string;
  /** How the store is opened. */
  readonly storeOptions?: OpenOptions;
  /** Where the store has a first principal already. */
  readonly principal?: KnownPrincipal;
}

export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credential?: TokenCredential | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on whatever JSON came back
  readonly json: any;
}

/** Starts the management plane over HTTPS with a certificate of a local authority, on a store in a folder of its own. */
export async function serveManagement(options: ServeOptions = {}): Promise<ServedManagement> {
  const folder = await mkdtemp(join(tmpdir(), 'lazuli-management-'));
  return start(folder, options);
}

async function start(folder: string, options: ServeOptions): Promise<ServedManagement> {
  const authority = await openLocalAuthority(join(folder, 'certificates'));
  const pair = await authority.serverCertificate(['localhost', '127.0.0.1']);
  const store = await openStore(options.storeUrl ?? `sqlite:${join(folder, 'store.db')}`, options.storeOptions);
  const management = await createManagement({ providers: [], ...options, store });
  const listener = createNodeListener({
    host: '127.0.0.1',
    port: 0,
    tls: { ...pair, requestClientCertificate: false, http2: true },
    limits: defaultListenerLimits,
    handler: management.handler,
    onRefused: () => {},
  });
  const { port } = await listener.listen();
  const url = `https://localhost:${port}`;
  const ca = authority.certificatePem;
  const first = management.firstPrincipal;
  const principal = options.principal ?? { appId: first?.application.appId ?? '', secret: first?.secretText ?? '' };
  const credentialOf = (appId: string, secret: string) =>
    new ClientSecretCredential(management.tenantId, appId, secret, {
      authorityHost: url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca },
    });
  const credential = credentialOf(principal.appId, principal.secret);
  const shut = async () => {
    await listener.drain(0);
    await management.close();
    await store.close();
  };
  return {
    management,
    store,
    principal,
    url,
    ca,
    credential,
    credentialOf,
    clientOptions: { endpoint: url, tlsOptions: { ca } },
    send: (method, path, sent = {}) => sendTo(url, ca, method, path, { credential, ...sent }),
    async restart() {
      await shut();
      return start(folder, { ...options, principal });
    },
    async stop() {
      await shut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function sendTo(
  url: string,
  ca: string,
  method: string,
  path: string,
  options: SendOptions,
): Promise<Answer> {
  const token = await options.credential?.getToken(`${url}/.default`);
  const text = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  const headers: Record<string, string> = {
    ...(token ? { Authorization: `Bearer ${token.token}` } : {}),
    ...(text === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      path.startsWith('https:') ? path : `${url}${path}`,
      { method, headers, ca },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          const json = body !== '' && incoming.headers['content-type']?.includes('json') ? JSON.parse(body) : undefined;
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: body, json });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}
