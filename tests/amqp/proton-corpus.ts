/**
 * Feeds the fuzz corpus of Qpid Proton (`c/tests/fuzz` of Debian's source package qpid-proton) to the AMQP engine and to the reader of
 * messages, as it is, in pieces, and with bytes changed. Nothing may throw, take more than 50 ms of CPU, or leave links behind.
 *
 *   node tests/amqp/proton-corpus.ts <folder> [variants of each file, 20]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AmqpViolation,
  type Connection,
  createConnection,
  decodeValue,
  readApplicationProperties,
  readBody,
  readDeliveryAnnotations,
  readHeader,
  readMessageAnnotations,
  readProperties,
  scanSections,
  type Transport,
  type TransportEvents,
} from '@lazuli/amqp';

const [folder, variants = '20'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Give the folder c/tests/fuzz of the sources of qpid-proton.');
  process.exit(2);
}

let seed = 1;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return (seed >>> 8) % below;
};

const counts = { files: 0, inputs: 0, opened: 0, links: 0, deliveries: 0, violations: 0, messages: 0, refused: 0 };
const conditions = new Map<string, number>();
const failures: string[] = [];
let slowest = { milliseconds: 0, name: '' };

for (const name of ['fuzz-connection-driver', 'fuzz-proactor-receive']) {
  for (const { file, bytes } of inputs(name)) {
    counts.files++;
    for (const original of [bytes, begun(bytes)]) {
      for (const input of changed(original)) {
        await timed(file, () => feed(file, [input]));
        await timed(file, () => feed(file, piecesOf(input)));
      }
    }
  }
}
for (const { file, bytes } of inputs('fuzz-message-decode')) {
  counts.files++;
  for (const input of changed(bytes)) await timed(file, () => readMessage(file, input));
}

console.log(counts);
console.log(Object.fromEntries([...conditions].sort(([, one], [, other]) => other - one)));
console.log(`${failures.length} failures, heap ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB`);
console.log(`slowest: ${slowest.milliseconds.toFixed(1)} ms of CPU (${slowest.name})`);
for (const failure of failures.slice(0, 20)) console.error(failure);
if (counts.files === 0) failures.push('No file was found.');
process.exit(failures.length === 0 && slowest.milliseconds < 50 ? 0 : 1);

function* inputs(name: string): Iterable<{ readonly file: string; readonly bytes: Buffer }> {
  for (const kind of ['corpus', 'crash']) {
    let files: string[];
    try {
      files = readdirSync(join(folder!, name, kind));
    } catch {
      continue;
    }
    for (const file of files) yield { file: `${name}/${file}`, bytes: readFileSync(join(folder!, name, kind, file)) };
  }
}

/**
 * Most of the corpus was written by the side that answers; with its `begin` as one that asks (`remote-channel` null), what comes behind
 * it is reached.
 */
function begun(bytes: Buffer): Buffer {
  const at = bytes.indexOf(Buffer.from('005311c0', 'hex'));
  if (at < 8 || bytes[at + 6] !== 0x60) return bytes;
  const copy = Buffer.concat([bytes.subarray(0, at + 6), Buffer.from([0x40]), bytes.subarray(at + 9)]);
  copy[at + 4]! -= 2;
  copy.writeUInt32BE((copy.readUInt32BE(at - 8) - 2) >>> 0, at - 8);
  return copy;
}

function* changed(bytes: Buffer): Iterable<Buffer> {
  yield bytes;
  for (let variant = 0; variant < Number(variants) && bytes.length > 0; variant++) {
    const copy = Buffer.from(bytes);
    for (let change = 0; change <= random(3); change++) copy[random(copy.length)] = random(256);
    yield copy;
  }
}

function piecesOf(bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(40);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** CPU of the work; where it was much, of its second run: garbage of others is not its own. */
async function timed(name: string, work: () => void): Promise<void> {
  counts.inputs++;
  let milliseconds = cpuOf(name, work);
  // What was written in this turn goes out at its end.
  await new Promise((resolve) => setImmediate(resolve));
  if (milliseconds > 10) milliseconds = Math.min(milliseconds, cpuOf(name, work));
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, name };
}

function cpuOf(name: string, work: () => void): number {
  const before = process.cpuUsage();
  try {
    work();
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A container that takes all links, grants, settles and sends. */
function feed(name: string, pieces: readonly Buffer[]): void {
  let events: TransportEvents | undefined;
  let connection: Connection | undefined;
  const transport: Transport = {
    bufferedBytes: 0,
    write: () => true,
    pause() {},
    resume() {},
    end() {},
    destroy() {},
    start(given) {
      events = given;
    },
  };
  createConnection(
    transport,
    {
      containerId: 'corpus',
      sasl: { mechanisms: ['ANONYMOUS', 'PLAIN', 'EXTERNAL'], authenticate: ({ mechanism }) => ({ mechanism }) },
      clock: { now: () => 0, after: () => () => {} },
    },
    {
      onOpen(opened) {
        connection = opened;
        counts.opened++;
        return undefined;
      },
      onAttach(attach) {
        counts.links++;
        if (attach.role === 'sender') {
          const link = attach.accept(
            {},
            {
              onDelivery(delivery) {
                counts.deliveries++;
                readMessage(name, delivery.payload);
                delivery.settle({ kind: 'accepted' });
              },
            },
          );
          link.grant(1000);
          return;
        }
        const link = attach.accept(
          {},
          {
            onSendable: () => void link.send({ tag: Buffer.from('t'), pieces: [Buffer.alloc(1000)], settled: false }),
            onDrain: () => link.drained(),
            onOutcome: (delivery, state) => delivery.settle(state ?? { kind: 'released' }),
          },
        );
      },
      onViolation({ condition }) {
        counts.violations++;
        conditions.set(condition, (conditions.get(condition) ?? 0) + 1);
      },
      onClose(error) {
        if (error instanceof Error) failures.push(`${name}: ${error.stack}`);
      },
    },
  );
  for (const piece of pieces) events?.onBytes(piece);
  events?.onClose();
  if (connection !== undefined && connection.linkCount + connection.sessionCount > 0)
    failures.push(`${name}: ${connection.linkCount} links are left`);
}

function readMessage(name: string, payload: Buffer): void {
  counts.messages++;
  const readers = [
    readHeader,
    readDeliveryAnnotations,
    readMessageAnnotations,
    readProperties,
    readApplicationProperties,
    readBody,
  ];
  try {
    const sections = scanSections(payload);
    for (const read of readers) read(payload, sections);
  } catch (error) {
    counts.refused++;
    if (!(error instanceof AmqpViolation)) failures.push(`${name}: ${error instanceof Error ? error.stack : error}`);
  }
  try {
    decodeValue(payload);
  } catch (error) {
    if (!(error instanceof AmqpViolation)) failures.push(`${name}: ${error instanceof Error ? error.stack : error}`);
  }
}
