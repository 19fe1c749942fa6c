import type { JsonObject } from '@lazuli/store';
import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { withDefaultDocument } from '../default-document.ts';
import { only } from '../names.ts';

const titles = {
  RequestPublisherNotificationMessage: 'Subscription requests (requiring approval)',
  PurchasePublisherNotificationMessage: 'New subscriptions',
  NewApplicationNotificationMessage: 'Application gallery requests',
  BCC: 'BCC',
  NewIssuePublisherNotificationMessage: 'New issue or comment',
  AccountClosedPublisher: 'Close account message',
  QuotaLimitApproachingPublisherNotificationMessage: 'Approaching subscription quota limit',
} as const;

const names = Object.keys(titles) as [string, ...string[]];
const defaults: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  Object.entries(titles).map(([name, title]) => [name, { title, description: '' }]),
);

/** Who is told of what; each notification is always there. */
export const notification = withDefaultDocument(
  apiManagementType('notifications', {
    ...withoutPatch,
    name: only(...names),
    body: { properties: object({ title: string(), description: string() }) },
    put: { created: 200 },
    delete: undefined,
  }),
  defaults,
);
