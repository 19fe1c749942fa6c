import type { JsonObject, Operation } from '@lazuli/store';
import { activityEntry } from '../audit/activity.ts';
import type { LongRunning, WorkContext } from '../contract.ts';
import { armError } from '../errors.ts';
import { defined, isJsonObject } from '../json/json.ts';
import type { LongOperation, OperationWork, WorkOutcome } from '../operations/operation-store.ts';
import type { Services } from '../services.ts';
import { StaleReadError, writeBatch } from './commit.ts';

/** The work of a PUT or PATCH that goes on after the answer: it ends with the state of the resource. */
export function writeWork(services: Services, longRunning: LongRunning, operation: LongOperation): OperationWork {
  return {
    async run(signal): Promise<WorkOutcome> {
      const result = await longRunning.work(workContext(services, operation, signal));
      const operations = [...(result?.operations ?? []), ...(await stateWrite(services, operation, 'Succeeded'))];
      return { operations, result: result ?? { status: 200 } };
    },
    onFailure: () => stateWrite(services, operation, 'Failed'),
  };
}

/** The work of a DELETE or an action. */
export function actionWork(services: Services, longRunning: LongRunning, operation: LongOperation): OperationWork {
  return {
    async run(signal): Promise<WorkOutcome> {
      const result = await longRunning.work(workContext(services, operation, signal));
      return { operations: result?.operations, result };
    },
  };
}

export function workContext(services: Services, operation: LongOperation, signal: AbortSignal): WorkContext {
  return {
    resourceId: operation.resourceId,
    operationId: operation.id,
    reader: services.store,
    now: services.now(),
    body: operation.body ?? {},
    signal,
    async change(operations) {
      const entry = activityEntry(
        {
          ...operation,
          clientAddress: '',
          method: '',
          uri: '',
          status: 'Succeeded',
          statusCode: 200,
        },
        services.now(),
      );
      try {
        await writeBatch(services, operations, [entry]);
      } catch (error) {
        if (error instanceof StaleReadError) throw armError('Conflict', { id: operation.resourceId }, { cause: error });
        throw error;
      }
    },
  };
}

async function stateWrite(
  services: Services,
  operation: LongOperation,
  provisioningState: string,
): Promise<Operation[]> {
  const record = await services.store.get(operation.resourceId);
  if (record === undefined) return [];
  const properties = isJsonObject(record.body.properties) ? record.body.properties : {};
  const body: JsonObject = { ...record.body, properties: defined({ ...properties, provisioningState }) };
  return [{ operation: 'put', id: record.id, type: record.type, body }];
}
