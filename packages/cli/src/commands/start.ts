import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AccessLogMode,
  accessLogModes,
  ConfigurationError,
  defaultDataFolder,
  type HttpImplementation,
  httpImplementations,
  type LogLevel,
  logLevels,
  type ReloadReport,
  type RunningManagedServer,
  type RunningService,
  type SelfHostedGatewayOptions,
  startManagedServer,
  startSelfHostedGateway,
  startServer,
  startWorkers,
} from '@lazuli/server';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatDiagnostic, formatTable, paint, type Terminal } from '../terminal.ts';

interface StartOptions {
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly tls: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly clientCertificates?: boolean;
  readonly data: string;
  readonly secrets?: string;
  readonly redis?: string;
  readonly metricsPort?: number;
  readonly workers: number;
  readonly http: HttpImplementation;
  readonly accessLog: AccessLogMode;
  readonly logLevel: LogLevel;
  readonly store?: string;
  readonly managementPort: number;
  readonly serviceBus?: boolean;
  readonly serviceBusPort: number;
  readonly serviceBusTlsPort?: number;
  readonly serviceBusConfig?: string;
  readonly roles: 'all' | 'gateway';
  readonly configEndpoint?: string;
  readonly configAuth?: string;
  readonly configCa?: string;
  readonly drain: number;
  readonly watch: boolean;
  readonly allowUnsupported?: boolean;
  readonly recordUnknownResources?: boolean;
}

export function startCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('start')
    .summary('serve a folder, or what the management plane holds')
    .description(
      'Serves a folder of API Management artifacts (APIOps layout). A file that is saved is live at once; one with an error\n' +
        'is reported and the last good configuration stays. Ctrl-C lets running requests finish.',
    )
    .argument('[folder]', 'the folder; without one, what the management plane holds is served')
    .option('--host <address>', 'address to listen on; 0.0.0.0 opens it to the network', '127.0.0.1')
    .option('--port <number>', 'port for HTTP', portNumber, 8080)
    .option('--tls-port <number>', 'port for HTTPS', portNumber, 8443)
    .option('--no-tls', 'no HTTPS')
    .option('--cert <file>', 'certificate chain for HTTPS, PEM (default: one of the local authority, see lazuli trust)')
    .option('--key <file>', 'private key of --cert, PEM')
    .option('--client-certificates', 'ask HTTPS clients for a certificate (context.Request.Certificate)')
    .option('--data <folder>', 'where the local authority and quotas are kept', defaultDataFolder())
    .option('--secrets <file>', 'JSON or YAML file with secret named values and subscription keys')
    .option(
      '--redis <url>',
      'share counters and cache with other gateways (redis://host:6379)',
      process.env.LAZULI_REDIS,
    )
    .option(
      '--metrics-port <number>',
      'port of loopback for /metrics (Prometheus); without it metrics go to the log',
      portNumber,
    )
    .option('--workers <number>', 'processes that serve the ports together', workerCount, 1)
    .addOption(
      new Option('--http <implementation>', "HTTP/1.1: Lazuli's own over sockets, or Node's layers")
        .choices(httpImplementations)
        .default('sockets'),
    )
    .addOption(new Option('--access-log <mode>', 'which requests are logged').choices(accessLogModes).default('all'))
    .addOption(new Option('--log-level <level>', 'least level that is logged').choices(logLevels).default('info'))
    .option(
      '--store <url>',
      'where the management plane keeps what it holds: sqlite:FILE or postgres://…',
      process.env.LAZULI_STORE,
    )
    .option('--management-port <number>', 'port of the management plane (HTTPS)', portNumber, 8444)
    .option(
      '--service-bus',
      'serve Service Bus beside a folder too (without a folder it is served unless --no-service-bus says otherwise)',
    )
    .option('--no-service-bus', 'no Service Bus')
    .option('--service-bus-port <number>', 'port for everything that clients of Service Bus speak', portNumber, 5672)
    .option('--service-bus-tls-port <number>', 'another port for the same, such as 5671', portNumber)
    .option('--service-bus-config <file>', "queues and topics to make at the start: a Config.json of Azure's emulator")
    .addOption(
      new Option('--roles <roles>', 'what this process does; gateway: serve what a management plane elsewhere assigns')
        .choices(['all', 'gateway'])
        .default('all'),
    )
    .option(
      '--config-endpoint <url>',
      'management plane of a self-hosted gateway: https://host:8444',
      process.env['config.service.endpoint'],
    )
    .addOption(
      // The token is a secret: it is not shown as the default in the help.
      new Option('--config-auth <token>', "'GatewayKey …', the token of the gateway (or config.service.auth)"),
    )
    .option(
      '--config-ca <file>',
      'authority to trust for --config-endpoint, PEM (lazuli trust prints it)',
      process.env.LAZULI_CONFIG_CA,
    )
    .option('--drain <seconds>', 'how long running requests may take after Ctrl-C', seconds, 30)
    .option('--no-watch', 'do not watch the folder for changes')
    .option('--allow-unsupported', 'policies that are not built yet do nothing instead of being errors')
    .option(
      '--record-unknown-resources',
      'templates may hold resources of types that Lazuli does not have: they are kept and do nothing',
    )
    .action(async (folder: string | undefined, options: StartOptions) => {
      if ((options.cert === undefined) !== (options.key === undefined)) {
        terminal.error('--cert and --key belong together: give both or neither.');
        return exit(2);
      }
      let server: RunningService;
      try {
        server = await serve(terminal, folder, options);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        for (const diagnostic of error.diagnostics) terminal.error(formatDiagnostic(terminal, diagnostic));
        terminal.error(`lazuli: ${error.message}`);
        return exit(1);
      }
      for (const diagnostic of server.warnings) terminal.error(formatDiagnostic(terminal, diagnostic));
      terminal.out(
        banner(terminal, folder ?? (options.roles === 'gateway' ? 'the APIs assigned to it' : 'the store'), server),
      );
      if ('management' in server) terminal.out(managementBanner(terminal, server as RunningManagedServer));
      terminal.afterStart?.();
      await untilInterrupted(async () => {
        terminal.out(`\nFinishing running requests (at most ${options.drain} s; Ctrl-C again ends at once) ...`);
        await server.stop(options.drain * 1000);
      });
      exit(0);
    });
}

async function serve(terminal: Terminal, folder: string | undefined, options: StartOptions): Promise<RunningService> {
  const { workers } = options;
  const common = {
    host: options.host,
    port: options.port,
    tls: options.tls
      ? {
          port: options.tlsPort,
          certificateFile: options.cert ?? null,
          privateKeyFile: options.key ?? null,
          requestClientCertificate: options.clientCertificates ?? false,
        }
      : null,
    dataFolder: options.data,
    redisUrl: options.redis ?? null,
    metricsPort: options.metricsPort ?? null,
    http: options.http,
    accessLog: options.accessLog,
    logLevel: options.logLevel,
    allowUnsupported: options.allowUnsupported ?? false,
  };
  if (options.roles === 'gateway') return serveAsGateway(folder, options, common);
  if (folder === undefined) {
    if (workers > 1) throw new Error('--workers needs a folder: the management plane runs in one process.');
    await mkdir(options.data, { recursive: true, mode: 0o700 });
    return startManagedServer({
      ...common,
      storeUrl: options.store ?? defaultStore(options.data),
      managementPort: options.managementPort,
      serviceBus: options.serviceBus === false ? null : serviceBusOf(options),
      recordUnknownResources: options.recordUnknownResources ?? false,
    });
  }
  const asked = options.serviceBus === true || (options.serviceBusConfig !== undefined && options.serviceBus !== false);
  if (asked && workers > 1) throw new Error('--workers and Service Bus do not go together: it runs in one process.');
  const served = {
    ...common,
    folder,
    secretsFile: options.secrets ?? null,
    watch: options.watch,
    serviceBus: asked ? serviceBusOf(options) : null,
    onReload: (report: ReloadReport) => reportReload(terminal, report),
  };
  return workers > 1 ? startWorkers(served, workers) : startServer(served);
}

function serviceBusOf({ serviceBusPort, serviceBusTlsPort, serviceBusConfig }: StartOptions) {
  return { port: serviceBusPort, tlsPort: serviceBusTlsPort ?? null, configurationFile: serviceBusConfig ?? null };
}

/** Settings of Azure's own container are taken from the environment under their names. */
async function serveAsGateway(
  folder: string | undefined,
  options: StartOptions,
  common: Omit<SelfHostedGatewayOptions, `configuration${string}`>,
): Promise<RunningService> {
  const { configEndpoint, configCa, workers } = options;
  const configAuth = options.configAuth ?? process.env['config.service.auth'];
  if (folder !== undefined) throw new Error('--roles gateway serves no folder: it is configured by --config-endpoint.');
  if (workers > 1) throw new Error('--workers needs a folder.');
  if (configEndpoint === undefined || configAuth === undefined)
    throw new Error(
      '--roles gateway needs --config-endpoint and --config-auth (or config.service.endpoint and config.service.auth in the environment).',
    );
  await mkdir(options.data, { recursive: true, mode: 0o700 });
  return startSelfHostedGateway({
    ...common,
    configurationEndpoint: configEndpoint,
    configurationAuthorization: configAuth,
    configurationCaFile: configCa ?? null,
  });
}

/** How to reach the management plane; at the first start also who may, whose secret is shown only now. */
function managementBanner(terminal: Terminal, { management }: RunningManagedServer): string {
  const rows: (readonly [string, string])[] = [
    ['Tenant', management.tenantId],
    ['Subscription', management.subscriptionId],
  ];
  const first = management.firstPrincipal;
  if (first) rows.push(['Client id', first.application.appId], ['Client secret', first.secretText]);
  const note = first ? `\n\n${paint(terminal, 'bold', 'Keep the client secret: it is not shown again.')}` : '';
  return `\n${formatTable(rows)}${note}`;
}

function banner(terminal: Terminal, folder: string, server: RunningService): string {
  const rows = server.addresses.map(({ name, url }) => [name, paint(terminal, 'cyan', url)] as const);
  return `${paint(terminal, 'bold', 'Lazuli')} serves ${folder}: ${server.summary}\n\n${formatTable(rows)}`;
}

function reportReload(terminal: Terminal, report: ReloadReport): void {
  for (const diagnostic of report.diagnostics) terminal.error(formatDiagnostic(terminal, diagnostic));
  if (report.live)
    terminal.error(`${paint(terminal, 'green', 'live')} changes after ${Math.round(report.milliseconds)} ms`);
  else terminal.error(`${paint(terminal, 'red', 'kept')} the last good configuration: mend the errors above`);
}

/** Resolves when the process was asked to end and `drain` is done. A second signal ends the process at once. */
function untilInterrupted(drain: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDraining = false;
    const onSignal = () => {
      if (isDraining) process.exit(130);
      isDraining = true;
      drain().then(() => {
        process.off('SIGINT', onSignal);
        process.off('SIGTERM', onSignal);
        resolve();
      }, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Expected a port from 0 (any free one) to 65535.');
  return port;
}

function workerCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new InvalidArgumentError('Expected a number of processes from 1 to 64.');
  return count;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Expected a number of seconds.');
  return value;
}

function defaultStore(dataFolder: string): string {
  return `sqlite:${join(dataFolder, 'lazuli.db')}`;
}
