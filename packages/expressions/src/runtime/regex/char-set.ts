/** A set of UTF-16 code units: a table for ASCII, a predicate for the rest. */
export class CharSet {
  readonly #ascii = new Uint8Array(128);
  readonly #test: (unit: number) => boolean;

  constructor(test: (unit: number) => boolean) {
    this.#test = test;
    for (let unit = 0; unit < 128; unit++) this.#ascii[unit] = test(unit) ? 1 : 0;
  }
  has(unit: number): boolean {
    return unit < 128 ? this.#ascii[unit] === 1 : this.#test(unit);
  }
}

export type Test = (unit: number) => boolean;

export const anyButNewline = new CharSet((unit) => unit !== 10);
export const anything = new CharSet(() => true);

/** One letter case for comparison: simple lower case of one code unit. */
export function fold(unit: number): number {
  if (unit < 128) return unit >= 65 && unit <= 90 ? unit + 32 : unit;
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

/** The set under IgnoreCase: what is in it in either case. */
export function ignoringCase(test: Test): Test {
  return (unit) => {
    if (test(unit)) return true;
    const text = String.fromCharCode(unit);
    const lower = text.toLowerCase();
    const upper = text.toUpperCase();
    return (lower.length === 1 && test(lower.charCodeAt(0))) || (upper.length === 1 && test(upper.charCodeAt(0)));
  };
}

function category(expression: RegExp): Test {
  return (unit) => expression.test(String.fromCharCode(unit));
}

const isDigit = category(/^\p{Nd}$/u);
const isWord = category(/^[\p{L}\p{Mn}\p{Nd}\p{Pc}]$/u);
const isSpace = category(/^[\t-\r\u0085\p{Z}]$/u);
const asciiDigit: Test = (unit) => unit >= 48 && unit <= 57;
const asciiWord = category(/^[A-Za-z0-9_]$/);
const asciiSpace = category(/^[ \t-\r]$/);

/** `\d`, `\w`, `\s` and their complements; ASCII only under RegexOptions.ECMAScript. */
export function classEscape(letter: string, ecma: boolean): Test | undefined {
  switch (letter) {
    case 'd':
      return ecma ? asciiDigit : isDigit;
    case 'w':
      return ecma ? asciiWord : isWord;
    case 's':
      return ecma ? asciiSpace : isSpace;
    case 'D':
    case 'W':
    case 'S': {
      const positive = classEscape(letter.toLowerCase(), ecma);
      return positive && ((unit) => !positive(unit));
    }
    default:
      return undefined;
  }
}

/** For `\b`: word characters and the two joiners, as .NET has it. */
export function isBoundaryWord(unit: number, ecma: boolean): boolean {
  return ecma ? asciiWord(unit) : wordSet.has(unit) || unit === 0x200d || unit === 0x200c;
}
const wordSet = new CharSet(isWord);

/** `\p{name}`: a general category or a block (`IsCyrillic`); undefined when .NET does not know it. */
export function unicodeProperty(name: string): Test | undefined {
  if (categories.has(name)) return category(new RegExp(`^\\p{${name}}$`, 'u'));
  const block = blocks[name];
  if (!block) return undefined;
  const [from, to] = block;
  return (unit) => unit >= from && unit <= to;
}

const categories = new Set(
  (
    'L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So ' + 'Z Zs Zl Zp C Cc Cf Cs Co Cn'
  ).split(' '),
);

// The supported named blocks of the .NET documentation ("Character classes in regular expressions") that scripts use.
const blocks: Readonly<Record<string, readonly [number, number]>> = {
  IsBasicLatin: [0x0000, 0x007f],
  'IsLatin-1Supplement': [0x0080, 0x00ff],
  'IsLatinExtended-A': [0x0100, 0x017f],
  'IsLatinExtended-B': [0x0180, 0x024f],
  IsIPAExtensions: [0x0250, 0x02af],
  IsSpacingModifierLetters: [0x02b0, 0x02ff],
  IsCombiningDiacriticalMarks: [0x0300, 0x036f],
  IsGreek: [0x0370, 0x03ff],
  IsGreekandCoptic: [0x0370, 0x03ff],
  IsCyrillic: [0x0400, 0x04ff],
  IsCyrillicSupplement: [0x0500, 0x052f],
  IsArmenian: [0x0530, 0x058f],
  IsHebrew: [0x0590, 0x05ff],
  IsArabic: [0x0600, 0x06ff],
  IsDevanagari: [0x0900, 0x097f],
  IsThai: [0x0e00, 0x0e7f],
  IsGeorgian: [0x10a0, 0x10ff],
  IsHangulJamo: [0x1100, 0x11ff],
  IsLatinExtendedAdditional: [0x1e00, 0x1eff],
  IsGreekExtended: [0x1f00, 0x1fff],
  IsGeneralPunctuation: [0x2000, 0x206f],
  IsSuperscriptsandSubscripts: [0x2070, 0x209f],
  IsCurrencySymbols: [0x20a0, 0x20cf],
  IsLetterlikeSymbols: [0x2100, 0x214f],
  IsNumberForms: [0x2150, 0x218f],
  IsArrows: [0x2190, 0x21ff],
  IsMathematicalOperators: [0x2200, 0x22ff],
  IsBoxDrawing: [0x2500, 0x257f],
  IsGeometricShapes: [0x25a0, 0x25ff],
  IsHiragana: [0x3040, 0x309f],
  IsKatakana: [0x30a0, 0x30ff],
  IsCJKUnifiedIdeographs: [0x4e00, 0x9fff],
  IsHangulSyllables: [0xac00, 0xd7af],
  IsHighSurrogates: [0xd800, 0xdb7f],
  IsLowSurrogates: [0xdc00, 0xdfff],
  IsPrivateUse: [0xe000, 0xf8ff],
  IsArabicPresentationForms_A: [0xfb50, 0xfdff],
  IsHalfwidthandFullwidthForms: [0xff00, 0xffef],
};
