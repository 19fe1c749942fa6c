import { randomBytes } from 'node:crypto';
import { namedValueVariable } from '@lazuli/resources';
import type { JsonObject, JsonValue, ResourceRecord } from '@lazuli/store';
import type { ActionResult, BodyProblem, WriteContext } from '../../contract.ts';
import { defined, isJsonObject } from '../../json/json.ts';
import { lastSegment, propertiesOf, withProperties } from '../../json/properties.ts';
import { any, array, boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import type { GatewayRuntime } from '../gateway-runtime.ts';
import { identifier } from '../names.ts';
import { refuseWhileReferenced } from '../references.ts';

const field = 'properties/value';

/**
 * What `{{name}}` in policies stands for. A secret one is never answered but by `listValue`. Key Vault is not asked: the value
 * of a reference comes from the environment, as it does for folders.
 */
export const namedValue = (runtime: GatewayRuntime) =>
  apiManagementType('namedValues', {
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
            lastStatus: any({ readOnly: true }),
          }),
          provisioningState: string({ readOnly: true, default: 'Succeeded' }),
        },
        { required: true },
      ),
    },
    put: {
      async prepare(write) {
        const { secrets, existing, id, reader, name } = write;
        const reference = fromKeyVault(write, runtime);
        const body = reference?.body ?? write.body;
        const problems = reference ? [] : problemsOf(body, secrets, existing?.secretFields ?? []);
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
        return { body, problems, secrets: { ...forgotten, ...reference?.secrets } };
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
        run: ({ resource, now }) => (resource ? refreshed(resource, runtime, now) : { body: {} }),
      },
    ],
  });

interface ReadReference {
  readonly body: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * A reference to Key Vault with its value from the environment. Where there is none, the status says so, and the value is one
 * that nobody can guess: what compares with it refuses, instead of taking an empty one.
 */
function fromKeyVault({ body, existing, secrets, name, now }: WriteContext, runtime: GatewayRuntime) {
  const { keyVault, value } = propertiesOf(body);
  if (!isJsonObject(keyVault)) return undefined;
  const given = secrets.get(field) ?? (typeof value === 'string' ? value : undefined);
  const read = runtime.environment?.[namedValueVariable(name)] ?? given;
  const isKept = read === undefined && (existing?.secretFields.includes(field) ?? false);
  return {
    body: withProperties(body, {
      value: undefined,
      secret: true,
      keyVault: { ...defined(keyVault), lastStatus: statusOf(read !== undefined, name, now) },
    }),
    secrets: isKept ? {} : { [field]: read ?? randomBytes(32).toString('hex') },
  } satisfies ReadReference;
}

function refreshed(resource: ResourceRecord, runtime: GatewayRuntime, now: number): ActionResult {
  const { keyVault } = propertiesOf(resource.body);
  if (!isJsonObject(keyVault)) return { body: { id: resource.id, ...resource.body } };
  const name = lastSegment(resource.id);
  const read = runtime.environment?.[namedValueVariable(name)];
  const body = withProperties(resource.body, {
    keyVault: { ...defined(keyVault), lastStatus: statusOf(read !== undefined, name, now) },
  });
  return {
    body: { id: resource.id, ...body },
    operations: [
      {
        operation: 'put',
        id: resource.id,
        type: resource.type,
        body,
        secrets: read === undefined ? {} : { [field]: read },
        ifMatch: resource.etag,
      },
    ],
  };
}

function statusOf(isRead: boolean, name: string, now: number): JsonValue {
  const timeStampUtc = new Date(now).toISOString();
  if (isRead) return { code: 'Success', timeStampUtc };
  return {
    code: 'Error',
    message: `Lazuli does not ask Key Vault: give the value in the environment variable ${namedValueVariable(name)} and refresh the secret.`,
    timeStampUtc,
  };
}

function problemsOf(body: JsonObject, secrets: ReadonlyMap<string, string>, stored: readonly string[]): BodyProblem[] {
  const hasValue = propertiesOf(body).value !== undefined || secrets.has(field) || stored.includes(field);
  return hasValue ? [] : [{ target: 'properties.value', message: 'The member is required.', isReference: true }];
}
