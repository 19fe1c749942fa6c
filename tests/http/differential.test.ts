import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { families } from './cases/families.ts';
import { changeBetween, differences, explain, hasKnownMethod, isAccepted, type Other } from './differences.ts';
import { inTurns } from './kit/in-turns.ts';
import { mutate, randomOf } from './kit/mutations.ts';
import { findNginx, startNginx } from './kit/nginx.ts';
import { readingOf, type SeeingServer, startNode, startOurs } from './kit/seeing-servers.ts';

const nginx = findNginx();
const others: readonly Other[] = nginx === null ? ['node'] : ['node', 'nginx'];

/** The same bytes to Lazuli's listener, to node:http and to nginx: who accepts what, and where a message ends. */
describe(`differences from ${others.join(' and ')}`, () => {
  let ours: SeeingServer;
  const servers = new Map<Other, SeeingServer>();
  const closers: (() => Promise<unknown>)[] = [];
  const used = new Set<unknown>();

  beforeAll(async () => {
    ours = await startOurs();
    const node = await startNode();
    closers.push(ours.close, node.close);
    servers.set('node', node);
    if (nginx === null) return;
    const proxy = await startNginx(nginx, node.port);
    closers.unshift(proxy.close);
    servers.set('nginx', proxy);
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  const known = families.flatMap(({ cases }) => cases.map(({ bytes }) => bytes)).filter(({ length }) => length < 4000);

  test('of the known cases', () => compare(known), 60_000);

  test.each([20261124, 1, 2])('of generated ones (seed %i)', (seed) => compare(generated(seed, 600)), 60_000);

  test('every explanation is needed', () => {
    // Of those that node:http shares with nginx, some show in nginx alone.
    const expected = differences.filter((one) => one.others.every((other) => others.includes(other)));
    const unused = expected.filter((one) => !used.has(one));
    expect(unused).toEqual([]);
  });

  async function compare(messages: readonly string[]): Promise<void> {
    const unexplained: string[] = [];
    await inTurns(messages, 16, async (bytes) => {
      const our = await readingOf(ours.port, bytes);
      const readings = await Promise.all(
        others.map(async (other) => ({ other, reading: await readingOf(servers.get(other)?.port ?? 0, bytes) })),
      );
      for (const { other, reading } of readings) {
        const change = changeBetween(our, reading);
        if (change === null) continue;
        const difference = explain(other, change, bytes);
        if (difference) used.add(difference);
        else unexplained.push(`${other}: ${change}: ${JSON.stringify(bytes)}`);
      }
      const alone = firstAlone(our, readings);
      if (alone !== null && !isKnownToBeAlone(alone))
        unexplained.push(`only ours accepts ${alone}: ${JSON.stringify(bytes)}`);
    });
    expect(unexplained.slice(0, 20)).toEqual([]);
  }

  function generated(seed: number, count: number): string[] {
    const random = randomOf(seed);
    return Array.from({ length: count }, () => mutate(known[Math.floor(random() * known.length)] as string, random));
  }
});

/** A request that ours accepts although nobody else does, or that another one reads otherwise: method, target, length. */
function firstAlone(
  our: readonly string[],
  readings: readonly { readonly reading: readonly string[] }[],
): string | null {
  const isBrokenBehind = our.some((one) => !isAccepted(one));
  for (const [index, one] of our.entries()) {
    if (!isAccepted(one)) return null;
    const theirs = readings.map(({ reading }) => reading[index]);
    const accepting = theirs.filter((reading) => reading !== undefined && isAccepted(reading));
    if (accepting.some((reading) => !sameRequest(one, reading ?? ''))) return one;
    // A 400 stands for what is broken behind this request as well, and an end for what is not read at all.
    if (accepting.length === 0) return isBrokenBehind || theirs.includes(undefined) ? null : one;
  }
  return null;
}

/** An absolute target is the same as its path. */
function sameRequest(ours: string, theirs: string): boolean {
  return ours === theirs.replace(/ http:\/\/[^/? ]+/i, ' ').replace(/ (?=\?)/, ' /');
}

/** Methods that the others do not know, and OPTIONS *: see {@link differences}. */
function isKnownToBeAlone(reading: string): boolean {
  return reading.startsWith('OPTIONS * ') || !hasKnownMethod(reading);
}
