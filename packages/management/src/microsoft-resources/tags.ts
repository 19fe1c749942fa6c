import type { JsonObject } from '@lazuli/store';
import type { HandlerContext, ResourceType } from '../contract.ts';
import { tagProblems } from '../engine/tracked.ts';
import { validationError } from '../engine/validation-error.ts';
import { armError } from '../errors.ts';
import { defined, isJsonObject, objectAt, stringAt } from '../json/json.ts';
import type { Services } from '../services.ts';

/** `{scope}/providers/Microsoft.Resources/tags/default`: the tags of a subscription, a resource group or a resource. */
export function tags(services: () => Services): ResourceType {
  const write = async (context: HandlerContext, next: JsonObject) => {
    const record = await subject(context);
    const problems = tagProblems(defined(next));
    if (problems.length > 0)
      throw validationError({ namespace: '', displayName: '', apiVersions: [], types: [] }, problems);
    await context.change([
      {
        operation: 'put',
        id: record.id,
        type: record.type,
        body: { ...record.body, tags: defined(next) },
        ifMatch: record.etag,
      },
    ]);
    return { status: 200, body: document(context, next) };
  };
  const subject = async (context: HandlerContext) => {
    const record = await services().store.get(context.id.parentId);
    if (record === undefined) throw armError('NotFound', { id: context.id.parentId });
    return record;
  };
  return {
    type: 'Microsoft.Resources/tags',
    scopes: ['subscription', 'resourceGroup', 'extension'],
    name: { only: ['default'], says: "'default'" },
    list: false,
    handlers: {
      async GET(context) {
        return { status: 200, body: document(context, objectAt((await subject(context)).body, 'tags')) };
      },
      PUT: (context) => write(context, sent(context)),
      async PATCH(context) {
        const stored = objectAt((await subject(context)).body, 'tags');
        const change = sent(context);
        const operation = stringAt(context.body, 'operation') ?? 'Merge';
        return write(context, combine(operation, stored, change));
      },
      async DELETE(context) {
        await write(context, {});
        return { status: 200 };
      },
    },
  };
}

function sent({ body }: HandlerContext): JsonObject {
  const value = objectAt(body, 'properties').tags;
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw armError('InvalidTagNameOrValue', { reason: 'properties.tags must be an object' });
  return value;
}

function combine(operation: string, stored: JsonObject, change: JsonObject): JsonObject {
  const has = (tags: JsonObject, name: string) =>
    Object.keys(tags).find((key) => key.toLowerCase() === name.toLowerCase());
  switch (operation.toLowerCase()) {
    case 'replace':
      return change;
    case 'merge': {
      const kept = Object.entries(stored).filter(([name]) => has(change, name) === undefined);
      return { ...Object.fromEntries(kept), ...change };
    }
    case 'delete':
      // A tag is taken off where name and value are the given ones.
      return Object.fromEntries(
        Object.entries(stored).filter(([name, value]) => {
          const key = has(change, name);
          return key === undefined || change[key] !== value;
        }),
      );
    default:
      throw armError('InvalidQueryParameter', {
        parameter: 'operation',
        value: operation,
        expected: "'Merge', 'Replace' or 'Delete'",
      });
  }
}

function document({ id }: HandlerContext, tags: JsonObject): JsonObject {
  return { id: id.text, name: 'default', type: 'Microsoft.Resources/tags', properties: { tags: defined(tags) } };
}
