import { PlainDate } from '@lazuli/expressions';
import { filters as engineFilters, type FilterImplOptions, type Liquid } from 'liquidjs';
import { printed } from './printed.ts';

/** DotLiquid's names in C# naming, and the engine's filter that does the same. */
const sameAs: Readonly<Record<string, keyof typeof engineFilters>> = {
  Abs: 'abs',
  Append: 'append',
  AtLeast: 'at_least',
  AtMost: 'at_most',
  Ceil: 'ceil',
  Compact: 'compact',
  Concat: 'concat',
  Default: 'default',
  Downcase: 'downcase',
  Escape: 'escape',
  EscapeOnce: 'escape_once',
  First: 'first',
  Floor: 'floor',
  H: 'escape',
  Join: 'join',
  Last: 'last',
  Lstrip: 'lstrip',
  Map: 'map',
  Minus: 'minus',
  Modulo: 'modulo',
  NewlineToBr: 'newline_to_br',
  Plus: 'plus',
  Prepend: 'prepend',
  Remove: 'remove',
  RemoveFirst: 'remove_first',
  Replace: 'replace',
  ReplaceFirst: 'replace_first',
  Reverse: 'reverse',
  Round: 'round',
  Rstrip: 'rstrip',
  Size: 'size',
  Slice: 'slice',
  Sort: 'sort',
  SortNatural: 'sort_natural',
  Split: 'split',
  Strip: 'strip',
  StripHtml: 'strip_html',
  StripNewlines: 'strip_newlines',
  Times: 'times',
  Truncate: 'truncate',
  TruncateWords: 'truncatewords',
  Uniq: 'uniq',
  Upcase: 'upcase',
  UrlDecode: 'url_decode',
  UrlEncode: 'url_encode',
  Where: 'where',
};

/**
 * Gives an engine DotLiquid's standard filters, in PascalCase as API Management names them. The engine's own names
 * stay; `date` too takes .NET's formats.
 */
export function registerFilters(engine: Liquid, now: () => number): void {
  for (const [name, original] of Object.entries(sameAs)) {
    const filter = engineFilters[original];
    if (filter) engine.registerFilter(name, filter);
  }
  const date: FilterImplOptions = (input: unknown, format: unknown) => formatDate(input, format, now);
  const own: Readonly<Record<string, FilterImplOptions>> = {
    Date: date,
    date,
    Capitalize: (input: unknown) => titleCase(printed(input)),
    DividedBy: divide,
    divided_by: divide,
    Currency: (input: unknown) => currency(input),
  };
  for (const [name, filter] of Object.entries(own)) engine.registerFilter(name, filter);
}

/** `Date: 'yyyy-MM-dd'`. A text that is no date, and a date without a format, stay as they are. */
function formatDate(input: unknown, format: unknown, now: () => number): unknown {
  const pattern = printed(format);
  if (input === null || input === undefined || pattern === '') return input;
  const isNow = typeof input === 'string' && /^(now|today)$/i.test(input.trim());
  const date =
    input instanceof PlainDate ? input : isNow ? PlainDate.fromMilliseconds(now()) : PlainDate.parse(printed(input));
  return date?.format(pattern) ?? input;
}

/** TextInfo.ToTitleCase: a word that is all capitals stays. */
const titleCase = (text: string): string =>
  text.replace(/[\p{L}\p{N}'’]+/gu, (word) =>
    word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase()
      ? word
      : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
  );

/** Whole numbers divide to a whole number, as in C#. */
function divide(input: unknown, operand: unknown): number {
  const [dividend, divisor] = [toNumber(input), toNumber(operand)];
  if (divisor === 0) throw new RangeError('divided by 0');
  const quotient = dividend / divisor;
  return Number.isInteger(dividend) && Number.isInteger(divisor) ? Math.trunc(quotient) : quotient;
}

/** In the invariant culture. */
function currency(input: unknown): string {
  const amount = toNumber(input);
  const text = Math.abs(amount)
    .toFixed(2)
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return amount < 0 ? `(¤${text})` : `¤${text}`;
}

const toNumber = (value: unknown): number => (typeof value === 'number' ? value : Number(printed(value)) || 0);
