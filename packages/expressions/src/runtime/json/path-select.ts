import { charge } from '../budget.ts';
import { compareMember } from '../object.ts';
import { testPattern } from '../regex/test-pattern.ts';
import { type Filter, type Operand, parsePath, type Query } from './path-parse.ts';
import { JArray, JConstructor, JContainer, JObject, JToken, JValue, jsonException } from './token.ts';
import { JTokenType } from './token-type.ts';
import { primitiveText } from './writer.ts';

/** `SelectToken(path, errorWhenNoMatch)`: null when nothing matches. Throws JsonException for two matches and for a bad path. */
export function selectToken(token: JToken, path: string, errorWhenNoMatch = false): JToken | null {
  let found: JToken | null = null;
  for (const match of selectTokens(token, path, errorWhenNoMatch)) {
    if (found) throw jsonException('Path returned multiple tokens.');
    found = match;
  }
  return found;
}

/** `SelectTokens(path)`: JSONPath as Newtonsoft.Json 13 reads it. */
export function selectTokens(token: JToken, path: string, errorWhenNoMatch = false): Iterable<JToken> {
  return evaluate(parsePath(path), token, token, errorWhenNoMatch);
}

function* evaluate(filters: readonly Filter[], root: JToken, from: JToken, strict: boolean): Iterable<JToken> {
  let current: Iterable<JToken> = [from];
  for (const filter of filters) current = apply(filter, root, current, strict);
  for (const token of current) {
    charge();
    yield token;
  }
}

function* apply(filter: Filter, root: JToken, current: Iterable<JToken>, strict: boolean): Iterable<JToken> {
  if (filter.kind === 'root') {
    yield root;
    return;
  }
  for (const token of current) {
    charge();
    switch (filter.kind) {
      case 'field':
        yield* fields(filter.names, token, strict);
        break;
      case 'scan':
        yield* scan(filter.names, token);
        break;
      case 'index':
        yield* elements(filter.indexes, token, strict);
        break;
      case 'slice':
        yield* slice(filter, token, strict);
        break;
      case 'query':
        for (const child of [...token.children]) if (matches(filter.query, root, child)) yield child;
        break;
      case 'query-scan':
        for (const child of token instanceof JContainer ? token.descendants(true) : [token]) {
          if (matches(filter.query, root, child)) yield child;
        }
        break;
    }
  }
}

function* fields(names: readonly string[] | null, token: JToken, strict: boolean): Iterable<JToken> {
  if (!(token instanceof JObject)) {
    if (strict) throw jsonException(`Property '${names?.join("', '") ?? '*'}' not valid on ${typeOf(token)}.`);
    return;
  }
  if (names === null) {
    for (const property of [...token.properties]) yield property.value;
    return;
  }
  for (const name of names) {
    const value = token.get(name);
    if (value) yield value;
    else if (strict) throw jsonException(`Property '${name}' does not exist on JObject.`);
  }
}

function* scan(names: readonly string[] | null, token: JToken): Iterable<JToken> {
  if (names === null) yield token;
  if (!(token instanceof JContainer)) return;
  for (const inner of token.descendants(false)) {
    charge();
    if (inner.type !== JTokenType.Property) {
      if (names === null) yield inner;
    } else if ('name' in inner && names?.includes(String(inner.name))) {
      const value = inner.children[0];
      if (value) yield value;
    }
  }
}

function* elements(indexes: readonly number[] | null, token: JToken, strict: boolean): Iterable<JToken> {
  if (!(token instanceof JArray || token instanceof JConstructor)) {
    if (strict) throw jsonException(`Index ${indexes?.[0] ?? '*'} not valid on ${typeOf(token)}.`);
    return;
  }
  if (indexes === null) {
    yield* [...token.items];
    return;
  }
  for (const index of indexes) {
    const item = token.items[index];
    if (item) yield item;
    else if (strict) throw jsonException(`Index ${index} outside the bounds of ${typeOf(token)}.`);
  }
}

function* slice(
  bounds: { readonly start: number | null; readonly end: number | null; readonly step: number | null },
  token: JToken,
  strict: boolean,
): Iterable<JToken> {
  const step = bounds.step ?? 1;
  if (step === 0) throw jsonException('Step cannot be zero.');
  if (!(token instanceof JArray)) {
    if (strict) throw jsonException(`Array slice is not valid on ${typeOf(token)}.`);
    return;
  }
  const count = token.items.length;
  const at = (index: number) => (index < 0 ? count + index : index);
  const start = at(bounds.start ?? (step > 0 ? 0 : count - 1));
  const stop = bounds.end === null ? (step > 0 ? count : -1) : at(bounds.end);
  const from = Math.min(Math.max(start, step > 0 ? 0 : -1), step > 0 ? count : count - 1);
  const to = Math.min(Math.max(stop, -1), count);
  for (let i = from; step > 0 ? i < to : i > to; i += step) {
    const item = token.items[i];
    if (item) yield item;
  }
}

function matches(query: Query, root: JToken, token: JToken): boolean {
  charge();
  if (query.kind === 'and') return query.parts.every((part) => matches(part, root, token));
  if (query.kind === 'or') return query.parts.some((part) => matches(part, root, token));
  const left = operand(query.left, root, token);
  if (query.operator === 'exists') return left.length > 0;
  const right = query.right ? operand(query.right, root, token) : [];
  return left.some((a) => right.some((b) => compare(query.operator, a, b)));
}

function operand(given: Operand, root: JToken, token: JToken): JToken[] {
  if (given instanceof JToken) return [given];
  return [...evaluate(given, root, token, false)];
}

function compare(operator: string, a: JToken, b: JToken): boolean {
  if (!(a instanceof JValue) || !(b instanceof JValue)) {
    return operator === '!=' || operator === '!==' ? !(a === b) : false;
  }
  switch (operator) {
    case '==':
      return looselyEqual(a, b);
    case '!=':
    case '<>':
      return !looselyEqual(a, b);
    case '===':
      return strictlyEqual(a, b);
    case '!==':
      return !strictlyEqual(a, b);
    case '<':
      return a[compareMember](b) < 0;
    case '<=':
      return a[compareMember](b) <= 0;
    case '>':
      return a[compareMember](b) > 0;
    case '>=':
      return a[compareMember](b) >= 0;
    default:
      return matchesPattern(a, b);
  }
}

function isNumber(value: JValue): boolean {
  return value.type === JTokenType.Integer || value.type === JTokenType.Float;
}

function strictlyEqual(a: JValue, b: JValue): boolean {
  if (isNumber(a) && isNumber(b)) return a[compareMember](b) === 0;
  return a.type === b.type && a.deepEquals(b);
}

/** Equal as values, or the text of a date, GUID, URI, time span or bytes is the text of the query. */
function looselyEqual(a: JValue, b: JValue): boolean {
  if (strictlyEqual(a, b)) return true;
  if (b.type !== JTokenType.String || !coerced.has(a.type)) return false;
  return primitiveText(a.value) === primitiveText(b.value);
}

const coerced = new Set<JTokenType>([
  JTokenType.Date,
  JTokenType.Bytes,
  JTokenType.Guid,
  JTokenType.TimeSpan,
  JTokenType.Uri,
]);

/** `=~ /pattern/options`. */
function matchesPattern(input: JValue, pattern: JValue): boolean {
  if (input.type !== JTokenType.String || pattern.type !== JTokenType.String) return false;
  const text = String(pattern.value);
  const end = text.lastIndexOf('/');
  return testPattern(text.slice(1, end), text.slice(end + 1), String(input.value));
}

function typeOf(token: JToken): string {
  return token.constructor.name;
}
