import { apiManagementType } from '../api-management-type.ts';
import { diagnosticBody, prepareDiagnostic } from '../diagnostic-body.ts';
import { identifier } from '../names.ts';

/** What of the requests of one API is logged. */
export const apiDiagnostic = apiManagementType('apis/diagnostics', {
  name: identifier,
  body: diagnosticBody,
  put: { prepare: prepareDiagnostic },
});
