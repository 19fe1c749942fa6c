import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '@lazuli/store';
import { defined, isJsonObject } from '../json/json.ts';
import { any, map, object, string } from '../schema/schema.ts';

const types = /^(systemAssigned|userAssigned|none|systemAssigned *, *userAssigned)$/i;

/** The member `identity` of a resource that has managed identities. */
export const identitySchema = object({
  type: string({ pattern: types, says: 'SystemAssigned, UserAssigned, both, or None' }),
  userAssignedIdentities: map(any({ nullable: true })),
  principalId: string({ readOnly: true }),
  tenantId: string({ readOnly: true }),
});

/** Managed identities with the ids that role assignments in templates refer to: made once, and kept. */
export function withIdentity(body: JsonObject, tenantId: string): JsonObject {
  const { identity } = body;
  if (!isJsonObject(identity)) return body;
  const given = String(identity.type ?? 'None').toLowerCase();
  const users = isJsonObject(identity.userAssignedIdentities) ? identity.userAssignedIdentities : {};
  const known = Object.entries(users).map(([id, value]): [string, JsonValue] => {
    const { principalId, clientId } = isJsonObject(value) ? value : {};
    return [id, { principalId: principalId ?? randomUUID(), clientId: clientId ?? randomUUID() }];
  });
  const isSystem = given.includes('systemassigned');
  return {
    ...body,
    identity: defined({
      type: identity.type,
      ...(isSystem ? { principalId: identity.principalId ?? randomUUID(), tenantId } : {}),
      ...(given.includes('userassigned') ? { userAssignedIdentities: Object.fromEntries(known) } : {}),
    }),
  };
}
