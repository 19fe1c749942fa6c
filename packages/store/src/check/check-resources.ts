import { rowsOf } from '../backup/table-rows.ts';
import { fieldsOf, hashOfRow } from '../read/record-rows.ts';
import type { Execute, Row } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { bodyOf } from '../values/json-body.ts';
import { keyOf, parentKeyOf, typeKeyOf } from '../values/resource-id.ts';
import { type CheckedResource, guarded, type Report } from './check-store.ts';

/** Every row of `resource`: its hash, its body, and the columns that follow from others. */
export async function checkResources(
  exec: Execute,
  sequence: number,
  report: Report,
): Promise<Map<string, CheckedResource>> {
  const checked = new Map<string, CheckedResource>();
  for await (const { named } of rowsOf(exec, 'resource')) {
    const subject = String(named.id);
    guarded(report, 'ResourceDamaged', subject, () => {
      const fields = fieldsOf(text(named, 'secret_fields'), subject);
      checked.set(text(named, 'key'), {
        etag: text(named, 'etag'),
        sequence: integer(named, 'sequence'),
        secretFields: new Set(fields),
      });
      const fault = faultOf(named, sequence);
      if (fault !== undefined) report('ResourceDamaged', subject, fault);
    });
  }
  return checked;
}

function faultOf(row: Row, sequence: number): string | undefined {
  const key = text(row, 'key');
  if (hashOfRow(row) !== text(row, 'hash')) return 'Its content is not what was written: the hash differs.';
  bodyOf(text(row, 'body'), 'The resource');
  if (keyOf(text(row, 'id')) !== key) return 'Its key is not its id in lower case.';
  if (typeKeyOf(text(row, 'type')) !== text(row, 'type_key')) return 'It is filed under another type.';
  if (parentKeyOf(key) !== text(row, 'parent_key')) return 'It is filed under another parent.';
  if (integer(row, 'sequence') > sequence) return 'Its sequence lies after the last change of the store.';
  return undefined;
}
