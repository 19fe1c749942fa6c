import type { JsonObject } from '@lazuli/store';
import type { HandlerContext, ResourceType } from '../contract.ts';
import { lastSegment, propertiesOf } from '../json/properties.ts';

/** A type whose resources are always there: until one is written it is answered with what stands here. */
export function withDefaultDocument(type: ResourceType, defaults: Readonly<Record<string, JsonObject>>): ResourceType {
  const document = (id: string, name: string, stored: JsonObject | undefined): JsonObject => ({
    id,
    type: type.type,
    name,
    properties: { ...(defaults[name] as Record<string, never>), ...(stored as Record<string, never> | undefined) },
  });
  const own = ({ id, existing }: HandlerContext) =>
    document(id.text, lastSegment(id.text), existing && propertiesOf(existing.body));
  return {
    ...type,
    list: {
      count: true,
      async items({ parentId, reader, id }) {
        const { items } = await reader.list({ parent: parentId, type: id.type });
        const stored = new Map(items.map((one) => [lastSegment(one.id).toLowerCase(), propertiesOf(one.body)]));
        const collection = type.type.slice(type.type.lastIndexOf('/') + 1);
        return Object.keys(defaults).map((name) =>
          document(`${parentId}/${collection}/${name}`, name, stored.get(name.toLowerCase())),
        );
      },
    },
    handlers: {
      GET: async (context) => ({ status: 200, body: own(context), headers: { ETag: tagOf(context) } }),
      HEAD: async (context) => ({ status: 200, headers: { ETag: tagOf(context) } }),
    },
  };
}

function tagOf({ existing }: HandlerContext): string {
  return `"${existing?.etag ?? 'default'}"`;
}
