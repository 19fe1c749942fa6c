import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { http2Cases } from './cases/http2.ts';
import type { Http2Case } from './cases/http2-case.ts';
import { flag, frame, frameTypes, get, Http2Wire, preface, settings } from './kit/http2-wire.ts';
import { startOurs } from './kit/seeing-servers.ts';

/**
 * HTTP/2 in frames, byte by byte, against our listener (prior knowledge on the plain port). h2spec itself (`run-h2spec.ts`) is a Go
 * program that npm and Debian lack; this covers what its generic, http2 and hpack parts ask for, and the known floods.
 */
let server: Awaited<ReturnType<typeof startOurs>>;
const wires: Http2Wire[] = [];
beforeAll(async () => {
  server = await startOurs();
});
afterEach(() => {
  for (const wire of wires.splice(0)) wire.close();
});
afterAll(() => server.close());

function connect(): Http2Wire {
  const wire = new Http2Wire(server.port);
  wires.push(wire);
  return wire;
}

describe('frames', () => {
  test('there are enough of them', () => expect(http2Cases.length).toBeGreaterThan(140));

  test.each(http2Cases)('$name', async (one) => {
    const wire = connect();
    if (!one.isBare) wire.send(preface, settings());
    const marker = 'behind it';
    wire.send(...one.send);
    if (one.expected !== 'connection') wire.send(frame(frameTypes.ping, 0, 0, marker.slice(0, 8)));
    await check(one, wire);
    // Whatever it was: others are served.
    const other = connect().send(preface, settings(), get(1));
    expect(await other.until(/^end 1$/)).toContain('status 1 200');
  });
});

async function check({ expected, codes = [], stream = 1 }: Http2Case, wire: Http2Wire): Promise<void> {
  const code = `(${codes.join('|')})`;
  if (expected === 'ok') {
    expect(await wire.until(new RegExp(`^end ${stream}$`))).toContain(`status ${stream} 200`);
    return;
  }
  if (expected === 'dropped') {
    expect(await wire.until(new RegExp(`^end ${stream}$`))).toContain(`status ${stream} 200`);
    expect(server.requests.at(-1)?.headers).toEqual(['host', 'a']);
    return;
  }
  if (expected === 'connection') {
    const said = await wire.until(/^goaway (?!NO_ERROR)|^closed$/);
    const goaway = said.find((one) => /^goaway (?!NO_ERROR)/.test(one));
    if (goaway !== undefined) expect(goaway).toMatch(new RegExp(`^goaway ${code}$`));
    return;
  }
  const said = await wire.until(new RegExp(`^(goaway |ping |closed$|reset ${stream} |end ${stream}$)`));
  expect(said).not.toContain(`status ${stream} 200`);
  for (const one of said.filter((each) => each.startsWith('goaway') || each.startsWith(`reset ${stream} `)))
    expect(one).toMatch(new RegExp(`^(goaway|reset ${stream}) (NO_ERROR|${codes.join('|')})$`));
}

test('a PING is answered with its own bytes', async () => {
  const said = await connect()
    .send(preface, settings(), frame(frameTypes.ping, 0, 0, 'ABCDEFGH'))
    .until(/^ping/);
  expect(said).toContain('ping ABCDEFGH');
});

test('SETTINGS are acknowledged', async () => {
  const said = await connect()
    .send(preface, settings([3, 100]))
    .until(/^settings ack$/);
  expect(said).toEqual(expect.arrayContaining(['settings', 'settings ack']));
});

test('a flood of PINGs, SETTINGS and PRIORITY does not keep others waiting, and costs no memory', async () => {
  const before = process.memoryUsage().rss;
  const wire = connect().send(preface, settings());
  const flood = Array.from({ length: 5000 }, () => [
    frame(frameTypes.ping, 0, 0, '12345678'),
    settings([3, 100]),
    frame(frameTypes.priority, 0, 3, Buffer.from([0, 0, 0, 0, 1])),
  ]).flat();
  for (let i = 0; i < 5; i++) wire.send(...flood);
  const other = connect().send(preface, settings(), get(1));
  expect(await other.until(/^end 1$/)).toContain('status 1 200');
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test('a window of zero holds the answer back, and an update lets it go', async () => {
  const wire = connect().send(preface, settings([4, 0]), get(1));
  await wire.until(/^status 1/);
  wire.send(frame(frameTypes.windowUpdate, 0, 1, Buffer.from([0, 0, 0x40, 0])));
  expect(await wire.until(/^end 1$/)).toContain('status 1 200');
});

test('a hundred streams at once are all answered', async () => {
  const streams = Array.from({ length: 100 }, (_, i) => 1 + 2 * i);
  const wire = connect().send(preface, settings(), ...streams.map((stream) => get(stream)));
  for (const stream of streams)
    expect(await wire.until(new RegExp(`^end ${stream}$`))).toContain(`status ${stream} 200`);
});

test('the preface in single bytes', async () => {
  const wire = connect();
  for (const byte of Buffer.concat([preface, settings(), get(1)])) wire.send(Buffer.from([byte]));
  expect(await wire.until(/^end 1$/)).toContain('status 1 200');
});

test('the end of the client’s side with an unfinished frame ends the connection', async () => {
  const wire = connect().send(preface, settings(), Buffer.from([0, 0, 99, frameTypes.data, flag.endStream]));
  wire.socket.end();
  expect(await wire.until(/^closed$/)).toContain('closed');
});
