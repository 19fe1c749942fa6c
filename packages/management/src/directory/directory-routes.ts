import type { JsonObject, JsonValue } from '@lazuli/store';
import type { ArmResponse } from '../contract.ts';
import { readField } from '../engine/list-options.ts';
import { ArmError, armError } from '../errors.ts';
import type { Application, Applications } from '../identity/applications.ts';
import { IdentityError } from '../identity/errors.ts';
import { isJsonObject, objectAt, stringAt } from '../json/json.ts';
import { readJsonObject } from '../json/read-json.ts';
import { parseFilter } from '../odata/filter.ts';
import { FilterSyntaxError } from '../odata/lexer.ts';
import { matches } from '../odata/matches.ts';
import type { Route, RouteContext } from '../routes/route.ts';
import { applicationDocument, servicePrincipalDocument } from './graph-documents.ts';

/**
 * In the namespace of authorization: who could give an application a secret could act as it, so that roles that must not assign
 * roles (Contributor) must not do this either.
 */
const permission = (verb: 'read' | 'write' | 'delete') => `Microsoft.Authorization/applications/${verb}`;
const day = 24 * 60 * 60 * 1000;

/**
 * Applications and service principals in the form of Microsoft Graph v1.0, as far as `az ad app`, `az ad sp` and
 * `az role assignment` ask for it. Who may: roles at the scope of the tenant.
 */
export function directoryRoutes(applications: Applications): readonly Route[] {
  const route = (
    method: Route['methods'][number],
    path: string,
    verb: 'read' | 'write' | 'delete',
    run: (context: RouteContext, body: JsonObject) => Promise<ArmResponse>,
  ): Route => ({
    methods: [method],
    path: `/v1.0${path}`,
    apiVersions: 'none',
    permission: permission(verb),
    async run(context) {
      const hasBody = method === 'POST' || method === 'PATCH';
      try {
        return await run(context, hasBody ? readJsonObject(await context.call.readBody()) : {});
      } catch (error) {
        throw error instanceof IdentityError ? identityRefusal(error) : error;
      }
    },
  });
  const find = async ({ parameters }: RouteContext): Promise<Application> => {
    const appId = parameters.id ?? '';
    const found = await applications.get(appId);
    if (found === undefined) throw new IdentityError('ApplicationNotFound', { appId });
    return found;
  };
  return [
    route('GET', '/applications', 'read', async ({ call }) =>
      listed((await applications.list()).map(applicationDocument), call.query.get('$filter')),
    ),
    route('POST', '/applications', 'write', async ({ call }, body) => {
      const displayName = stringAt(body, 'displayName') ?? '';
      if (displayName === '' || displayName.length > 256)
        throw armError('InvalidRequestBody', { reason: 'displayName must have 1 to 256 characters' });
      const made = await applications.create(displayName, call.principal);
      await addCertificates(applications, made.appId, body, call.principal);
      return { status: 201, body: applicationDocument((await applications.get(made.appId)) ?? made) };
    }),
    route('GET', '/applications/{id}', 'read', async (context) => ({
      status: 200,
      body: applicationDocument(await find(context)),
    })),
    route('PATCH', '/applications/{id}', 'write', async (context, body) => {
      const { appId } = await find(context);
      await addCertificates(applications, appId, body, context.call.principal);
      return { status: 204 };
    }),
    route('DELETE', '/applications/{id}', 'delete', async (context) => {
      await applications.delete((await find(context)).appId, context.call.principal);
      return { status: 204 };
    }),
    route('POST', '/applications/{id}/addPassword', 'write', async (context, body) => {
      const wanted = objectAt(body, 'passwordCredential');
      const end = Date.parse(stringAt(wanted, 'endDateTime') ?? '');
      const days = Number.isNaN(end) ? undefined : Math.max(0, (end - context.call.now) / day);
      const options = { displayName: stringAt(wanted, 'displayName'), days, by: context.call.principal };
      const { credential, secretText } = await applications.addPassword((await find(context)).appId, options);
      return { status: 200, body: { ...credential, secretText } };
    }),
    route('POST', '/applications/{id}/removePassword', 'write', async (context, body) => {
      await applications.removePassword(
        (await find(context)).appId,
        stringAt(body, 'keyId') ?? '',
        context.call.principal,
      );
      return { status: 204 };
    }),
    route('GET', '/servicePrincipals', 'read', async ({ call }) =>
      listed((await applications.list()).map(servicePrincipalDocument), call.query.get('$filter')),
    ),
    route('POST', '/servicePrincipals', 'write', async (_, body) => {
      const appId = stringAt(body, 'appId') ?? '';
      const application = await applications.get(appId);
      if (application === undefined) throw new IdentityError('ApplicationNotFound', { appId });
      return { status: 201, body: servicePrincipalDocument(application) };
    }),
    route('GET', '/servicePrincipals/{id}', 'read', async ({ parameters }) => {
      const found = await applications.byObjectId(parameters.id ?? '');
      if (found === undefined) throw armError('NotFound', { id: parameters.id ?? '' });
      return { status: 200, body: servicePrincipalDocument(found) };
    }),
    route('POST', '/directoryObjects/getByIds', 'read', async (_, body) => {
      const ids = new Set((Array.isArray(body.ids) ? body.ids : []).map((id) => String(id).toLowerCase()));
      const found = (await applications.list()).filter(({ objectId }) => ids.has(objectId));
      return listed(found.map(servicePrincipalDocument), undefined);
    }),
  ];
}

function listed(value: readonly { readonly [name: string]: JsonValue }[], filter: string | undefined): ArmResponse {
  if (filter === undefined || filter.trim() === '') return { status: 200, body: { value } };
  try {
    const node = parseFilter(filter);
    return { status: 200, body: { value: value.filter((one) => matches(node, (path) => readField(one, path))) } };
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      throw armError('InvalidFilterInQueryString', { filter, reason: error.message });
    throw error;
  }
}

/** `key` is the DER of a certificate in base64, or its PEM in base64, as Graph's clients send it. */
async function addCertificates(
  applications: Applications,
  appId: string,
  body: JsonObject,
  by: RouteContext['call']['principal'],
): Promise<void> {
  const credentials = Array.isArray(body.keyCredentials) ? body.keyCredentials.filter(isJsonObject) : [];
  for (const credential of credentials) {
    const key = stringAt(credential, 'key');
    if (key === undefined) continue;
    const bytes = Buffer.from(key, 'base64');
    const isPem = bytes.includes('-----BEGIN');
    const pem = isPem
      ? bytes.toString('utf8')
      : `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`;
    await applications.addCertificate(appId, pem, by);
  }
}

function identityRefusal(error: IdentityError): ArmError {
  const status = error.code === 'ApplicationNotFound' || error.code === 'CredentialNotFound' ? 404 : 400;
  return new ArmError({ status, code: error.code, message: error.message });
}
