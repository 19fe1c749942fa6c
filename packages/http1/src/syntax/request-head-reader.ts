import { carriageReturn, equalsToken, isTarget, isToken, lineFeed, space } from './characters.ts';
import { type FieldLimits, FieldReader } from './field-reader.ts';

export interface RequestHeadLimits extends FieldLimits {
  /** Bytes of the request target. */
  readonly urlBytes: number;
}

/** Reads the head of a request: request line and fields. One reader serves a connection's requests one after the other. */
export class RequestHeadReader extends FieldReader {
  method = '';
  /** As sent. */
  target = '';
  httpVersion: '1.0' | '1.1' = '1.1';
  /** Value of the first Host, or null. */
  host: string | null = null;
  hasSecondHost = false;
  /** Value of the last Expect, or null. */
  expect: string | null = null;
  /** Value of the last Upgrade, or null. */
  upgrade: string | null = null;
  #urlBytes: number;
  #stage: 'before' | 'line' | 'fields' = 'before';

  constructor(limits: RequestHeadLimits) {
    super(limits);
    this.#urlBytes = limits.urlBytes;
  }

  override begin(): void {
    super.begin();
    this.method = '';
    this.target = '';
    this.host = null;
    this.hasSecondHost = false;
    this.expect = null;
    this.upgrade = null;
    this.#stage = 'before';
  }

  /** Nothing of a request has been read yet, except perhaps the empty line that may stand before one. */
  get isUntouched(): boolean {
    return this.#stage !== 'fields';
  }

  override get longestLine(): number {
    return this.#stage === 'fields' ? super.longestLine : longestMethod + this.#urlBytes + versionLine;
  }

  override read(text: string, start: number): number {
    let at = start;
    if (this.#stage !== 'fields') {
      at = this.#readLine(text, at);
      if (this.isUntouched) return at;
    }
    return this.readFields(text, at);
  }

  protected override note(text: string, at: number, length: number, value: string): void {
    if (length === 4) {
      if (!equalsToken(text, at, 'host')) return;
      if (this.host !== null) this.hasSecondHost = true;
      else this.host = value;
    } else if (length === 6) {
      if (equalsToken(text, at, 'expect')) this.expect = value;
    } else if (equalsToken(text, at, 'upgrade')) this.upgrade = value;
  }

  #readLine(text: string, start: number): number {
    const { length } = text;
    let at = start;
    if (this.#stage === 'before') {
      if (at === length) return at;
      // RFC 9112 section 2.2: one empty line that an old client has sent behind a body is skipped.
      if (text.charCodeAt(at) === carriageReturn) {
        if (at + 1 === length) return at;
        if (text.charCodeAt(at + 1) !== lineFeed) return this.fail('malformed', at);
        at += 2;
      }
      this.#stage = 'line';
    }
    let i = at;
    const methodLimit = Math.min(length, at + longestMethod);
    while (i < methodLimit && isToken[text.charCodeAt(i)] === 1) i++;
    if (i === length) return at;
    const methodEnd = i;
    if (methodEnd === at || text.charCodeAt(i) !== space) return this.fail('malformed', at);
    i++;
    const targetStart = i;
    const targetLimit = Math.min(length, i + this.#urlBytes);
    while (i < targetLimit && isTarget[text.charCodeAt(i)] === 1) i++;
    if (i === length) return at;
    const targetEnd = i;
    const behind = text.charCodeAt(i);
    if (isTarget[behind] === 1) return this.fail('targetTooLong', at);
    if (targetEnd === targetStart) return this.fail('malformed', at);
    // HTTP/0.9: a target and nothing else.
    if (behind === carriageReturn) return this.fail('version', at);
    if (behind !== space) return this.fail('malformed', at);
    i++;

    for (let k = 0; k < versionPrefix.length; k++, i++) {
      if (i === length) return at;
      if (text.charCodeAt(i) !== versionPrefix.charCodeAt(k)) return this.fail('malformed', at);
    }
    for (let k = 0; k < 3; k++, i++) {
      if (i === length) return at;
      const code = text.charCodeAt(i);
      if (k === 1 ? code !== 0x2e : code < 0x30 || code > 0x39) return this.fail('malformed', at);
    }
    const major = text.charCodeAt(i - 3);
    const minor = text.charCodeAt(i - 1);
    if (major !== 0x31 || minor > 0x31) return this.fail('version', at);
    if (i === length) return at;
    if (text.charCodeAt(i) !== carriageReturn) return this.fail('malformed', at);
    if (i + 1 === length) return at;
    if (text.charCodeAt(i + 1) !== lineFeed) return this.fail('malformed', at);

    this.method = text.slice(at, methodEnd);
    this.target = text.slice(targetStart, targetEnd);
    this.minorVersion = minor - 0x30;
    this.httpVersion = this.minorVersion === 0 ? '1.0' : '1.1';
    this.#stage = 'fields';
    return i + 2;
  }
}

const versionPrefix = 'HTTP/';

/** The longest registered method has 17 characters. */
const longestMethod = 32;

/** Two spaces, the version and the line end; and the empty line before. */
const versionLine = 16;
