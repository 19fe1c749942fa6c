import type { Gateway } from '@lazuli/gateway';
import type { Management } from '@lazuli/management';
import type { Diagnostic, FolderSource } from '@lazuli/resources';
import type { ReloadReport } from './configuration/reloader.ts';
import type { AccessLogMode } from './logging/access-log.ts';
import type { LogLevel } from './logging/logger.ts';
import type { ServiceBusOptions } from './servicebus/service-bus.ts';

export interface ServerOptions {
  /** A folder on disk, or files from elsewhere (which are not watched). */
  readonly folder: string | FolderSource;
  /** Address to bind to. */
  readonly host: string;
  /** For HTTP; 0 for any free port. */
  readonly port: number;
  /** Null: no HTTPS. */
  readonly tls: TlsListenerOptions | null;
  /** Where the local authority and quotas are kept; null keeps nothing (then `tls` needs files). */
  readonly dataFolder: string | null;
  /** Under what quotas are kept where `folder` is none on disk; absent: they are not kept. */
  readonly stateName?: string;
  readonly secretsFile: string | null;
  /** Shares counters and cache with other gateways. */
  readonly redisUrl?: string | null;
  /** Port of loopback for `/metrics`; 0 for any free one, null or absent: the metrics of policies go to the log. */
  readonly metricsPort?: number | null;
  readonly accessLog: AccessLogMode;
  readonly logLevel: LogLevel;
  /** Make changes in the folder live. */
  readonly watch: boolean;
  readonly allowUnsupported: boolean;
  readonly onReload?: (report: ReloadReport) => void;
  /** Which implementation of HTTP/1.1 stands between the sockets and the gateway. */
  readonly http?: HttpImplementation;
  /** Null or absent: no Service Bus. Needs a data folder. */
  readonly serviceBus?: ServiceBusOptions | null;
  /** One of several processes that serve the same ports. */
  readonly worker?: WorkerOptions | null;
  /** The time, for tests. */
  readonly clock?: { now(): number };
}

export type HttpImplementation = 'sockets' | 'node';
export const httpImplementations: readonly HttpImplementation[] = ['sockets', 'node'];

export interface WorkerOptions {
  /** Unix socket at which the counters and the cache of all workers are held. */
  readonly stateSocket: string;
}

export interface TlsListenerOptions {
  readonly port: number;
  /** Both or neither; without them the local authority signs a certificate. */
  readonly certificateFile: string | null;
  readonly privateKeyFile: string | null;
  readonly requestClientCertificate: boolean;
}

/** What is served, and how to end it. */
export interface RunningService {
  readonly addresses: readonly { readonly name: string; readonly url: string }[];
  /** `6 APIs, 3 products, 3 subscriptions`. */
  readonly summary: string;
  readonly warnings: readonly Diagnostic[];
  /** Stops accepting, lets running requests finish for at most `graceMs`, and lets go of everything. */
  stop(graceMs: number): Promise<void>;
}

/** What a server needs that is configured through the management plane instead of a folder. */
export interface ManagedServerOptions
  extends Omit<ServerOptions, 'folder' | 'secretsFile' | 'watch' | 'onReload' | 'worker'> {
  readonly dataFolder: string;
  /** `sqlite:PATH` or `postgres://…`. */
  readonly storeUrl: string;
  /** Port of the management plane (HTTPS); 0 for any free one. */
  readonly managementPort: number;
  /** Resources of types that Lazuli does not have are kept and do nothing; default: templates with them are refused. */
  readonly recordUnknownResources?: boolean;
}

/** A service with a management plane. */
export interface RunningManagedServer extends RunningService {
  readonly management: Management;
}

/** One process that serves by itself. */
export interface RunningServer extends RunningService {
  readonly gateway: Gateway;
  /** Reads the folder again now, watched or not. */
  reload(): Promise<void>;
}

/** The folder has errors: nothing was started. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    super(`${errors} ${errors === 1 ? 'error' : 'errors'} in the configuration: nothing was started.`);
    this.diagnostics = diagnostics;
  }
}
