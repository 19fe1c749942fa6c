import { randomBytes } from 'node:crypto';
import type { JsonObject, Operation } from '@lazuli/store';
import { serviceType } from './api-management-type.ts';
import { newKey } from './types/subscription.ts';

/** What every new service has: the three groups, the administrator, and the subscription to everything. */
export function builtInResources(serviceId: string, properties: JsonObject, now: number): Operation[] {
  const at = new Date(now).toISOString();
  const group = (name: string, displayName: string, description: string): Operation => ({
    operation: 'put',
    id: `${serviceId}/groups/${name}`,
    type: `${serviceType}/groups`,
    body: { properties: { displayName, description, builtIn: true, type: 'system' } },
  });
  return [
    group(
      'administrators',
      'Administrators',
      'Administrators is a built-in group containing the admin email account provided at the time of service creation.',
    ),
    group(
      'developers',
      'Developers',
      'Developers is a built-in group. Its membership is managed by the system. Signed-in users fall into this group.',
    ),
    group(
      'guests',
      'Guests',
      'Guests is a built-in group. Its membership is managed by the system. Unauthenticated users visiting the developer portal fall into this group.',
    ),
    {
      operation: 'put',
      id: `${serviceId}/users/1`,
      type: `${serviceType}/users`,
      body: {
        properties: {
          firstName: 'Administrator',
          lastName: '',
          email: properties.publisherEmail ?? '',
          state: 'active',
          registrationDate: at,
          identities: [{ provider: 'Azure', id: properties.publisherEmail ?? '' }],
        },
      },
    },
    {
      operation: 'put',
      id: `${serviceId}/groups/administrators/users/1`,
      type: `${serviceType}/groups/users`,
      body: { properties: { provisioningState: 'created' } },
    },
    {
      operation: 'put',
      id: `${serviceId}/subscriptions/master`,
      type: `${serviceType}/subscriptions`,
      body: {
        properties: {
          scope: '/',
          displayName: 'Built-in all-access subscription',
          state: 'active',
          createdDate: at,
          allowTracing: false,
        },
      },
      secrets: { 'properties/primaryKey': newKey(), 'properties/secondaryKey': newKey() },
    },
    {
      operation: 'put',
      id: `${serviceId}/tenant/access`,
      type: `${serviceType}/tenant`,
      body: { properties: { id: 'integration', enabled: false } },
      secrets: {
        'properties/primaryKey': randomBytes(48).toString('base64'),
        'properties/secondaryKey': randomBytes(48).toString('base64'),
      },
    },
  ];
}
