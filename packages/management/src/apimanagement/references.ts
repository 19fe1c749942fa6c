import type { ResourceRecord, StoreReader } from '@lazuli/store';
import type { DeleteContext, Prepared } from '../contract.ts';
import { textOf } from '../json/properties.ts';
import { serviceType } from './api-management-type.ts';
import { conflict } from './errors.ts';

/** A named value or fragment that policies use must not be deleted under them. */
export async function refuseWhileReferenced({ existing, id, reader }: DeleteContext): Promise<Prepared> {
  const users = await policiesThat(id.parentId, reader, mention(existing));
  if (users.length > 0)
    throw conflict(
      'ValidationError',
      `Cannot delete '${existing.id.slice(existing.id.lastIndexOf('/') + 1)}': it is used by ${users.slice(0, 5).join(', ')}${users.length > 5 ? ' and others' : ''}.`,
    );
  return {};
}

/** How policies name it. */
function mention(record: ResourceRecord): RegExp {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const name = record.id.slice(record.id.lastIndexOf('/') + 1);
  if (/\/policyFragments$/i.test(record.type)) return new RegExp(`fragment-id\\s*=\\s*["']${escaped(name)}["']`, 'i');
  return new RegExp(`\\{\\{\\s*${escaped(textOf(record, 'displayName') ?? name)}\\s*\\}\\}`);
}

/** Ids, below the service, of the policies and fragments whose text matches. */
export async function policiesThat(serviceId: string, reader: StoreReader, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const type of policyTypes) {
    let after: string | undefined;
    do {
      const page = await reader.list({ scope: serviceId, type, limit: 1000, after });
      for (const record of page.items)
        if (pattern.test(textOf(record, 'value') ?? '')) found.push(record.id.slice(serviceId.length));
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}

/** Types whose `value` is a policy document. */
export const policyTypes = [
  'policies',
  'products/policies',
  'apis/policies',
  'apis/operations/policies',
  'policyFragments',
].map((path) => `${serviceType}/${path}`);
