import { createHash } from 'node:crypto';
import type { ProviderAction } from '../contract.ts';
import { lastSegment } from '../json/properties.ts';
import { object, string } from '../schema/schema.ts';
import { serviceType } from './api-management-type.ts';
import { serviceName } from './names.ts';

/** Requests that belong to no service. */
export const providerActions: readonly ProviderAction[] = [
  {
    name: 'checkNameAvailability',
    scopes: ['subscription'],
    body: object({ name: string({ required: true }) }),
    async run({ body, reader }) {
      const name = String(body.name);
      if (!serviceName.pattern?.test(name))
        return {
          body: {
            nameAvailable: false,
            reason: 'Invalid',
            message: `'${name}' is not a valid name: expected ${serviceName.says}.`,
          },
        };
      const { items } = await reader.list({ type: serviceType, limit: 10_000 });
      const isTaken = items.some((one) => lastSegment(one.id).toLowerCase() === name.toLowerCase());
      return {
        body: isTaken
          ? {
              nameAvailable: false,
              reason: 'AlreadyExists',
              message: `${name} is already in use. Please select a different name.`,
            }
          : { nameAvailable: true, reason: 'Valid', message: '' },
      };
    },
  },
  {
    name: 'getDomainOwnershipIdentifier',
    scopes: ['subscription'],
    run: ({ id }) => ({
      body: {
        domainOwnershipIdentifier: createHash('sha256')
          .update(id.subscriptionId ?? '')
          .digest('base64'),
      },
    }),
  },
  {
    name: 'deletedservices',
    method: 'GET',
    scopes: ['subscription'],
    // A service that was deleted is gone: nothing is kept to be recovered.
    run: () => ({ body: { value: [] } }),
  },
  {
    name: 'skus',
    method: 'GET',
    scopes: ['subscription'],
    run: () => ({
      body: {
        value: ['Developer', 'Basic', 'Standard', 'Premium', 'Consumption'].map((name) => ({
          resourceType: 'service',
          name,
          tier: name,
          locations: [],
          capacity: { minimum: 1, maximum: 1, default: 1, scaleType: 'None' },
        })),
      },
    }),
  },
];
