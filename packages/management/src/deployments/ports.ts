import { HeaderList } from '@lazuli/policies';
import type { JsonObject, JsonValue } from '@lazuli/store';
import {
  type DeployPorts,
  type ResourceDocument,
  ResourceError,
  type JsonObject as TemplateObject,
  type JsonValue as TemplateValue,
  type ValidatePorts,
} from '@lazuli/templates';
import { allRecords } from '../caching/record-cache.ts';
import type { ArmResponse } from '../contract.ts';
import { presentRecord } from '../engine/document.ts';
import { readContext } from '../engine/invocation.ts';
import { ArmError } from '../errors.ts';
import { parseQuery } from '../http/query.ts';
import { parseArmId } from '../ids/arm-id.ts';
import { isJsonObject } from '../json/json.ts';
import { providerDocument } from '../routes/providers.ts';
import type { Call, Method, Services } from '../services.ts';

/** Reading and writing resources for a deployment, in the name of who deploys: roles, locks and audit as for any request. */
export function deploymentPorts(services: Services, outer: Call): DeployPorts & ValidatePorts {
  const send = (method: Method, id: string, apiVersion: string, body?: TemplateValue, extra: Partial<Call> = {}) =>
    services.dispatch({
      ...outer,
      method,
      segments: id.split('/').filter((segment) => segment !== ''),
      query: parseQuery(`api-version=${encodeURIComponent(apiVersion)}`),
      headers: new HeaderList(),
      readBody: async () => Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      now: services.now(),
      dryRun: false,
      unconditional: true,
      ...extra,
    });
  return {
    async get({ id, apiVersion }) {
      return notMissing(send('GET', id, apiVersion || newest(services, id))).then(documentOf);
    },
    async list({ id, functionName, apiVersion, body }) {
      const response = await notMissing(
        send('POST', `${id}/${functionName}`, apiVersion || newest(services, id), body),
      );
      return response === undefined ? undefined : toTemplate(response.body ?? null);
    },
    async put({ id, apiVersion, body }) {
      const response = await refused(send('PUT', id, apiVersion, body));
      await finished(services, response);
      return documentOf(await refused(send('GET', id, apiVersion))) ?? {};
    },
    async delete({ id }) {
      await finished(services, await refused(send('DELETE', id, newest(services, id))));
    },
    async validate({ id, apiVersion, body, late }) {
      try {
        return documentOf(await send('PUT', id, apiVersion, body, { dryRun: true }));
      } catch (error) {
        // Parents and groups may be made by the same template; values of the run time are still text.
        const isEarly =
          error instanceof ArmError &&
          (error.code === 'ParentResourceNotFound' ||
            error.code === 'ResourceGroupNotFound' ||
            (late.length > 0 && error.status === 400));
        if (isEarly) return undefined;
        throw asResourceError(error);
      }
    },
    async listExisting(scope) {
      const found: ResourceDocument[] = [];
      for await (const record of allRecords(services.store, { scope })) {
        const type = services.registry.type(record.type);
        const id = parseArmId(record.id);
        if (type?.type.tracked !== true || id === undefined) continue;
        const document = documentOf({
          status: 200,
          body: await presentRecord(type, record, readContext({ services, call: outer, id })),
        });
        if (document !== undefined) found.push(document);
      }
      return found;
    },
    provider(namespace, resourceType) {
      const provider = services.registry.provider(namespace);
      if (provider === undefined) return undefined;
      const document = toTemplate(providerDocument(services, provider, true));
      if (!isTemplateObject(document) || resourceType === undefined)
        return isTemplateObject(document) ? document : undefined;
      const types = Array.isArray(document.resourceTypes) ? document.resourceTypes.filter(isTemplateObject) : [];
      return types.find((one) => String(one.resourceType).toLowerCase() === resourceType.toLowerCase());
    },
  };
}

/** Waits for the operation that an answer names, if it names one. */
async function finished(services: Services, { headers = {} }: ArmResponse): Promise<void> {
  const url = headers['Azure-AsyncOperation'] ?? headers.Location;
  const operationId = /\/([0-9a-f-]{36})(?:\?|$)/i.exec(url ?? '')?.[1];
  if (operationId === undefined) return;
  await services.operations.whenDone(operationId);
  const operation = await services.operations.get(operationId);
  if (operation?.error !== undefined) throw new ResourceError(409, operation.error as ResourceError['body']);
}

async function notMissing(response: Promise<ArmResponse>): Promise<ArmResponse | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof ArmError && error.status === 404) return undefined;
    throw asResourceError(error);
  }
}

async function refused(response: Promise<ArmResponse>): Promise<ArmResponse> {
  try {
    return await response;
  } catch (error) {
    throw asResourceError(error);
  }
}

function asResourceError(error: unknown): unknown {
  return error instanceof ArmError ? new ResourceError(error.status, error.body as ResourceError['body']) : error;
}

function newest(services: Services, id: string): string {
  return services.registry.type(parseArmId(id)?.type ?? '')?.apiVersions[0] ?? '2025-04-01';
}

function documentOf(response: ArmResponse | undefined): ResourceDocument | undefined {
  const document = response === undefined ? undefined : toTemplate(response.body ?? null);
  return isTemplateObject(document) ? document : undefined;
}

/** A copy in the types of the templates package, which may change its values. */
function toTemplate(value: JsonValue | JsonObject): TemplateValue {
  if (Array.isArray(value)) return value.map(toTemplate);
  if (!isJsonObject(value)) return value as null | boolean | number | string;
  const copy: TemplateObject = Object.create(null);
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = toTemplate(member);
  return copy;
}

function isTemplateObject(value: TemplateValue | undefined): value is TemplateObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
