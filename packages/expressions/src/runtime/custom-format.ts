import { formatException } from './exceptions.ts';

/** A piece of a custom format: text that is put out as it stands, or a specifier with how often it is repeated. */
export type CustomFormatPart =
  | { readonly literal: string; readonly specifier?: undefined; readonly count?: undefined }
  | { readonly literal?: undefined; readonly specifier: string; readonly count: number };

/**
 * The pieces of a custom format of dates and time spans: `\x` and quoted text are literals, `%` only sets a single
 * specifier apart. Throws FormatException. Source: .NET documentation, "Custom date and time format strings".
 */
export function* customFormatParts(format: string): Generator<CustomFormatPart> {
  for (let i = 0; i < format.length; ) {
    const c = format[i] ?? '';
    if (c === '\\') {
      const literal = format[i + 1];
      if (literal === undefined) throw formatException();
      yield { literal };
      i += 2;
    } else if (c === "'" || c === '"') {
      const quoted = readQuoted(format, i);
      yield { literal: quoted.text };
      i = quoted.end;
    } else if (c === '%') {
      if (i + 1 >= format.length || format[i + 1] === '%') throw formatException();
      i++;
    } else {
      let count = 1;
      while (format[i + count] === c) count++;
      yield { specifier: c, count };
      i += count;
    }
  }
}

/** A quoted literal, in which `\` escapes. Throws FormatException when it does not end. */
export function readQuoted(format: string, start: number): { text: string; end: number } {
  const quote = format[start];
  let text = '';
  for (let i = start + 1; i < format.length; i++) {
    if (format[i] === quote) return { text, end: i + 1 };
    if (format[i] === '\\') i++;
    text += format[i] ?? '';
  }
  throw formatException();
}
