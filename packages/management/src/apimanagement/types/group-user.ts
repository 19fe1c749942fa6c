import { linkType } from '../link-type.ts';

/** A user in a group. */
export const groupUser = linkType('groups/users', { target: 'users', headStatus: 204 });
