import { netType } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

/** `System.Globalization.CultureInfo`: the invariant culture, in which all formatting and parsing happens. */
class CultureInfo {
  readonly [netType] = 'System.Globalization.CultureInfo';
}
const invariant = new CultureInfo();

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
      'string Name { get; }': () => '',
      'string DisplayName { get; }': () => 'Invariant Language (Invariant Country)',
    },
    refused: { CultureInfo: onlyInvariant, GetCultureInfo: onlyInvariant, CreateSpecificCulture: onlyInvariant },
  }),
];
