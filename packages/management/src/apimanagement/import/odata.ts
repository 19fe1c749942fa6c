import type { Imported, ImportRequest, ImportTarget } from './import-api.ts';
import { putOperation, putSchema } from './imported-resources.ts';
import { odataOperations } from './odata/odata-operations.ts';
import { readMetadata } from './odata/read-metadata.ts';
import { withXmlProblems } from './with-xml-problems.ts';

export const odataContentType = 'application/vnd.ms-azure-apim.odata.schema';

/** The metadata of an OData service (CSDL XML): operations for what its entity container holds; the document is the schema. */
export function importOData(text: string, { url }: ImportRequest, target: ImportTarget): Promise<Imported> {
  return withXmlProblems(async () => {
    const metadata = readMetadata(text);
    const operations = odataOperations(metadata).flatMap((operation) => putOperation(target.id, operation));
    return {
      properties: {
        displayName: metadata.container,
        ...(url === undefined ? {} : { serviceUrl: url.replace(/[?#].*$/, '').replace(/\/(\$metadata)?$/i, '') }),
        type: 'odata',
      },
      operations: [putSchema(target.id, 'odata', odataContentType, { value: text }), ...operations],
      problems: [],
    };
  });
}
