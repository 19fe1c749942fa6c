import { carriageReturn, isFieldValue, lineFeed } from './characters.ts';
import { type FieldLimits, FieldReader } from './field-reader.ts';
import { HeadFeed } from './head-feed.ts';

export type ChunkedFault = 'malformed' | 'extensionsTooLarge' | 'trailersTooLarge';

/** Takes the content out of the chunked coding. */
export interface ContentSink {
  /** A view into what was received: copy it to keep it beyond the call. */
  content(bytes: Buffer): void;
}

/**
 * Decodes the chunked transfer coding (RFC 9112 section 7.1) strictly: hexadecimal sizes without sign, prefix or blanks,
 * exact CR LF everywhere, bounded extensions and trailers. The outcome depends on the bytes alone, never on where they
 * were cut.
 */
export class ChunkedDecoder {
  state: 'reading' | 'complete' | 'fault' = 'reading';
  fault: ChunkedFault | null = null;
  #step: Step = sizeFirst;
  /** Of the size that is being read, or what is left of the chunk. */
  #left = 0;
  #digits = 0;
  #extensionBytes = 0;
  #limits: FieldLimits;
  #trailers: FieldReader | null = null;
  #trailerFeed: HeadFeed | null = null;

  constructor(limits: FieldLimits) {
    this.#limits = limits;
  }

  /** Gets ready for the next body. */
  begin(): void {
    this.state = 'reading';
    this.fault = null;
    this.#step = sizeFirst;
    this.#left = 0;
    this.#digits = 0;
    this.#extensionBytes = 0;
    this.#trailers = null;
    this.#trailerFeed = null;
  }

  /** Trailer fields, flat, once the body is complete. */
  get trailers(): readonly string[] {
    return this.#trailers === null ? [] : this.#trailers.flat;
  }

  /**
   * Decodes from `at` up to `end` at most and returns the position behind what was read: all of it while the body goes
   * on, the first byte behind the body when it is complete.
   */
  decode(bytes: Buffer, start: number, end: number, sink: ContentSink): number {
    let at = start;
    while (at < end) {
      const code = bytes[at] as number;
      switch (this.#step) {
        case sizeFirst:
        case sizeMore: {
          const digit = hexDigit[code] as number;
          if (digit < 16) {
            if (++this.#digits > longestSize) return this.#fail('malformed', at);
            this.#left = this.#left * 16 + digit;
            if (this.#left > Number.MAX_SAFE_INTEGER) return this.#fail('malformed', at);
            this.#step = sizeMore;
          } else if (this.#step === sizeFirst) return this.#fail('malformed', at);
          else if (code === carriageReturn) this.#step = sizeEnd;
          else if (code === semicolon) this.#step = extension;
          else return this.#fail('malformed', at);
          at++;
          break;
        }
        case extension:
          if (code === carriageReturn) this.#step = sizeEnd;
          else if (isFieldValue[code] !== 1) return this.#fail('malformed', at);
          else if (++this.#extensionBytes > mostExtensionBytes) return this.#fail('extensionsTooLarge', at);
          at++;
          break;
        case sizeEnd:
          if (code !== lineFeed) return this.#fail('malformed', at);
          at++;
          this.#digits = 0;
          this.#step = this.#left === 0 ? trailersFirst : data;
          break;
        case data: {
          const to = Math.min(end, at + this.#left);
          this.#left -= to - at;
          if (this.#left === 0) this.#step = dataEnd;
          sink.content(bytes.subarray(at, to));
          at = to;
          break;
        }
        case dataEnd:
          if (code !== carriageReturn) return this.#fail('malformed', at);
          this.#step = dataEndFeed;
          at++;
          break;
        case dataEndFeed:
          if (code !== lineFeed) return this.#fail('malformed', at);
          this.#step = sizeFirst;
          at++;
          break;
        case trailersFirst:
          // Almost always the empty line, for which no reader is needed.
          if (code === carriageReturn) {
            this.#step = trailersEnd;
            at++;
            break;
          }
          this.#trailers = new FieldReader(this.#limits);
          this.#trailerFeed = new HeadFeed(this.#trailers);
          this.#step = trailers;
          break;
        case trailersEnd:
          if (code !== lineFeed) return this.#fail('malformed', at);
          this.state = 'complete';
          return at + 1;
        case trailers:
          return this.#readTrailers(bytes, at, end);
      }
    }
    return at;
  }

  /** Nothing more will come: what is wrong with an unfinished line shows now at the latest. */
  finish(): void {
    if (this.state !== 'reading' || this.#trailerFeed === null) return;
    this.#trailerFeed.finish();
    this.#trailersRead(0);
  }

  #readTrailers(bytes: Buffer, at: number, end: number): number {
    return this.#trailersRead((this.#trailerFeed as HeadFeed).feed(bytes, at, end));
  }

  #trailersRead(behind: number): number {
    const reader = this.#trailers as FieldReader;
    if (reader.state === 'complete') this.state = 'complete';
    else if (reader.state === 'fault')
      return this.#fail(reader.fault === 'malformed' ? 'malformed' : 'trailersTooLarge', behind);
    return behind;
  }

  #fail(fault: ChunkedFault, at: number): number {
    this.state = 'fault';
    this.fault = fault;
    return at;
  }
}

type Step =
  | typeof sizeFirst
  | typeof sizeMore
  | typeof extension
  | typeof sizeEnd
  | typeof data
  | typeof dataEnd
  | typeof dataEndFeed
  | typeof trailersFirst
  | typeof trailersEnd
  | typeof trailers;

const sizeFirst = 0;
const sizeMore = 1;
const extension = 2;
const sizeEnd = 3;
const data = 4;
const dataEnd = 5;
const dataEndFeed = 6;
const trailersFirst = 7;
const trailersEnd = 8;
const trailers = 9;

const semicolon = 59;

/** 2^53 has 14 digits; a few zeros in front are nobody's business, a thousand are an attack. */
const longestSize = 16;

/** Of one body, all chunks together. Nobody uses extensions; readers that skip them without end can be kept busy. */
const mostExtensionBytes = 16 * 1024;

/** Value of a hexadecimal digit by byte; 16: none. */
const hexDigit = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 16 : digit;
});
