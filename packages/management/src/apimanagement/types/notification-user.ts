import { lastSegment, withProperties } from '../../json/properties.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';

/** A user that is told. */
export const notificationUser = apiManagementType('notifications/recipientUsers', {
  ...withoutPatch,
  name: { pattern: /^.{1,254}$/, says: '1 to 254 characters' },
  get: { headStatus: 204 },
  put: { prepare: ({ body, id }) => ({ body: withProperties(body, { userId: lastSegment(id.text) }) }) },
  delete: {},
});
