import type { StoreReader } from '@lazuli/store';
import type { ArmResponse, HandlerContext } from '../../contract.ts';
import type { ArmError } from '../../errors.ts';
import type { OpenRequest, OpenResponse } from '../../http/front.ts';
import { asJson } from '../../json/json.ts';
import { lastSegment } from '../../json/properties.ts';
import { validationError } from '../errors.ts';
import { type ExportFormat, exportFormats } from './export-formats.ts';
import { exportSegment, exportUrl, MissingKey, readExportUrl } from './export-links.ts';
import { readExportedApi } from './exported-api.ts';

/**
 * GET of an API with `export=true`: the specification, or a link to it. Undefined for any other GET.
 *
 * The form of the answer differs between Azure's documentation (`format` and `value` beside `id`), and the service, which
 * has them in `properties` since 2021-04-01-preview: both are answered. Source: azure-rest-api-specs issue 29274.
 */
export async function exportApi({
  query,
  existing,
  reader,
  baseUrl,
  now,
}: HandlerContext): Promise<ArmResponse | undefined> {
  if (query.get('export')?.toLowerCase() !== 'true' || !existing) return undefined;
  const name = (query.get('format') ?? '').toLowerCase();
  const format = Object.hasOwn(exportFormats, name) ? exportFormats[name] : undefined;
  if (!format)
    throw validationError([
      {
        target: 'format',
        message: `The format '${name}' cannot be exported: expected one of ${Object.keys(exportFormats).join(', ')}.`,
      },
    ]);
  const api = await readExportedApi(existing, reader);
  const text = format.write(api);
  if (text === null) throw cannotBe(name, format);
  const envelope = { id: existing.id, type: existing.type, name: lastSegment(existing.id) };
  if (!format.isLink) return { status: 200, body: { ...envelope, properties: { format: format.result, value: text } } };
  const file = `${api.name}.${format.extension}`;
  const value = { link: await exportUrl({ apiId: existing.id, format: name }, file, baseUrl, now, reader) };
  const result = { format: format.result, value };
  return { status: 200, body: asJson({ ...envelope, ...result, properties: result }) };
}

/** Serves the documents that links of exports lead to; undefined for any other path. */
export async function serveExport(request: OpenRequest, reader: StoreReader): Promise<OpenResponse | undefined> {
  const [first, link = '', file] = request.segments;
  if (first !== exportSegment || file === undefined || request.segments.length !== 3) return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refused(405, 'MethodNotAllowed', 'Links can only be read.');
  const { query, now } = request;
  try {
    const found = await readExportUrl(link, query.get('se') ?? '', query.get('sig') ?? '', now, reader);
    if (found === null) return refused(403, 'AuthenticationFailed', 'The link is not valid, or its time is over.');
    const record = await reader.get(found.apiId);
    const format = exportFormats[found.format];
    const text = record && format?.write(await readExportedApi(record, reader));
    if (!format || text === undefined || text === null)
      return refused(404, 'ResourceNotFound', 'The API is not there any more.');
    return { status: 200, text: { contentType: format.contentType, content: text } };
  } catch (error) {
    if (error instanceof MissingKey)
      return refused(403, 'AuthenticationFailed', 'The link is not valid, or its time is over.');
    throw error;
  }
}

const refused = (status: number, code: string, message: string): OpenResponse => ({
  status,
  body: { error: { code, message } },
});

function cannotBe(name: string, { needs }: ExportFormat): ArmError {
  return validationError([
    { target: 'format', message: `The API cannot be exported as '${name}': expected ${needs}.` },
  ]);
}
