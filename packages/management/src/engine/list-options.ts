import type { JsonObject, JsonValue } from '@lazuli/store';
import type { ListBehaviour, Query } from '../contract.ts';
import { armError } from '../errors.ts';
import { withParameter } from '../http/query.ts';
import { isJsonObject, memberOf } from '../json/json.ts';
import { type FieldReader, type FilterNode, parseFilter } from '../odata/filter.ts';
import { FilterSyntaxError } from '../odata/lexer.ts';
import { type OrderTerm, parseOrderBy } from '../odata/order-by.ts';
import { joinTagConditions } from '../odata/tag-filters.ts';
import type { Call } from '../services.ts';

export interface ListOptions {
  readonly filter?: FilterNode;
  readonly orderBy?: readonly OrderTerm[];
  /** Items a page: `$top`, at most what the type allows. */
  readonly pageSize: number;
  readonly skip: number;
  readonly token?: PageToken;
  reader(document: JsonObject): FieldReader;
}

/** Where the next page begins. */
export interface PageToken {
  /** Key of the last record of the page before. */
  readonly after?: string;
  /** Number of items before this page, where the order is not the store's. */
  readonly offset?: number;
}

/** `$filter`, `$orderby`, `$top`, `$skip` and `$skipToken` of a list. @throws {ArmError} naming the parameter. */
export function readListOptions(query: Query, behaviour: ListBehaviour): ListOptions {
  const largest = behaviour.pageSize ?? 1000;
  const filter = query.get('$filter');
  const orderBy = query.get('$orderby');
  const fields = behaviour.fields;
  const check = (path: string) => {
    if (fields !== undefined && fieldPath(fields, path) === undefined)
      throw new FilterSyntaxError(
        `the field '${path}' is not known; expected one of ${Object.keys(fields).join(', ')}`,
      );
  };
  return {
    filter:
      filter === undefined || filter.trim() === '' ? undefined : checkedFilter(filter, check, behaviour.functions),
    orderBy: orderBy === undefined ? undefined : checkedOrder(orderBy, check),
    pageSize: Math.min(largest, wholeNumber(query, '$top', 1) ?? largest),
    skip: wholeNumber(query, '$skip', 0) ?? 0,
    token: readToken(query.get('$skipToken')),
    reader: (document) => (path) =>
      readField(document, fields === undefined ? path : (fieldPath(fields, path) ?? path)),
  };
}

/** The absolute URL of the next page: this request with another `$skipToken`. */
export function nextLink(call: Pick<Call, 'baseUrl' | 'segments' | 'query'>, token: PageToken): string {
  const text = Buffer.from(JSON.stringify(token)).toString('base64url');
  const path = call.segments.map(encodeURIComponent).join('/');
  return `${call.baseUrl}/${path}?${withParameter(call.query, '$skipToken', text)}`;
}

/** Reads a field: `properties/path`, or its name alone at the top or in `properties`. */
export function readField(document: JsonObject, path: string): JsonValue | undefined {
  const direct = readPath(document, path.split('/'));
  if (direct !== undefined || path.includes('/')) return direct;
  const { properties } = document;
  return isJsonObject(properties) ? memberOf(properties, path) : undefined;
}

function readPath(document: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | JsonObject | undefined = document;
  for (const name of path) value = isJsonObject(value) ? memberOf(value, name) : undefined;
  return value as JsonValue | undefined;
}

function fieldPath(fields: Readonly<Record<string, string>>, name: string): string | undefined {
  const short = name.replace(/^properties\//i, '').toLowerCase();
  const key = Object.keys(fields).find(
    (field) => field.toLowerCase() === short || field.toLowerCase() === name.toLowerCase(),
  );
  return key === undefined ? undefined : fields[key];
}

function checkedFilter(
  text: string,
  check: (path: string) => void,
  extraFunctions: readonly string[] = [],
): FilterNode {
  try {
    const node = parseFilter(text, { extraFunctions });
    for (const path of fieldsOf(node)) if (!isTagWord(path)) check(path);
    return joinTagConditions(node);
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      throw armError('InvalidFilterInQueryString', { filter: text, reason: error.message });
    throw error;
  }
}

function isTagWord(path: string): boolean {
  return path.toLowerCase() === 'tagname' || path.toLowerCase() === 'tagvalue';
}

function checkedOrder(text: string, check: (path: string) => void): OrderTerm[] {
  try {
    const terms = parseOrderBy(text);
    for (const term of terms) check(term.path);
    return terms;
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      throw armError('InvalidOrderByInQueryString', { orderBy: text, reason: error.message });
    throw error;
  }
}

function* fieldsOf(root: FilterNode): Generator<string> {
  const waiting: FilterNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'field') yield node.path;
    else if (node.kind === 'quantifier') yield node.path;
    else if (node.kind === 'not' || node.kind === 'in') waiting.push(node.operand);
    else if (node.kind === 'call') waiting.push(...node.operands);
    else if (node.kind !== 'literal') waiting.push(node.left, node.right);
  }
}

function wholeNumber(query: Query, parameter: string, least: number): number | undefined {
  const value = query.get(parameter);
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,9}$/.test(value) || Number(value) < least)
    throw armError('InvalidQueryParameter', { parameter, value, expected: `an integer of at least ${least}` });
  return Number(value);
}

function readToken(text: string | undefined): PageToken | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isJsonObject(value)) {
      const { after, offset } = value;
      if (typeof after === 'string' && after.length < 5000) return { after };
      if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return { offset };
    }
  } catch {
    // Not one of ours, like anything else that does not read as a token.
  }
  throw armError('InvalidSkipToken');
}
