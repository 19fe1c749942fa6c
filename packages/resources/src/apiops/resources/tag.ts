import { suggestion } from '../../documents/nearest-name.ts';
import { problem } from '../../errors.ts';
import type { InformationFile } from '../../information/information-file.ts';
import { required } from '../../information/property-table.ts';
import { text } from '../../information/property-types.ts';
import type { Tag } from '../../model/service.ts';
import { parseApiName } from '../../resource-id.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const properties = { displayName: required(text({ min: 1, max: 160 }), 'Name of the tag for people.') };

export const tagInformation: InformationFile<typeof properties> = {
  name: 'tagInformation.json',
  properties,
  accepted: [],
};

/** Reads a tag, and checks that the APIs and products it is put on exist. */
export function readTag(folder: ResourceFolder, inputs: Inputs): Tag | null {
  for (const file of folder.files) {
    const [collection, name, information] = file.split('/');
    if (name === undefined || information === undefined || (collection !== 'apis' && collection !== 'products'))
      continue;
    const kind = collection === 'apis' ? 'api' : 'product';
    const base = kind === 'api' ? (parseApiName(name)?.api ?? name) : name;
    if (inputs.canonicalName(kind, base) !== null) continue;
    const place = { file: `${folder.directory}/${file}`, line: 1, column: 1 };
    const title = kind === 'api' ? 'API' : 'product';
    inputs.diagnostics.push(
      problem('UnknownReference', place, { kind: title, name, suggestion: suggestion(base, inputs.names(kind)) }),
    );
  }
  const information = inputs.information(folder, tagInformation);
  return information === null ? null : { name: folder.name, displayName: information.values.displayName };
}
