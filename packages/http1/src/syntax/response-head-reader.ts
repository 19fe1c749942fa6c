import { carriageReturn, equalsToken, isFieldValue, lineFeed, space } from './characters.ts';
import { FieldReader } from './field-reader.ts';

/** Reads the head of a response: status line and fields. One reader serves a connection's responses one after the other. */
export class ResponseHeadReader extends FieldReader {
  status = 0;
  /** Reason phrase; may be empty. */
  reason = '';
  httpVersion: '1.0' | '1.1' = '1.1';
  /** Value of the last Upgrade, or null. */
  upgrade: string | null = null;
  #hasLine = false;

  override begin(): void {
    super.begin();
    this.status = 0;
    this.reason = '';
    this.upgrade = null;
    this.#hasLine = false;
  }

  /** Nothing of a response has been read yet. */
  get isUntouched(): boolean {
    return !this.#hasLine;
  }

  override get longestLine(): number {
    return this.#hasLine ? super.longestLine : versionLength + longestReason + 2;
  }

  override read(text: string, start: number): number {
    let at = start;
    if (!this.#hasLine) {
      at = this.#readLine(text, at);
      if (!this.#hasLine) return at;
    }
    return this.readFields(text, at);
  }

  protected override note(text: string, at: number, length: number, value: string): void {
    if (length === 7 && equalsToken(text, at, 'upgrade')) this.upgrade = value;
  }

  #readLine(text: string, at: number): number {
    const { length } = text;
    let i = at;
    for (const prefix of versionPrefix) {
      if (i === length) return at;
      if (text.charCodeAt(i++) !== prefix) return this.fail('malformed', at);
    }
    let minor = 0;
    let status = 0;
    for (let k = 0; k < 7; k++, i++) {
      if (i === length) return at;
      const code = text.charCodeAt(i);
      if (k === 1 || k === 3) {
        if (code !== (k === 1 ? 0x2e : space)) return this.fail('malformed', at);
        continue;
      }
      const digit = code - 0x30;
      if (digit < 0 || digit > 9) return this.fail('malformed', at);
      if (k === 0 && digit !== 1) return this.fail('version', at);
      if (k === 2) {
        if (digit > 1) return this.fail('version', at);
        minor = digit;
      }
      if (k > 3) status = status * 10 + digit;
    }
    if (status < 100) return this.fail('malformed', at);
    if (i === length) return at;
    let reasonStart = i;
    if (text.charCodeAt(i) === space) {
      reasonStart = ++i;
      const limit = Math.min(length, i + longestReason);
      while (i < limit && isFieldValue[text.charCodeAt(i)] === 1) i++;
      if (i === length) return at;
    }
    if (text.charCodeAt(i) !== carriageReturn) return this.fail('malformed', at);
    if (i + 1 === length) return at;
    if (text.charCodeAt(i + 1) !== lineFeed) return this.fail('malformed', at);

    this.status = status;
    this.reason = text.slice(reasonStart, i);
    this.minorVersion = minor;
    this.httpVersion = minor === 0 ? '1.0' : '1.1';
    this.#hasLine = true;
    return i + 2;
  }
}

/** `HTTP/` */
const versionPrefix = [0x48, 0x54, 0x54, 0x50, 0x2f];

/** `HTTP/1.1 200 ` */
const versionLength = 13;

const longestReason = 1024;
