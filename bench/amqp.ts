/**
 * What the AMQP engine alone spends on a message of 1 KiB: taken in and accepted, and sent with its outcome taken in. rhea as a server
 * does the same in the same run. The client is one and the same, raw frames, in a process of its own.
 *
 *   node bench/amqp.ts [messages] [rounds]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  AmqpMap,
  type AmqpValue,
  createConnection,
  Described,
  encodeData,
  encodeProperties,
  encodeValue,
  socketTransport,
  symbol,
  uint,
  ulong,
} from '@lazuli/amqp';
import rhea from 'rhea';
import { median } from './kit/load.ts';

const message = Buffer.concat([encodeProperties({ messageId: 'bench-message' }), encodeData(Buffer.alloc(1024, 120))]);
const kinds = ['Lazuli', 'rhea'] as const;
const works = ['receive and settle', 'send and be settled'] as const;
type Kind = (typeof kinds)[number];

/** Answers `cpu` on its input with its CPU time in microseconds. */
function serve(kind: Kind): void {
  const server = createServer((socket) => {
    if (kind === 'Lazuli') serveLazuli(socket);
    else serveRhea(socket);
  }).listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
  process.stdin.on('data', () => {
    const { user, system } = process.cpuUsage();
    console.log(`cpu ${user + system}`);
  });
}

function serveLazuli(socket: import('node:net').Socket): void {
  let tag = 0;
  createConnection(
    socketTransport(socket),
    { containerId: 'bench', sasl: { mechanisms: ['ANONYMOUS'], authenticate: ({ mechanism }) => ({ mechanism }) } },
    {
      onAttach(attach) {
        if (attach.role === 'sender') {
          let used = 0;
          const link = attach.accept(
            {},
            {
              onDelivery(delivery) {
                delivery.settle({ kind: 'accepted' });
                if (++used === 500) {
                  link.grant(used);
                  used = 0;
                }
              },
            },
          );
          link.grant(1000);
          return;
        }
        const link = attach.accept(
          {},
          {
            onSendable() {
              for (let count = link.sendable; count > 0; count--) {
                const id = Buffer.allocUnsafe(16);
                id.writeUInt32BE(tag++, 0);
                link.send({ tag: id, pieces: [message], settled: false });
              }
            },
            onDrain: () => link.drained(),
            onOutcome(delivery, state, settled) {
              if (!settled) delivery.settle(state ?? { kind: 'released' });
            },
          },
        );
      },
    },
  );
}

function serveRhea(socket: import('node:net').Socket): void {
  const container = rhea.create_container({ autoaccept: true });
  const connection = (
    container as unknown as { create_connection(options: object): { accept(socket: unknown): void } }
  ).create_connection({ max_frame_size: 65_536 });
  const body = rhea.message.data_section(Buffer.alloc(1024, 120));
  container.on('connection_open', () => {});
  container.on('receiver_open', ({ receiver }: rhea.EventContext) => receiver?.set_credit_window(1000));
  container.on('message', () => {});
  container.on('sendable', ({ sender }: rhea.EventContext) => {
    while (sender?.sendable()) sender.send({ message_id: 'bench-message', body });
  });
  container.on('disconnected', () => {});
  connection.accept(socket);
}

async function compare(messages: number, rounds: number): Promise<void> {
  const results = new Map<string, number[]>();
  const servers = new Map<Kind, Server>();
  for (const kind of kinds) servers.set(kind, await start(kind));
  for (let round = 0; round <= rounds; round++) {
    for (const [kind, server] of servers) {
      for (const work of works) {
        const before = await server.cpu();
        const started = performance.now();
        await (work === works[0] ? send(server.port, messages) : receive(server.port, messages));
        const seconds = (performance.now() - started) / 1000;
        const spent = ((await server.cpu()) - before) / messages;
        // The first round warms up.
        if (round === 0) continue;
        const name = `${kind} | ${work}`;
        results.set(name, [...(results.get(name) ?? []), spent]);
        results.set(`${name} rate`, [...(results.get(`${name} rate`) ?? []), messages / seconds]);
      }
    }
  }
  console.log('| server | work | CPU µs a message | messages/s |');
  console.log('|---|---|---|---|');
  for (const kind of kinds) {
    for (const work of works) {
      const name = `${kind} | ${work}`;
      const rate = median(results.get(`${name} rate`) ?? []);
      console.log(`| ${name} | ${median(results.get(name) ?? []).toFixed(1)} | ${rate.toFixed(0)} |`);
    }
  }
  for (const { child } of servers.values()) child.kill();
}

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
  cpu(): Promise<number>;
}

async function start(kind: Kind): Promise<Server> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = async (): Promise<string> => String((await once(child.stdout, 'data'))[0]);
  const port = Number((await line()).split(' ')[1]);
  return {
    child,
    port,
    async cpu() {
      const answer = line();
      child.stdin.write('cpu\n');
      return Number((await answer).split(' ')[1]);
    },
  };
}

// ——— The client: as little as can be ———

const frame = (code: number, fields: readonly AmqpValue[], payload = Buffer.alloc(0)): Buffer => {
  const body = encodeValue(new Described(ulong(code), fields));
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 2, 0, 0, 0]), body, payload]);
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
};

const opening = (isReceiver: boolean): Buffer =>
  Buffer.concat([
    Buffer.from('414d515000010000', 'hex'),
    frame(0x10, ['client', null, uint(65_536)]),
    frame(0x11, [null, uint(0), uint(0x7fffffff), uint(0x7fffffff)]),
    frame(0x12, [
      'link',
      uint(0),
      isReceiver,
      null,
      null,
      new Described(ulong(0x28), ['queue']),
      new Described(ulong(0x29), ['queue']),
      null,
      null,
      isReceiver ? null : uint(0),
      null,
      null,
      null,
      new AmqpMap([[symbol('product'), 'bench']]),
    ]),
  ]);

/** Calls back for each frame with the code of its performative and where it lies. */
function frames(onFrame: (code: number, bytes: Buffer, start: number, end: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let hasHeader = false;
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let offset = 0;
    if (!hasHeader) {
      hasHeader = true;
      offset = 8;
    }
    while (offset + 8 <= bytes.length) {
      const size = bytes.readUInt32BE(offset);
      if (offset + size > bytes.length) break;
      if (size > 8) onFrame(bytes[offset + 10]!, bytes, offset, offset + size);
      offset += size;
    }
    rest = bytes.subarray(offset);
  };
}

/** A list's field as a number, for the encodings of uint; null is -1. */
function uintAt(bytes: Buffer, frameStart: number, field: number): number {
  const at = frameStart + 11;
  let offset = bytes[at] === 0xc0 ? at + 3 : at + 9;
  for (let index = 0; ; index++) {
    const code = bytes[offset]!;
    const width = code >> 4 === 4 ? 0 : code >> 4 === 5 ? 1 : 4;
    if (index === field) return code === 0x40 ? -1 : width === 0 ? 0 : bytes.readUIntBE(offset + 1, width);
    offset += 1 + width;
  }
}

/** A transfer whose delivery id and tag are set at fixed places. */
const transfer = frame(0x14, [uint(0), uint(0xffffffff), Buffer.alloc(4), uint(0), false, false], message);
const idAt = 8 + 3 + 3 + 1 + 1;
const tagAt = idAt + 4 + 2;
/** A disposition of one delivery that was accepted and is settled. */
const disposition = frame(0x15, [true, uint(0xffffffff), null, true, new Described(ulong(0x24), [])]);
const firstAt = 8 + 3 + 3 + 1 + 1;

function send(port: number, messages: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let sent = 0;
    let settled = 0;
    const onCredit = (limit: number) => {
      const count = Math.min(messages, limit) - sent;
      if (count <= 0) return;
      const bytes = Buffer.allocUnsafe(count * transfer.length);
      for (let index = 0; index < count; index++) {
        const at = index * transfer.length;
        bytes.set(transfer, at);
        bytes.writeUInt32BE(sent, at + idAt);
        bytes.writeUInt32BE(sent, at + tagAt);
        sent++;
      }
      socket.write(bytes);
    };
    socket.on('error', reject);
    socket.on(
      'data',
      frames((code, bytes, start) => {
        if (code === 0x13 && uintAt(bytes, start, 4) === 0)
          onCredit(Math.max(0, uintAt(bytes, start, 5)) + Math.max(0, uintAt(bytes, start, 6)));
        if (code !== 0x15) return;
        const first = uintAt(bytes, start, 1);
        const last = uintAt(bytes, start, 2);
        settled += (last === -1 ? first : last) - first + 1;
        if (settled === messages) socket.destroy();
      }),
    );
    socket.on('close', resolve);
    socket.write(opening(false));
  });
}

function receive(port: number, messages: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = 0;
    const grant = () =>
      socket.write(
        frame(0x13, [uint(received), uint(0x7fffffff), uint(0), uint(0x7fffffff), uint(0), uint(received), uint(1000)]),
      );
    const onFrames = frames((code, bytes, start) => {
      if (code === 0x12) grant();
      if (code !== 0x14 || received === messages) return;
      const answer = Buffer.from(disposition);
      answer.writeUInt32BE(uintAt(bytes, start, 1), firstAt);
      socket.write(answer);
      if (++received === messages) socket.end(frame(0x18, []));
      else if (received % 500 === 0) grant();
    });
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      socket.cork();
      if (received < messages) onFrames(chunk);
      socket.uncork();
    });
    socket.on('close', resolve);
    socket.write(opening(true));
  });
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'serve') serve(rest[0] as Kind);
else await compare(Number(mode ?? 100_000), Number(rest[0] ?? 3));
