import type { JsonObject } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import type { ResourceType } from '../contract.ts';
import { armError } from '../errors.ts';
import { defined, objectAt } from '../json/json.ts';
import type { Services } from '../services.ts';
import { deploymentOperationType, writeOperation } from './records.ts';
import { runningOperations } from './run-deployment.ts';

/** What a deployment did, one entry for each resource. */
export function deploymentOperations(services: () => Services): ResourceType {
  const all = async (deploymentId: string): Promise<JsonObject[]> => {
    const found = new Map<string, JsonObject>();
    const add = (id: string, body: JsonObject) => found.set(id.toLowerCase(), document(id, body));
    const filter = { parent: deploymentId, type: deploymentOperationType };
    for await (const record of allRecords(services().store, filter)) add(record.id, record.body);
    for (const one of runningOperations(services(), deploymentId)) {
      const { id, body } = writeOperation(one);
      add(id, body);
    }
    return [...found.values()];
  };
  return {
    type: deploymentOperationType,
    name: { says: 'the id of an operation' },
    handlers: {
      async GET({ id }) {
        const found = (await all(id.parentId)).find(
          (one) => String(one.operationId).toLowerCase() === id.name.toLowerCase(),
        );
        if (found === undefined) throw armError('DeploymentOperationNotFound', { operationId: id.name });
        return { status: 200, body: found };
      },
    },
    list: { items: ({ parentId }) => all(parentId) },
  };
}

function document(id: string, body: JsonObject): JsonObject {
  const operationId = id.split('/').at(-1) ?? '';
  return { id, operationId, properties: defined(objectAt(body, 'properties')) };
}
