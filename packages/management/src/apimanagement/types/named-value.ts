import type { JsonObject } from '@lazuli/store';
import type { BodyProblem } from '../../contract.ts';
import { array, boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';
import { propertiesOf } from '../properties.ts';
import { refuseWhileReferenced } from '../references.ts';

/** What `{{name}}` in policies stands for. A secret one is never answered but by `listValue`. */
export const namedValue = apiManagementType('namedValues', {
  formerTypes: ['Microsoft.ApiManagement/service/properties'],
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({
          required: true,
          minLength: 1,
          maxLength: 256,
          pattern: /^[A-Za-z0-9\-._]+$/,
          says: 'letters, digits, dashes, periods and underscores',
        }),
        value: string({ maxLength: 4096, secret: (body) => propertiesOf(body).secret === true }),
        secret: boolean({ default: false }),
        tags: array(string(), { maxItems: 32 }),
        keyVault: object({
          secretIdentifier: string(),
          identityClientId: string(),
          lastStatus: object({}, { readOnly: true }),
        }),
        provisioningState: string({ readOnly: true, default: 'Succeeded' }),
      },
      { required: true },
    ),
  },
  put: {
    async prepare({ body, secrets, existing, id, reader, name }) {
      const problems = problemsOf(body, secrets, existing?.secretFields ?? []);
      const { displayName } = propertiesOf(body);
      const { items } = await reader.list({ parent: id.parentId, type: id.type, limit: 10_000 });
      for (const other of items) {
        if (other.key === id.text.toLowerCase() || propertiesOf(other.body).displayName !== displayName) continue;
        problems.push({
          target: 'properties.displayName',
          message: `Property with the display name '${displayName}' exists already, as '${other.id.slice(other.id.lastIndexOf('/') + 1)}': '${name}' needs another.`,
        });
      }
      // A value that is a secret from now on must not stay where it can be read, and the other way round.
      const wasSecret = existing?.secretFields.includes('properties/value') ?? false;
      const isSecret = propertiesOf(body).secret === true;
      const forgotten: Record<string, string | null> = wasSecret && !isSecret ? { 'properties/value': null } : {};
      return { problems, secrets: forgotten };
    },
  },
  delete: { ifMatch: 'required', prepare: refuseWhileReferenced },
  actions: [
    {
      name: 'listValue',
      async run({ resource, reader }) {
        if (!resource) return { body: {} };
        const secrets = await reader.readSecrets(resource.id, ['properties/value']);
        return { body: { value: secrets.get('properties/value') ?? propertiesOf(resource.body).value ?? '' } };
      },
    },
    {
      name: 'refreshSecret',
      run: ({ resource }) => ({ body: resource ? { id: resource.id, ...resource.body } : {} }),
    },
  ],
});

function problemsOf(body: JsonObject, secrets: ReadonlyMap<string, string>, stored: readonly string[]): BodyProblem[] {
  const { value, keyVault } = propertiesOf(body);
  const hasValue = value !== undefined || secrets.has('properties/value') || stored.includes('properties/value');
  if (keyVault !== undefined && keyVault !== null)
    return [
      {
        target: 'properties.keyVault',
        code: 'UnsupportedFeature',
        message:
          'References to Key Vault are not supported by Lazuli yet: give the value itself, with secret set to true.',
      },
    ];
  return hasValue ? [] : [{ target: 'properties.value', message: 'The member is required.' }];
}
