import { randomBytes } from 'node:crypto';
import { readAuthorizationRights, serviceBusLimits } from '@lazuli/resources';
import type { JsonObject, Operation, ResourceRecord, StoreReader } from '@lazuli/store';
import type { ActionContext, ResourceAction, ResourceType, WriteContext } from '../../contract.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { array, object, string } from '../../schema/schema.ts';
import { quotaExceeded } from '../errors.ts';
import { namespaceType, placeOf, queueType, topicType } from '../ids.ts';
import { authorizationRuleName } from '../names.ts';
import type { ServiceBusRuntime } from '../service-bus-runtime.ts';

const members = ['primaryKey', 'secondaryKey'] as const;

/** Rights with a pair of keys: of a namespace, a queue, a topic. */
export const authorizationRules = (runtime: ServiceBusRuntime): readonly ResourceType[] =>
  [namespaceType, queueType, topicType].map((parent) => ({
    type: `${parent}/authorizationRules`,
    name: authorizationRuleName,
    body: {
      properties: object(
        {
          rights: array(string(), { required: true }),
          // Azure makes them itself; whoever moves here may bring theirs.
          primaryKey: string({ secret: true, minLength: 1, maxLength: 256 }),
          secondaryKey: string({ secret: true, minLength: 1, maxLength: 256 }),
        },
        { required: true, additional: 'drop' },
      ),
    },
    put: { created: 200, prepare: (write) => prepare(write) },
    delete: {},
    actions: [listKeys(runtime), regenerateKeys(runtime)],
    onChange: ({ id }) => runtime.changed?.(placeOf(id).namespaceId, [id]),
  }));

/** The rule that every namespace is made with. */
export function rootRule(namespaceId: string): Operation {
  return {
    operation: 'put',
    id: `${namespaceId}/authorizationRules/RootManageSharedAccessKey`,
    type: `${namespaceType}/authorizationRules`,
    body: { properties: { rights: ['Listen', 'Manage', 'Send'] } },
    secrets: { 'properties/primaryKey': newKey(), 'properties/secondaryKey': newKey() },
  };
}

async function prepare({ body, existing, secrets, id, parent, reader }: WriteContext) {
  const read = readAuthorizationRights(propertiesOf(body).rights);
  if ('problem' in read) return { problems: [{ target: 'properties.rights', message: read.problem }] };
  const most = serviceBusLimits.authorizationRules;
  const isFull =
    existing === undefined && (await reader.count({ parent: parent?.id ?? id.parentId, type: id.type })) >= most;
  if (isFull) throw quotaExceeded(most, 'authorization rules');
  const missing = members.filter(
    (member) => !secrets.has(`properties/${member}`) && !existing?.secretFields.includes(`properties/${member}`),
  );
  return {
    body: { properties: { rights: [...read.rights] } },
    secrets: Object.fromEntries(missing.map((member) => [`properties/${member}`, newKey()])),
  };
}

function listKeys(runtime: ServiceBusRuntime): ResourceAction {
  return {
    name: 'listKeys',
    async run({ resource, reader }) {
      return resource === undefined
        ? { body: {} }
        : { body: keysDocument(resource, await keysOf(resource, reader), runtime) };
    },
  };
}

function regenerateKeys(runtime: ServiceBusRuntime): ResourceAction {
  return {
    name: 'regenerateKeys',
    body: object({
      keyType: string({ required: true, values: ['PrimaryKey', 'SecondaryKey'] }),
      key: string({ minLength: 1, maxLength: 256 }),
    }),
    async run({ body, resource, reader }: ActionContext) {
      if (resource === undefined) return { body: {} };
      const member = body.keyType === 'PrimaryKey' ? 'primaryKey' : 'secondaryKey';
      const key = typeof body.key === 'string' ? body.key : newKey();
      return {
        body: keysDocument(resource, { ...(await keysOf(resource, reader)), [member]: key }, runtime),
        operations: [
          {
            operation: 'put',
            id: resource.id,
            type: resource.type,
            body: resource.body,
            secrets: { [`properties/${member}`]: key },
            ifMatch: resource.etag,
          },
        ],
      };
    },
  };
}

interface Keys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

async function keysOf({ id }: ResourceRecord, reader: StoreReader): Promise<Keys> {
  const secrets = await reader.readSecrets(id);
  return {
    primaryKey: secrets.get('properties/primaryKey') ?? '',
    secondaryKey: secrets.get('properties/secondaryKey') ?? '',
  };
}

function keysDocument({ id }: ResourceRecord, keys: Keys, runtime: ServiceBusRuntime): JsonObject {
  const { namespaceName, path } = placeOf(id);
  const keyName = lastSegment(id);
  const endpoint = runtime.endpoint?.(namespaceName);
  const connectionString = (key: string) =>
    [
      `Endpoint=sb://${endpoint?.host ?? `${namespaceName.toLowerCase()}.servicebus.windows.net`}/`,
      `SharedAccessKeyName=${keyName}`,
      `SharedAccessKey=${key}`,
      ...(endpoint?.isPlain ? ['UseDevelopmentEmulator=true'] : []),
      ...(path === '' ? [] : [`EntityPath=${path}`]),
    ].join(';');
  return {
    primaryConnectionString: connectionString(keys.primaryKey),
    secondaryConnectionString: connectionString(keys.secondaryKey),
    primaryKey: keys.primaryKey,
    secondaryKey: keys.secondaryKey,
    keyName,
  };
}

/** 256 bits, as Azure's. */
function newKey(): string {
  return randomBytes(32).toString('base64');
}
