import type { Prepared, ResourceType, WriteContext } from '../../contract.ts';
import { lastSegment, withProperties } from '../../json/properties.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';
import { serviceIdOf } from '../service-id.ts';

/** The logger of a diagnostic, as API versions 2018-01-01 and 2018-06-01-preview say it: a resource below the diagnostic. */
export const diagnosticLoggers: readonly ResourceType[] = ['diagnostics/loggers', 'apis/diagnostics/loggers'].map(
  (path) => apiManagementType(path, { ...withoutPatch, name: identifier, put: { prepare }, delete: {} }),
);

async function prepare({ id, parent, reader }: WriteContext): Promise<Prepared> {
  const body = { properties: {} };
  const name = lastSegment(id.text);
  if (!(await reader.get(`${serviceIdOf(id.text)}/loggers/${name}`)))
    return { problems: [{ target: 'name', message: `The logger '${name}' was not found.`, isReference: true }] };
  if (parent === undefined) return { body };
  const { id: diagnosticId, type, etag } = parent;
  const changed = withProperties(parent.body, { loggerId: `/loggers/${name}` });
  return { body, operations: [{ operation: 'put', id: diagnosticId, type, body: changed, ifMatch: etag }] };
}
