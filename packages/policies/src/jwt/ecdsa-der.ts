/**
 * An ECDSA signature as a token has it (r and s side by side, RFC 7518 section 3.4) in the DER form that OpenSSL checks.
 * Null when it does not have the length of the curve, `half` bytes for each of the two.
 */
export function ecdsaToDer(signature: Uint8Array, half: number): Uint8Array | null {
  if (half === 0 || signature.length !== half * 2) return null;
  const r = integerStart(signature, 0, half);
  const s = integerStart(signature, half, half * 2);
  // A leading zero keeps a number with its highest bit set from being a negative one.
  const [rPad, sPad] = [Number((signature[r] ?? 0) > 0x7f), Number((signature[s] ?? 0) > 0x7f)];
  const [rLength, sLength] = [half - r + rPad, half * 2 - s + sPad];
  const content = rLength + sLength + 4;
  const start = content > 0x7f ? 3 : 2;
  const der = new Uint8Array(start + content);
  der[0] = sequence;
  if (start === 3) der[1] = 0x81;
  der[start - 1] = content;
  der[start] = integer;
  der[start + 1] = rLength;
  der.set(signature.subarray(r, half), start + 2 + rPad);
  const second = start + 2 + rLength;
  der[second] = integer;
  der[second + 1] = sLength;
  der.set(signature.subarray(s), second + 2 + sPad);
  return der;
}

const sequence = 0x30;
const integer = 0x02;

/** Where the number begins behind its zeros; its last byte is a part of it in any case. */
function integerStart(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to - 1 && bytes[at] === 0) at++;
  return at;
}
