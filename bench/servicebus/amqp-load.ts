/** One load on a broker, as a process of its own: `node amqp-load.ts '{…AmqpLoad…}'` prints one line of JSON. */
import { randomBytes } from 'node:crypto';
import { AmqpClient, type Broker } from './amqp-client.ts';
import { encodeMessage } from './amqp-wire.ts';

export interface AmqpLoad {
  readonly broker: Broker;
  readonly work: 'send' | 'receive' | 'both' | 'sessions' | 'idle';
  /** Where messages go, and where they are taken from. */
  readonly target: string;
  readonly sources: readonly string[];
  /** How receivers settle: `first` tells the outcome and forgets it, `second` waits for the broker's word (as Azure's SDKs do). */
  readonly settles: 'first' | 'second';
  readonly bodyBytes: number;
  readonly inFlight: number;
  /** Messages; for `idle` connections. */
  readonly count: number;
  /** Messages belong to so many sessions in turn; 0: to none. */
  readonly sessions: number;
}

export interface LoadReport {
  readonly messages: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

const load: AmqpLoad = JSON.parse(process.argv[2] ?? '{}');
const body = randomBytes(load.bodyBytes);
const latencies: number[] = [];
const started = performance.now();
let messages = 0;

if (load.work === 'idle') await holdConnections();
if (load.work === 'send') messages = await send();
if (load.work === 'receive') messages = await receiveAll();
if (load.work === 'both') [messages] = await Promise.all([send(), receiveAll()]);
if (load.work === 'sessions') messages = await receiveSessions();
latencies.sort((a, b) => a - b);
const percentile = (p: number) => latencies[Math.floor(latencies.length * p)] ?? 0;
const report: LoadReport = {
  messages,
  seconds: (performance.now() - started) / 1000,
  p50: percentile(0.5),
  p99: percentile(0.99),
};
console.log(JSON.stringify(report));
process.exit(0);

async function send(): Promise<number> {
  const client = await AmqpClient.open(load.broker);
  const sender = await client.sender(load.target);
  const begun: number[] = [];
  let sent = 0;
  let accepted = 0;
  await new Promise<void>((resolve) => {
    const pump = () => {
      while (sent < load.count && sent - accepted < load.inFlight) {
        const group = load.sessions > 0 ? `s${sent % load.sessions}` : undefined;
        if (!sender.send(encodeMessage(`m${process.pid}-${sent}`, body, group))) return;
        begun[sent % load.inFlight] = performance.now();
        sent++;
      }
    };
    sender.onSendable = pump;
    sender.onAccepted = () => {
      latencies.push(performance.now() - begun[accepted % load.inFlight]!);
      accepted++;
      if (accepted === load.count) resolve();
      else pump();
    };
    pump();
  });
  client.close();
  return accepted;
}

/** Takes `count` messages from each source, and waits until the broker has confirmed that they are gone. */
async function receiveAll(): Promise<number> {
  const counts = await Promise.all(load.sources.map(receive));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function receive(source: string): Promise<number> {
  const client = await AmqpClient.open(load.broker);
  const receiver = await client.receiver(source, load.settles);
  let received = 0;
  let settled = 0;
  await new Promise<void>((resolve) => {
    receiver.onMessage = () => {
      received++;
      if (load.settles === 'first' && received >= load.count) resolve();
    };
    receiver.onSettled = (count) => {
      settled += count;
      if (settled >= load.count) resolve();
    };
    receiver.start(Math.max(load.inFlight, 1));
  });
  client.close();
  return received;
}

/** Sessions one after the other, `inFlight` at a time: accept the next, take what it has, let it go. */
async function receiveSessions(): Promise<number> {
  const perSession = Math.floor(load.count / load.sessions);
  let left = load.sessions;
  let received = 0;
  const lane = async () => {
    const client = await AmqpClient.open(load.broker);
    while (left > 0) {
      left--;
      const receiver = await client.receiver(load.sources[0] ?? '', 'second', null);
      let settled = 0;
      await new Promise<void>((resolve) => {
        receiver.onSettled = (count) => {
          settled += count;
          if (settled >= perSession) resolve();
        };
        receiver.start(perSession);
      });
      received += settled;
      receiver.close();
    }
    client.close();
  };
  await Promise.all(Array.from({ length: load.inFlight }, lane));
  return received;
}

/** Opens connections with a receiver each and tells the parent, which measures and then ends this process. */
async function holdConnections(): Promise<never> {
  for (let n = 0; n < load.count; n += 100) {
    await Promise.all(
      Array.from({ length: Math.min(100, load.count - n) }, async () => {
        const client = await AmqpClient.open(load.broker);
        await client.receiver(load.sources[(n / 100) % load.sources.length] ?? '', 'second');
      }),
    );
  }
  console.log('open');
  return new Promise(() => {
    setInterval(() => {}, 1000);
  });
}
