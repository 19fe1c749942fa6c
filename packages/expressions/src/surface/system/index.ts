import type { TypeDeclaration } from '../declare.ts';
import { arrayType, bufferType } from './array.ts';
import { bitConverterType } from './bitconverter.ts';
import { booleanType } from './boolean.ts';
import { charType } from './char.ts';
import { convertType } from './convert.ts';
import { cultureTypes } from './culture.ts';
import { dateTimeType } from './datetime.ts';
import { dateTimeOffsetType } from './datetimeoffset.ts';
import { decimalType } from './decimal.ts';
import { delegateTypes } from './delegates.ts';
import { enumType } from './enum.ts';
import { systemEnums } from './enums.ts';
import { environmentType } from './environment.ts';
import { exceptionTypes } from './exception.ts';
import { guidType } from './guid.ts';
import { systemInterfaces } from './interfaces.ts';
import { mathType } from './math.ts';
import { nullableTypes } from './nullable.ts';
import { numberTypes } from './numbers.ts';
import { objectType, typeType, valueType } from './object.ts';
import { randomType } from './random.ts';
import { stringType } from './string.ts';
import { stringComparerType } from './string-comparer.ts';
import { timeSpanType } from './timespan.ts';
import { timeZoneTypes } from './timezone.ts';
import { tupleTypes } from './tuple.ts';
import { uriType } from './uri.ts';
import { uriBuilderType } from './uri-builder.ts';

/** Namespaces System and System.Globalization. */
export const systemTypes: readonly TypeDeclaration[] = [
  objectType,
  valueType,
  typeType,
  ...systemInterfaces,
  ...delegateTypes,
  enumType,
  ...systemEnums,
  ...cultureTypes,
  booleanType,
  charType,
  ...numberTypes,
  decimalType,
  stringType,
  stringComparerType,
  arrayType,
  bufferType,
  ...nullableTypes,
  ...tupleTypes,
  dateTimeType,
  dateTimeOffsetType,
  timeSpanType,
  ...timeZoneTypes,
  guidType,
  uriType,
  uriBuilderType,
  convertType,
  bitConverterType,
  mathType,
  randomType,
  environmentType,
  ...exceptionTypes,
];
