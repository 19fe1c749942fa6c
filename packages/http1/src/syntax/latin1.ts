declare global {
  interface Buffer {
    /** What `toString('latin1', start, end)` ends up in, without looking the encoding up by name for every head. */
    latin1Slice(start: number, end: number): string;
  }
}

/** One character a byte. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.latin1Slice(start, end);
}

/** All of them. */
export function asLatin1(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return latin1(buffer, 0, buffer.length);
}
