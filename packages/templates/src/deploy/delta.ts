import { isObject, type JsonObject, type JsonValue, property, propertyKey, sameJson } from '../json/values.ts';

export type PropertyChangeType = 'Create' | 'Delete' | 'Modify' | 'Array' | 'NoEffect';

/** One change of a property in a what-if result. */
export interface PropertyChange {
  readonly path: string;
  readonly propertyChangeType: PropertyChangeType;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  readonly children?: readonly PropertyChange[];
}

/**
 * What changes between two documents: paths with dots through objects, an `Array` change with children for arrays.
 * `unknown` are paths whose value only the run time knows; they do not count.
 */
export function delta(
  before: JsonValue,
  after: JsonValue,
  unknown: ReadonlySet<string>,
  mayDelete: (path: string) => boolean,
): PropertyChange[] {
  return changes(before, after, '', '', { unknown, mayDelete });
}

interface Rules {
  readonly unknown: ReadonlySet<string>;
  readonly mayDelete: (path: string) => boolean;
}

/** `path` is relative to the nearest array, `full` to the document. */
function changes(before: JsonValue, after: JsonValue, path: string, full: string, rules: Rules): PropertyChange[] {
  if (rules.unknown.has(full) || sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) return objectChanges(before, after, path, full, rules);
  if (Array.isArray(before) && Array.isArray(after)) {
    const children = arrayChanges(before, after, full, rules);
    return children.length === 0 ? [] : [{ path, propertyChangeType: 'Array', children }];
  }
  return [{ path, propertyChangeType: 'Modify', before, after }];
}

function objectChanges(
  before: JsonObject,
  after: JsonObject,
  path: string,
  full: string,
  rules: Rules,
): PropertyChange[] {
  const found: PropertyChange[] = [];
  for (const [key, value] of Object.entries(after)) {
    const inner = join(path, key);
    const fullInner = join(full, key);
    const was = property(before, key);
    if (was !== undefined) found.push(...changes(was, value, inner, fullInner, rules));
    else if (value !== null && !rules.unknown.has(fullInner))
      found.push({ path: inner, propertyChangeType: 'Create', after: value });
  }
  for (const [key, value] of Object.entries(before)) {
    const gone = propertyKey(after, key) === undefined && rules.mayDelete(join(full, key));
    if (gone) found.push({ path: join(path, key), propertyChangeType: 'Delete', before: value });
  }
  return found;
}

function arrayChanges(before: JsonValue[], after: JsonValue[], full: string, rules: Rules): PropertyChange[] {
  const found: PropertyChange[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const was = before[i];
    const is = after[i];
    const path = String(i);
    if (was === undefined && is !== undefined) found.push({ path, propertyChangeType: 'Create', after: is });
    else if (was !== undefined && is === undefined) found.push({ path, propertyChangeType: 'Delete', before: was });
    else if (was !== undefined && is !== undefined) {
      const inner = changes(was, is, '', `${full}[${i}]`, rules);
      const nested = isObject(was) && isObject(is);
      if (inner.length > 0)
        found.push(nested ? { path, propertyChangeType: 'Modify', children: inner } : { ...inner[0]!, path });
    }
  }
  return found;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
