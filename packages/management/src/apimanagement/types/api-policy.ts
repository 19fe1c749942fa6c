import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { only } from '../names.ts';
import { policyBody, preparePolicy, presentPolicy } from '../policy-document.ts';
import { serviceIdOf } from '../service-id.ts';

/** The policy of an API. */
export const apiPolicy = apiManagementType('apis/policies', {
  ...withoutPatch,
  name: only('policy'),
  body: policyBody,
  put: { prepare: (write) => preparePolicy(write, 'policies', 'api', serviceIdOf(write.id.text)) },
  present: presentPolicy,
});
