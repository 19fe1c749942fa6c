/**
 * `uniqueString()`: a 64-bit murmur hash (seed 0) of the UTF-8 text in 13 characters of base 32. Checked against a value
 * that Microsoft's own library (Azure.Deployments.Expression) gave; see docs/templates.md.
 */
export function uniqueString(text: string): string {
  let rest = murmur64(new TextEncoder().encode(text));
  let result = '';
  for (let i = 0; i < 13; i++) {
    result += alphabet[Number(rest >> 59n)];
    rest = BigInt.asUintN(64, rest << 5n);
  }
  return result;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const c1 = 0x239b961b;
const c2 = 0xab0e9789;

/** Two 32-bit lanes of MurmurHash3 (the first two of its x86 128-bit form), joined at the end. */
export function murmur64(data: Uint8Array): bigint {
  let h1 = 0;
  let h2 = 0;
  const blocks = data.length - (data.length % 8);
  for (let at = 0; at < blocks; at += 8) {
    h1 ^= mix(word(data, at), c1, 15, c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= mix(word(data, at + 4), c2, 17, c1);
    h2 = (Math.imul((rotate(h2, 13) + h1) | 0, 5) + 0x0bcaa747) | 0;
  }
  const tail = data.length - blocks;
  if (tail > 4) h2 ^= mix(word(data, blocks + 4), c2, 17, c1);
  if (tail > 0) h1 ^= mix(word(data, blocks), c1, 15, c2);
  h1 ^= data.length;
  h2 ^= data.length;
  h1 = (h1 + h2) | 0;
  h2 = (h2 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) | 0;
  h2 = (h2 + h1) | 0;
  return (BigInt(h2 >>> 0) << 32n) | BigInt(h1 >>> 0);
}

/** Four bytes, little-endian; bytes beyond the end are 0. */
function word(data: Uint8Array, at: number): number {
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16) | ((data[at + 3] ?? 0) << 24);
}

function mix(k: number, first: number, bits: number, second: number): number {
  return Math.imul(rotate(Math.imul(k, first), bits), second);
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function finish(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
