import { object } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { longIdentifier } from '../names.ts';

/** A piece of content of the developer portal. */
export const contentItem = apiManagementType('contentTypes/contentItems', {
  name: longIdentifier,
  body: {
    properties: object({}, { required: true }),
  },
  ...withoutPatch,
});
