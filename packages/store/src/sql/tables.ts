/** The tables that hold the state, in the order in which a backup lists them. `store_state` is written by the store alone. */
export const tables = {
  resource: {
    columns: {
      key: 'text',
      id: 'text',
      type: 'text',
      type_key: 'text',
      parent_key: 'text',
      body: 'text',
      secret_fields: 'text',
      etag: 'text',
      created_at: 'bigint',
      updated_at: 'bigint',
      sequence: 'bigint',
      hash: 'text',
    },
    primaryKey: ['key'],
  },
  change_feed: {
    columns: {
      sequence: 'bigint',
      batch: 'bigint',
      operation: 'text',
      id: 'text',
      type: 'text',
      etag: 'text',
      at: 'bigint',
    },
    primaryKey: ['sequence'],
  },
  log_head: {
    columns: { log: 'text', sequence: 'bigint', hash: 'text', floor: 'bigint', floor_hash: 'text' },
    primaryKey: ['log'],
  },
  log_entry: {
    columns: {
      log: 'text',
      sequence: 'bigint',
      at: 'bigint',
      subject: 'text',
      subject_key: 'text',
      body: 'text',
      hash: 'text',
    },
    primaryKey: ['log', 'sequence'],
  },
  data_key: {
    columns: { id: 'text', key: 'text', key_id: 'text', wrapped: 'bytea' },
    primaryKey: ['id'],
  },
  secret: {
    columns: { key: 'text', field: 'text', data_key: 'text', nonce: 'bytea', ciphertext: 'bytea' },
    primaryKey: ['key', 'field'],
  },
} as const satisfies Record<string, Table>;

export interface Table {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly primaryKey: readonly string[];
}

export type ColumnType = 'text' | 'bigint' | 'bytea';
export type TableName = keyof typeof tables;

export const tableNames: readonly TableName[] = [
  'resource',
  'change_feed',
  'log_head',
  'log_entry',
  'data_key',
  'secret',
];
