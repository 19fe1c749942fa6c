import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  defaultListenerLimits,
  type HttpListener,
  type ListenerAddress,
  type RequestHandler,
  type TlsOptions,
} from '@lazuli/http';
import type { Logger } from 'pino';
import { openLocalAuthority } from './authority/local-authority.ts';
import { httpImplementationOf } from './http-implementation.ts';
import type { RunningService, ServerOptions, TlsListenerOptions } from './server-options.ts';

export interface OpenListener {
  readonly listener: HttpListener;
  readonly address: ListenerAddress;
}

/**
 * Opens the listeners for HTTP and, where it is asked for, HTTPS. None is left open when one cannot be.
 * @throws an error that names the port or the file that is to blame
 */
export async function openListeners(
  options: ServerOptions,
  handler: RequestHandler,
  logger: Logger,
): Promise<OpenListener[]> {
  const opened: OpenListener[] = [];
  const open = async (port: number, tls: TlsOptions | null) => {
    const listener = httpImplementationOf(options.http).createListener({
      host: options.host,
      port,
      tls,
      limits: defaultListenerLimits,
      handler,
      sharePort: Boolean(options.worker),
      onRefused: (refusal) => logger.debug(refusal, 'request refused'),
    });
    opened.push({ listener, address: await listener.listen() });
  };
  try {
    await open(options.port, null);
    if (options.tls) await open(options.tls.port, await tlsOf(options, options.tls));
    return opened;
  } catch (error) {
    await Promise.all(opened.map(({ listener }) => listener.drain(0)));
    throw error;
  }
}

/** Opens the listener of the management plane, which is always HTTPS: its clients send tokens nowhere else. */
export async function openManagementListener(
  options: ServerOptions,
  port: number,
  handler: RequestHandler,
  logger: Logger,
): Promise<OpenListener> {
  const tls = await managementTls(options, port);
  const listener = httpImplementationOf(options.http).createListener({
    host: options.host,
    port,
    tls,
    limits: defaultListenerLimits,
    handler,
    onRefused: (refusal) => logger.debug(refusal, 'management request refused'),
  });
  return { listener, address: await listener.listen() };
}

/** The certificate of the planes that are always HTTPS. */
export function managementTls(options: ServerOptions, port: number): Promise<TlsOptions> {
  const files = { certificateFile: null, privateKeyFile: null, ...options.tls };
  return tlsOf(options, { ...files, port, requestClientCertificate: false });
}

/** The certificate of a listener: that of the files, or one of the local authority. */
async function tlsOf(options: ServerOptions, tls: TlsListenerOptions): Promise<TlsOptions> {
  const { certificateFile, privateKeyFile, requestClientCertificate } = tls;
  if (certificateFile !== null && privateKeyFile !== null) {
    const [certificatePem, privateKeyPem] = await Promise.all([
      readFile(certificateFile, 'utf8'),
      readFile(privateKeyFile, 'utf8'),
    ]);
    return { certificatePem, privateKeyPem, requestClientCertificate, http2: true };
  }
  if (options.dataFolder === null)
    throw new TypeError('HTTPS needs a certificate or a data folder for the local authority.');
  const authority = await openLocalAuthority(join(options.dataFolder, 'tls'));
  const names = new Set(['localhost', '127.0.0.1', '::1']);
  if (!['0.0.0.0', '::'].includes(options.host)) names.add(options.host);
  return { ...(await authority.serverCertificate([...names])), requestClientCertificate, http2: true };
}

/**
 * Fails when somebody else listens on the ports already: workers share theirs, and the system would let them share with
 * strangers of the same user too.
 */
export async function requireFreePorts({ host, port, tls }: ServerOptions): Promise<void> {
  for (const one of [port, tls?.port ?? 0]) if (one !== 0) await requireFree(host, one);
}

function requireFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(new Error(`Cannot listen on ${host}:${port}: ${error.message}`)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** The addresses as they are printed. */
export function addressesOf(
  listeners: readonly OpenListener[],
  metricsEndpoint: { readonly address: ListenerAddress } | null,
): RunningService['addresses'] {
  return [
    ...listeners.map(({ address }) => ({ name: address.secure ? 'HTTPS' : 'HTTP', url: urlOf(address) })),
    ...(metricsEndpoint ? [{ name: 'Metrics', url: `${urlOf(metricsEndpoint.address)}/metrics` }] : []),
  ];
}

export function urlOf({ host, port, secure }: ListenerAddress): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${secure ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
