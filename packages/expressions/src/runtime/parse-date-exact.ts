import { charge } from './budget.ts';
import { readQuoted } from './custom-format.ts';
import { formatException } from './exceptions.ts';
import { dayNames, monthNames, standardDateFormats } from './format-date.ts';
import { assemble, type DateParts, dateStyles, fullYear, type ParsedDate, readOffset } from './parse-date.ts';

/**
 * Reads a date that has exactly the format, as `DateTime.ParseExact` does in the invariant culture. Undefined when it
 * does not. Throws FormatException for a format that is wrong itself.
 */
export function readDateExact(text: string, format: string, allowed: number): ParsedDate | undefined {
  charge(text.length + format.length);
  const standard = format.length === 1 ? standardDateFormats[format] : format;
  if (standard === undefined || format === '') throw formatException();
  const reader = new Reader(text, allowed);
  if (!reader.readAll(standard)) return undefined;
  if (format === 'U') {
    reader.parts.utc = true;
    reader.parts.offset = 0;
  }
  return assemble(reader.parts, (allowed & dateStyles.noCurrentDateDefault) !== 0);
}

class Reader {
  readonly parts: DateParts = {};
  readonly #text: string;
  readonly #allowed: number;
  #at = 0;

  constructor(text: string, allowed: number) {
    const start = (allowed & dateStyles.allowLeadingWhite) !== 0 ? text.trimStart() : text;
    this.#text = (allowed & dateStyles.allowTrailingWhite) !== 0 ? start.trimEnd() : start;
    this.#allowed = allowed;
  }

  readAll(format: string): boolean {
    for (let i = 0; i < format.length; ) {
      const c = format[i] ?? '';
      if ((this.#allowed & dateStyles.allowInnerWhite) !== 0) this.#skipWhite();
      if (c === '\\') {
        if (i + 1 >= format.length) throw formatException();
        if (!this.#literal(format[i + 1] ?? '')) return false;
        i += 2;
      } else if (c === "'" || c === '"') {
        const quoted = readQuoted(format, i);
        if (!this.#literal(quoted.text)) return false;
        i = quoted.end;
      } else if (c === '%') {
        i++;
      } else {
        let count = 1;
        while (format[i + count] === c) count++;
        // `.FFF` matches nothing, point included, when the text has no fraction.
        if (c === '.' && format[i + 1] === 'F' && this.#text[this.#at] !== '.') {
          i++;
          while (format[i] === 'F') i++;
          continue;
        }
        if (!this.#part(c, count)) return false;
        i += count;
      }
    }
    return this.#at === this.#text.length;
  }

  #skipWhite(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #literal(text: string): boolean {
    if ((this.#allowed & dateStyles.allowInnerWhite) !== 0 && /^\s*$/.test(text)) return true;
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Digits, `least` to `most` of them. */
  #number(least: number, most: number): string | undefined {
    let end = this.#at;
    while (end - this.#at < most && /\d/.test(this.#text[end] ?? '')) end++;
    if (end - this.#at < least) return undefined;
    const digits = this.#text.slice(this.#at, end);
    this.#at = end;
    return digits;
  }

  #set(name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', value: number): boolean {
    const before = this.parts[name];
    if (before !== undefined && before !== value) return false;
    this.parts[name] = value;
    return true;
  }

  #take(name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', least: number, most: number): boolean {
    const digits = this.#number(least, most);
    return digits !== undefined && this.#set(name, Number(digits));
  }

  #name(names: readonly string[]): number {
    const rest = this.#text.slice(this.#at, this.#at + 12).toLowerCase();
    const index = names.findIndex((name) => rest.startsWith(name.toLowerCase()));
    if (index >= 0) this.#at += names[index]?.length ?? 0;
    return index;
  }

  #part(c: string, count: number): boolean {
    const two = Math.min(count, 2);
    switch (c) {
      case 'd': {
        if (count <= 2) return this.#take('day', two, 2);
        const day = this.#name(count === 3 ? dayNames.map((name) => name.slice(0, 3)) : dayNames);
        this.parts.dayOfWeek = day;
        return day >= 0;
      }
      case 'M': {
        if (count <= 2) return this.#take('month', two, 2);
        const month = this.#name(count === 3 ? monthNames.map((name) => name.slice(0, 3)) : monthNames);
        return month >= 0 && this.#set('month', month + 1);
      }
      case 'y': {
        if (count > 2) return this.#take('year', count, count === 3 ? 4 : count);
        const digits = this.#number(two, 2);
        return digits !== undefined && this.#set('year', fullYear(Number(digits)));
      }
      case 'H':
        return this.#take('hour', two, 2);
      case 'h': {
        const taken = this.#take('hour', two, 2);
        return taken && (this.parts.hour ?? 0) >= 1 && (this.parts.hour ?? 0) <= 12 && this.#halfDay();
      }
      case 'm':
        return this.#take('minute', two, 2);
      case 's':
        return this.#take('second', two, 2);
      case 'f':
      case 'F': {
        if (count > 7) throw formatException();
        const digits = this.#number(c === 'f' ? count : 0, count);
        if (digits === undefined) return false;
        this.parts.ticks = BigInt(digits.padEnd(7, '0'));
        return true;
      }
      case 't':
        return this.#designator(count);
      case 'g':
        return this.#literal('A.D.');
      case 'z':
        return this.#offset(count <= 2 ? /^[+-]\d{1,2}/ : /^[+-]\d{1,2}:?\d{2}/);
      case 'K':
        if (this.#text[this.#at] === 'Z') {
          this.parts.utc = true;
          this.parts.offset = 0;
          this.#at++;
          return true;
        }
        return /[+-]/.test(this.#text[this.#at] ?? '') ? this.#offset(/^[+-]\d{2}:?\d{2}/) : true;
      case 'Z':
        if (!this.#literal('Z'.repeat(count))) return false;
        this.parts.utc = true;
        this.parts.offset = 0;
        return true;
      default:
        return this.#literal(c.repeat(count));
    }
  }

  /** A twelve-hour clock without a designator is the morning's. */
  #halfDay(): boolean {
    this.parts.afternoon ??= false;
    return true;
  }

  #designator(count: number): boolean {
    const rest = this.#text.slice(this.#at, this.#at + (count === 1 ? 1 : 2)).toUpperCase();
    if (!/^[AP]M?$/.test(rest) || rest.length !== Math.min(count, 2)) return false;
    this.parts.afternoon = rest.startsWith('P');
    this.#at += rest.length;
    return true;
  }

  #offset(pattern: RegExp): boolean {
    const text = pattern.exec(this.#text.slice(this.#at, this.#at + 6))?.[0];
    const minutes = text === undefined ? undefined : readOffset(text);
    if (text === undefined || minutes === undefined) return false;
    this.parts.offset = minutes;
    this.#at += text.length;
    return true;
  }
}
