import { type HttpImplementation, httpImplementations } from '@lazuli/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServedFolder } from '../kit/serve.ts';
import { families } from './cases/families.ts';
import { nodeDifferences, nodeOutcome } from './cases/node-differences.ts';
import type { Outcome, WireCase } from './cases/wire-case.ts';
import { fieldOf, readResponses } from './kit/message-reader.ts';
import { type RawBackend, startRawBackend } from './kit/raw-backend.ts';
import { sendBytes } from './kit/raw-client.ts';
import { startWholeGateway } from './kit/whole-gateway.ts';

/**
 * Every case goes through a whole gateway to a backend whose every byte is recorded: what the client reads, what the
 * backend reads, and that the next client on the same backend connection gets its own answer.
 */
describe.each(httpImplementations)('request smuggling over %s', (http) => {
  let backend: RawBackend;
  let gateway: ServedFolder;
  beforeAll(async () => {
    backend = await startRawBackend();
    gateway = await startWholeGateway(http, backend.url);
  });
  afterAll(async () => {
    await gateway.stop();
    await backend.close();
  });

  for (const { title, cases } of families)
    describe(title, () => {
      test.each(cases)('$name', (one) => check(one, http));
    });

  async function check(one: WireCase, implementation: HttpImplementation): Promise<void> {
    const expected = (implementation === 'node' && nodeOutcome(one.name)) || one.expected;
    // Node takes the end of the client's side for its departure and gives up on the answers: it comes behind them there.
    const endWhen =
      implementation === 'sockets' || one.isUnfinished || expected.answers.length === 0
        ? undefined
        : hasAll(one, expected);
    const { text, end } = await sendBytes(gateway.port, one.bytes, { endWhen });
    const victim = await sendBytes(gateway.port, 'GET /victim HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', {
      endWhen: () => true,
    });
    const seen = backend.take();

    // The client's side: whole responses, one for each request, and nothing behind them.
    const answers = readResponses(text, methodsOf(one.bytes));
    expect(answers.problem, text).toBeNull();
    expect(answers.unfinished, text).toBe(0);
    expect(
      answers.messages.map(({ start }) => Number(start)),
      text.slice(0, 2000),
    ).toEqual(expected.answers);
    expect(end).not.toBe('open');

    // The backend's side: exactly those requests, each read without doubt, and the answers are in their order.
    expect(seen.problems).toEqual([]);
    // Pipelined requests go to the backend side by side, on a connection each: their order there is nobody's business.
    expect(seen.requests.toSorted()).toEqual([...expected.backend, 'GET /victim 0'].toSorted());
    const answered = answers.messages.map((message) => fieldOf(message, 'x-answer-to')).filter((name) => name !== null);
    const inOrder = expected.backend.map((request) => request.replace(/ \d+$/, ''));
    expect(answered).toEqual(inOrder.slice(0, answered.length));

    // Nobody else's answer was mixed up.
    expect(victim.text).toContain('\r\n\r\n<GET /victim 0>');
  }
});

function hasAll(one: WireCase, { answers }: Outcome): (text: string) => boolean {
  return (text) => readResponses(text, methodsOf(one.bytes)).messages.length >= answers.length;
}

function methodsOf(bytes: string): string[] {
  return bytes.startsWith('HEAD ') ? ['HEAD'] : [];
}

test('every difference of the reference implementation belongs to a case', () => {
  const names = families.flatMap(({ cases }) => cases.map(({ name }) => name));
  for (const different of nodeDifferences.flatMap(({ cases }) => Object.keys(cases)))
    expect(names.filter((name) => name === different)).toEqual([different]);
});
