import { problem } from '../../errors.ts';
import type { InformationFile } from '../../information/information-file.ts';
import { readInformation } from '../../information/information-file.ts';
import { optional } from '../../information/property-table.ts';
import { oneOf, text } from '../../information/property-types.ts';
import type { PolicyFragment } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const properties = {
  description: optional(text({ max: 1000 }), 'What the fragment does.'),
  format: optional(oneOf('xml', 'rawxml'), 'How `value` is written.', 'xml'),
  value: optional(text({ max: 524_288 }), 'The fragment, when there is no `policy.xml`.'),
};

export const policyFragmentInformation: InformationFile<typeof properties> = {
  name: 'policyFragmentInformation.json',
  properties,
  accepted: [],
};

/** Either file may stand alone: `policy.xml` gives the fragment, the information file its description. */
export function readPolicyFragment(folder: ResourceFolder, inputs: Inputs): PolicyFragment | null {
  const path = `${folder.directory}/${policyFragmentInformation.name}`;
  const record = inputs.file(path);
  const information =
    record === null ? null : readInformation(policyFragmentInformation, record.document, inputs.diagnostics);
  const description = information?.values.description ?? null;
  const document = inputs.policy(`${folder.directory}/policy.xml`);
  if (document !== null) return { name: folder.name, description, document };
  if (typeof information?.values.value === 'string') {
    return {
      name: folder.name,
      description,
      document: { format: information.values.format, text: information.values.value, file: path },
    };
  }
  const place = { file: `${folder.directory}/policy.xml`, line: 0, column: 0 };
  inputs.diagnostics.push(
    problem('MissingInformationFile', place, { kind: 'policy fragment', name: folder.name, expected: 'policy.xml' }),
  );
  return null;
}
