import { array, boolean, integer, number, object, type Schema, string } from '../schema/schema.ts';

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
      loggerId: string({ required: true }),
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
