import { boolean, map, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** Where diagnostics and log-to-eventhub send what they have. */
export const logger = apiManagementType('loggers', {
  name: identifier,
  body: {
    properties: object(
      {
        loggerType: string({ required: true, values: ['azureEventHub', 'applicationInsights', 'azureMonitor'] }),
        description: string({ maxLength: 256 }),
        credentials: map(string({ secret: true })),
        isBuffered: boolean({ default: true }),
        resourceId: string(),
      },
      { required: true },
    ),
  },
});
