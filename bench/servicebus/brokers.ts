import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ServiceBusAdministrationClient } from '@azure/service-bus';
import { postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { cpuMicroseconds, residentMebibytes, startProcess } from '../kit/processes.ts';
import type { Broker } from './amqp-client.ts';

/** A broker under load, with its own data folder, which is new. */
export interface BenchBroker {
  readonly name: string;
  /** Null: it speaks NATS. */
  readonly amqp: { readonly broker: Broker; readonly settles: 'first' | 'second' } | null;
  readonly port: number;
  /** AMQP address of a queue, of a topic with so many subscriptions, and of those. */
  readonly queue: string;
  readonly deepQueue: string;
  readonly sessionQueue: string | null;
  readonly topic: (subscriptions: number) => { readonly target: string; readonly sources: readonly string[] };
  /** CPU of its processes so far, its database's included, in microseconds. */
  cpu(): number;
  memory(): number;
  stop(): Promise<void>;
}

export const topicSizes = [1, 10, 100] as const;

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const key = 'SAS_KEY_VALUE';

export async function startLazuli(port: number, database: 'SQLite' | 'PostgreSQL'): Promise<BenchBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-sb-'));
  const config = join(folder, 'Config.json');
  writeFileSync(config, JSON.stringify(configuration()));
  const programs = database === 'PostgreSQL' ? postgresPrograms() : undefined;
  if (database === 'PostgreSQL' && programs === undefined) throw new Error('PostgreSQL is not installed.');
  const postgres = programs === undefined ? undefined : await startPostgres(programs, true);
  const store = postgres === undefined ? [] : ['--store', postgres.url];
  const ports = ['--port', '0', '--management-port', '0', '--no-tls', '--service-bus-port', String(port)];
  const server = await startProcess(
    `Lazuli on ${database}`,
    process.execPath,
    [main, 'start', '--data', folder, ...ports, '--service-bus-config', config, '--log-level', 'warn', ...store],
    () => answers(port),
  );
  await createDeepQueue(port, folder);
  const measured = [server.pid, ...(postgres === undefined ? [] : [postgres.pid() ?? 0])];
  return {
    name: server.name,
    amqp: {
      broker: { port, userName: 'RootManageSharedAccessKey', password: key, hostName: 'localhost' },
      settles: 'second',
    },
    port,
    queue: 'q',
    deepQueue: 'deep',
    sessionQueue: 'sessions',
    topic: (n) => ({
      target: `t${n}`,
      sources: Array.from({ length: n }, (_, index) => `t${n}/Subscriptions/s${index}`),
    }),
    cpu: () => measured.reduce((sum, pid) => sum + cpuMicroseconds(pid), 0),
    memory: () => residentMebibytes(server.pid),
    async stop() {
      await server.stop();
      await postgres?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A million messages of 1 KiB are more than a queue holds that nobody says anything about. */
async function createDeepQueue(port: number, folder: string): Promise<void> {
  const authority = readFileSync(join(folder, 'tls', 'authority.crt'), 'utf8');
  setDefaultCACertificates([...getCACertificates('default'), authority]);
  const at = `Endpoint=sb://localhost:${port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${key}`;
  const client = new ServiceBusAdministrationClient(`${at};UseDevelopmentEmulator=true`);
  await client.createQueue('deep', { maxSizeInMegabytes: 5120, lockDuration: 'PT5M', maxDeliveryCount: 2000 });
}

/** As the official emulator reads it. */
function configuration(): unknown {
  const holder = { LockDuration: 'PT5M', MaxDeliveryCount: 2000, DefaultMessageTimeToLive: 'P10D' };
  const queue = (name: string, more = {}) => ({ Name: name, Properties: { ...holder, ...more } });
  return {
    UserConfig: {
      Namespaces: [
        {
          Name: 'sbemulatorns',
          Queues: [queue('q'), queue('sessions', { RequiresSession: true })],
          Topics: topicSizes.map((n) => ({
            Name: `t${n}`,
            Properties: { DefaultMessageTimeToLive: 'P10D' },
            Subscriptions: Array.from({ length: n }, (_, index) => ({ ...queue(`s${index}`), Rules: [] })),
          })),
        },
      ],
    },
  };
}

/** RabbitMQ with the AMQP 1.0 plugin and classic durable queues; `fanout` exchanges stand for topics. */
export async function startRabbit(port: number): Promise<BenchBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-rabbit-'));
  const programs = '/usr/lib/rabbitmq/bin';
  if (!existsSync(programs)) throw new Error('RabbitMQ is not installed: apt-get install rabbitmq-server');
  writeFileSync(join(folder, 'plugins'), '[rabbitmq_amqp1_0].');
  // The default of 400 frames a session and little credit would measure waiting, not work.
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    `listeners.tcp.1 = 127.0.0.1:${port}\nvm_memory_high_watermark.relative = 0.8\ndisk_free_limit.absolute = 50MB\n`,
  );
  const environment = {
    ...process.env,
    HOME: folder,
    RABBITMQ_NODENAME: 'bench@localhost',
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    ERL_EPMD_PORT: String(port + 1),
    RABBITMQ_DIST_PORT: String(port + 2),
  };
  const server = await startProcess(
    'RabbitMQ',
    join(programs, 'rabbitmq-server'),
    [],
    () => answers(port),
    environment,
  );
  const names = ['q', 'deep', ...topicSizes.flatMap((n) => Array.from({ length: n }, (_, i) => `t${n}-s${i}`))];
  const declare = [
    'R = fun(K, N) -> rabbit_misc:r(<<"/">>, K, N) end',
    `lists:foreach(fun(N) -> rabbit_amqqueue:declare(R(queue, N), true, false, [], none, <<"bench">>) end, [${names.map(binary).join(',')}])`,
    ...topicSizes.map(
      (n) => `rabbit_exchange:declare(R(exchange, ${binary(`t${n}`)}), fanout, true, false, false, [], <<"bench">>)`,
    ),
    `lists:foreach(fun({X, Q}) -> rabbit_binding:add({binding, R(exchange, X), <<>>, R(queue, Q), []}, <<"bench">>) end, [${topicSizes.flatMap((n) => Array.from({ length: n }, (_, i) => `{${binary(`t${n}`)},${binary(`t${n}-s${i}`)}}`)).join(',')}])`,
  ].join(', ');
  execFileSync(join(programs, 'rabbitmqctl'), ['eval', `${declare}.`], { env: environment, stdio: 'ignore' });
  return {
    name: server.name,
    amqp: { broker: { port, userName: 'guest', password: 'guest', hostName: 'vhost:/' }, settles: 'first' },
    port,
    queue: '/amq/queue/q',
    deepQueue: '/amq/queue/deep',
    sessionQueue: null,
    topic: (n) => ({
      target: `/exchange/t${n}`,
      sources: Array.from({ length: n }, (_, index) => `/amq/queue/t${n}-s${index}`),
    }),
    cpu: () => cpuMicroseconds(server.pid),
    memory: () => residentMebibytes(server.pid),
    async stop() {
      execFileSync(join(programs, 'rabbitmqctl'), ['stop'], { env: environment, stdio: 'ignore' });
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function binary(text: string): string {
  return `<<"${text}">>`;
}

/** NATS with a file store; it acknowledges what the page cache holds (no fsync a message). */
export async function startNats(port: number): Promise<BenchBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-nats-'));
  const peers = fileURLToPath(new URL('../peers/', import.meta.url));
  if (!existsSync(join(peers, 'node_modules/nats')))
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: peers, stdio: 'inherit' });
  const args = ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port)];
  const server = await startProcess('NATS JetStream', 'nats-server', args, () => answers(port), {
    ...process.env,
    PATH: `${process.env.PATH}:/usr/sbin`,
  });
  return {
    name: server.name,
    amqp: null,
    port,
    queue: 'bench.q',
    deepQueue: 'bench.q',
    sessionQueue: null,
    topic: () => ({ target: '', sources: [] }),
    cpu: () => cpuMicroseconds(server.pid),
    memory: () => residentMebibytes(server.pid),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
