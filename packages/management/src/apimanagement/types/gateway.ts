import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { gatewayActions } from '../gateway-actions.ts';
import type { GatewayRuntime } from '../gateway-runtime.ts';
import { identifier } from '../names.ts';
import { newKey } from './subscription.ts';

/** A self-hosted gateway. */
export const gateway = (runtime: GatewayRuntime) =>
  apiManagementType('gateways', {
    name: identifier,
    body: {
      properties: object(
        {
          description: string({ maxLength: 1000 }),
          locationData: object({
            name: string({ required: true, maxLength: 256 }),
            city: string({ maxLength: 256 }),
            district: string({ maxLength: 256 }),
            countryOrRegion: string({ maxLength: 256 }),
          }),
        },
        { required: true },
      ),
    },
    put: {
      prepare: ({ existing }) =>
        existing ? {} : { secrets: { 'properties/primaryKey': newKey(), 'properties/secondaryKey': newKey() } },
    },
    actions: gatewayActions(runtime),
  });
