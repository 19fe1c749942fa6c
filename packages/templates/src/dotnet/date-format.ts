import { FormatError } from './composite-format.ts';

/** .NET's date format strings (standard and custom) with the invariant culture; the date is in UTC. Throws `FormatError`. */
export function formatDate(date: Date, format: string): string {
  if (format.length === 1) {
    const pattern = standard[format];
    if (pattern === undefined) throw new FormatError(`the date format '${format}' is not valid`);
    return custom(date, pattern);
  }
  return custom(date, format);
}

const standard: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const token = /'[^']*'|"[^"]*"|\\[\s\S]|%(?=[A-Za-z])|d+|f+|F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+|[\s\S]/g;

function custom(date: Date, format: string): string {
  let result = '';
  for (const [part] of format.matchAll(token)) {
    const first = part[0]!;
    if (part.length > 1 && (first === "'" || first === '"')) result += part.slice(1, -1);
    else if (part.length > 1 && first === '\\') result += part.slice(1);
    else if (part === "'" || part === '"' || part === '\\') throw new FormatError('the date format has an open quote');
    else if (part !== '%') result += specifier(date, first, part.length) ?? part;
    if (first === 'F' && result.endsWith('.')) result = result.slice(0, -1);
  }
  return result;
}

function specifier(date: Date, letter: string, count: number): string | undefined {
  const padded = (value: number) => String(value).padStart(count > 1 ? 2 : 1, '0');
  const hour = date.getUTCHours();
  const day = days[date.getUTCDay()]!;
  const month = months[date.getUTCMonth()]!;
  switch (letter) {
    case 'd':
      return count >= 4 ? day : count === 3 ? day.slice(0, 3) : padded(date.getUTCDate());
    case 'M':
      return count >= 4 ? month : count === 3 ? month.slice(0, 3) : padded(date.getUTCMonth() + 1);
    case 'y':
      return count <= 2 ? padded(date.getUTCFullYear() % 100) : String(date.getUTCFullYear()).padStart(count, '0');
    case 'h':
      return padded(hour % 12 || 12);
    case 'H':
      return padded(hour);
    case 'm':
      return padded(date.getUTCMinutes());
    case 's':
      return padded(date.getUTCSeconds());
    case 'f':
    case 'F': {
      if (count > 7) throw new FormatError(`the date format '${letter.repeat(count)}' is not valid`);
      const digits = `${String(date.getUTCMilliseconds()).padStart(3, '0')}0000`.slice(0, count);
      return letter === 'F' ? digits.replace(/0+$/, '') : digits;
    }
    case 't':
      return (hour < 12 ? 'AM' : 'PM').slice(0, count);
    case 'g':
      return 'A.D.';
    case 'K':
      return 'Z';
    case 'z':
      return count === 1 ? '+0' : count === 2 ? '+00' : '+00:00';
    default:
      return undefined;
  }
}
