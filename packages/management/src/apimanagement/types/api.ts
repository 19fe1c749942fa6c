import type { JsonObject } from '@lazuli/store';
import { lastSegment } from '../../json/properties.ts';
import { any, array, boolean, object, string } from '../../schema/schema.ts';
import { listProducts, listRevisions } from '../api/api-actions.ts';
import { presentedApi, withVersionSet } from '../api/api-document.ts';
import { apiTypes } from '../api/api-types.ts';
import { prepareApi } from '../api/prepare-api.ts';
import { prepareDelete } from '../api/prepare-delete.ts';
import { apiManagementType } from '../api-management-type.ts';
import { exportApi } from '../export/export-api.ts';
import { longIdentifier } from '../names.ts';
import { resolveRevision, splitRevision } from '../revisions.ts';

/** One revision of an API. */
export const api = apiManagementType('apis', {
  name: { pattern: /^[^*#&+:<>?/\\%]{1,256}$/, says: longIdentifier.says },
  resolveName: resolveRevision,
  body: {
    properties: object(
      {
        displayName: string({ minLength: 1, maxLength: 300, sticky: true }),
        description: string({ nullable: true }),
        path: string({ maxLength: 400, sticky: true }),
        serviceUrl: string({ maxLength: 2000, nullable: true }),
        protocols: array(string({ values: ['http', 'https', 'ws', 'wss'] })),
        type: string({ values: apiTypes, sticky: true }),
        apiRevision: string({ minLength: 1, maxLength: 100, sticky: true }),
        apiRevisionDescription: string({ maxLength: 256 }),
        apiVersion: string({ maxLength: 100, sticky: true }),
        apiVersionDescription: string({ maxLength: 256 }),
        apiVersionSetId: string({ sticky: true }),
        apiVersionSet: object({
          id: string(),
          name: string(),
          description: string(),
          versioningScheme: string(),
          versionQueryName: string(),
          versionHeaderName: string(),
        }),
        isCurrent: boolean(),
        isOnline: boolean({ readOnly: true }),
        subscriptionRequired: boolean({ sticky: true }),
        subscriptionKeyParameterNames: object({ header: string(), query: string() }, { sticky: true }),
        authenticationSettings: any({ nullable: true }),
        sourceApiId: string(),
        provisioningState: string({ readOnly: true }),
        contact: object({ name: string(), url: string(), email: string() }),
        license: object({ name: string(), url: string() }),
        termsOfServiceUrl: string(),
      },
      { required: true },
    ),
  },
  list: {
    count: true,
    async items({ parentId, reader, query, id }) {
      const expand = query.get('expandApiVersionSet') === 'true';
      const found: JsonObject[] = [];
      let after: string | undefined;
      do {
        const page = await reader.list({ parent: parentId, type: id.type, after, limit: 1000 });
        for (const record of page.items) {
          if (splitRevision(lastSegment(record.id)).revision !== null) continue;
          const document = presentedApi(record);
          found.push(expand ? await withVersionSet(document, parentId, reader) : document);
        }
        after = page.next;
      } while (after !== undefined);
      return found;
    },
  },
  present: (_, record) => presentedApi(record),
  handlers: { GET: exportApi },
  put: { prepare: prepareApi },
  patch: { ifMatch: 'required', prepare: prepareApi },
  delete: { ifMatch: 'required', prepare: prepareDelete },
  actions: [listRevisions, listProducts],
});
