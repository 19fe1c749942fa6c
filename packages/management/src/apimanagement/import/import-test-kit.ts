import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, Operation } from '@lazuli/store';
import { propertiesOf } from '../../json/properties.ts';
import { type Imported, type ImportRequest, importApi } from './import-api.ts';

export const apiId = '/service/x/apis/a';

export const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

export function importOf(
  format: string,
  value: string,
  more: Partial<ImportRequest> & { properties?: JsonObject } = {},
): Promise<Imported> {
  const { properties = {}, ...request } = more;
  return importApi({ format, value, apiType: '', ...request }, { id: apiId, properties });
}

/** Properties of what was written below the API, by path: `operations/add`. */
export function written({ operations }: Imported): Map<string, JsonObject> {
  return new Map(
    operations.flatMap((one: Operation): [string, JsonObject][] =>
      one.operation === 'put' ? [[one.id.slice(apiId.length + 1), propertiesOf(one.body)]] : [],
    ),
  );
}

/** `GET /books`, for every operation. */
export function endpoints(imported: Imported): string[] {
  return [...written(imported)].flatMap(([path, { method, urlTemplate }]) =>
    /^operations\/[^/]+$/.test(path) ? [`${method} ${urlTemplate}`] : [],
  );
}

export const messages = (imported: Imported): string[] => imported.problems.map(({ message }) => message);

/** Serves for the time of a test; the address ends without a slash. */
export async function serving<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Serves texts by path; anything else is 404. */
export const files =
  (texts: Readonly<Record<string, string | Buffer>>): RequestListener =>
  (request, response) => {
    const text = texts[request.url ?? ''];
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text);
  };
