import type { JsonObject, JsonValue, StoreReader } from '@lazuli/store';
import type { BodyProblem, Prepared, WriteContext } from '../../contract.ts';
import { isJsonObject } from '../../json/json.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { any, array, boolean, integer, map, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A service behind the gateway, or a pool of them. */
export const backend = apiManagementType('backends', {
  name: identifier,
  body: {
    properties: object(
      {
        title: string({ maxLength: 300 }),
        description: string({ maxLength: 2000 }),
        resourceId: string({ maxLength: 2000 }),
        type: string({ values: ['Single', 'Pool'], default: 'Single' }),
        url: string({ minLength: 1, maxLength: 2000 }),
        protocol: string({ values: ['http', 'soap'] }),
        credentials: object({
          certificateIds: array(string(), { maxItems: 32 }),
          certificate: array(string(), { maxItems: 32 }),
          query: map(array(string())),
          header: map(array(string())),
          authorization: object({
            scheme: string({ required: true, maxLength: 100 }),
            parameter: string({ required: true, maxLength: 300 }),
          }),
          managedIdentity: object({ resource: string(), clientId: string() }),
        }),
        proxy: object({
          url: string({ required: true, maxLength: 2000 }),
          username: string(),
          password: string({ secret: true }),
        }),
        tls: object({
          validateCertificateChain: boolean({ default: true }),
          validateCertificateName: boolean({ default: true }),
        }),
        circuitBreaker: object({
          rules: array(
            object({
              name: string(),
              tripDuration: string({ format: 'duration' }),
              acceptRetryAfter: boolean(),
              failureCondition: object({
                count: integer({ minimum: 1 }),
                percentage: integer({ minimum: 1, maximum: 100 }),
                interval: string({ format: 'duration' }),
                statusCodeRanges: array(
                  object({
                    min: integer({ minimum: 200, maximum: 599 }),
                    max: integer({ minimum: 200, maximum: 599 }),
                  }),
                  { maxItems: 10 },
                ),
                errorReasons: array(string({ maxLength: 200 }), { maxItems: 10 }),
              }),
            }),
            { maxItems: 1 },
          ),
        }),
        pool: object({
          services: array(
            object({
              id: string({ required: true, minLength: 1 }),
              weight: integer({ minimum: 0, maximum: 100 }),
              priority: integer({ minimum: 0, maximum: 100 }),
            }),
            { minItems: 1 },
          ),
          sessionAffinity: object({ sessionId: object({ source: string({ values: ['Cookie'] }), name: string() }) }),
        }),
        properties: any(),
      },
      { required: true },
    ),
  },
  put: { prepare },
  actions: [{ name: 'reconnect', run: () => ({ status: 202 }) }],
});

async function prepare({ body, id, reader }: WriteContext): Promise<Prepared> {
  return { problems: [...problemsOf(body), ...(await missing(body, id.parentId, reader))] };
}

/** Certificates and members of a pool must be there: a gateway that does not find one could not serve at all. */
async function missing(body: JsonObject, serviceId: string, reader: StoreReader): Promise<BodyProblem[]> {
  const { credentials, pool } = propertiesOf(body);
  const certificates = isJsonObject(credentials) ? listOf(credentials.certificateIds) : [];
  const members = isJsonObject(pool) ? listOf(pool.services) : [];
  const references = [
    ...certificates.map((given, index) => ({
      given,
      collection: 'certificates',
      what: 'certificate',
      target: `properties.credentials.certificateIds[${index}]`,
    })),
    ...members.map((member, index) => ({
      given: isJsonObject(member) ? member.id : undefined,
      collection: 'backends',
      what: 'backend',
      target: `properties.pool.services[${index}].id`,
    })),
  ];
  const problems: BodyProblem[] = [];
  for (const { given, collection, what, target } of references) {
    if (typeof given !== 'string' || (await reader.get(`${serviceId}/${collection}/${lastSegment(given)}`))) continue;
    problems.push({ target, message: `The ${what} '${given}' was not found.`, isReference: true });
  }
  return problems;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** A single backend has an address; a pool has members instead. */
function problemsOf(body: JsonObject): BodyProblem[] {
  const { type, url, protocol, pool } = propertiesOf(body);
  if (type === 'Pool') {
    return pool === undefined || pool === null
      ? [{ target: 'properties.pool', message: "A backend of the type 'Pool' needs the member 'pool'." }]
      : [];
  }
  const problems: BodyProblem[] = [];
  if (typeof url !== 'string') problems.push({ target: 'properties.url', message: 'The member is required.' });
  else if (/^fabric:/i.test(url))
    problems.push({
      target: 'properties.url',
      code: 'UnsupportedFeature',
      message: `Backends in Service Fabric ('${url}') are not supported by Lazuli.`,
    });
  else if (!/^(https?|wss?):\/\/[^/]/i.test(url))
    problems.push({
      target: 'properties.url',
      message: `The value '${url}' is not an absolute http, https, ws or wss URL.`,
    });
  if (protocol === undefined) problems.push({ target: 'properties.protocol', message: 'The member is required.' });
  return problems;
}
