import type { ResourceRecord } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { Row, SqlValue } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { contentHash } from '../values/content-hash.ts';
import { bodyOf } from '../values/json-body.ts';
import { isoOf } from '../values/time.ts';

/** A resource as the table `resource` holds it. */
export interface StoredResource {
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly typeKey: string;
  readonly parentKey: string;
  readonly body: string;
  readonly secretFields: readonly string[];
  readonly etag: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly sequence: number;
}

/** The columns that `recordOf` needs. */
export const recordColumns =
  'r.key, r.id, r.type, r.body, r.secret_fields, r.etag, r.created_at, r.updated_at, r.sequence';

export function recordOf(row: Row): ResourceRecord {
  const id = text(row, 'id');
  return {
    id,
    key: text(row, 'key'),
    type: text(row, 'type'),
    body: bodyOf(text(row, 'body'), `The resource '${id}'`),
    secretFields: fieldsOf(text(row, 'secret_fields'), id),
    etag: text(row, 'etag'),
    createdAt: isoOf(integer(row, 'created_at')),
    updatedAt: isoOf(integer(row, 'updated_at')),
    sequence: integer(row, 'sequence'),
  };
}

/** In the order of the columns of the table `resource`. */
export function resourceRow(resource: StoredResource): SqlValue[] {
  const { key, id, type, typeKey, parentKey, body, etag, createdAt, updatedAt, sequence } = resource;
  const fields = JSON.stringify(resource.secretFields);
  const hash = resourceHash(key, id, type, body, fields, etag, createdAt, updatedAt, sequence);
  return [key, id, type, typeKey, parentKey, body, fields, etag, createdAt, updatedAt, sequence, hash];
}

/** The hash of a row of `resource` as it stands there. */
export function hashOfRow(row: Row): string {
  return resourceHash(
    text(row, 'key'),
    text(row, 'id'),
    text(row, 'type'),
    text(row, 'body'),
    text(row, 'secret_fields'),
    text(row, 'etag'),
    integer(row, 'created_at'),
    integer(row, 'updated_at'),
    integer(row, 'sequence'),
  );
}

export function fieldsOf(json: string, id: string): string[] {
  const fields: unknown = json === '[]' ? [] : JSON.parse(json);
  if (Array.isArray(fields) && fields.every((field) => typeof field === 'string')) return fields;
  throw new StoreError('StoreCorrupt', { what: `The resource '${id}'`, reason: 'its list of secrets is none' });
}

const resourceHash = (...parts: readonly (string | number)[]): string => contentHash('lazuli resource 1', ...parts);
