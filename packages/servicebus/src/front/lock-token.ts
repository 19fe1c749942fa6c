/**
 * A lock token in the order of RFC 4122 as .NET writes the bytes of a GUID (first three groups the other way round), and back: what
 * delivery tags hold.
 */
export function swapGuid(token: Uint8Array): Buffer {
  const bytes = Buffer.from(token);
  if (bytes.length !== 16) return bytes;
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

const ticksAt1970 = 621_355_968_000_000_000n;

/** Milliseconds since 1970 as .NET's ticks (100 ns since the year 1). */
export function dotnetTicks(time: number): bigint {
  return BigInt(Math.round(time)) * 10_000n + ticksAt1970;
}
