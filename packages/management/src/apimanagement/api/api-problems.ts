import type { JsonObject } from '@lazuli/store';
import type { BodyProblem, WriteContext } from '../../contract.ts';
import { lastSegment } from '../../json/properties.ts';

/** What is wrong with the properties of an API as they will be stored. */
export async function apiProblems(properties: JsonObject, { id, reader }: WriteContext): Promise<BodyProblem[]> {
  const problems: BodyProblem[] = [];
  if (typeof properties.displayName !== 'string')
    problems.push({ target: 'properties.displayName', message: 'The member is required.' });
  if (typeof properties.path !== 'string')
    problems.push({ target: 'properties.path', message: 'The member is required.' });
  const { apiVersionSetId, apiVersion, serviceUrl } = properties;
  if (typeof serviceUrl === 'string' && serviceUrl !== '' && !/^(https?|wss?):\/\/[^/]/i.test(serviceUrl))
    problems.push({
      target: 'properties.serviceUrl',
      message: `The value '${serviceUrl}' is not an absolute http, https, ws or wss URL.`,
    });
  const setId = typeof apiVersionSetId === 'string' && apiVersionSetId !== '' ? apiVersionSetId : null;
  if (setId && !(await reader.get(`${id.parentId}/apiVersionSets/${lastSegment(setId)}`)))
    problems.push({
      target: 'properties.apiVersionSetId',
      message: `The version set '${setId}' was not found.`,
      isReference: true,
    });
  if (!setId && typeof apiVersion === 'string' && apiVersion !== '')
    problems.push({
      target: 'properties.apiVersionSetId',
      message: 'An API with an apiVersion needs an apiVersionSetId.',
    });
  return problems;
}
