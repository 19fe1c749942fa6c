/**
 * What is kept of a message. The bare message stays as it came; of header and annotations only what the next receiver must see, in an
 * envelope that says its own length, so that both can lie one behind the other in the journal:
 *
 *     length 4 | flags 1 | priority 1? | time to live 4? | annotations (count of keys and values 4, then their bytes)?
 *
 * This is on disk: a later form needs another flag.
 */
import type { MessageContent } from '../contract.ts';

const LENGTH_BYTES = 4;
const flags = { priority: 1, timeToLive: 2, annotations: 4 } as const;

export interface Envelope {
  /** Undefined: as every message has it, 4. */
  readonly priority: number | undefined;
  /** Milliseconds, as the sender gave it. */
  readonly timeToLiveMs: number | undefined;
  /** Keys and values of the sender's annotations. */
  readonly annotationCount: number;
  /** Their bytes, without the map around them. */
  readonly annotations: Uint8Array;
}

const nothing = new Uint8Array();

/** Of a message without anything to keep: most. */
const emptyEnvelope = Buffer.from([0, 0, 0, LENGTH_BYTES + 1, 0]);

export function writeEnvelope(envelope: Envelope): Uint8Array {
  const { priority, timeToLiveMs, annotationCount, annotations } = envelope;
  if (priority === undefined && timeToLiveMs === undefined && annotationCount === 0) return emptyEnvelope;
  const length =
    LENGTH_BYTES +
    1 +
    (priority === undefined ? 0 : 1) +
    (timeToLiveMs === undefined ? 0 : 4) +
    (annotationCount === 0 ? 0 : 4 + annotations.length);
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeUInt32BE(length, 0);
  bytes[LENGTH_BYTES] =
    (priority === undefined ? 0 : flags.priority) |
    (timeToLiveMs === undefined ? 0 : flags.timeToLive) |
    (annotationCount === 0 ? 0 : flags.annotations);
  let at = LENGTH_BYTES + 1;
  if (priority !== undefined) bytes[at++] = priority;
  if (timeToLiveMs !== undefined) at = bytes.writeUInt32BE(timeToLiveMs, at);
  if (annotationCount > 0) bytes.set(annotations, bytes.writeUInt32BE(annotationCount, at));
  return bytes;
}

const noEnvelope: Envelope = {
  priority: undefined,
  timeToLiveMs: undefined,
  annotationCount: 0,
  annotations: nothing,
};

export function readEnvelope(envelope: Uint8Array): Envelope {
  const has = envelope[LENGTH_BYTES] ?? 0;
  if (has === 0) return noEnvelope;
  const bytes = asBuffer(envelope);
  let at = LENGTH_BYTES + 1;
  const priority = has & flags.priority ? bytes[at++] : undefined;
  let timeToLiveMs: number | undefined;
  if (has & flags.timeToLive) {
    timeToLiveMs = bytes.readUInt32BE(at);
    at += 4;
  }
  if ((has & flags.annotations) === 0) return { priority, timeToLiveMs, annotationCount: 0, annotations: nothing };
  return { priority, timeToLiveMs, annotationCount: bytes.readUInt32BE(at), annotations: bytes.subarray(at + 4) };
}

/** Takes apart what the journal gives back: often the two pieces that it was given. */
export function contentOf(pieces: readonly Uint8Array[]): MessageContent {
  const [first, second] = pieces;
  if (first !== undefined && second !== undefined && pieces.length === 2) {
    if (first.length >= LENGTH_BYTES && asBuffer(first).readUInt32BE(0) === first.length)
      return { envelope: first, bare: second };
  }
  const bytes = joined(pieces);
  const length = bytes.readUInt32BE(0);
  return { envelope: bytes.subarray(0, length), bare: bytes.subarray(length) };
}

/** In one piece, copied only where there are more. */
export function joined(pieces: readonly Uint8Array[]): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? asBuffer(first) : Buffer.concat(pieces);
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
