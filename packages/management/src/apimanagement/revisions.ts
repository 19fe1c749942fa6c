import type { ResourceRecord, StoreReader } from '@lazuli/store';
import { listAllRecords } from '../caching/record-cache.ts';
import { textOf } from '../json/properties.ts';
import { serviceType } from './api-management-type.ts';

export const apiType = `${serviceType}/apis`;

/** `orders;rev=2` taken apart; revision null where the name has none. */
export function splitRevision(name: string): { readonly api: string; readonly revision: string | null } {
  const match = /^(.*?);rev=(\d{1,9})$/i.exec(name);
  return match ? { api: match[1] as string, revision: match[2] as string } : { api: name, revision: null };
}

/**
 * The current revision of an API is stored without its number, all others with it: `orders;rev=1` is `orders` while revision
 * 1 is the current one, and so is the first revision that is written of an API that is not there yet.
 */
export async function resolveRevision(name: string, parentId: string, reader: StoreReader): Promise<string> {
  const { api, revision } = splitRevision(name);
  if (revision === null) return name;
  const current = await reader.get(`${parentId}/apis/${api}`);
  return !current || revisionOf(current) === revision ? api : name;
}

export function revisionOf(api: ResourceRecord): string {
  return textOf(api, 'apiRevision') ?? '1';
}

/** Every revision of an API: the current one first, then the newest. */
export async function revisionsOf(
  serviceId: string,
  api: string,
  reader: StoreReader,
): Promise<readonly ResourceRecord[]> {
  const current = await reader.get(`${serviceId}/apis/${api}`);
  const others: ResourceRecord[] = [];
  const prefix = `${serviceId}/apis/${api};rev=`.toLowerCase();
  let after: string | undefined = prefix;
  while (after !== undefined) {
    const page = await reader.list({ parent: serviceId, type: apiType, after, limit: 100 });
    const own = page.items.filter((record) => record.key.startsWith(prefix));
    others.push(...own);
    after = own.length === page.items.length ? page.next : undefined;
  }
  others.sort((a, b) => Number(revisionOf(b)) - Number(revisionOf(a)));
  return current ? [current, ...others] : others;
}

/** Everything below a resource. */
export function belowOf(id: string, reader: StoreReader): Promise<ResourceRecord[]> {
  return listAllRecords(reader, { scope: id });
}
