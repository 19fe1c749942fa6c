import { parseContentLength } from '@lazuli/http';
import { carriageReturn, colon, equalsToken, isFieldValue, isToken, lineFeed, space, tab } from './characters.ts';

/** What is wrong with a head, found at the first byte that makes it so. */
export type HeadFault =
  | 'malformed'
  /** Not HTTP/1.0 or HTTP/1.1. */
  | 'version'
  | 'targetTooLong'
  | 'fieldsTooLarge'
  | 'tooManyFields';

export interface FieldLimits {
  /** Bytes of all field lines together, line ends included. */
  readonly headerBytes: number;
  readonly headerCount: number;
}

/**
 * Reads field lines (RFC 9112 section 5) strictly: exact CR LF, a token directly followed by the colon, no folding, no
 * control characters. It takes text in any pieces that hold whole lines, and stops at the first fault: the outcome
 * depends on the bytes alone, never on where they were cut.
 *
 * What concerns framing and the connection is noted on the way, so that nobody has to search the fields for it.
 */
export class FieldReader {
  state: 'reading' | 'complete' | 'fault' = 'reading';
  fault: HeadFault | null = null;
  /** `[name, value, ...]` as sent. Belongs to whoever takes it: {@link begin} makes a new one. */
  flat: string[] = [];
  /** The value, or -1. */
  contentLength = -1;
  isChunked = false;
  /** Why two readers could see the end of the message in different places, in the words of `readFraming`. */
  framingProblem: string | null = null;
  /** `Connection: close`. */
  closes = false;
  /** `Connection: keep-alive`. */
  keepsAlive = false;
  /** `Connection: upgrade`. */
  connectionUpgrades = false;
  /** HTTP/1.x: x. */
  protected minorVersion = 1;
  #limits: FieldLimits;
  #bytesLeft: number;
  #fieldsLeft: number;

  constructor(limits: FieldLimits) {
    this.#limits = limits;
    this.#bytesLeft = limits.headerBytes;
    this.#fieldsLeft = limits.headerCount;
  }

  /** Gets ready for the next message. */
  begin(): void {
    this.state = 'reading';
    this.fault = null;
    this.flat = [];
    this.contentLength = -1;
    this.isChunked = false;
    this.framingProblem = null;
    this.closes = false;
    this.keepsAlive = false;
    this.connectionUpgrades = false;
    this.#bytesLeft = this.#limits.headerBytes;
    this.#fieldsLeft = this.#limits.headerCount;
  }

  /** A line that is longer than this is a fault before it ends; {@link read} finds it. */
  get longestLine(): number {
    return this.#bytesLeft;
  }

  /**
   * Reads lines from `at` on, up to the empty one that ends the section. Returns the position behind the last whole line
   * (the next call starts with what follows it); `state` says how it went.
   */
  read(text: string, at: number): number {
    return this.readFields(text, at);
  }

  protected readFields(text: string, start: number): number {
    const { length } = text;
    let at = start;
    while (at < length) {
      let i = at;
      if (text.charCodeAt(i) === carriageReturn) {
        if (i + 1 === length) return at;
        if (text.charCodeAt(i + 1) !== lineFeed) return this.fail('malformed', at);
        this.#completed();
        return i + 2;
      }
      if (this.#fieldsLeft === 0) return this.fail('tooManyFields', at);
      const limit = Math.min(length, at + this.#bytesLeft);
      while (i < limit && isToken[text.charCodeAt(i)] === 1) i++;
      if (i >= limit) return this.#outOfText(i, length, at);
      const nameEnd = i;
      if (nameEnd === at || text.charCodeAt(i) !== colon) return this.fail('malformed', at);
      i++;
      while (i < limit && isBlank(text.charCodeAt(i))) i++;
      const valueStart = i;
      while (i < limit && isFieldValue[text.charCodeAt(i)] === 1) i++;
      if (i >= limit) return this.#outOfText(i, length, at);
      if (text.charCodeAt(i) !== carriageReturn) return this.fail('malformed', at);
      if (i + 1 >= limit) return this.#outOfText(i + 1, length, at);
      if (text.charCodeAt(i + 1) !== lineFeed) return this.fail('malformed', at);
      let valueEnd = i;
      while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
      const value = text.slice(valueStart, valueEnd);
      this.#noteFraming(text, at, nameEnd, i, value);
      this.flat.push(text.slice(at, nameEnd), value);
      this.#fieldsLeft--;
      this.#bytesLeft -= i + 2 - at;
      at = i + 2;
    }
    return at;
  }

  /** A field has been read; `length` is that of its name. Called for the lengths 4, 6 and 7, before it is in `flat`. */
  protected note(_text: string, _at: number, _length: number, _value: string): void {}

  protected fail(fault: HeadFault, at: number): number {
    this.state = 'fault';
    this.fault = fault;
    return at;
  }

  /** The scan stopped at `i`: at the end of the text, or at the end of what a section may hold. */
  #outOfText(i: number, length: number, at: number): number {
    return i >= length ? at : this.fail('fieldsTooLarge', at);
  }

  #completed(): void {
    this.state = 'complete';
    if (this.isChunked && this.contentLength >= 0) this.framingProblem ??= bothFramings;
  }

  #noteFraming(text: string, at: number, nameEnd: number, lineEnd: number, value: string): void {
    switch (nameEnd - at) {
      case 4:
      case 6:
      case 7:
        this.note(text, at, nameEnd - at, value);
        break;
      case 10:
        if (equalsToken(text, at, 'connection')) this.#noteConnection(value);
        break;
      case 14:
        if (equalsToken(text, at, 'content-length')) this.#noteLength(text.slice(nameEnd + 1, lineEnd), value);
        break;
      case 17:
        if (equalsToken(text, at, 'transfer-encoding')) this.#noteCoding(text.slice(nameEnd + 1, lineEnd), value);
        break;
    }
  }

  #noteLength(raw: string, value: string): void {
    if (this.contentLength >= 0) this.framingProblem ??= 'more than one Content-Length';
    const length = raw.includes('\t') ? undefined : parseContentLength(value);
    if (length === undefined) this.framingProblem ??= 'a malformed Content-Length';
    else this.contentLength = length;
  }

  #noteCoding(raw: string, value: string): void {
    if (this.isChunked) this.framingProblem ??= 'more than one Transfer-Encoding';
    if (value.length !== 7 || !equalsToken(value, 0, 'chunked') || raw.includes('\t'))
      this.framingProblem ??= "a Transfer-Encoding other than exactly 'chunked'";
    else if (this.minorVersion === 0) this.framingProblem ??= 'a Transfer-Encoding on HTTP/1.0';
    this.isChunked = true;
  }

  #noteConnection(value: string): void {
    switch (value) {
      case 'keep-alive':
      case 'Keep-Alive':
        this.keepsAlive = true;
        return;
      case 'close':
        this.closes = true;
        return;
    }
    for (const part of value.toLowerCase().split(',')) {
      const option = part.trim();
      if (option === 'close') this.closes = true;
      else if (option === 'keep-alive') this.keepsAlive = true;
      else if (option === 'upgrade') this.connectionUpgrades = true;
    }
  }
}

const bothFramings = 'both Content-Length and Transfer-Encoding';

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
