import type { Row } from './row.ts';
import type { RowBody } from './row-body.ts';

/** Bodies of rows in memory, up to a number of bytes. What was not read since it was last looked at goes first ("second chance"). */
export class BodyCache {
  private readonly rows = new Set<Row>();
  private readonly limit: number;
  private bytes = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  keep(row: Row, body: RowBody): void {
    if (row.body !== null || row.deleted || row.live === 0 || body.bytes > this.limit) return;
    row.body = body;
    row.touched = false;
    this.rows.add(row);
    this.bytes += body.bytes;
    for (const oldest of this.rows) {
      if (this.bytes <= this.limit) break;
      this.rows.delete(oldest);
      if (oldest.touched && oldest !== row) {
        oldest.touched = false;
        this.rows.add(oldest);
      } else {
        this.bytes -= oldest.body?.bytes ?? 0;
        oldest.body = null;
      }
    }
  }

  /** Before the row is deleted. */
  forget(row: Row): void {
    if (!this.rows.delete(row)) return;
    this.bytes -= row.body?.bytes ?? 0;
    row.body = null;
  }
}
