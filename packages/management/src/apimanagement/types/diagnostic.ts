import { apiManagementType } from '../api-management-type.ts';
import { diagnosticBody, prepareDiagnostic } from '../diagnostic-body.ts';
import { identifier } from '../names.ts';

/** What of requests is logged, for all APIs. */
export const diagnostic = apiManagementType('diagnostics', {
  name: identifier,
  body: diagnosticBody,
  put: { prepare: prepareDiagnostic },
});
