import { HeaderList } from '@lazuli/policies';
import { type DeployPorts, type ResourceDocument, ResourceError, type ValidatePorts } from '@lazuli/templates';
import { allRecords } from '../caching/record-cache.ts';
import type { ArmResponse } from '../contract.ts';
import { presentRecord } from '../engine/document.ts';
import { readContext } from '../engine/invocation.ts';
import { ArmError } from '../errors.ts';
import { parseQuery } from '../http/query.ts';
import { parseArmId } from '../ids/arm-id.ts';
import { providerDocument } from '../routes/providers.ts';
import type { Call, Services } from '../services.ts';
import { preflight, type Send } from './preflight.ts';
import { asResourceError, documentOf, isTemplateObject, toTemplate } from './resource-documents.ts';
import type { TemplateLinks } from './template-links.ts';

/** Reading and writing resources for a deployment, in the name of who deploys: roles, locks and audit as for any request. */
export function deploymentPorts(services: Services, outer: Call, links: TemplateLinks): DeployPorts & ValidatePorts {
  const send: Send = (method, id, apiVersion, body, { through = services, ...extra } = {}) =>
    through.dispatch({
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
    fetchTemplate: (link) =>
      links.fetch(link).catch((error: unknown) => {
        throw asResourceError(error);
      }),
    validate: preflight(services, send),
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

function newest(services: Services, id: string): string {
  return services.registry.type(parseArmId(id)?.type ?? '')?.apiVersions[0] ?? '2025-04-01';
}
