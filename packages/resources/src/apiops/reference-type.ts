import type { PropertyType } from '../information/property-types.ts';
import { parseApiName, parseResourceId } from '../resource-id.ts';
import type { Reference } from './inputs.ts';
import { layoutOf, type ResourceKind } from './layout.ts';

/** A reference to another resource: a full ARM id, a short one such as `/loggers/x`, or the bare name. */
export function referenceTo(kind: ResourceKind): PropertyType<Reference> {
  const { title, collection } = layoutOf(kind);
  const expected = `a ${title} as '/${collection}/{name}' or by its full resource id`;
  return {
    expected,
    read: (value, at) => {
      if (typeof value !== 'string') {
        at.problem('WrongType', { what: at.what, actual: Array.isArray(value) ? 'an array' : typeof value, expected });
        return undefined;
      }
      const name = referencedName(value, collection);
      if (name === null) {
        at.problem('InvalidReference', {
          actual: value,
          kind: title,
          expected: `'/${collection}/{name}' or a full resource id`,
        });
        return undefined;
      }
      return { kind, name: kind === 'api' ? (parseApiName(name)?.api ?? name) : name, at };
    },
  };
}

function referencedName(text: string, collection: string): string | null {
  if (text !== '' && !text.includes('/')) return text;
  const id = parseResourceId(text);
  const last = id?.segments.at(-1);
  return id !== null && id.collection === null && id.segments.length === 1 && last?.collection === collection
    ? last.name
    : null;
}
