/** The thread that owns the SQLite file of a journal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { JournalFile } from './journal-file.ts';
import { JournalFileError } from './journal-file-error.ts';
import type { SqliteAnswer, SqliteJournalOptions, SqliteTask } from './sqlite-protocol.ts';

const options: SqliteJournalOptions = workerData;
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

/** Written for who waits: the file itself cannot be read by others. */
const ownerFile = `${options.path}.owner`;
const shrinkMilliseconds = 100;

let file: JournalFile | undefined;
/** A step of making the file smaller is due. */
let scheduled = false;

port.on('message', (task: SqliteTask) => {
  let answer: SqliteAnswer;
  try {
    answer = perform(task);
  } catch (error) {
    answer = { failure: failureOf(error) };
  }
  const transfer: ArrayBuffer[] = [];
  if (answer.places !== undefined) transfer.push(answer.places.buffer);
  if (answer.body != null) transfer.push(answer.body.buffer);
  for (const { head, body } of answer.rows ?? []) {
    transfer.push(head.buffer);
    if (body !== null) transfer.push(body.buffer);
  }
  port.postMessage(answer, transfer);
  if (task.kind === 'close') port.close();
  else if (task.kind === 'write') schedule();
});

function perform(task: SqliteTask): SqliteAnswer {
  if (task.kind === 'own') return own();
  if (task.kind === 'close') {
    file?.close();
    file = undefined;
    return {};
  }
  if (file === undefined) throw new Error('The file is not open.');
  switch (task.kind) {
    case 'write':
      file.write(task);
      return { body: task.body };
    case 'shrink':
      file.shrinkBodies(task.moves, task.cutAt);
      return {};
    case 'read':
      return { rows: file.read(task.ids, task.bodies) };
    case 'heads':
      return { rows: file.heads(task.after) };
  }
}

function own(): SqliteAnswer {
  try {
    file = new JournalFile(options);
  } catch (error) {
    const code = failureOf(error).resultCode & 0xff;
    if (code === 5 || code === 6) return { busy: true, owner: ownerOf() };
    throw error;
  }
  writeFileSync(ownerFile, options.owner, { mode: 0o600 });
  return { term: file.term, lastId: file.lastId, places: file.places() };
}

/** Gives disk space back in small steps, between commits and not too often: what is free now may be needed in a moment. */
function schedule(): void {
  if (scheduled || file?.mayShrink !== true) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    try {
      if (file?.shrink() === true) schedule();
    } catch {
      // What it could not do now it does after another commit.
    }
  }, shrinkMilliseconds).unref();
}

function ownerOf(): string {
  try {
    return readFileSync(ownerFile, 'utf8').slice(0, 200);
  } catch {
    return 'another process';
  }
}

function failureOf(error: unknown): NonNullable<SqliteAnswer['failure']> {
  if (error instanceof JournalFileError)
    return { resultCode: 0, message: error.message, code: error.code, values: error.values };
  if (!(error instanceof Error)) return { resultCode: 0, message: String(error) };
  const resultCode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  return { resultCode, message: error.message };
}
