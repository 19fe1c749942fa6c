import type { Prepared, WriteContext } from '../contract.ts';
import { lastSegment, propertiesOf } from '../json/properties.ts';
import { array, boolean, integer, number, object, type Schema, string } from '../schema/schema.ts';
import { serviceIdOf } from './service-id.ts';

const masking = array(object({ value: string(), mode: string({ values: ['Mask', 'Hide'] }) }));

const messageDetails = object({
  headers: array(string()),
  body: object({ bytes: integer({ minimum: 0, maximum: 8192 }) }),
  dataMasking: object({ queryParams: masking, headers: masking }),
});

const pipelineDetails = object({ request: messageDetails, response: messageDetails });

const modelMessages = object({
  messages: string({ values: ['all'] }),
  maxSizeInBytes: integer({ minimum: 1, maximum: 262_144 }),
});

/** What a diagnostic of the service or of an API may say. */
export const diagnosticBody: Readonly<Record<string, Schema>> = {
  properties: object(
    {
      // Until 2018-01-01 a diagnostic was switched on, and its loggers were resources below it.
      enabled: boolean(),
      loggerId: string({ sticky: true }),
      alwaysLog: string({ values: ['allErrors'] }),
      sampling: object({
        samplingType: string({ values: ['fixed'] }),
        percentage: number({ minimum: 0, maximum: 100 }),
      }),
      frontend: pipelineDetails,
      backend: pipelineDetails,
      logClientIp: boolean(),
      httpCorrelationProtocol: string({ values: ['None', 'Legacy', 'W3C'] }),
      verbosity: string({ values: ['verbose', 'information', 'error'] }),
      operationNameFormat: string({ values: ['Name', 'Url'] }),
      metrics: boolean(),
      largeLanguageModel: object({
        logs: string({ values: ['enabled', 'disabled'] }),
        requests: modelMessages,
        responses: modelMessages,
      }),
    },
    { required: true },
  ),
};

/** A diagnostic needs a logger that is there, unless it is one of the first version of the API. */
export async function prepareDiagnostic({ body, id, reader }: WriteContext): Promise<Prepared> {
  const { loggerId, enabled } = propertiesOf(body);
  const target = 'properties.loggerId';
  if (typeof loggerId !== 'string')
    return enabled === undefined ? { problems: [{ target, message: 'The member is required.' }] } : {};
  const logger = `${serviceIdOf(id.text)}/loggers/${lastSegment(loggerId)}`;
  if (await reader.get(logger)) return {};
  return { problems: [{ target, message: `The logger '${loggerId}' was not found.`, isReference: true }] };
}
