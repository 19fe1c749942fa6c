import type { ResourceRecord, Store } from '@lazuli/store';
import { RecordCache } from '../caching/record-cache.ts';
import { isJsonObject, stringAt } from '../json/json.ts';

/** An identity that a resource has of its own (`identity` in its document). */
export interface ManagedIdentity {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
}

/** Types whose resources have managed identities. */
const holderTypes = ['Microsoft.ApiManagement/service'];

/** The managed identities of resources: who they are, and whose. */
export class ManagedIdentities {
  readonly cache: RecordCache<ReadonlyMap<string, ResourceIdentities>>;

  constructor(store: Store) {
    this.cache = new RecordCache(store, holderTypes, (records) => new Map(records.map(identitiesOf)));
  }

  /**
   * The identity as which a resource signs in: its system-assigned one, or the user-assigned one with that client id; undefined
   * where it has none.
   */
  async find(resourceId: string, clientId: string | null): Promise<ManagedIdentity | undefined> {
    const own = (await this.cache.get()).get(resourceId.toLowerCase());
    if (clientId === null) return own?.system;
    return own?.users.find((user) => user.appId.toLowerCase() === clientId.toLowerCase());
  }
}

export interface ResourceIdentities {
  readonly system: ManagedIdentity | undefined;
  readonly users: readonly ManagedIdentity[];
}

function identitiesOf(record: ResourceRecord): [string, ResourceIdentities] {
  const identity = isJsonObject(record.body.identity) ? record.body.identity : {};
  const displayName = record.id.slice(record.id.lastIndexOf('/') + 1);
  const principalId = stringAt(identity, 'principalId');
  const users = isJsonObject(identity.userAssignedIdentities) ? Object.entries(identity.userAssignedIdentities) : [];
  return [
    record.key,
    {
      system: principalId === undefined ? undefined : { objectId: principalId, appId: principalId, displayName },
      users: users.flatMap(([id, user]) => {
        if (!isJsonObject(user)) return [];
        const [objectId, appId] = [stringAt(user, 'principalId'), stringAt(user, 'clientId')];
        if (objectId === undefined || appId === undefined) return [];
        return [{ objectId, appId, displayName: id.slice(id.lastIndexOf('/') + 1) }];
      }),
    },
  ];
}
