import { rowsOf } from '../backup/table-rows.ts';
import type { Execute } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { type CheckedResource, guarded, type Report } from './check-store.ts';

/** The feed has every change after its floor, batches are whole, and what it says last of a resource is how that stands. */
export async function checkFeed(
  exec: Execute,
  state: { readonly sequence: number; readonly floor: number },
  resources: ReadonlyMap<string, CheckedResource>,
  report: Report,
): Promise<number> {
  const latest = new Map<string, { readonly sequence: number; readonly etag: string | undefined }>();
  let last = state.floor;
  let batch = state.floor;
  let count = 0;
  for await (const { named } of rowsOf(exec, 'change_feed')) {
    count++;
    guarded(report, 'FeedDamaged', String(named.sequence), () => {
      const sequence = integer(named, 'sequence');
      if (sequence !== last + 1) report('FeedGap', String(last + 1), 'Changes are missing from here on.');
      if (sequence > batch) batch = integer(named, 'batch');
      if (integer(named, 'batch') !== batch)
        report('FeedDamaged', String(sequence), 'It belongs to another batch than its neighbours.');
      last = sequence;
      const etag = text(named, 'operation') === 'put' ? text(named, 'etag') : undefined;
      latest.set(text(named, 'id').toLowerCase(), { sequence, etag });
    });
  }
  if (last !== state.sequence)
    report('FeedGap', String(last + 1), `The feed ends at ${last}, the store at ${state.sequence}.`);
  if (batch !== last) report('FeedDamaged', String(last), 'The last batch is not whole.');
  for (const [key, change] of latest) {
    const resource = resources.get(key);
    if (resource?.etag !== change.etag || (resource !== undefined && resource.sequence !== change.sequence)) {
      report('FeedDisagrees', key, `Change ${change.sequence} is not how the resource stands.`);
    }
  }
  for (const [key, { sequence }] of resources) {
    if (sequence > state.floor && !latest.has(key))
      report('FeedDisagrees', key, `Change ${sequence} is not in the feed.`);
  }
  return count;
}
