import { type JsonValue, newObject } from '../json/values.ts';
import { integerArgument, stringArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "CIDR functions for ARM templates" */
export const cidrFunctions: FunctionGroup = {
  cidrHost: eager(2, 2, cidrHost),
  cidrSubnet: eager(3, 3, cidrSubnet),
  parseCidr: eager(1, 1, parseCidr),
};

interface Network {
  readonly address: bigint;
  readonly prefix: number;
  /** 32 or 128. */
  readonly bits: number;
}

function parseCidr(args: JsonValue[], call: FunctionCall): JsonValue {
  const network = networkOf(args, call);
  const { prefix, bits } = network;
  const first = base(network);
  const last = first + (1n << BigInt(bits - prefix)) - 1n;
  const host = bits - prefix > 1 ? 1n : 0n;
  const mask = ((1n << BigInt(prefix)) - 1n) << BigInt(bits - prefix);
  const result = newObject();
  result.network = write(first, bits);
  result.netmask = write(mask, bits);
  if (bits === 32) result.broadcast = write(last, bits);
  result.firstUsable = write(bits === 32 ? first + host : first, bits);
  result.lastUsable = write(bits === 32 ? last - host : last, bits);
  result.cidr = prefix;
  return result;
}

function cidrSubnet(args: JsonValue[], call: FunctionCall): string {
  const network = networkOf(args, call);
  const prefix = integerArgument(args, 1, call);
  const index = integerArgument(args, 2, call);
  if (prefix < network.prefix || prefix > network.bits) {
    throw call.error(`the new CIDR '${prefix}' must be between '${network.prefix}' and '${network.bits}'`);
  }
  if (index < 0 || BigInt(index) >= 1n << BigInt(prefix - network.prefix)) {
    throw call.error(`the subnet index '${index}' is out of range`);
  }
  return `${write(base(network) + (BigInt(index) << BigInt(network.bits - prefix)), network.bits)}/${prefix}`;
}

/** Host 0 is the first usable address: one after the network's own. */
function cidrHost(args: JsonValue[], call: FunctionCall): string {
  const network = networkOf(args, call);
  const index = integerArgument(args, 1, call);
  const size = 1n << BigInt(network.bits - network.prefix);
  if (index < 0 || BigInt(index) + 1n >= size) throw call.error(`the host index '${index}' is out of range`);
  return write(base(network) + BigInt(index) + 1n, network.bits);
}

function networkOf(args: JsonValue[], call: FunctionCall): Network {
  const text = stringArgument(args, 0, call);
  const parts = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text);
  const digits = parts?.[1] ?? '';
  const address = digits.includes(':') ? readV6(digits) : readV4(digits);
  const bits = digits.includes(':') ? 128 : 32;
  const prefix = Number(parts?.[2] ?? Number.NaN);
  if (address === undefined || !(prefix <= bits)) throw call.error(`'${text}' is not a valid network in CIDR notation`);
  return { address, prefix, bits };
}

function base({ address, prefix, bits }: Network): bigint {
  const rest = BigInt(bits - prefix);
  return (address >> rest) << rest;
}

function readV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function readV6(text: string): bigint | undefined {
  const [head, tail, more] = text.split('::');
  if (more !== undefined || head === undefined) return undefined;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function write(address: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(
    ':',
  );
  // RFC 5952: the first of the longest runs of zero groups becomes `::`.
  const run = [...groups.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length || a.index - b.index)[0];
  if (!run) return groups;
  const before = groups.slice(0, run.index).replace(/:$/, '');
  const after = groups.slice(run.index + run[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
