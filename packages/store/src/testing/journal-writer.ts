/**
 * A process that appends to a journal, amends and removes without end until it is killed, for the tests of crashes. It says on its
 * standard output what it is about to do in a turn, and when that was acknowledged. Arguments: the URL, the schema (or `-`),
 * the first number of what it appends. Most of its commits have bodies that lie apart, some do not.
 */
import type { JournalItem } from '../journal/contract.ts';
import { openJournal } from '../journal/open-journal.ts';
import { sayNow } from './say-now.ts';

/** Turns that are under way at once. */
const width = 30;

const [, , url = '', schema = '', first = '0'] = process.argv;
const { journal, items } = await openJournal(url, {
  name: 'crash',
  owner: String(process.pid),
  leaseMilliseconds: 400,
  cacheBytes: 100_000,
  apartFrom: 6_000,
  ...(schema === '-' ? {} : { schema }),
});
journal.onLost((reason) => {
  process.stderr.write(`${reason.message}\n`);
  process.exit(1);
});
const live: { readonly n: number; readonly item: JournalItem }[] = [];
for await (const { item, head } of items) live.push({ n: Buffer.from(head).readUInt32LE(), item });

let next = Number(first);
let under = 0;
for (let turn = 0; ; turn++) {
  const appended = Array.from({ length: 1 + (turn % 4) }, () => next++);
  const amended = turn % 3 === 0 ? live.slice(0, 2) : [];
  const removed = live.length > 60 ? live.splice(turn % 5, 1 + (turn % 6)) : [];
  // Synchronous: what this process said, it said before it was killed.
  sayNow({ turn, appended, amended: amended.map(({ n }) => n), removed: removed.map(({ n }) => n) });
  for (const n of appended) {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(n);
    live.push({ n, item: journal.append(head, journal.body([Buffer.alloc(100 + (n % 50) * 100, `${n} `)])) });
  }
  for (const { item } of amended) journal.amend(item, Buffer.from(String(turn)));
  for (const { item } of removed) journal.remove(item);
  under++;
  journal.onCommitted((error) => {
    under--;
    if (error === undefined) sayNow({ acknowledged: turn });
  });
  do await new Promise((resolve) => setImmediate(resolve));
  while (under >= width);
}
