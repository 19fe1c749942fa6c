import type { InformationFile } from '../../information/information-file.ts';
import { object, optional, required } from '../../information/property-table.ts';
import { anyObject, flag, list, mapped, oneOf, text, url } from '../../information/property-types.ts';
import { referenceTo } from '../reference-type.ts';

const types = oneOf('http', 'soap', 'websocket', 'graphql', 'odata', 'grpc');

const apiPath = mapped(
  text({ max: 400, pattern: /^[^?#\\\s;{}*]*$/, expected: 'a URL path of at most 400 characters, such as orders/v1' }),
  (path) => path.replace(/^\/+|\/+$/g, ''),
);

const properties = {
  displayName: optional(
    text({ min: 1, max: 300 }),
    'Name of the API for people; the title of the specification if absent.',
  ),
  description: optional(text(), 'What the API does; that of the specification if absent.'),
  path: required(apiPath, 'URL path below the gateway host; may be empty.'),
  protocols: optional(
    list(oneOf('http', 'https', 'ws', 'wss'), "'http', 'https', 'ws' or 'wss'"),
    'Protocols that callers may use: https, or for a WebSocket API wss, if absent.',
  ),
  type: optional(types, 'Kind of API.'),
  apiType: optional(types, 'Another name of `type`.'),
  serviceUrl: optional(
    url('http', 'https', 'ws', 'wss'),
    'Address of the backend; that of the specification if absent.',
  ),
  subscriptionRequired: optional(flag, 'Whether callers need a key.', true),
  subscriptionKeyParameterNames: optional(
    object({
      header: optional(text({ min: 1, max: 256 }), 'Header that carries the key.', 'Ocp-Apim-Subscription-Key'),
      query: optional(text({ min: 1, max: 256 }), 'Query parameter that carries the key.', 'subscription-key'),
    }),
    'Where callers put the key.',
  ),
  apiRevision: optional(
    text({ min: 1, max: 100 }),
    'Number of the revision; that of the folder name, or 1, if absent.',
  ),
  apiRevisionDescription: optional(text({ max: 256 }), 'What the revision changes.'),
  isCurrent: optional(
    flag,
    'Whether this is the revision that callers get; true if absent, but false in a folder `;rev=N`.',
  ),
  isOnline: optional(flag, 'Whether callers can reach the revision.', true),
  apiVersion: optional(text({ max: 100 }), 'Identifier of the version.', ''),
  apiVersionSetId: optional(referenceTo('versionSet'), 'Version set that the API belongs to.'),
  apiVersionSet: optional(
    object({
      id: optional(referenceTo('versionSet'), 'Version set, when `apiVersionSetId` is absent.'),
      name: optional(text(), 'Not used.'),
      description: optional(text(), 'Not used.'),
      versioningScheme: optional(text(), 'Not used.'),
      versionHeaderName: optional(text(), 'Not used.'),
      versionQueryName: optional(text(), 'Not used.'),
    }),
    'Version set as Azure returns it.',
  ),
  translateRequiredQueryParameters: optional(
    oneOf('template', 'query'),
    'Whether required query parameters of the specification become part of the URL template: `template` if absent.',
  ),
  authenticationSettings: optional(anyObject, 'For the developer portal; not used.'),
};

export const apiInformation: InformationFile<typeof properties> = {
  name: 'apiInformation.json',
  properties,
  accepted: ['apiVersionDescription', 'contact', 'license', 'termsOfServiceUrl', 'sourceApiId'],
};

/** What a revision may leave out, because Azure lets only the current revision change it. */
export const inheritedByRevisions: readonly string[] = [
  'displayName',
  'description',
  'path',
  'protocols',
  'type',
  'apiType',
  'subscriptionRequired',
  'subscriptionKeyParameterNames',
  'apiVersion',
  'apiVersionSetId',
  'apiVersionSet',
];
