import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { anything, dateTime, list, oneOf, text } from '../../information/property-types.ts';
import type { User } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { referenceTo } from '../reference-type.ts';

const properties = {
  email: required(text({ min: 1, max: 254 }), 'E-mail address.'),
  firstName: optional(text({ max: 100 }), 'First name.', ''),
  lastName: optional(text({ max: 100 }), 'Last name.', ''),
  note: optional(text(), 'Note of an administrator.'),
  state: optional(oneOf('active', 'blocked', 'pending', 'deleted'), 'State of the account.', 'active'),
  registrationDate: optional(dateTime, 'When the user signed up.'),
  groups: optional(list(referenceTo('group'), 'group names'), 'Groups the user belongs to, besides developers.', []),
  identities: optional(anything, 'Accepted, not used.'),
};

export const userInformation: InformationFile<typeof properties> = {
  name: 'userInformation.json',
  properties,
  accepted: ['confirmation', 'appType'],
};

/** Users are an extension: the published tools do not write them. */
export function readUser(folder: ResourceFolder, inputs: Inputs): User | null {
  const information = inputs.information(folder, userInformation);
  if (information === null) return null;
  const { email, firstName, lastName, note, state, registrationDate, groups } = information.values;
  const names = groups.map((group) => inputs.resolve(group)).filter((name) => name !== null);
  return {
    name: folder.name,
    email,
    firstName,
    lastName,
    note,
    state,
    registrationDate,
    groups: [...new Set(['developers', ...names])],
  };
}
