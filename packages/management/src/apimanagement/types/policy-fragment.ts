import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';
import { policyFormats, preparePolicy, presentPolicy } from '../policy-document.ts';
import { policiesThat, refuseWhileReferenced } from '../references.ts';
import { serviceIdOf } from '../service-id.ts';

/** Policies that documents include by name. */
export const policyFragment = apiManagementType('policyFragments', {
  ...withoutPatch,
  name: identifier,
  body: {
    properties: object(
      {
        value: string({ required: true }),
        description: string({ maxLength: 1000 }),
        format: string({ values: policyFormats, default: 'xml' }),
        provisioningState: string({ readOnly: true, default: 'Succeeded' }),
      },
      { required: true },
    ),
  },
  put: { prepare: (write) => preparePolicy(write, 'fragment', 'global', serviceIdOf(write.id.text)) },
  delete: { ifMatch: 'required', prepare: refuseWhileReferenced },
  present: presentPolicy,
  actions: [
    {
      name: 'listReferences',
      async run({ id, resource, reader }) {
        if (!resource) return { body: { value: [], count: 0 } };
        const name = resource.id.slice(resource.id.lastIndexOf('/') + 1).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        const serviceId = serviceIdOf(id.text);
        const found = await policiesThat(serviceId, reader, new RegExp(`fragment-id\\s*=\\s*["']${name}["']`, 'i'));
        return { body: { value: found.map((path) => ({ id: `${serviceId}${path}` })), count: found.length } };
      },
    },
  ],
});
