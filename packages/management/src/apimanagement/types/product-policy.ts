import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { only } from '../names.ts';
import { policyBody, preparePolicy, presentPolicy } from '../policy-document.ts';
import { serviceIdOf } from '../service-id.ts';

/** The policy of a product. */
export const productPolicy = apiManagementType('products/policies', {
  ...withoutPatch,
  name: only('policy'),
  body: policyBody,
  put: { prepare: (write) => preparePolicy(write, 'policies', 'product', serviceIdOf(write.id.text)) },
  present: presentPolicy,
});
