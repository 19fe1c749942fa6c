/**
 * What the broker itself spends on a message of 1 KiB, without AMQP: read from bytes, sent, and settled by its commit; then taken, written
 * for a receiver, completed. At depth 0 and at a depth, and what a message takes in memory there.
 *
 *   node --expose-gc bench/broker.ts [DEPTH 1000000] [MESSAGES 200000] [memory|sqlite|postgres://…]
 *
 * `memory` is the broker and the journal without a database; `sqlite` (in the working folder) waits for the disk. CPU is that of the
 * whole process, the thread of SQLite with it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { encodeData, encodeProperties } from '@lazuli/amqp';
import { type DeliveredMessage, openNamespace, readMessage, writeMessage } from '@lazuli/servicebus';
import * as store from '@lazuli/store';
import { memoryJournal } from '@lazuli/store/testing';
import { median } from './kit/load.ts';

// As the server does: otherwise every 64 MB of buffers that pass through mark a heap with millions of messages in it.
setFlagsFromString('--external-memory-accounted-in-global-limit');

const depth = Number(process.argv[2] ?? 1_000_000);
const messages = Number(process.argv[3] ?? 200_000);
const kind = process.argv[4] ?? 'memory';
const inFlight = 200;
const payload = Buffer.concat([
  encodeProperties({ messageId: '8a6e0804-2bd0-4672-b79d-d97027f9071a' }),
  encodeData(Buffer.alloc(1024, 120)),
]);

const folder = mkdtempSync(join(process.cwd(), '.bench-broker-'));
const opened =
  kind === 'memory'
    ? await memoryJournal().open()
    : await store.openJournal(kind === 'sqlite' ? `sqlite:${join(folder, 'journal.db')}` : kind, {
        name: 'bench',
        owner: 'bench',
      });
try {
  const namespace = await openNamespace({
    ...opened,
    name: 'bench',
    clock: {
      now: Date.now,
      after: (milliseconds, call) => {
        const timer = setTimeout(call, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    compileRule: () => {
      throw new Error('there are no rules here');
    },
    log: { warn: console.warn, error: console.error },
  });
  await namespace.apply([
    {
      kind: 'queue',
      id: 'q',
      path: 'q',
      lockDurationMs: 60_000,
      requiresSession: false,
      defaultTimeToLiveMs: Number.POSITIVE_INFINITY,
      deadLetteringOnMessageExpiration: false,
      maxDeliveryCount: 10,
      autoDeleteOnIdleMs: Number.POSITIVE_INFINITY,
      forwardTo: undefined,
      forwardDeadLetteredMessagesTo: undefined,
      status: 'Active',
      maxSizeBytes: Number.POSITIVE_INFINITY,
      maxMessageBytes: 1024 ** 2,
      requiresDuplicateDetection: false,
      duplicateDetectionHistoryMs: 600_000,
      enablePartitioning: false,
    },
  ]);
  const target = namespace.sender('q');
  const source = namespace.source('q');

  const send = (count: number) =>
    new Promise<void>((resolve, reject) => {
      let sent = 0;
      let answered = 0;
      const done = (error?: Error): void => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        if (++answered === count) {
          resolve();
          return;
        }
        // As a connection reads: what the answers let come comes together.
        if (answered === sent) more();
      };
      const more = (): void => {
        const end = Math.min(count, sent + inFlight);
        // Each message comes in bytes of its own.
        for (; sent < end; sent++) target.send([readMessage(Buffer.from(payload))], done);
      };
      more();
    });

  const receive = (count: number) =>
    new Promise<void>((resolve, reject) => {
      let taken = 0;
      let answered = 0;
      let held: DeliveredMessage[] = [];
      let bytes = 0;
      const done = (error?: Error): void => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        if (++answered < count) return;
        receiver.close();
        if (bytes > 0) resolve();
      };
      const complete = (): void => {
        const settled = held;
        held = [];
        for (const message of settled) source.settle(message, { kind: 'complete' }, done);
        receiver.setCredit(Math.min(inFlight, count - taken));
      };
      const receiver = source.openReceiver(
        { mode: 'peekLock', name: 'bench' },
        {
          onMessage(message) {
            taken++;
            for (const piece of writeMessage(message)) bytes += piece.length;
            bytes += message.lockToken?.length ?? 0;
            if (held.push(message) === 1) setImmediate(complete);
          },
          onClosed: reject,
        },
      );
      receiver.setCredit(Math.min(inFlight, count));
    });

  const cpu = async (work: (count: number) => Promise<void>): Promise<number> => {
    const before = process.cpuUsage();
    await work(messages);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / messages;
  };

  console.log('| depth | send µs | receive and complete µs | together µs |\n|---|---|---|---|');
  const rounds = async (name: string): Promise<void> => {
    const sends: number[] = [];
    const receives: number[] = [];
    for (let round = 0; round < 3; round++) {
      sends.push(await cpu(send));
      receives.push(await cpu(receive));
    }
    const [one, other] = [median(sends), median(receives)];
    console.log(`| ${name} | ${one.toFixed(2)} | ${other.toFixed(2)} | ${(one + other).toFixed(2)} |`);
  };
  await send(20_000);
  await receive(20_000);
  await rounds('0');
  globalThis.gc?.();
  const before = process.memoryUsage();
  await send(depth);
  globalThis.gc?.();
  const after = process.memoryUsage();
  await rounds(depth.toLocaleString('en'));
  console.log(
    `\nmemory for a message that waits: ${((after.heapUsed - before.heapUsed) / depth).toFixed(0)} bytes of the heap, ${((after.rss - before.rss) / depth).toFixed(0)} of the process (bodies in its cache included)`,
  );
  await namespace.close();
} finally {
  await opened.journal.close();
  rmSync(folder, { recursive: true, force: true });
}
