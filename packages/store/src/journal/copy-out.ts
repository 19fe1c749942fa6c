import type { Client, Connection, Submittable } from 'pg';
import { StoreUnavailableError } from '../errors.ts';
import type { Bytes } from './table.ts';

/** A row of a `COPY`: a field is `null` where it is NULL. */
export type Fields = readonly (Bytes | null)[];

/**
 * What `select` gives, as bytes: `pg` reads results as text, in which bytes are hexadecimal digits; of `COPY` it hands over what
 * the server sent. `select` takes no parameters.
 */
export function copyOut(client: Client, select: string): Promise<Fields[]> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`, resolve, reject));
  });
}

/** What `pg` calls for a query of its own kind: as `lib/query.js` of it. */
class CopyOut implements Submittable {
  private readonly text: string;
  private readonly resolve: (rows: Fields[]) => void;
  private readonly reject: (error: Error) => void;
  private readonly rows: Fields[] = [];
  private header = true;
  private error: Error | undefined;

  constructor(text: string, resolve: (rows: Fields[]) => void, reject: (error: Error) => void) {
    this.text = text;
    this.resolve = resolve;
    this.reject = reject;
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    try {
      const fields = fieldsOf(chunk, this.header);
      this.header = false;
      if (fields !== undefined) this.rows.push(fields);
    } catch (error) {
      this.error ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  handleError(error: Error): void {
    this.error = error;
    this.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.error === undefined) this.resolve(this.rows);
    else this.reject(this.error);
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}

/**
 * https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". The server sends a message for each row; the first begins
 * with the header, the last is -1.
 */
export function fieldsOf(message: Buffer, header: boolean): Fields | undefined {
  let at = 0;
  if (header) {
    if (message.length < 19 || !message.subarray(0, 11).equals(signature)) throw broken('does not begin as one');
    at = 19 + message.readUInt32BE(15);
    if (at === message.length) return undefined;
  }
  if (at + 2 > message.length) throw broken('is cut');
  const count = message.readInt16BE(at);
  at += 2;
  if (count === -1) return undefined;
  const fields: (Bytes | null)[] = [];
  for (let n = 0; n < count; n++) {
    if (at + 4 > message.length) throw broken('is cut');
    const length = message.readInt32BE(at);
    at += 4;
    if (length === -1) {
      fields.push(null);
      continue;
    }
    if (length < 0 || at + length > message.length) throw broken('is cut');
    // A copy: the memory is that of the connection, which goes on to use it.
    fields.push(new Uint8Array(message.subarray(at, at + length)));
    at += length;
  }
  return fields;
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

const broken = (how: string): StoreUnavailableError =>
  new StoreUnavailableError(`a COPY of the server ${how}`, 'notWritten');
