import { declareType, type TypeDeclaration } from '../declare.ts';

const enumeration = (name: string, values: Readonly<Record<string, number>>, flags = false) =>
  declareType({ name, kind: 'enum', values, flags });

/** The enums of System and System.Globalization that the members of the surface take and give. */
export const systemEnums: readonly TypeDeclaration[] = [
  enumeration('System.DayOfWeek', {
    Sunday: 0,
    Monday: 1,
    Tuesday: 2,
    Wednesday: 3,
    Thursday: 4,
    Friday: 5,
    Saturday: 6,
  }),
  enumeration('System.DateTimeKind', { Unspecified: 0, Utc: 1, Local: 2 }),
  enumeration('System.StringComparison', {
    CurrentCulture: 0,
    CurrentCultureIgnoreCase: 1,
    InvariantCulture: 2,
    InvariantCultureIgnoreCase: 3,
    Ordinal: 4,
    OrdinalIgnoreCase: 5,
  }),
  enumeration('System.StringSplitOptions', { None: 0, RemoveEmptyEntries: 1, TrimEntries: 2 }, true),
  enumeration('System.MidpointRounding', {
    ToEven: 0,
    AwayFromZero: 1,
    ToZero: 2,
    ToNegativeInfinity: 3,
    ToPositiveInfinity: 4,
  }),
  enumeration('System.UriKind', { RelativeOrAbsolute: 0, Absolute: 1, Relative: 2 }),
  enumeration('System.UriPartial', { Scheme: 0, Authority: 1, Path: 2, Query: 3 }),
  enumeration('System.UriHostNameType', { Unknown: 0, Basic: 1, Dns: 2, IPv4: 3, IPv6: 4 }),
  enumeration('System.Base64FormattingOptions', { None: 0, InsertLineBreaks: 1 }, true),
  enumeration('System.Text.NormalizationForm', { FormC: 1, FormD: 2, FormKC: 5, FormKD: 6 }),
  enumeration(
    'System.Globalization.NumberStyles',
    {
      None: 0,
      AllowLeadingWhite: 1,
      AllowTrailingWhite: 2,
      AllowLeadingSign: 4,
      Integer: 7,
      AllowTrailingSign: 8,
      AllowParentheses: 16,
      AllowDecimalPoint: 32,
      AllowThousands: 64,
      Number: 111,
      AllowExponent: 128,
      Float: 167,
      AllowCurrencySymbol: 256,
      Currency: 383,
      Any: 511,
      AllowHexSpecifier: 512,
      HexNumber: 515,
    },
    true,
  ),
  enumeration(
    'System.Globalization.DateTimeStyles',
    {
      None: 0,
      AllowLeadingWhite: 1,
      AllowTrailingWhite: 2,
      AllowInnerWhite: 4,
      AllowWhiteSpaces: 7,
      NoCurrentDateDefault: 8,
      AdjustToUniversal: 16,
      AssumeLocal: 32,
      AssumeUniversal: 64,
      RoundtripKind: 128,
    },
    true,
  ),
  enumeration('System.Globalization.TimeSpanStyles', { None: 0, AssumeNegative: 1 }, true),
];
