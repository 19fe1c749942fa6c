import { expect, test } from 'vitest';
import { memoryJournal } from '../testing/memory-journal.ts';
import { all, bytesOf, describeJournal, type JournalPlace } from './journal.contract.ts';
import { describeJournalModel } from './model.contract.ts';

const create = async (compactFrom?: number): Promise<JournalPlace> => {
  const memory = memoryJournal({ compactFrom });
  return { open: memory.open, async [Symbol.asyncDispose]() {} };
};
describeJournal('memory', () => create());
describeJournalModel('memory', () => create());
describeJournalModel('memory, with compaction all the time', () => create(20_000), 40);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is asked for while a commit is under way goes into the next one, together', async () => {
  const memory = memoryJournal();
  const { journal } = await memory.open();
  memory.hold();
  for (let n = 0; n < 10; n++) {
    journal.append(bytesOf(String(n)));
    await turn();
  }
  expect(memory.waiting).toBe(1);
  const committed = journal.commit();
  memory.release();
  await committed;
  expect(journal.statistics).toMatchObject({ commits: 2, items: 10, rows: 2 });
});

test('a turn is written whole or not at all', async () => {
  const memory = memoryJournal();
  const { journal } = await memory.open();
  memory.hold();
  const first = journal.append(bytesOf('first'));
  await turn();
  memory.release(1);
  await turn();
  journal.remove(first);
  await Promise.resolve().then(() => journal.append(bytesOf('second')));
  await turn();
  expect((await all(await memory.open())).map(({ head }) => head)).toEqual(['first']);
  memory.release();
});

test('a failed commit is told to all who wait, in order, and the journal is lost', async () => {
  const memory = memoryJournal();
  const { journal } = await memory.open();
  const heard: string[] = [];
  journal.onLost((reason) => heard.push(`lost: ${reason.message}`));
  memory.hold();
  journal.append(bytesOf('a'));
  journal.onCommitted((error) => heard.push(`a: ${error?.message}`));
  await turn();
  journal.append(bytesOf('b'));
  journal.onCommitted((error) => heard.push(`b: ${error?.message}`));
  await turn();
  memory.fail(new Error('disk full'));
  memory.release();
  await expect(journal.commit()).rejects.toThrow('disk full');
  journal.append(bytesOf('c'));
  journal.onCommitted((error) => heard.push(`c: ${error?.message}`));
  await turn();
  await turn();
  expect(heard).toEqual(['lost: disk full', 'a: disk full', 'b: disk full', 'c: disk full']);
  expect(journal.pendingBytes).toBe(0);
  await journal.close();
  expect(await all(await memory.open())).toEqual([]);
});

test('who loses the journal hears of it, and its commits are not written', async () => {
  const memory = memoryJournal();
  const { journal } = await memory.open();
  const reasons: Error[] = [];
  journal.onLost((reason) => reasons.push(reason));
  memory.hold();
  journal.append(bytesOf('a'));
  const committed = journal.commit();
  await turn();
  memory.lose();
  await expect(committed).rejects.toMatchObject({ code: 'JournalLost' });
  expect(reasons).toMatchObject([{ code: 'JournalLost' }]);
  memory.release();
  expect(await all(await memory.open())).toEqual([]);
});

test('a callback that throws keeps no other from being called', async () => {
  const memory = memoryJournal();
  const { journal } = await memory.open();
  const thrown = new Promise((resolve) => process.prependOnceListener('uncaughtException', resolve));
  const listeners = process.listeners('uncaughtException').slice(1);
  for (const listener of listeners) process.removeListener('uncaughtException', listener);
  journal.append(bytesOf('a'));
  journal.onCommitted(() => {
    throw new Error('of the caller');
  });
  await journal.commit();
  expect(await thrown).toMatchObject({ message: 'of the caller' });
  for (const listener of listeners) process.on('uncaughtException', listener);
});
