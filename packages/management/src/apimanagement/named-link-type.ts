import type { ResourceType } from '../contract.ts';
import { propertiesOf } from '../json/properties.ts';
import { object, string } from '../schema/schema.ts';
import { apiManagementType, withoutPatch } from './api-management-type.ts';
import { identifier } from './names.ts';
import { serviceIdOf } from './service-id.ts';

/** A link with a name of its own: `member` of its properties is the id of what it links to. */
export function namedLinkType(path: string, member: string): ResourceType {
  return apiManagementType(path, {
    ...withoutPatch,
    name: identifier,
    body: { properties: object({ [member]: string({ required: true }) }, { required: true }) },
    put: {
      async prepare({ body, id, reader }) {
        const given = String(propertiesOf(body)[member] ?? '');
        const target = given.startsWith('/subscriptions/')
          ? given
          : `${serviceIdOf(id.text)}/${given.replace(/^\/+/, '')}`;
        return (await reader.get(target))
          ? {}
          : { problems: [{ target: `properties.${member}`, message: `'${given}' was not found.`, isReference: true }] };
      },
    },
    delete: {},
  });
}
