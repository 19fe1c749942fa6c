import { suggestion } from '../../documents/nearest-name.ts';
import type { Cursor } from '../../information/cursor.ts';
import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { dateTime, flag, mapped, oneOf, text } from '../../information/property-types.ts';
import type { Subscription } from '../../model/service.ts';
import { parseApiName, parseResourceId } from '../../resource-id.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { referenceTo } from '../reference-type.ts';
import { subscriptionKeyVariable } from '../secrets.ts';

type Scope = Subscription['scope'];

const scopeForms =
  "'/apis', '/apis/{name}', '/products/{name}' or '/', with or without the id of the service before it";

const scope = mapped(text({ min: 1, expected: scopeForms }), (value, at): { scope: Scope; at: Cursor } | undefined => {
  const read = parseScope(value);
  if (read === null) at.problem('InvalidReference', { actual: value, kind: 'scope', expected: scopeForms });
  return read === null ? undefined : { scope: read, at };
});

const properties = {
  scope: required(scope, 'What the keys open.'),
  displayName: optional(text({ max: 100 }), 'Name of the subscription; its folder name if absent.'),
  ownerId: optional(referenceTo('user'), 'User that owns it.'),
  state: optional(
    oneOf('suspended', 'active', 'expired', 'submitted', 'rejected', 'cancelled'),
    'Only active subscriptions let requests in.',
    'active',
  ),
  primaryKey: optional(
    text({ min: 1, max: 256, secret: true }),
    'First key; better given by the environment or the secrets file.',
  ),
  secondaryKey: optional(text({ min: 1, max: 256, secret: true }), 'Second key.'),
  allowTracing: optional(flag, 'Whether its keys may ask for traces.', false),
  createdDate: optional(dateTime, 'When it was made.'),
  startDate: optional(dateTime, 'When it becomes valid.'),
  expirationDate: optional(dateTime, 'When it ends.'),
};

export const subscriptionInformation: InformationFile<typeof properties> = {
  name: 'subscriptionInformation.json',
  properties,
  accepted: ['endDate', 'notificationDate', 'stateComment'],
};

export function readSubscription(folder: ResourceFolder, inputs: Inputs): Subscription | null {
  const information = inputs.information(folder, subscriptionInformation);
  if (information === null) return null;
  const { values, at } = information;
  const primaryKey = key(folder, inputs, at, 'primaryKey', values.primaryKey);
  const secondaryKey = key(folder, inputs, at, 'secondaryKey', values.secondaryKey);
  if (primaryKey === '' && secondaryKey === '') {
    at.problem('MissingSubscriptionKeys', {
      name: folder.name,
      variable: subscriptionKeyVariable(folder.name, 'primaryKey'),
    });
  }
  return {
    name: folder.name,
    displayName: values.displayName ?? folder.name,
    scope: resolveScope(values.scope.scope, values.scope.at, inputs),
    owner: owner(values.ownerId, inputs),
    state: values.state,
    primaryKey,
    secondaryKey,
    allowTracing: values.allowTracing,
    createdDate: values.createdDate,
    startDate: values.startDate,
    expirationDate: values.expirationDate,
  };
}

function key(
  folder: ResourceFolder,
  inputs: Inputs,
  at: Cursor,
  which: 'primaryKey' | 'secondaryKey',
  inFolder: string | null,
): string {
  const variable = subscriptionKeyVariable(folder.name, which);
  const outside =
    inputs.secret(`env/${variable}`) ?? inputs.secret(`file/subscriptions/${folder.name.toLowerCase()}/${which}`);
  if (outside === null && inFolder !== null)
    at.child(which).problem('SecretInFolder', { name: `${folder.name}.${which}`, variable });
  return outside ?? inFolder ?? '';
}

function parseScope(text: string): Scope | null {
  const id = parseResourceId(text);
  if (id === null) return null;
  const [segment, ...more] = id.segments;
  if (segment === undefined)
    return id.collection === null ? { kind: 'service' } : id.collection === 'apis' ? { kind: 'allApis' } : null;
  if (more.length > 0 || id.collection !== null) return null;
  if (segment.collection === 'apis') return { kind: 'api', api: parseApiName(segment.name)?.api ?? segment.name };
  return segment.collection === 'products' ? { kind: 'product', product: segment.name } : null;
}

function resolveScope(scope: Scope, at: Cursor, inputs: Inputs): Scope {
  if (scope.kind === 'api')
    return { kind: 'api', api: inputs.resolve({ kind: 'api', name: scope.api, at }) ?? scope.api };
  if (scope.kind === 'product')
    return { kind: 'product', product: inputs.resolve({ kind: 'product', name: scope.product, at }) ?? scope.product };
  return scope;
}

/** The tools export the owner but not the user, so an unknown owner is worth a word only where users are described. */
function owner(reference: { readonly name: string; readonly at: Cursor } | null, inputs: Inputs): string | null {
  if (reference === null) return null;
  const known = inputs.canonicalName('user', reference.name);
  if (known !== null) return known;
  const users = inputs.names('user').filter((name) => name !== '');
  if (users.length > 0)
    reference.at.problem('UnknownOwner', { name: reference.name, suggestion: suggestion(reference.name, users) });
  return reference.name;
}
