import { setTimeout as after } from 'node:timers/promises';
import { families } from './cases/families.ts';
import { http2Cases } from './cases/http2.ts';
import { responseCases } from './cases/responses.ts';
import { changeBetween, explain, hasKnownMethod, isAccepted } from './differences.ts';
import { Http2Wire, preface, settings } from './kit/http2-wire.ts';
import { readResponses } from './kit/message-reader.ts';
import { mutate, mutateBytes, randomOf } from './kit/mutations.ts';
import { answerWithName, startRawBackend } from './kit/raw-backend.ts';
import { sendBytes } from './kit/raw-client.ts';
import { readingOf, startNode, startOurs } from './kit/seeing-servers.ts';
import { startWholeGateway } from './kit/whole-gateway.ts';

export interface FuzzReport {
  readonly requests: number;
  readonly responses: number;
  /** Connections of HTTP/2. */
  readonly http2: number;
  /** What must not be: with the message that did it. Empty when all is well. */
  readonly violations: readonly string[];
}

/**
 * Mutates requests and responses of the case tables until the time is over, and checks for each that
 *
 * - the gateway answers or closes within seconds, with whole responses only, and goes on to serve others;
 * - what it writes to the backend reads without doubt, and the backend sees no more requests than the client got answers for;
 * - its listener reads a request as node:http does where both accept it, and every difference has a known reason;
 * - whatever frames of HTTP/2 arrive, the connection ends with the client's side of it, and the process lives;
 * - what a hostile backend leaves behind is nobody else's answer.
 */
export async function fuzz(seed: number, milliseconds: number, most = Number.POSITIVE_INFINITY): Promise<FuzzReport> {
  const random = randomOf(seed);
  const violations: string[] = [];
  const backend = await startRawBackend();
  const gateway = await startWholeGateway('sockets', backend.url);
  const ours = await startOurs();
  const node = await startNode();
  const requestSeeds = families
    .flatMap(({ cases }) => cases.map(({ bytes }) => bytes))
    .filter((one) => one.length < 4000);
  const responseSeeds = responseCases.map(({ bytes }) => bytes).filter((one) => one.length < 4000);
  const http2Seeds = http2Cases
    .map(({ send, isBare }) => Buffer.concat(isBare ? send : [preface, settings(), ...send]))
    .filter(({ length }) => length < 20_000);
  const deadline = performance.now() + milliseconds;
  let requests = 0;
  let responses = 0;
  let http2 = 0;
  let answer = '';
  backend.answer = (request, socket) => {
    if (!request.start.endsWith('/hostile')) return answerWithName(request);
    socket.end(Buffer.from(answer, 'latin1'));
    return null;
  };

  while (performance.now() < deadline && requests + responses + http2 < most && violations.length < 20) {
    const kind = random();
    if (kind < 0.2) {
      http2++;
      await checkHttp2(http2Seeds[Math.floor(random() * http2Seeds.length)] as Buffer);
    } else if (kind < 0.7) {
      requests++;
      await checkRequest(mutate(requestSeeds[Math.floor(random() * requestSeeds.length)] as string, random));
    } else {
      responses++;
      await checkResponse(mutate(responseSeeds[Math.floor(random() * responseSeeds.length)] as string, random));
    }
  }

  await gateway.stop();
  await backend.close();
  await ours.close();
  await node.close();
  return { requests, responses, http2, violations };

  async function checkRequest(bytes: string): Promise<void> {
    const broken = (what: string) => violations.push(`${what}: ${JSON.stringify(bytes)}`);
    const [whole, our, their] = await Promise.all([
      sendBytes(gateway.port, bytes, { patienceMs: 8000 }),
      readingOf(ours.port, bytes),
      readingOf(node.port, bytes),
    ]);
    await checkOthers(broken);
    const seen = backend.take();
    if (whole.end === 'open') broken('the gateway neither answers nor closes');
    for (const problem of seen.problems) broken(`the backend is sent ${problem}`);
    const { messages, problem } = readResponses(
      whole.text,
      our.filter(isAccepted).map((one) => one.split(' ')[0] ?? ''),
    );
    if (problem !== null) broken(`the client is sent ${problem}`);
    const answers = messages.filter(({ start }) => !start.startsWith('1')).length;
    const arrived = seen.requests.filter((one) => !one.startsWith('GET /other')).length;
    if (arrived > Math.max(answers, our.filter(isAccepted).length))
      broken(`${arrived} requests reach the backend, ${answers} answers the client`);
    checkReading(our, their, bytes, broken);
  }

  function checkReading(
    our: readonly string[],
    their: readonly string[],
    bytes: string,
    broken: (what: string) => void,
  ) {
    const change = changeBetween(our, their);
    if (change !== null && !explain('node', change, bytes))
      broken(`an unexplained difference from node:http, ${change}`);
    const [first = ''] = our;
    const [theirFirst = ''] = their;
    const areBoth = isAccepted(first) && isAccepted(theirFirst) && hasKnownMethod(first);
    if (areBoth && first.split(' ').at(-1) !== theirFirst.split(' ').at(-1)) broken('another end of the first request');
  }

  async function checkResponse(bytes: string): Promise<void> {
    answer = bytes;
    const broken = (what: string) => violations.push(`${what} on the response ${JSON.stringify(bytes)}`);
    const { text, end } = await sendBytes(
      gateway.port,
      'GET /hostile HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      {
        endWhen: () => false,
        patienceMs: 8000,
      },
    );
    if (end === 'open') broken('the gateway neither answers nor closes');
    const { messages, problem } = readResponses(text, ['GET']);
    if (problem !== null) broken(`the client is sent ${problem}`);
    if (messages.filter(({ start }) => !start.startsWith('1')).length > 1) broken('the client gets two responses');
    await checkOthers(broken);
    for (const one of backend.take().problems) broken(`the backend is sent ${one}`);
  }

  async function checkHttp2(seedBytes: Buffer): Promise<void> {
    const bytes = mutateBytes(seedBytes, random);
    const broken = (what: string) => violations.push(`${what} on ${bytes.toString('hex')}`);
    const wire = new Http2Wire(gateway.port);
    wire.send(bytes);
    wire.socket.end();
    await Promise.race([wire.until(/^closed$/), after(4000, undefined, { ref: false })]);
    const { said } = wire;
    wire.close();
    // Behind its own GOAWAY it may stay for the idle time: Node has stopped reading it then.
    if (said.at(-1) !== 'closed' && !said.some((one) => one.startsWith('goaway'))) broken('the connection stays open');
    await checkOthers(broken);
    for (const problem of backend.take().problems) broken(`the backend is sent ${problem}`);
  }

  async function checkOthers(broken: (what: string) => void): Promise<void> {
    const others = sendBytes(gateway.port, 'GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', {
      endWhen: () => false,
    });
    const { text } = await Promise.race([
      others,
      after(8000, { text: 'nothing', end: 'open' as const }, { ref: false }),
    ]);
    if (!text.endsWith('\r\n\r\n<GET /other 0>')) broken(`somebody else gets ${JSON.stringify(text.slice(0, 200))}`);
  }
}
