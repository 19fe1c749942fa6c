import { charge } from '../../runtime/budget.ts';
import { toLowerInvariant, toUpperInvariant } from '../../runtime/compare-string.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { netType } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

/** `System.Globalization.CultureInfo`: the invariant culture, in which all formatting and parsing happens. */
class CultureInfo {
  readonly [netType] = 'System.Globalization.CultureInfo';
}
const invariant = new CultureInfo();

class TextInfo {
  readonly [netType] = 'System.Globalization.TextInfo';
}
const textInfo = new TextInfo();

function required(text: string | null): string {
  if (text === null) throw argumentNull('str');
  charge(text.length / 16);
  return text;
}

/** Each word with a capital and small letters; words in capitals stay, as acronyms do. */
function titleCase(text: string): string {
  return text.replace(/\p{L}[\p{L}\p{M}\p{Nd}'’]*/gu, (word) =>
    word.length > 1 && word === toUpperInvariant(word)
      ? word
      : toUpperInvariant(word.slice(0, 1)) + toLowerInvariant(word.slice(1)),
  );
}

const onlyInvariant = 'Expressions format and parse in the invariant culture: use CultureInfo.InvariantCulture.';

export const cultureTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Globalization.CultureInfo',
    kind: 'class',
    interfaces: ['System.IFormatProvider'],
    members: {
      'static CultureInfo InvariantCulture { get; }': () => invariant,
      'static CultureInfo CurrentCulture { get; }': () => invariant,
      'static CultureInfo CurrentUICulture { get; }': () => invariant,
      'TextInfo TextInfo { get; }': () => textInfo,
      'string Name { get; }': () => '',
      'string DisplayName { get; }': () => 'Invariant Language (Invariant Country)',
    },
    refused: { new: onlyInvariant, GetCultureInfo: onlyInvariant, CreateSpecificCulture: onlyInvariant },
  }),
  declareType({
    name: 'System.Globalization.TextInfo',
    kind: 'class',
    members: {
      'string ToTitleCase(string str)': (_self: TextInfo, text: string | null) => titleCase(required(text)),
      'string ToUpper(string str)': (_self: TextInfo, text: string | null) => toUpperInvariant(required(text)),
      'string ToLower(string str)': (_self: TextInfo, text: string | null) => toLowerInvariant(required(text)),
    },
  }),
];
