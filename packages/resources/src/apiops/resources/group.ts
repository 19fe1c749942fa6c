import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { oneOf, text } from '../../information/property-types.ts';
import type { Group } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const properties = {
  displayName: required(text({ min: 1, max: 300 }), 'Name of the group for people.'),
  description: optional(text({ max: 1000 }), 'What the group is for.'),
  type: optional(oneOf('custom', 'system', 'external'), 'Kind of group.', 'custom'),
};

export const groupInformation: InformationFile<typeof properties> = {
  name: 'groupInformation.json',
  properties,
  accepted: ['builtIn', 'externalId'],
};

export function readGroup(folder: ResourceFolder, inputs: Inputs): Group | null {
  const information = inputs.information(folder, groupInformation);
  return information === null ? null : { name: folder.name, ...information.values };
}

/** The groups that every service has, for those that the folder does not describe. */
export const systemGroups: readonly Group[] = [
  {
    name: 'administrators',
    displayName: 'Administrators',
    description: 'Manage the service, its APIs, operations and products.',
    type: 'system',
  },
  {
    name: 'developers',
    displayName: 'Developers',
    description: 'Signed-in users of the developer portal.',
    type: 'system',
  },
  {
    name: 'guests',
    displayName: 'Guests',
    description: 'Visitors of the developer portal who have not signed in.',
    type: 'system',
  },
];
