import type { DeleteOperation, JsonObject, Precondition, PutOperation, PutResult, Store } from '../contract.ts';

export const service = '/subscriptions/S1/resourceGroups/RG/providers/Microsoft.ApiManagement/service/Contoso';
export const apiType = 'Microsoft.ApiManagement/service/apis';

export const apiId = (name: string): string => `${service}/apis/${name}`;

export function put(id: string, body: JsonObject = {}, rest: Precondition & Partial<PutOperation> = {}): PutOperation {
  return { operation: 'put', id, type: apiType, body, ...rest };
}

export function remove(id: string, rest: Precondition = {}): DeleteOperation {
  return { operation: 'delete', id, ...rest };
}

/** Puts one resource and returns what became of it. */
export async function putOne(store: Store, operation: PutOperation): Promise<PutResult> {
  const { results } = await store.change([operation]);
  const [result] = results;
  if (result?.operation !== 'put') throw new Error('a put has the result of a put');
  return result;
}
