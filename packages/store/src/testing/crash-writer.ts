/**
 * A process that writes without end until it is killed, and says on its standard output what was acknowledged: for the tests of
 * crashes. Arguments: the URL of the store, its schema (or `-`), the file of keys, a name that its resources bear.
 */
import { openStore } from '../open-store.ts';
import { put } from './resources.ts';
import { sayNow } from './say-now.ts';

const [, , url = '', schema = '', keys = '', name = ''] = process.argv;
const store = await openStore(url, {
  env: {},
  keys: { kind: 'file', path: keys, create: true },
  ...(schema === '-' ? {} : { schema }),
});

await Promise.all(Array.from({ length: 8 }, (_, lane) => writeForEver(lane)));

/** Each batch: a new resource, one that changes all the time, one that comes and goes, a secret, an audit entry. */
async function writeForEver(lane: number): Promise<void> {
  const root = `/crash/${name}-${lane}`;
  for (let n = 0; ; n++) {
    const { results, sequence, appended } = await store.change(
      [
        put(`${root}/new/${n}`, { n }, { secrets: { s: `secret ${n}` } }),
        put(`${root}/counter/one`, { n }),
        n % 2 === 0 ? put(`${root}/some/times`) : { operation: 'deleteSubtree', id: `${root}/some/times` },
      ],
      { append: [{ log: 'audit', entries: [{ body: { lane, n } }] }] },
    );
    const etags = results.flatMap((result) => (result.operation === 'put' ? [result.record.etag] : []));
    // Synchronous: what this process said, it said before it was killed.
    sayNow({ lane, n, root, sequence, etag: etags[0], entry: appended[0]?.sequence });
  }
}
