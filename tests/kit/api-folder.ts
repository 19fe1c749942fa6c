import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes files of an APIOps folder; objects become JSON. */
export async function writeFolder(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** An API at `/<name>` that needs no key, with `GET /<operation>` for each operation and its policy. */
export function apiFiles(
  name: string,
  serviceUrl: string | null,
  policies: Readonly<Record<string, string | null>>,
): Record<string, unknown> {
  const files: Record<string, unknown> = {
    [`apis/${name}/apiInformation.json`]: {
      properties: { displayName: name, path: name, subscriptionRequired: false, ...(serviceUrl ? { serviceUrl } : {}) },
    },
    [`apis/${name}/specification.json`]: {
      openapi: '3.0.3',
      info: { title: name, version: '1' },
      paths: Object.fromEntries(
        Object.keys(policies).map((operation) => [
          `/${operation}`,
          { get: { operationId: operation, responses: { 200: { description: 'OK' } } } },
        ]),
      ),
    },
  };
  for (const [operation, policy] of Object.entries(policies))
    if (policy !== null) files[`apis/${name}/operations/${operation}/policy.xml`] = policy;
  return files;
}
