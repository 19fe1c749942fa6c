import { isIP, isIPv4 } from 'node:net';

/** An address as a number, so that ranges are comparisons. IPv6 that carries an IPv4 address (`::ffff:1.2.3.4`) is IPv4. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Reads an IPv4 or IPv6 address (a zone `%eth0` is ignored); undefined when it is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const zone = text.indexOf('%');
  const bare = zone < 0 ? text : text.slice(0, zone);
  switch (isIP(bare)) {
    case 4:
      return { family: 4, value: ipv4(bare) };
    case 6: {
      const value = ipv6(bare);
      return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
    }
    default:
      return undefined;
  }
}

/** Both ends belong to the range; addresses of the other family do not. */
export const isBetween = (address: IpAddress, from: IpAddress, to: IpAddress): boolean =>
  address.family === from.family &&
  address.family === to.family &&
  address.value >= from.value &&
  address.value <= to.value;

const ipv4 = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(Number(part)), 0n);

function ipv6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const left = groups(head);
  if (tail === undefined) return join(left);
  const right = groups(tail);
  return join([...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]);
}

const join = (parts: readonly number[]): bigint => parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!isIPv4(part)) return [Number.parseInt(part, 16)];
    const value = Number(ipv4(part));
    return [value >>> 16, value & 0xffff];
  });
}
