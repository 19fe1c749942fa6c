import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { only } from '../names.ts';
import { policyBody, preparePolicy, presentPolicy } from '../policy-document.ts';
import { serviceIdOf } from '../service-id.ts';

/** The policy of an operation. */
export const apiOperationPolicy = apiManagementType('apis/operations/policies', {
  ...withoutPatch,
  name: only('policy'),
  body: policyBody,
  put: { prepare: (write) => preparePolicy(write, 'policies', 'operation', serviceIdOf(write.id.text)) },
  present: presentPolicy,
});
