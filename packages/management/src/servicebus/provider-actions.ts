import type { StoreReader } from '@lazuli/store';
import { allRecords } from '../caching/record-cache.ts';
import type { ProviderAction } from '../contract.ts';
import { lastSegment } from '../json/properties.ts';
import { object, string } from '../schema/schema.ts';
import { namespaceType } from './ids.ts';
import { namespaceName } from './names.ts';

/** Why no namespace can be made under a name. Names are host names: one namespace of a name, in whatever resource group. */
export async function nameProblem(
  name: string,
  reader: StoreReader,
): Promise<{ readonly reason: 'InvalidName' | 'NameInUse'; readonly message: string } | undefined> {
  if (!namespaceName.pattern?.test(name))
    return { reason: 'InvalidName', message: `'${name}' is no name of a namespace: expected ${namespaceName.says}.` };
  for await (const { id } of allRecords(reader, { type: namespaceType }))
    if (lastSegment(id).toLowerCase() === name.toLowerCase())
      return { reason: 'NameInUse', message: `The name '${name}' is in use by another namespace.` };
  return undefined;
}

/** Requests that belong to no namespace. */
export const providerActions: readonly ProviderAction[] = [
  {
    name: 'checkNameAvailability',
    scopes: ['subscription'],
    body: object({ name: string({ required: true }) }),
    async run({ body, reader }) {
      const problem = await nameProblem(String(body.name), reader);
      return {
        body:
          problem === undefined
            ? { nameAvailable: true, reason: 'None', message: '' }
            : { nameAvailable: false, ...problem },
      };
    },
  },
  {
    // Of older versions: `checkNameSpaceAvailability`.
    name: 'checkNamespaceAvailability',
    scopes: ['subscription'],
    body: object({ name: string({ required: true }) }),
    async run({ body, reader }) {
      const problem = await nameProblem(String(body.name), reader);
      return { body: { nameAvailable: problem === undefined, ...problem } };
    },
  },
  {
    name: 'premiumMessagingRegions',
    method: 'GET',
    scopes: ['subscription'],
    run: () => ({ body: { value: [] } }),
  },
];
