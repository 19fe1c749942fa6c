/**
 * What a message costs: Lazuli's Service Bus on SQLite and on PostgreSQL beside RabbitMQ (AMQP 1.0 plugin, durable classic queues)
 * and NATS JetStream, all on this machine in the same run, in turn. CPU is that of the broker's processes, its database's included;
 * the load is a process of its own, the same for all that speak AMQP.
 *
 *   node bench/servicebus.ts [--rounds 3] [--messages 20000] [--only queue,depth,topics,sessions,idle]
 *                            [--brokers sqlite,postgres,rabbit,nats] [--depth 1000000]
 *
 * Needs `apt-get install rabbitmq-server nats-server postgresql`.
 */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { AmqpLoad, LoadReport } from './servicebus/amqp-load.ts';
import { type BenchBroker, startLazuli, startNats, startRabbit, topicSizes } from './servicebus/brokers.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '20000' },
    depth: { type: 'string', default: '1000000' },
    only: { type: 'string', default: 'queue,depth,topics,sessions,idle' },
    brokers: { type: 'string', default: 'sqlite,postgres,rabbit,nats' },
  },
});
const rounds = Number(values.rounds);
const count = Number(values.messages);
const starters: Readonly<Record<string, () => Promise<BenchBroker>>> = {
  sqlite: () => startLazuli(27_672, 'SQLite'),
  postgres: () => startLazuli(27_673, 'PostgreSQL'),
  rabbit: () => startRabbit(27_680),
  nats: () => startNats(27_690),
};
const chapters: Readonly<Record<string, (brokers: readonly BenchBroker[]) => Promise<void>>> = {
  queue: queues,
  topics,
  sessions,
  depth,
  idle,
};
const runFile = promisify(execFile);
const amqpLoad = fileURLToPath(new URL('./servicebus/amqp-load.ts', import.meta.url));
const natsLoad = join(fileURLToPath(new URL('./peers', import.meta.url)), 'nats-load.js');

const brokers: BenchBroker[] = [];
try {
  for (const name of values.brokers.split(',')) {
    const start = starters[name];
    if (start === undefined) throw new Error(`unknown broker '${name}': expected ${Object.keys(starters).join(', ')}`);
    brokers.push(await start());
  }
  for (const name of values.only.split(',')) {
    const chapter = chapters[name];
    if (chapter === undefined) throw new Error(`unknown part '${name}': expected ${Object.keys(chapters).join(', ')}`);
    await chapter(brokers);
  }
} finally {
  for (const broker of brokers) await broker.stop();
}

interface Work {
  readonly work: AmqpLoad['work'];
  readonly bodyBytes: number;
  readonly inFlight: number;
  readonly count: number;
  readonly target?: string;
  readonly sources?: readonly string[];
  readonly sessions?: number;
}

interface Figures extends LoadReport {
  /** Of the broker, for a message. */
  readonly cpu: number;
}

async function apply(broker: BenchBroker, work: Work): Promise<Figures> {
  const { target = broker.queue, sources = [broker.queue], sessions: of = 0, ...rest } = work;
  const before = broker.cpu();
  const load =
    broker.amqp === null
      ? [natsLoad, JSON.stringify({ ...rest, port: broker.port })]
      : [amqpLoad, JSON.stringify({ ...rest, ...broker.amqp, target, sources, sessions: of } satisfies AmqpLoad)];
  const { stdout } = await runFile(process.execPath, load, { timeout: 600_000 });
  const report: LoadReport = JSON.parse(stdout);
  return { ...report, cpu: (broker.cpu() - before) / report.messages };
}

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

function head(...cells: readonly string[]): void {
  console.log();
  row(...cells);
  row(...cells.map(() => '---'));
}

/** Sending, receiving, and both at once: sizes and numbers in flight. */
async function queues(all: readonly BenchBroker[]): Promise<void> {
  head(
    'broker',
    'KiB',
    'in flight',
    'send µs',
    'send/s',
    'p50 ms',
    'receive µs',
    'receive/s',
    'send + receive µs',
    'both at once µs',
    'both/s',
  );
  for (const bodyBytes of [1024, 65_536])
    for (const inFlight of [1, 16, 200]) {
      const scale = (bodyBytes > 1024 ? 10 : 1) * (inFlight === 1 ? 5 : 1);
      const n = Math.max(200, Math.round(count / scale));
      const results = new Map(
        all.map((broker) => [broker, { send: [], receive: [], both: [] } as Record<string, Figures[]>]),
      );
      const work = { bodyBytes, inFlight, count: n };
      // Not counted: a broker runs for months, and what it has compiled and the memory that it has taken stay.
      for (const broker of all)
        for (const kind of ['send', 'receive'] as const) await apply(broker, { ...work, work: kind });
      for (let round = 0; round < rounds; round++)
        for (const [broker, result] of results) {
          result.send?.push(await apply(broker, { ...work, work: 'send' }));
          result.receive?.push(await apply(broker, { ...work, work: 'receive' }));
          result.both?.push(await apply(broker, { ...work, work: 'both' }));
        }
      for (const [broker, { send = [], receive = [], both = [] }] of results) {
        const cpu = (list: readonly Figures[]) => median(list.map((one) => one.cpu));
        const rate = (list: readonly Figures[]) => Math.round(median(list.map((one) => one.messages / one.seconds)));
        row(
          broker.name,
          bodyBytes / 1024,
          inFlight,
          cpu(send).toFixed(1),
          rate(send),
          median(send.map((one) => one.p50)).toFixed(1),
          cpu(receive).toFixed(1),
          rate(receive),
          (cpu(send) + cpu(receive)).toFixed(1),
          cpu(both).toFixed(1),
          rate(both),
        );
      }
    }
}

/** A message to all subscriptions of a topic, then taken from each: CPU for a message that is sent, and for a copy that is received. */
async function topics(all: readonly BenchBroker[]): Promise<void> {
  head('broker', 'subscriptions', 'send µs', 'send/s', 'receive µs a copy', 'receive/s');
  for (const size of topicSizes)
    for (const broker of all) {
      if (broker.amqp === null) continue;
      const { target, sources } = broker.topic(size);
      const n = Math.max(500, Math.round(count / 2 / size));
      const work = { bodyBytes: 1024, inFlight: 200, count: n, target, sources };
      const sent: Figures[] = [];
      const received: Figures[] = [];
      for (let round = 0; round < rounds; round++) {
        sent.push(await apply(broker, { ...work, work: 'send' }));
        received.push(await apply(broker, { ...work, work: 'receive' }));
      }
      const rate = (list: readonly Figures[]) => Math.round(median(list.map((one) => one.messages / one.seconds)));
      row(
        broker.name,
        size,
        median(sent.map((one) => one.cpu)).toFixed(1),
        rate(sent),
        median(received.map((one) => one.cpu)).toFixed(1),
        rate(received),
      );
    }
}

/** Two messages in each of 10,000 sessions; then every session is accepted (the next one that is free), emptied and let go. */
async function sessions(all: readonly BenchBroker[]): Promise<void> {
  head('broker', 'sessions', 'send µs', 'send/s', 'accept + receive µs a message', 'sessions/s', 'MiB');
  for (const broker of all) {
    if (broker.sessionQueue === null) continue;
    const work = {
      bodyBytes: 1024,
      inFlight: 200,
      count: 20_000,
      sessions: 10_000,
      target: broker.sessionQueue,
      sources: [broker.sessionQueue],
    };
    const sent = await apply(broker, { ...work, work: 'send' });
    const received = await apply(broker, { ...work, inFlight: 16, work: 'sessions' });
    row(
      broker.name,
      10_000,
      sent.cpu.toFixed(1),
      Math.round(sent.messages / sent.seconds),
      received.cpu.toFixed(1),
      Math.round(10_000 / received.seconds),
      broker.memory(),
    );
  }
}

/** The same work on a queue that holds so many messages already. */
async function depth(all: readonly BenchBroker[]): Promise<void> {
  const deep = Number(values.depth);
  head('broker', 'messages in the queue', 'send µs', 'receive µs', 'send + receive µs', 'MiB');
  for (const broker of all) {
    const target = broker.deepQueue;
    const work = { bodyBytes: 1024, inFlight: 200, count, target, sources: [target] };
    const measure = async (name: string) => {
      const sent: number[] = [];
      const received: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const { cpu: sending } = await apply(broker, { ...work, work: 'send' });
        const { cpu: receiving } = await apply(broker, { ...work, work: 'receive' });
        // The first round warms up.
        if (round === 0) continue;
        sent.push(sending);
        received.push(receiving);
      }
      row(
        broker.name,
        name,
        median(sent).toFixed(1),
        median(received).toFixed(1),
        (median(sent) + median(received)).toFixed(1),
        broker.memory(),
      );
    };
    await measure('0');
    await apply(broker, { ...work, count: deep, inFlight: 1000, work: 'send' });
    await measure(deep.toLocaleString('en'));
  }
}

/** Memory with 10,000 connections that have a receiver each and nothing to do. */
async function idle(all: readonly BenchBroker[]): Promise<void> {
  head('broker', 'connections', 'MiB before', 'MiB after');
  for (const broker of all) {
    if (broker.amqp === null) continue;
    const before = broker.memory();
    const load: AmqpLoad = {
      ...broker.amqp,
      work: 'idle',
      target: broker.queue,
      // A queue of Service Bus has 5,000 receivers at most.
      sources: [broker.queue, broker.deepQueue, ...broker.topic(1).sources],
      bodyBytes: 0,
      inFlight: 0,
      count: 10_000,
      sessions: 0,
    };
    const child = spawn(process.execPath, [amqpLoad, JSON.stringify(load)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (status) => reject(new Error(`the load ended with ${status}`)));
    });
    row(broker.name, 10_000, before, broker.memory());
    child.removeAllListeners('exit').kill('SIGKILL');
  }
}
