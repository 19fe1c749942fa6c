import type { InformationFile } from '../../information/information-file.ts';
import { object, optional, required } from '../../information/property-table.ts';
import { flag, list, text } from '../../information/property-types.ts';
import type { NamedValue } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { namedValueVariable } from '../secrets.ts';

const properties = {
  displayName: required(
    text({
      min: 1,
      max: 256,
      pattern: /^[A-Za-z0-9\-._]+$/,
      expected: 'letters, digits, dots, dashes and underscores, at most 256',
    }),
    'What `{{…}}` in a policy document names.',
  ),
  value: optional(text({ max: 4096, secret: true }), 'The value; not for secrets.'),
  secret: optional(flag, 'Whether the value is a secret.', false),
  tags: optional(list(text({ max: 160 }), 'strings'), 'Tags, to find it by.', []),
  keyVault: optional(
    object({
      secretIdentifier: optional(text({ max: 4096 }), 'Address of the secret.'),
      identityClientId: optional(text(), 'Identity that would read it.'),
      lastStatus: optional({ expected: 'any value', read: (value: unknown) => value }, 'Accepted, not used.'),
    }),
    'Key Vault reference. The vault is not asked: the value comes from the environment or the secrets file.',
  ),
};

export const namedValueInformation: InformationFile<typeof properties> = {
  name: 'namedValueInformation.json',
  properties,
  accepted: [],
};

/** The value comes from the environment, else from the secrets file, else from the folder. */
export function readNamedValue(folder: ResourceFolder, inputs: Inputs): NamedValue | null {
  const information = inputs.information(folder, namedValueInformation);
  if (information === null) return null;
  const { values, at } = information;
  const variable = namedValueVariable(folder.name);
  const secret = values.secret || values.keyVault !== null;
  const outside = inputs.secret(`env/${variable}`) ?? inputs.secret(`file/namedValues/${folder.name.toLowerCase()}`);
  const value = outside ?? values.value;
  if (value === null) {
    at.problem('MissingSecret', {
      kind: secret ? 'secret named value' : 'named value',
      name: folder.name,
      variable,
      section: 'namedValues',
    });
  } else if (outside === null && secret) {
    at.child('value').problem('SecretInFolder', { name: folder.name, variable });
  }
  return { name: folder.name, displayName: values.displayName, value: value ?? '', secret, tags: values.tags };
}
