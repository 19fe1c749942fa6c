import { argumentException } from '../exceptions.ts';

/** `Regex.Escape`: the metacharacters of .NET, `#` and white space; not `]` and `}`. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*+?|{[()^$.# \t\n\r\f]/g, (c) => `\\${blanks[c] ?? c}`);
}

/** `Regex.Unescape`. Throws ArgumentException for an escape that .NET does not know. */
export function unescapePattern(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|c([@-_a-z])|([0-7]{1,3})|([\s\S])|$)/g,
    (_all, hex, unicode, control, octal, plain) => {
      if (hex ?? unicode) return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
      if (control) return String.fromCharCode(control.toUpperCase().charCodeAt(0) - 64);
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
      if (plain === undefined) throw argumentException(`parsing "${text}" - Illegal \\ at end of pattern.`);
      const known = letters[plain];
      if (known !== undefined) return known;
      if (/[\w]/.test(plain)) throw argumentException(`parsing "${text}" - Unrecognized escape sequence \\${plain}.`);
      return plain;
    },
  );
}

const blanks: Readonly<Record<string, string>> = { '\t': 't', '\n': 'n', '\r': 'r', '\f': 'f' };
const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
};
