import { describe, expect, it } from 'vitest';
import { hashSecret, newSecret, verifySecret } from './secrets.ts';
import { SignInFailures } from './sign-in-failures.ts';

describe('failed sign-ins', () => {
  it('lock out the client at its address, and only there', () => {
    let now = 0;
    const failures = new SignInFailures(() => now);
    for (let tries = 0; tries < 10; tries++) failures.failed('a', '1.1.1.1');
    now = 1000;
    expect(failures.lockedFor('a', '1.1.1.1')).toBe(59);
    expect(failures.lockedFor('a', '2.2.2.2')).toBe(0);
    expect(failures.lockedFor('b', '1.1.1.1')).toBe(0);
    for (let client = 0; client < 40; client++) failures.failed(`c${client}`, '1.1.1.1');
    expect(failures.lockedFor('b', '1.1.1.1')).toBe(59);
    now = 60_000;
    expect(failures.lockedFor('a', '1.1.1.1')).toBe(0);
  });
});

describe('secrets', () => {
  it('are kept as hashes that differ each time and fit only their secret', async () => {
    const secret = newSecret();
    const [one, two] = [await hashSecret(secret), await hashSecret(secret)];
    expect(one).not.toBe(two);
    expect(one).not.toContain(secret);
    expect(await verifySecret(secret, one)).toBe(true);
    expect(await verifySecret(`${secret}x`, one)).toBe(false);
    expect(await verifySecret(secret, 'plain')).toBe(false);
    expect(await verifySecret('x'.repeat(10_000), one)).toBe(false);
  });
});
