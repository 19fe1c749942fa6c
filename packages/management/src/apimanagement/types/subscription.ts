import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@lazuli/store';
import type { BodyProblem, ResourceAction, WriteContext } from '../../contract.ts';
import { propertiesOf, withProperties } from '../../json/properties.ts';
import { boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { listSecrets } from '../list-secrets.ts';
import { identifier } from '../names.ts';
import { ownScope, scopeProblem } from '../scopes.ts';

/** A pair of keys to a product, an API, all APIs or the whole service. */
export const subscription = apiManagementType('subscriptions', {
  name: identifier,
  body: {
    properties: object(
      {
        scope: string({ required: true }),
        displayName: string({ required: true, minLength: 1, maxLength: 100 }),
        ownerId: string(),
        state: string({
          values: ['suspended', 'active', 'expired', 'submitted', 'rejected', 'cancelled'],
          sticky: true,
        }),
        primaryKey: string({ secret: true, minLength: 1, maxLength: 256 }),
        secondaryKey: string({ secret: true, minLength: 1, maxLength: 256 }),
        allowTracing: boolean({ default: false }),
        createdDate: string({ readOnly: true }),
        startDate: string({ readOnly: true, nullable: true }),
        expirationDate: string({ format: 'date-time', nullable: true }),
        endDate: string({ readOnly: true, nullable: true }),
        notificationDate: string({ readOnly: true, nullable: true }),
        stateComment: string({ nullable: true }),
      },
      { required: true },
    ),
  },
  put: { prepare },
  actions: [
    listSecrets('primaryKey', 'secondaryKey'),
    regenerate('regeneratePrimaryKey', 'primaryKey'),
    regenerate('regenerateSecondaryKey', 'secondaryKey'),
  ],
});

/** 32 hexadecimal digits, as Azure makes them. */
export function newKey(): string {
  return randomBytes(16).toString('hex');
}

async function prepare({ body, existing, secrets, id, reader, now }: WriteContext) {
  const properties = propertiesOf(body);
  const problems: BodyProblem[] = [];
  const scope = ownScope(String(properties.scope ?? ''), id.parentId);
  const problem = await scopeProblem(scope, id.parentId, reader);
  if (problem) problems.push({ target: 'properties.scope', ...problem });
  const made: Record<string, string> = {};
  for (const key of ['primaryKey', 'secondaryKey']) {
    const field = `properties/${key}`;
    if (!secrets.has(field) && !existing?.secretFields.includes(field)) made[field] = newKey();
  }
  const changed: JsonObject = {
    scope,
    state: properties.state ?? 'active',
    createdDate: propertiesOf(existing?.body ?? {}).createdDate ?? new Date(now).toISOString(),
  };
  return { body: withProperties(body, changed), secrets: made, problems };
}

function regenerate(name: string, key: string): ResourceAction {
  return {
    name,
    run: ({ resource }) =>
      resource
        ? {
            status: 204,
            operations: [
              {
                operation: 'put',
                id: resource.id,
                type: resource.type,
                body: resource.body,
                secrets: { [`properties/${key}`]: newKey() },
                ifMatch: resource.etag,
              },
            ],
          }
        : { status: 204 },
  };
}
