import { describe, expect, test } from 'vitest';
import { AddressCache } from './address-cache.ts';

describe('addresses of hosts', () => {
  function cache() {
    const asked: {
      readonly host: string;
      readonly done: (error: Error | null, addresses: readonly string[]) => void;
    }[] = [];
    const time = { now: 1000 };
    const addresses = new AddressCache(
      (host, done) => asked.push({ host, done }),
      () => time.now,
    );
    const find = (host: string) => {
      const result: { error: Error | null; addresses: readonly string[] | null } = { error: null, addresses: null };
      addresses.find(host, (error, found) => {
        result.error = error;
        result.addresses = found;
      });
      return result;
    };
    return { asked, time, find, addresses };
  }

  test('literals are not asked for', () => {
    const { asked, find } = cache();
    expect(find('127.0.0.1').addresses).toEqual(['127.0.0.1']);
    expect(find('::1').addresses).toEqual(['::1']);
    expect(asked).toHaveLength(0);
  });

  test('many who ask at the same time are one question; the answer holds for 30 seconds', () => {
    const { asked, time, find } = cache();
    const [first, second] = [find('Backend.test'), find('backend.test')];
    expect(first.addresses).toBeNull();
    asked[0]?.done(null, ['192.0.2.1']);
    expect([first.addresses, second.addresses]).toEqual([['192.0.2.1'], ['192.0.2.1']]);
    time.now += 29_999;
    expect(find('backend.test').addresses).toEqual(['192.0.2.1']);
    expect(asked).toHaveLength(1);
  });

  test('older addresses are used while new ones are asked for', () => {
    const { asked, time, find } = cache();
    find('a');
    asked[0]?.done(null, ['192.0.2.1']);
    time.now += 31_000;
    expect(find('a').addresses).toEqual(['192.0.2.1']);
    expect(asked).toHaveLength(2);
    asked[1]?.done(null, ['192.0.2.2']);
    expect(find('a').addresses).toEqual(['192.0.2.2']);
    expect(asked).toHaveLength(2);
  });

  test('a failing resolver leaves them in use, for a while', () => {
    const { asked, time, find } = cache();
    find('a');
    asked[0]?.done(null, ['192.0.2.1']);
    time.now += 31_000;
    find('a');
    asked[1]?.done(new Error('SERVFAIL'), []);
    expect(find('a').addresses).toEqual(['192.0.2.1']);
    time.now += 400_000;
    const late = find('a');
    expect(late.addresses).toBeNull();
    asked.at(-1)?.done(new Error('SERVFAIL'), []);
    expect(late.error?.message).toBe('SERVFAIL');
  });

  test('a failure holds for five seconds', () => {
    const { asked, time, find } = cache();
    find('a');
    asked[0]?.done(new Error('ENOTFOUND'), []);
    expect(find('a').error?.message).toBe('ENOTFOUND');
    expect(asked).toHaveLength(1);
    time.now += 5_001;
    find('a');
    expect(asked).toHaveLength(2);
  });

  test('an address that could not be reached goes to the end for a while', () => {
    const { asked, time, find, addresses } = cache();
    find('a');
    asked[0]?.done(null, ['192.0.2.1', '192.0.2.2']);
    addresses.markBad('A', '192.0.2.1');
    expect(find('a').addresses).toEqual(['192.0.2.2', '192.0.2.1']);
    time.now += 30_001;
    find('a');
    expect(find('a').addresses).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test('hosts without end do not fill the memory', () => {
    const { asked, find } = cache();
    for (let i = 0; i < 5000; i++) {
      find(`host${i}`);
      asked[i]?.done(null, ['192.0.2.1']);
    }
    find('host4999');
    expect(asked).toHaveLength(5000);
    find('host0');
    expect(asked).toHaveLength(5001);
  });
});
