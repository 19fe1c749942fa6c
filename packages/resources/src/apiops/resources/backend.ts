import type { Cursor } from '../../information/cursor.ts';
import { type Information, type InformationFile, rawProperties } from '../../information/information-file.ts';
import { object, optional, required } from '../../information/property-table.ts';
import {
  anyObject,
  duration,
  flag,
  integer,
  list,
  mapOf,
  mapped,
  oneOf,
  text,
  url,
} from '../../information/property-types.ts';
import type { Backend } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { referenceTo } from '../reference-type.ts';

const strings = list(text({ secret: true }), 'strings');

const credentials = object({
  authorization: optional(
    object({
      scheme: required(text({ min: 1, max: 100 }), 'Scheme of the Authorization header.'),
      parameter: required(
        text({ min: 1, max: 8192, secret: true }),
        'What follows the scheme; may be a `{{named value}}`.',
      ),
    }),
    'Authorization header that is sent.',
  ),
  header: optional(mapOf(strings, 'arrays of strings'), 'Headers that are sent.', new Map<string, readonly string[]>()),
  query: optional(
    mapOf(strings, 'arrays of strings'),
    'Query parameters that are sent.',
    new Map<string, readonly string[]>(),
  ),
  certificate: optional(strings, 'Thumbprints of client certificates.', []),
  certificateIds: optional(strings, 'Client certificates, as `/certificates/{name}`.', []),
  managedIdentity: optional(
    object({
      resource: required(text({ min: 1 }), 'Audience of the token.'),
      clientId: optional(text(), 'Identity that asks for it.'),
    }),
    'Token of a managed identity that is sent.',
  ),
});

const hour = 3_600_000;

const statusCodeRange = mapped(
  object({
    min: required(integer(200, 599), 'First status code.'),
    max: required(integer(200, 599), 'Last status code.'),
  }),
  (range, at) => {
    if (range.min <= range.max) return range;
    const what = at.child('max').what;
    at.child('max').problem('InvalidValue', { what, actual: range.max, expected: `at least the min, ${range.min}` });
    return undefined;
  },
);

const failureCondition = mapped(
  object({
    count: optional(integer(1, 1_000_000), 'Failures that trip the rule.'),
    percentage: optional(integer(1, 100), 'Share of failures that trips the rule.'),
    interval: required(duration(1000, 24 * hour, 'from one second to a day'), 'Time in which failures are counted.'),
    errorReasons: optional(strings, 'Errors that count as failures.', []),
    statusCodeRanges: optional(
      list(statusCodeRange, 'objects with min and max'),
      'Responses that count as failures.',
      [],
    ),
  }),
  (condition, at) => {
    if (condition.count !== null || condition.percentage !== null) return condition;
    at.problem('MissingProperty', { property: 'count', expected: 'count or percentage' });
    return undefined;
  },
);

const rule = object({
  name: optional(text({ max: 80 }), 'Name of the rule.', ''),
  tripDuration: required(
    duration(1000, 24 * hour, 'from one second to a day'),
    'How long the backend gets nothing once the rule trips.',
  ),
  acceptRetryAfter: optional(flag, "Whether the backend's Retry-After is taken as the trip duration.", false),
  failureCondition: required(failureCondition, 'What counts as failure, and how many of them trip the rule.'),
});

const properties = {
  url: optional(url('http', 'https', 'ws', 'wss'), 'Address of the backend; a pool has none.'),
  protocol: optional(oneOf('http', 'soap'), 'How the backend is spoken to.', 'http'),
  title: optional(text({ max: 300 }), 'Name for people.'),
  description: optional(text({ max: 2000 }), 'What the backend is.'),
  type: optional(oneOf('Single', 'Pool'), 'One backend, or several behind one name.', 'Single'),
  credentials: optional(credentials, 'What is added to requests to the backend.'),
  tls: optional(
    object({
      validateCertificateChain: optional(flag, 'Whether the certificate must come from a known authority.', true),
      validateCertificateName: optional(flag, 'Whether the certificate must name the host.', true),
    }),
    'How the certificate of the backend is checked.',
  ),
  proxy: optional(
    object({
      url: required(url('http', 'https'), 'Address of the proxy.'),
      username: optional(text(), 'User at the proxy.'),
      password: optional(text({ secret: true }), 'Password at the proxy; may be a `{{named value}}`.'),
    }),
    'HTTP proxy on the way to the backend.',
  ),
  circuitBreaker: optional(
    object({ rules: optional(list(rule, 'rules'), 'The rules.', []) }),
    'When the backend is left alone for a while.',
  ),
  pool: optional(
    object({
      services: optional(
        list(
          object({
            id: required(referenceTo('backend'), 'The member.'),
            priority: optional(integer(0, 100), 'Members of the lowest number are used first.', 0),
            weight: optional(integer(0, 100), 'Share among members of one priority.', 1),
          }),
          'members',
        ),
        'The members, each a single backend.',
        [],
      ),
      sessionAffinity: optional(
        object({
          sessionId: required(
            object({
              source: optional(oneOf('Cookie'), 'Where the session id is.', 'Cookie'),
              name: required(text({ min: 1, max: 256 }), 'Name of the cookie.'),
            }),
            'The session id.',
          ),
        }),
        'Keeps the requests of a session at one member.',
      ),
    }),
    'Members of a pool.',
  ),
  properties: optional(anyObject, 'Service Fabric settings; accepted, not used.'),
};

export const backendInformation: InformationFile<typeof properties> = {
  name: 'backendInformation.json',
  properties,
  accepted: ['resourceId', 'azureRegion'],
};

export function readBackend(folder: ResourceFolder, inputs: Inputs): Backend | null {
  const information = inputs.information(folder, backendInformation);
  if (information === null) return null;
  const { values, at } = information;
  const isPool = values.type === 'Pool';
  if (!isPool && values.url === null)
    at.problem('MissingProperty', { property: 'url', expected: properties.url.type.expected });
  if (isPool && (values.pool?.services.length ?? 0) === 0) {
    at.problem('MissingProperty', {
      property: 'pool.services',
      expected: 'at least one member, because the type is Pool',
    });
  }
  return {
    name: folder.name,
    title: values.title,
    description: values.description,
    type: values.type,
    url: isPool ? null : values.url,
    protocol: values.protocol,
    credentials: readCredentials(information, inputs),
    tls: values.tls ?? { validateCertificateChain: true, validateCertificateName: true },
    proxy: values.proxy,
    circuitBreaker: values.circuitBreaker,
    pool: isPool && values.pool !== null ? readPool(folder, values.pool, inputs) : null,
  };
}

type BackendInformation = Information<typeof properties>;

function readCredentials({ values, at }: BackendInformation, inputs: Inputs): Backend['credentials'] {
  if (values.credentials === null) return null;
  const { authorization, header, query, certificate, certificateIds, managedIdentity } = values.credentials;
  const named = certificateIds.map((id, index) =>
    resolveCertificate(id, at.child('credentials', 'certificateIds', index), inputs),
  );
  return {
    authorization,
    header,
    query,
    managedIdentity,
    certificateIds: [...named, ...certificate.map((thumbprint) => thumbprint.toUpperCase())],
  };
}

function resolveCertificate(id: string, at: Cursor, inputs: Inputs): string {
  const reference = referenceTo('certificate').read(id, at);
  return reference === undefined ? id : (inputs.resolve(reference) ?? reference.name);
}

function readPool(
  folder: ResourceFolder,
  pool: NonNullable<BackendInformation['values']['pool']>,
  inputs: Inputs,
): Backend['pool'] {
  const services = pool.services.flatMap(({ id, priority, weight }) => {
    const backend = inputs.resolve(id);
    if (backend === null) return [];
    if (backend === folder.name || isPool(backend, inputs)) id.at.problem('PoolInPool', { name: backend });
    return [{ backend, priority, weight }];
  });
  return { services, sessionAffinity: pool.sessionAffinity?.sessionId ?? null };
}

function isPool(backend: string, inputs: Inputs): boolean {
  const document = inputs.file(`backends/${backend}/${backendInformation.name}`)?.document;
  const type = document === undefined ? null : rawProperties(backendInformation, document).type;
  return typeof type === 'string' && type.toLowerCase() === 'pool';
}
