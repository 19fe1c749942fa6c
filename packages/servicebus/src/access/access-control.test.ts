import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Right } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { type AccessControlOptions, createAccessControl } from './access-control.ts';
import type { AuthorizationRule } from './authorization-rule.ts';
import { createSasToken } from './sas-token.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;
const keys = { root: 'cm9vdA==', second: 'second key', send: 'k-send', listen: 'k-listen', topic: 'k-topic' };

function rule(name: string, rights: readonly Right[], primaryKey: string, secondaryKey = ''): AuthorizationRule {
  return { name, rights, primaryKey, secondaryKey };
}

function fixture(changes: Partial<AccessControlOptions> = {}) {
  const rules = new Map<string, AuthorizationRule[]>([
    ['', [rule('RootManageSharedAccessKey', ['Manage', 'Send', 'Listen'], keys.root, keys.second)]],
    ['orders', [rule('sender', ['Send'], keys.send), rule('receiver', ['Listen'], keys.listen)]],
    ['t', [rule('all', ['Manage'], keys.topic)]],
  ]);
  const clock = { time: now, now: () => clock.time };
  const access = createAccessControl({
    rules: (path) => rules.get(path) ?? [],
    clock,
    hostNames: () => ['ns.servicebus.windows.net', 'localhost'],
    pathsWithRule: (name) =>
      [...rules].filter(([, each]) => each.some((one) => one.name === name)).map(([path]) => path),
    ...changes,
  });
  return { access, rules, clock };
}

const root = 'RootManageSharedAccessKey';
const sb = (path: string) => `sb://ns.servicebus.windows.net/${path}`;
const sas = (path: string, name = root, key = keys.root, expiresAt = now + hour) =>
  createSasToken(sb(path), name, key, expiresAt);

const signed = (encoded: string, key: string, se: string | number = (now + hour) / 1000) =>
  createHmac('sha256', key).update(`${encoded}\n${se}`).digest('base64');

describe('a shared access signature', () => {
  it('gives what its rule gives, for its resource and all below it', async () => {
    const { access } = fixture();
    const claim = await access.verifyToken(sas('orders', 'sender', keys.send), sb('orders'));
    expect(claim).toMatchObject({ path: 'orders', who: 'sender', expiresAt: now + hour });
    expect(claim.allows('Send', 'Orders')).toBe(true);
    expect(claim.allows('Send', 'orders/$DeadLetterQueue')).toBe(true);
    expect(claim.allows('Listen', 'orders')).toBe(false);
    expect(claim.allows('Manage', 'orders')).toBe(false);
    expect(claim.allows('Send', 'orders2')).toBe(false);
    expect(claim.allows('Send', '')).toBe(false);
  });

  it.each<[name: string, token: string, audience: string]>([
    ['for the namespace', sas(''), sb('orders')],
    ['for the entity', sas('orders'), sb('orders')],
    [
      'for another name of the namespace',
      createSasToken('sb://localhost:5672/orders', root, keys.root, now + hour),
      sb('orders'),
    ],
    [
      'of another scheme',
      createSasToken('https://ns.servicebus.windows.net/orders', root, keys.root, now + hour),
      'amqp://localhost/orders',
    ],
    ['with the secondary key', sas('', root, keys.second), sb('orders')],
    ['with a rule in another case', sas('', 'rootmanagesharedaccesskey'), sb('orders')],
    ['for an audience that is a path', sas('orders'), 'orders'],
    ['for an audience that is a path with a slash', sas('orders'), '/orders'],
    ['for the management node', sas('orders/$management'), sb('orders/$management')],
    ['for a sub-queue', sas('orders'), sb('orders/$DeadLetterQueue')],
    ['for the messages of REST', sas('orders/messages?timeout=60'), sb('orders')],
    [
      'with fields in another order',
      sas('').replace(/^SharedAccessSignature (.*?)&(.*)$/, 'SharedAccessSignature $2&$1'),
      sb('q'),
    ],
    ['without the word before it', sas('').replace('SharedAccessSignature ', ''), sb('q')],
    ['with the word in another case', sas('').replace('SharedAccessSignature', 'sharedaccesssignature'), sb('q')],
    ['behind the word Bearer', `Bearer ${sas('')}`, sb('q')],
    ['with fields that mean nothing', `${sas('')}&other=1&flag`, sb('q')],
  ])('is accepted %s', async (_, token, audience) => {
    const { access } = fixture();
    await expect(access.verifyToken(token, audience)).resolves.toBeDefined();
  });

  it('is accepted as the administration client of JavaScript makes it: URL and encoding in lower case, with its query', async () => {
    const url = 'https://NS.servicebus.windows.net/Orders?api-version=2021-05&enrich=true';
    const encoded = encodeURIComponent(url.toLowerCase()).toLowerCase();
    const signature = encodeURIComponent(signed(encoded, keys.root));
    const token = `SharedAccessSignature sig=${signature}&se=${(now + hour) / 1000}&skn=${root}&sr=${encoded}`;
    const { access } = fixture();
    const claim = await access.verifyToken(token, sb('Orders'));
    expect([claim.allows('Manage', 'Orders'), claim.allows('Manage', 'other')]).toEqual([true, false]);
  });

  it('is accepted where the token spells the resource in another case than was signed', async () => {
    const { access } = fixture();
    const encoded = encodeURIComponent(sb('Orders'));
    const lower = encoded.toLowerCase();
    const of = (written: string, signedText: string) =>
      `SharedAccessSignature sr=${written}&sig=${encodeURIComponent(signed(signedText, keys.root))}&se=${(now + hour) / 1000}&skn=${root}`;
    const net = encoded.replace(/%../g, (code) => code.toLowerCase());
    for (const [written, text] of [
      [encoded, lower],
      [encoded, net],
      [net, encoded],
      [lower, lower],
    ] as const) {
      await expect(access.verifyToken(of(written, text), sb('orders'))).resolves.toBeDefined();
    }
  });

  it('uses the key as text, not as the bytes that it encodes', async () => {
    const { access } = fixture();
    const encoded = encodeURIComponent(sb(''));
    const wrong = createHmac('sha256', Buffer.from(keys.root, 'base64')).update(`${encoded}\n${(now + hour) / 1000}`);
    const token = `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(wrong.digest('base64'))}&se=${(now + hour) / 1000}&skn=${root}`;
    await expect(access.verifyToken(token, sb('q'))).rejects.toThrow('InvalidSignature');
  });

  it('takes a `+` of base64 that was not encoded', async () => {
    const { access } = fixture();
    let expiry = (now + hour) / 1000;
    const encoded = encodeURIComponent(sb(''));
    while (!signed(encoded, keys.root, expiry).includes('+')) expiry++;
    const token = `SharedAccessSignature sr=${encoded}&sig=${signed(encoded, keys.root, expiry)}&se=${expiry}&skn=${root}`;
    await expect(access.verifyToken(token, sb('q'))).resolves.toBeDefined();
    await expect(access.verifyToken(token.replaceAll('+', '%20'), sb('q'))).resolves.toBeDefined();
  });

  it('may be signed by a rule above the resource, and not by one below it', async () => {
    const { access } = fixture();
    const subscription = await access.verifyToken(sas('t/Subscriptions/s', 'all', keys.topic), sb('t/Subscriptions/s'));
    expect(subscription.allows('Listen', 't/Subscriptions/s')).toBe(true);
    await expect(access.verifyToken(sas('', 'sender', keys.send), sb('orders'))).rejects.toThrow('InvalidSignature');
    await expect(access.verifyToken(sas('other', 'sender', keys.send), sb('other'))).rejects.toThrow(
      'InvalidSignature',
    );
  });

  it('for a queue that is called messages is for nothing above it', async () => {
    const { access } = fixture({ isEntity: (path) => path === 'orders' || path === 'orders/messages' });
    await expect(access.verifyToken(sas('orders/messages'), sb('orders'))).rejects.toThrow('InvalidAudience');
    await expect(access.verifyToken(sas('orders/messages'), sb('orders/messages'))).resolves.toBeDefined();
  });

  it.each<[name: string, token: string, audience: string, message: string]>([
    [
      'with a wrong key',
      sas('', root, 'wrong'),
      sb('q'),
      'Unauthorized access. InvalidSignature: The token has an invalid signature.',
    ],
    ['of a rule that is not there', sas('', 'nobody'), sb('q'), 'InvalidSignature'],
    [
      'that expired',
      sas('', root, keys.root, now - 1000),
      sb('q'),
      "ExpiredToken: The token is expired. Expiration time: '2025-12-31T23:59:59.000Z'.",
    ],
    ['that expires this very moment', sas('', root, keys.root, now), sb('q'), 'ExpiredToken'],
    [
      'for another queue',
      sas('orders'),
      sb('other'),
      "InvalidAudience: The token is for 'orders', and 'other' is neither that nor below it.",
    ],
    ['for a queue whose name begins alike', sas('order'), sb('orders'), 'InvalidAudience'],
    ['for less than what is reached', sas('orders'), sb(''), 'InvalidAudience'],
    [
      'for another namespace',
      createSasToken('sb://other.servicebus.windows.net/', root, keys.root, now + hour),
      sb('q'),
      "InvalidAudience: 'other.servicebus.windows.net' is not a name of this namespace.",
    ],
    [
      'for another namespace, without a scheme',
      createSasToken('other.servicebus.windows.net/q', root, keys.root, now + hour),
      sb('q'),
      'is not a name of this namespace',
    ],
    ['whose expiry was changed', sas('').replace(/se=\d+/, `se=${now / 1000 + 9999}`), sb('q'), 'InvalidSignature'],
    ['whose resource was changed', sas('orders').replace('orders', 'other'), sb('other'), 'InvalidSignature'],
    [
      'without sr',
      sas('').replace(/sr=[^&]*&/, ''),
      sb('q'),
      "MalformedToken: The shared access signature cannot be read: 'sr' is missing.",
    ],
    ['without sig', 'SharedAccessSignature sr=x&se=1&skn=y', sb('q'), "'sig' is missing"],
    ['without se', sas('').replace(/&se=\d+/, ''), sb('q'), "'se' is missing"],
    ['without skn', sas('').replace(/&skn=.*/, ''), sb('q'), "'skn' is missing"],
    ['with an empty skn', sas('').replace(/&skn=.*/, '&skn='), sb('q'), "'skn' is missing"],
    ['with sr twice', `${sas('')}&sr=other`, sb('q'), "'sr' is there twice"],
    ['with sig twice in another case', `${sas('')}&SIG=AAAA`, sb('q'), "'sig' is there twice"],
    [
      'with a broken percent-sequence in sr',
      sas('').replace('sr=', 'sr=%'),
      sb('q'),
      "'sr' is not percent-encoded UTF-8",
    ],
    [
      'with a broken percent-sequence in sig',
      sas('').replace('sig=', 'sig=%zz'),
      sb('q'),
      "'sig' is not percent-encoded UTF-8",
    ],
    ['with half a character in skn', sas('').replace('skn=', 'skn=%c3'), sb('q'), "'skn' is not percent-encoded UTF-8"],
    ['with a date as expiry', sas('').replace(/se=\d+/, 'se=01/01/2027'), sb('q'), "'se' must be seconds since 1970"],
    ['with a negative expiry', sas('').replace(/se=/, 'se=-'), sb('q'), "'se' must be seconds since 1970"],
    [
      'with an endless expiry',
      sas('').replace(/se=\d+/, `se=${'9'.repeat(13)}`),
      sb('q'),
      "'se' must be seconds since 1970",
    ],
    ['with a short signature', sas('').replace(/sig=[^&]*/, 'sig=AAAA'), sb('q'), "'sig' must be 32 bytes in base64"],
    [
      'with a long signature',
      sas('').replace(/sig=[^&]*/, `sig=${'A'.repeat(88)}`),
      sb('q'),
      "'sig' must be 32 bytes in base64",
    ],
    ['with an empty key', sas('', 'sender', ''), sb('orders'), 'InvalidSignature'],
    ['with a long name of a rule', sas('', 'x'.repeat(257)), sb('q'), "'skn' is longer than 256 characters"],
    ['with a long resource', sas('x'.repeat(5000)), sb('q'), "'sr' is longer than 4096 characters"],
    [
      'that is longer than any',
      `SharedAccessSignature ${'x'.repeat(30_000)}`,
      sb('q'),
      'it is longer than 6144 characters',
    ],
    ['that is huge', 'x'.repeat(10_000_000), sb('q'), 'MalformedToken: The token is longer than 32768 characters.'],
    [
      'that is empty',
      '',
      sb('q'),
      'MalformedToken: The token is neither a shared access signature nor a JSON web token.',
    ],
    ['that is only its first word', 'SharedAccessSignature ', sb('q'), 'MalformedToken'],
    ['that is Unicode', '🚌.🚌.🚌', sb('q'), 'MalformedToken: The token is neither'],
    [
      'for a huge audience',
      sas(''),
      sb('q'.repeat(5000)),
      'InvalidAudience: The resource is longer than 4096 characters.',
    ],
    [
      'for an audience of another namespace',
      sas(''),
      'sb://other/q',
      "InvalidAudience: 'other' is not a name of this namespace.",
    ],
  ])('is refused %s', async (_, token, audience, message) => {
    const { access } = fixture();
    const before = performance.now();
    const error: unknown = await access.verifyToken(token, audience).then(undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServiceBusError);
    expect(error).toMatchObject({ code: 'Unauthorized', status: 401, message: expect.stringContaining(message) });
    for (const key of Object.values(keys)) expect(String(error)).not.toContain(key);
    expect(performance.now() - before).toBeLessThan(50);
  });

  it('with a rule that has no keys is refused, whatever it is signed with', async () => {
    const { access } = fixture({ rules: () => [rule('empty', ['Manage'], '', '')] });
    await expect(access.verifyToken(sas('', 'empty', ''), sb('q'))).rejects.toThrow('InvalidSignature');
    await expect(access.verifyKey('empty', '')).resolves.toBeUndefined();
  });

  it('takes any host where the names of the namespace are not known', async () => {
    const { access } = fixture({ hostNames: undefined });
    const token = createSasToken('sb://lazuli.docker.internal:5672/orders', root, keys.root, now + hour);
    await expect(access.verifyToken(token, 'sb://127.0.0.1/orders')).resolves.toMatchObject({ path: 'orders' });
  });

  it('is never accepted when one character of it is another', async () => {
    const { access } = fixture();
    const token = sas('orders', 'sender', keys.send);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
        async (at, other) => {
          const changed = token.slice(0, at) + other + token.slice(at + 1);
          // Case of the field names, of the encoding and of names means nothing.
          fc.pre(
            changed.toLowerCase() !== token.toLowerCase() ||
              /sig=[^&]*/.exec(changed)?.[0] !== /sig=[^&]*/.exec(token)?.[0],
          );
          fc.pre(at >= 'SharedAccessSignature '.length);
          await expect(access.verifyToken(changed, sb('orders'))).rejects.toThrow(ServiceBusError);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('claims by a key', () => {
  it('end when the key is rotated away, and go on while it is the other one', async () => {
    const { access, rules } = fixture();
    const claim = await access.verifyToken(sas(''), sb('q'));
    expect(claim.allows('Send', 'q')).toBe(true);
    rules.set('', [rule(root, ['Manage'], 'new', keys.root)]);
    expect(claim.allows('Send', 'q')).toBe(true);
    rules.set('', [rule(root, ['Manage'], 'newer', 'new')]);
    expect(claim.allows('Send', 'q')).toBe(false);
    await expect(access.verifyToken(sas(''), sb('q'))).rejects.toThrow('InvalidSignature');
    await expect(access.verifyToken(sas('', root, 'newer'), sb('q'))).resolves.toBeDefined();
  });

  it('have the rights that the rule has now, and none when it is gone', async () => {
    const { access, rules } = fixture();
    const claim = await access.verifyToken(sas('orders', 'sender', keys.send), sb('orders'));
    rules.set('orders', [rule('sender', ['Listen'], keys.send)]);
    expect([claim.allows('Send', 'orders'), claim.allows('Listen', 'orders')]).toEqual([false, true]);
    rules.delete('orders');
    expect(claim.allows('Listen', 'orders')).toBe(false);
  });

  it('come from SASL PLAIN, for the namespace or for the entity that has the rule', async () => {
    const { access } = fixture();
    const whole = await access.verifyKey(root, keys.second);
    expect(whole).toMatchObject({ path: '', who: root, expiresAt: Number.POSITIVE_INFINITY });
    expect(whole?.allows('Manage', 'anything')).toBe(true);
    const entity = await access.verifyKey('sender', keys.send);
    expect(entity?.path).toBe('orders');
    expect([entity?.allows('Send', 'orders'), entity?.allows('Send', 'q')]).toEqual([true, false]);
  });

  it.each([
    [root, 'wrong'],
    [root, ''],
    ['', ''],
    ['nobody', keys.root],
    ['sender', keys.root],
    [root, 'x'.repeat(1_000_000)],
  ])('are not given for %s with a wrong key', async (name, key) => {
    await expect(fixture().access.verifyKey(name, key)).resolves.toBeUndefined();
  });
});
