import type { Operation, StoreReader } from '@lazuli/store';
import type { DeleteContext, Prepared } from '../../contract.ts';
import { lastSegment, propertiesOf } from '../../json/properties.ts';
import { conflict } from '../errors.ts';
import { apiType, revisionsOf, splitRevision } from '../revisions.ts';
import { releasePath } from './api-paths.ts';

/** Without `deleteRevisions` the current revision cannot go while others are there. */
export async function prepareDelete({ existing, id, query, reader }: DeleteContext): Promise<Prepared> {
  const { api: name, revision } = splitRevision(lastSegment(existing.id));
  const operations: Operation[] = [];
  if (revision === null) {
    const others = (await revisionsOf(id.parentId, name, reader)).slice(1);
    for (const other of others) operations.push({ operation: 'deleteSubtree', id: other.id });
    if (others.length > 0 && query.get('deleteRevisions') !== 'true')
      throw conflict(
        'ValidationError',
        `The API '${name}' has other revisions. Add deleteRevisions=true to delete them with it.`,
      );
    operations.push(
      ...(await linksTo(name, id.parentId, reader)),
      releasePath(id.parentId, propertiesOf(existing.body)),
    );
  }
  return { operations };
}

/** Products and gateways that hold the API. */
async function linksTo(name: string, serviceId: string, reader: StoreReader): Promise<Operation[]> {
  const links: Operation[] = [];
  for (const parent of ['products', 'gateways']) {
    const { items } = await reader.list({ parent: serviceId, type: apiType.replace(/apis$/, parent), limit: 10_000 });
    for (const link of await reader.getMany(items.map((one) => `${one.id}/apis/${name}`)))
      links.push({ operation: 'delete', id: link.id });
  }
  return links;
}
