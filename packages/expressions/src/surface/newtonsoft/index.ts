import { JTokenType } from '../../runtime/json/token-type.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { arrayType, constructorType } from './array.ts';
import { convertType } from './convert.ts';
import { enumerableTypes } from './enumerables.ts';
import { objectType, propertyType } from './object.ts';
import { containerType, settingsTypes, tokenType } from './token.ts';
import { rawType, valueType } from './value.ts';

/** Namespaces Newtonsoft.Json and Newtonsoft.Json.Linq. Source of behaviour: Newtonsoft.Json 13. */
export const newtonsoftTypes: readonly TypeDeclaration[] = [
  declareType({ name: 'Newtonsoft.Json.Formatting', kind: 'enum', values: { None: 0, Indented: 1 } }),
  declareType({ name: 'Newtonsoft.Json.Linq.JTokenType', kind: 'enum', values: JTokenType }),
  declareType({ name: 'Newtonsoft.Json.JsonConverter', kind: 'class' }),
  declareType({ name: 'Newtonsoft.Json.JsonException', kind: 'class', base: 'System.Exception' }),
  declareType({
    name: 'Newtonsoft.Json.JsonReaderException',
    kind: 'class',
    base: 'Newtonsoft.Json.JsonException',
    members: {
      'string Path { get; }': ({ data }: { data: Record<string, unknown> }) => data.Path ?? '',
      'int LineNumber { get; }': ({ data }: { data: Record<string, unknown> }) => data.LineNumber ?? 0,
      'int LinePosition { get; }': ({ data }: { data: Record<string, unknown> }) => data.LinePosition ?? 0,
    },
  }),
  declareType({
    name: 'Newtonsoft.Json.JsonSerializationException',
    kind: 'class',
    base: 'Newtonsoft.Json.JsonException',
  }),
  tokenType,
  containerType,
  objectType,
  arrayType,
  propertyType,
  valueType,
  rawType,
  constructorType,
  ...enumerableTypes,
  ...settingsTypes,
  convertType,
];
