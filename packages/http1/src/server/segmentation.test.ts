import { defaultListenerLimits, type InboundRequest, type ListenerLimits } from '@lazuli/http';
import { HeaderList } from '@lazuli/policies';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SweepClock } from './clock.ts';
import { Connection } from './connection.ts';
import { WireSocket } from './wire-socket.ts';

const limits: ListenerLimits = { ...defaultListenerLimits, headerBytes: 512, headerCount: 8, urlBytes: 64 };

interface Conversation {
  /** What reached the handler, with its body. */
  readonly requests: readonly string[];
  readonly refusals: readonly number[];
  readonly answers: string;
}

/**
 * What comes of a client that sends `wire` in pieces that end at `cuts`, and then no more. `isShared`: each piece
 * overwrites the one before.
 */
async function converse(wire: string, cuts: readonly number[] = [], isShared = false): Promise<Conversation> {
  const requests: string[] = [];
  const refusals: number[] = [];
  const clock = new SweepClock(60_000, () => {});
  const socket = new WireSocket({ allowHalfOpen: true });
  const connection = new Connection(
    {
      options: {
        host: '127.0.0.1',
        port: 0,
        tls: null,
        limits,
        handler: (request) => readThenAnswer(request, requests),
        onRefused: ({ status }) => refusals.push(status),
      },
      scheme: 'http',
      clock,
      isDraining: false,
      serveHttp2: (_connection, speaking) => {
        requests.push('HTTP/2');
        speaking.destroy();
      },
      released() {},
    },
    socket,
    isShared,
  );
  const bytes = Buffer.from(wire, 'latin1');
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut <= at) continue;
    if (!isShared) socket.push(bytes.subarray(at, cut));
    else if (!socket.destroyed) {
      const shared = Buffer.from(bytes.subarray(at, cut));
      connection.received(shared);
      shared.fill(0);
    }
    at = cut;
    await turn();
  }
  socket.push(null);
  socket.read(0);
  await turn();
  await turn();
  clock.stop();
  socket.destroy();
  return { requests, refusals, answers: socket.text.replaceAll(/Date: .*\r\n/g, '') };
}

function readThenAnswer(request: InboundRequest, requests: string[]): void {
  const seen = `${request.method} ${request.target} ${request.httpVersion} ${request.headers.flat.join('|')}`;
  const answer = (text: string) => {
    requests.push(text);
    void request.respond({ status: 200, reason: 'OK', headers: new HeaderList() }, Buffer.from(`<${text}>`, 'latin1'));
  };
  if (request.isUpgrade || request.body === null) {
    answer(seen);
    return;
  }
  let content = '';
  request.body.start({
    data: (chunk) => {
      content += Buffer.from(chunk).toString('latin1');
    },
    end: (trailers) => answer(`${seen} ${content} ${trailers.join('|')}`),
    error: () => requests.push(`${seen} broken`),
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const everyByte = (wire: string) => Array.from({ length: wire.length }, (_, i) => i + 1);

const valid: readonly string[] = [
  'GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\r\n',
  'POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\n\r\n',
  'PUT /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
  'HEAD /e HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /f HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  'GET http://a/g HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /h HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi',
  'GET /i HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'GET /j HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
];

/** Told to continue or not depends on whether the body was there already: the one thing that may depend on the cut. */
const withoutContinue = (conversation: Conversation) => ({
  ...conversation,
  answers: conversation.answers.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', ''),
});

async function sameHoweverCut(wire: string, cuts: readonly number[]): Promise<void> {
  const whole = withoutContinue(await converse(wire));
  expect(withoutContinue(await converse(wire, cuts))).toEqual(whole);
  expect(withoutContinue(await converse(wire, everyByte(wire)))).toEqual(whole);
  expect(withoutContinue(await converse(wire, cuts, true))).toEqual(whole);
  expect(withoutContinue(await converse(wire, [], true))).toEqual(whole);
}

describe('a conversation', () => {
  test('has every request in order, cut anywhere', async () => {
    const wire = valid.slice(0, 8).join('');
    const whole = await converse(wire);
    expect(whole.requests.map((request) => request.split(' ', 2)[1])).toEqual([
      '/a?b=c',
      '/b',
      '/c',
      '/d',
      '/e',
      '/f',
      '/g',
      '/h',
    ]);
    expect(whole.refusals).toEqual([]);
    for (let cut = 1; cut < wire.length; cut++)
      expect(withoutContinue(await converse(wire, [cut]))).toEqual(withoutContinue(whole));
  });

  const desyncs: readonly (readonly [string, string])[] = [
    ['CL.TE', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG'],
    [
      'TE.CL',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    ],
    ['TE.TE', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-encoding: x\r\n\r\n0\r\n\r\n'],
    ['a folded TE', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n'],
    ['a TE with a blank', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['a TE behind LF', 'POST / HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['TE on HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n'],
    ['LF in an extension', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;\nxxxxx\r\n0\r\n\r\n'],
    ['a terminator of LF', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n'],
    ['a terminator of two bytes', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxAB0\r\n\r\n'],
    ['a size that overflows', `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff1\r\n`],
  ];
  for (const [what, wire] of desyncs) {
    test(`with ${what} never shows a second request, cut anywhere`, async () => {
      const attack = `${wire}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`;
      for (const cuts of [[], everyByte(attack)]) {
        const { requests, refusals, answers } = await converse(attack, cuts);
        expect(requests.filter((request) => request.includes('GET'))).toEqual([]);
        expect(refusals).toEqual([400]);
        expect(answers.match(/^HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
      }
    });
  }

  test('the body of a GET is a body (CL.0, 0.CL)', async () => {
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n';
    const wire = `GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}${valid[0]}`;
    const { requests } = await converse(wire, everyByte(wire));
    expect(requests.map((request) => request.split(' ', 2)[1])).toEqual(['/a', '/a?b=c']);
  });

  test('of valid requests goes the same way however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...valid), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(500), { maxLength: 8 }),
        (requests, cuts) => sameHoweverCut(requests.join(''), sorted(cuts)),
      ),
      { numRuns: 60, interruptAfterTimeLimit: 5000 },
    );
  });

  test('of mutated requests goes the same way however it is cut, and ends', async () => {
    const snippet = fc.constantFrom(
      ...[
        '\r',
        '\n',
        '\r\n',
        ' ',
        '\t',
        '\0',
        ':',
        ';',
        ',',
        '0',
        '5',
        'chunked',
        'Content-Length: 3\r\n',
        '\x7f',
        '\xff',
      ],
      ...[
        'Transfer-Encoding: chunked\r\n',
        'Host: b\r\n',
        ' HTTP/1.1\r\n',
        '0\r\n\r\n',
        'Connection: close\r\n',
        'a'.repeat(70),
      ],
    );
    const mutation = fc.record({ at: fc.nat(600), remove: fc.nat(4), insert: fc.option(snippet, { nil: '' }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...valid), { minLength: 1, maxLength: 4 }),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(600), { maxLength: 6 }),
        (requests, mutations, cuts) => {
          let wire = requests.join('');
          for (const { at, remove, insert } of mutations) {
            const place = at % (wire.length + 1);
            wire = wire.slice(0, place) + insert + wire.slice(place + remove);
          }
          return sameHoweverCut(wire, sorted(cuts));
        },
      ),
      { numRuns: 400, interruptAfterTimeLimit: 10_000 },
    );
  });
});

const sorted = (cuts: readonly number[]) => [...cuts].sort((a, b) => a - b);
