import { describe, expect, it } from 'vitest';
import { ServiceBusError } from '../errors.ts';
import { type AccessControlOptions, createAccessControl } from './access-control.ts';
import { dataActionOf } from './bearer-claim.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

/** A token that looks like one; who verifies is the test. */
function jwt(payload: object = { exp: now / 1000 + 3600 }, header: object = { alg: 'RS256', typ: 'JWT' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.c2ln`;
}

const send = dataActionOf.Send;
const listen = dataActionOf.Listen;
const owner = dataActionOf.Manage;

function fixture(changes: Partial<AccessControlOptions> = {}) {
  const clock = { time: now, now: () => clock.time };
  /** `action path`. */
  const granted = new Set<string>();
  const asked: string[] = [];
  const audiences: string[] = [];
  const calls: (() => void)[] = [];
  let isDown = false;
  const access = createAccessControl({
    rules: () => [],
    clock,
    hostNames: () => ['ns.servicebus.windows.net'],
    verifyBearer: async (_token, accepted) => {
      audiences.push(...accepted);
      return {
        name: 'app',
        async allows(action, path) {
          asked.push(`${action} ${path}`);
          if (isDown) throw new Error('the store is away');
          return granted.has(`${action} ${path}`) || granted.has(`${action} `);
        },
      };
    },
    onRolesChanged: (call) => calls.push(call),
    ...changes,
  });
  return {
    access,
    clock,
    granted,
    asked,
    audiences,
    rolesChanged: () => {
      for (const call of calls) call();
    },
    setDown: (value: boolean) => {
      isDown = value;
    },
    /** Lets questions that are under way be answered. */
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

const audience = 'sb://ns.servicebus.windows.net/orders';

describe('a bearer token', () => {
  it('gives what the roles give at the entity', async () => {
    const { access, granted, audiences } = fixture();
    granted.add(`${send} orders`);
    const claim = await access.verifyToken(jwt(), audience);
    expect(claim).toMatchObject({ path: 'orders', who: 'app', expiresAt: now + 3_600_000 });
    expect(claim.allows('Send', 'Orders')).toBe(true);
    expect(claim.allows('Send', 'orders/$deadletterqueue')).toBe(true);
    expect(claim.allows('Listen', 'orders')).toBe(false);
    expect(claim.allows('Manage', 'orders')).toBe(false);
    expect(claim.allows('Send', 'other')).toBe(false);
    expect(audiences).toEqual([
      'https://servicebus.azure.net',
      'sb://ns.servicebus.windows.net',
      'https://ns.servicebus.windows.net',
    ]);
  });

  it('of an owner may do everything', async () => {
    const { access, granted } = fixture();
    granted.add(`${owner} `);
    const claim = await access.verifyToken(`Bearer ${jwt()}`, audience);
    expect([
      claim.allows('Send', 'orders'),
      claim.allows('Listen', 'orders'),
      claim.allows('Manage', 'orders'),
    ]).toEqual([true, true, true]);
  });

  it('is told by what it is, whatever a client calls it', async () => {
    const { access } = fixture({ verifyBearer: undefined });
    await expect(access.verifyToken(jwt(), audience)).rejects.toThrow('takes no bearer tokens');
    await expect(access.verifyToken('SharedAccessSignature sr=a&sig=b&se=1&skn=c', audience)).rejects.toThrow(
      "'sig' must be 32 bytes",
    );
  });

  it.each([
    ['without a signature', `${jwt().split('.').slice(0, 2).join('.')}.`, 'neither a shared access signature nor'],
    ['with two parts', 'a.b', 'neither a shared access signature nor'],
    ['with five parts', 'a.b.c.d.e', 'neither a shared access signature nor'],
    ['that expired', jwt({ exp: now / 1000 - 1 }), 'ExpiredToken'],
    ['without an expiry', jwt({}), "has no expiry ('exp')"],
    ['with an expiry that is no number', jwt({ exp: 'never' }), "has no expiry ('exp')"],
  ])('is refused %s', async (_, token, message) => {
    const { access, granted } = fixture();
    granted.add(`${owner} `);
    await expect(access.verifyToken(token, audience)).rejects.toThrow(
      expect.objectContaining({ code: 'Unauthorized', message: expect.stringContaining(message) }),
    );
  });

  it('is refused where who verifies refuses it, with the reason', async () => {
    const { access } = fixture({
      verifyBearer: async () => {
        throw new Error('"alg" (Algorithm) Header Parameter value not allowed');
      },
    });
    const error: unknown = await access
      .verifyToken(jwt({ exp: 1 }, { alg: 'none' }), audience)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServiceBusError);
    expect(error).toMatchObject({
      message:
        'Unauthorized access. InvalidToken: The bearer token was not accepted: "alg" (Algorithm) Header Parameter value not allowed.',
    });
  });
});

describe('roles that change', () => {
  it('count for claims that are held, as soon as it is told', async () => {
    const { access, granted, rolesChanged, settle } = fixture();
    granted.add(`${send} orders`);
    const claim = await access.verifyToken(jwt(), audience);
    granted.clear();
    granted.add(`${listen} orders`);
    expect(claim.allows('Send', 'orders')).toBe(true);
    rolesChanged();
    await settle();
    expect([claim.allows('Send', 'orders'), claim.allows('Listen', 'orders')]).toEqual([false, true]);
  });

  it('count five seconds later at the latest, when nobody tells', async () => {
    const { access, granted, clock, settle } = fixture();
    granted.add(`${send} orders`);
    const claim = await access.verifyToken(jwt(), audience);
    granted.clear();
    clock.time += 4999;
    claim.allows('Send', 'orders');
    await settle();
    expect(claim.allows('Send', 'orders')).toBe(true);
    clock.time += 1;
    claim.allows('Send', 'orders');
    await settle();
    expect(claim.allows('Send', 'orders')).toBe(false);
  });

  it('count at once where the answer is there at once', async () => {
    let allowed = true;
    const { access, clock } = fixture({ verifyBearer: async () => ({ name: 'app', allows: () => allowed }) });
    const claim = await access.verifyToken(jwt(), audience);
    allowed = false;
    clock.time += 5000;
    expect(claim.allows('Send', 'orders')).toBe(false);
  });

  it('count in the order of the questions, whichever is answered first', async () => {
    const answers: ((allowed: boolean) => void)[] = [];
    const { access, rolesChanged, settle } = fixture({
      verifyBearer: async () => ({ name: 'app', allows: () => new Promise((resolve) => answers.push(resolve)) }),
    });
    const answer = (from: number, allowed: boolean) => {
      for (const resolve of answers.slice(from, from + 3)) resolve(allowed);
    };
    const made = access.verifyToken(jwt(), audience);
    await settle();
    answer(0, true);
    const claim = await made;
    rolesChanged();
    rolesChanged();
    answer(6, false);
    await settle();
    answer(3, true);
    await settle();
    expect(claim.allows('Send', 'orders')).toBe(false);
  });

  it('are asked for once for many uses', async () => {
    const { access, asked, clock, settle } = fixture();
    const claim = await access.verifyToken(jwt(), audience);
    expect(asked).toHaveLength(3);
    clock.time += 6000;
    for (let use = 0; use < 1000; use++) claim.allows('Send', 'orders');
    await settle();
    expect(asked).toHaveLength(6);
  });

  it('are believed for a minute when nobody can tell them', async () => {
    const { access, granted, clock, settle, setDown } = fixture();
    granted.add(`${send} orders`);
    const claim = await access.verifyToken(jwt(), audience);
    setDown(true);
    const use = async () => {
      claim.allows('Send', 'orders');
      await settle();
      return claim.allows('Send', 'orders');
    };
    clock.time += 5000;
    expect(await use()).toBe(true);
    for (let waited = 5000; waited < 60_000; waited += 5000) {
      clock.time += 5000;
      expect(await use()).toBe(true);
    }
    clock.time += 5000;
    expect(await use()).toBe(false);
    setDown(false);
    clock.time += 5000;
    expect(await use()).toBe(true);
  });
});

describe('a claim for a whole namespace', () => {
  it('has at an entity what its roles give there, a moment after it is first asked', async () => {
    const { access, granted, settle } = fixture();
    granted.add(`${listen} `);
    granted.add(`${send} orders`);
    const claim = await access.verifyToken(jwt(), 'sb://ns.servicebus.windows.net/');
    expect([claim.allows('Listen', 'orders'), claim.allows('Send', 'orders')]).toEqual([true, false]);
    await settle();
    expect([claim.allows('Send', 'orders'), claim.allows('Send', 'other')]).toEqual([true, false]);
  });

  it('keeps a bounded number of answers', async () => {
    const { access, granted, settle } = fixture();
    granted.add(`${send} `);
    const claim = await access.verifyToken(jwt(), 'sb://ns.servicebus.windows.net/');
    for (let index = 0; index < 10_000; index++) expect(claim.allows('Send', `q${index}`)).toBe(true);
    await settle();
    expect(claim.allows('Send', 'q1')).toBe(true);
  });
});
