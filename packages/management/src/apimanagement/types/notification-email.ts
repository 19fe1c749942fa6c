import { lastSegment, withProperties } from '../../json/properties.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';

/** An address that is told. */
export const notificationEmail = apiManagementType('notifications/recipientEmails', {
  ...withoutPatch,
  name: { pattern: /^.{1,254}$/, says: '1 to 254 characters' },
  get: { headStatus: 204 },
  put: { prepare: ({ body, id }) => ({ body: withProperties(body, { email: lastSegment(id.text) }) }) },
  delete: {},
});
