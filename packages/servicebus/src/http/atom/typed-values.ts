import { ServiceBusError } from '../../errors.ts';
import { instance, schema, serialization } from './namespaces.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { element, type Xml } from './xml-writer.ts';

/**
 * A value in the properties of a rule (`correlationFilter.properties`, `parameters` of SQL filters and actions): strings are themselves, as
 * in Resource Manager; all others say their type of XML Schema.
 */
export type RuleValue = string | { readonly type: Exclude<RuleValueType, 'string'>; readonly value: string };

export type RuleValueType = keyof typeof forms;

/** How values of each type are written. */
const forms = {
  string: /^/,
  int: /^[+-]?\d{1,10}$/,
  long: /^[+-]?\d{1,19}$/,
  short: /^[+-]?\d{1,5}$/,
  byte: /^[+-]?\d{1,3}$/,
  unsignedInt: /^\d{1,10}$/,
  unsignedLong: /^\d{1,20}$/,
  unsignedShort: /^\d{1,5}$/,
  unsignedByte: /^\d{1,3}$/,
  double: /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?|-?INF|NaN)$/,
  float: /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?|-?INF|NaN)$/,
  decimal: /^[+-]?(\d+\.?\d*|\.\d+)$/,
  boolean: /^(true|false|0|1)$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
  duration: /^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
  guid: /^[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}$/,
  anyURI: /^/,
  base64Binary: /^[A-Za-z\d+/\s]*={0,2}$/,
  char: /^\d{1,5}$/,
} as const;

const itemName = 'KeyValueOfstringanyType';
const most = 1000;

/** `<Properties>` or `<Parameters>`. @throws {ServiceBusError} `BadRequest` */
export function readTypedValues(parent: XmlElement): Record<string, RuleValue> {
  const items = parent.children.filter(({ name }) => name === itemName);
  if (items.length > most) throw refuse(`'${parent.name}' has more than ${most} values.`);
  const values: Record<string, RuleValue> = Object.create(null);
  for (const item of items) {
    const key = childOf(item, 'Key')?.text;
    const value = childOf(item, 'Value');
    if (key === undefined || key === '' || value === undefined)
      throw refuse(`A '${itemName}' in '${parent.name}' must have a 'Key' and a 'Value'.`);
    if (key in values) throw refuse(`'${parent.name}' has more than one value '${key.slice(0, 100)}'.`);
    values[key] = readValue(key, value);
  }
  return { ...values };
}

function readValue(key: string, element: XmlElement): RuleValue {
  const named =
    element.attributes.find(({ name, namespace }) => name === 'type' && namespace === instance)?.value ?? 'string';
  const [type = '', prefix = ''] = named.split(':').reverse();
  const namespace = element.resolve(prefix);
  const isKnown = namespace === undefined || namespace === schema || namespace === serialization || prefix === '';
  if (!isKnown || !isType(type))
    throw refuse(`Value '${key.slice(0, 100)}' has type '${named.slice(0, 100)}', which is not known.`);
  if (type === 'string') return element.text;
  const value = element.text.trim();
  // Numbers are short: their forms take long to refuse what is not.
  if ((value.length > 400 && type !== 'anyURI' && type !== 'base64Binary') || !forms[type].test(value))
    throw refuse(`Value '${key.slice(0, 100)}' is no ${type}: '${value.slice(0, 100)}'.`);
  return { type, value };
}

/** Undefined where there are none: clients do not take an empty element. */
export function writeTypedValues(name: string, values: unknown): Xml | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const entries = Object.entries(values);
  if (entries.length === 0) return undefined;
  return element(
    name,
    entries.map(([key, value]) => element(itemName, [element('Key', key), writeValue(value)])),
  );
}

/** Clients cut the type after the fifth character: the prefix has four. */
function writeValue(given: unknown): Xml {
  const { type, value } = typedOf(given);
  const namespace = type === 'guid' || type === 'duration' || type === 'char' ? serialization : schema;
  return element('Value', value, { 'i:type': `d6p1:${type}`, 'xmlns:d6p1': namespace });
}

function typedOf(given: unknown): { readonly type: RuleValueType; readonly value: string } {
  if (typeof given === 'object' && given !== null && 'type' in given && 'value' in given) {
    const { type, value } = given;
    if (typeof type === 'string' && isType(type) && typeof value === 'string') return { type, value };
  }
  if (typeof given === 'boolean') return { type: 'boolean', value: `${given}` };
  if (typeof given === 'number')
    return { type: Number.isInteger(given) && Math.abs(given) < 2 ** 31 ? 'int' : 'double', value: `${given}` };
  return { type: 'string', value: `${given}` };
}

function isType(type: string): type is RuleValueType {
  return Object.hasOwn(forms, type);
}

function refuse(reason: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason });
}
