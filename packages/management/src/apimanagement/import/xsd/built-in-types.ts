import type { SimpleShape } from './shape.ts';

type Kind = readonly [type: SimpleShape['type'], format?: string];

/** The types of XML Schema that are more than text, by their names. */
const kinds: Readonly<Record<string, Kind>> = {
  boolean: ['boolean'],
  byte: ['integer', 'int32'],
  short: ['integer', 'int32'],
  int: ['integer', 'int32'],
  long: ['integer', 'int64'],
  unsignedByte: ['integer', 'int32'],
  unsignedShort: ['integer', 'int32'],
  unsignedInt: ['integer', 'int64'],
  unsignedLong: ['integer'],
  integer: ['integer'],
  positiveInteger: ['integer'],
  nonNegativeInteger: ['integer'],
  negativeInteger: ['integer'],
  nonPositiveInteger: ['integer'],
  decimal: ['number'],
  float: ['float', 'float'],
  double: ['float', 'double'],
  dateTime: ['string', 'date-time'],
  date: ['string', 'date'],
  time: ['string', 'time'],
  duration: ['string', 'duration'],
  base64Binary: ['string', 'byte'],
  anyURI: ['string', 'uri'],
};

const texts = new Set(
  'string normalizedString token language Name NCName NMTOKEN NMTOKENS ID IDREF IDREFS ENTITY ENTITIES QName NOTATION hexBinary gYear gYearMonth gMonth gMonthDay gDay anySimpleType anyAtomicType dateTimeStamp'.split(
    ' ',
  ),
);

/** A type of XML Schema itself; undefined when it has none of that name. */
export function simpleType(local: string): SimpleShape | undefined {
  const kind = Object.hasOwn(kinds, local) ? kinds[local] : undefined;
  if (kind) return { kind: 'simple', type: kind[0], ...(kind[1] === undefined ? {} : { format: kind[1] }), values: [] };
  return texts.has(local) ? { kind: 'simple', type: 'string', values: [] } : undefined;
}
