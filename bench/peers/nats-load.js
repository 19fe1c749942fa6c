/** One load on NATS JetStream, as a process of its own: `node nats-load.js '{ port, work, bodyBytes, inFlight, count }'`. */
import { randomBytes } from 'node:crypto';
import { AckPolicy, connect } from 'nats';

const load = JSON.parse(process.argv[2]);
const nc = await connect({ port: load.port });
const manager = await nc.jetstreamManager();
const stream = 'bench';
await manager.streams.add({ name: stream, subjects: ['bench.q'], storage: 'file' }).catch(() => {});
const js = nc.jetstream();
const started = performance.now();
const latencies = [];
let messages = 0;

if (load.work === 'send') messages = await send();
if (load.work === 'receive') messages = await receive();
if (load.work === 'both') [messages] = await Promise.all([send(), receive()]);
latencies.sort((a, b) => a - b);
const percentile = (p) => latencies[Math.floor(latencies.length * p)] ?? 0;
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ messages, seconds, p50: percentile(0.5), p99: percentile(0.99) }));
process.exit(0);

async function send() {
  const body = randomBytes(load.bodyBytes);
  let sent = 0;
  const lane = async () => {
    while (sent < load.count) {
      sent++;
      const begun = performance.now();
      await js.publish('bench.q', body);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, lane));
  return sent;
}

async function receive() {
  await manager.consumers
    .add(stream, { durable_name: 'c', ack_policy: AckPolicy.Explicit, max_ack_pending: 10_000 })
    .catch(() => {});
  const consumer = await js.consumers.get(stream, 'c');
  let received = 0;
  for await (const message of await consumer.consume({ max_messages: Math.max(load.inFlight, 1) })) {
    message.ack();
    if (++received >= load.count) break;
  }
  await nc.flush();
  return received;
}
