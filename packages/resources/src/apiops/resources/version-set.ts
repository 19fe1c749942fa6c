import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { oneOf, text } from '../../information/property-types.ts';
import type { VersionSet } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const properties = {
  displayName: required(text({ min: 1, max: 100 }), 'Name of the version set for people.'),
  versioningScheme: required(oneOf('Segment', 'Query', 'Header'), 'Where a request says which version it wants.'),
  versionHeaderName: optional(text({ min: 1, max: 100 }), 'The header, for the scheme Header.'),
  versionQueryName: optional(text({ min: 1, max: 100 }), 'The query parameter, for the scheme Query.'),
};

export const versionSetInformation: InformationFile<typeof properties> = {
  name: 'versionSetInformation.json',
  properties,
  accepted: ['description'],
};

export function readVersionSet(folder: ResourceFolder, inputs: Inputs): VersionSet | null {
  const information = inputs.information(folder, versionSetInformation);
  if (information === null) return null;
  const { values, at } = information;
  if (values.versioningScheme === 'Header' && values.versionHeaderName === null) {
    at.problem('VersionParameterMissing', { scheme: 'Header', property: 'versionHeaderName' });
  }
  if (values.versioningScheme === 'Query' && values.versionQueryName === null) {
    at.problem('VersionParameterMissing', { scheme: 'Query', property: 'versionQueryName' });
  }
  return { name: folder.name, ...values };
}
