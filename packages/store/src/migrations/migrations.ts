import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** A step from one schema version to the next. Released steps never change; their checksum is kept in the database. */
export interface Migration {
  /** 1, 2, 3 … */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
  readonly checksum: string;
}

/** All steps for a database, in order: the files `NNNN-name.sql` in the folder that bears its name. */
export function migrationsFor(kind: 'sqlite' | 'postgres'): readonly Migration[] {
  const folder = new URL(`./${kind}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file, index) => {
      const [, version, name] = /^(\d{4})-(.+)\.sql$/.exec(file) ?? [];
      if (name === undefined || Number(version) !== index + 1) throw new Error(`${file} is out of order`);
      return migration(index + 1, name, readFileSync(new URL(file, folder), 'utf8'));
    });
}

/** A statement ends with a semicolon at the end of a line. */
export function migration(version: number, name: string, sql: string): Migration {
  const text = sql.replaceAll('\r\n', '\n');
  return {
    version,
    name,
    statements: text
      .split(/;[ \t]*(?:\n|$)/)
      .map((statement) => statement.trim())
      .filter((statement) => statement !== ''),
    checksum: createHash('sha256').update(text).digest('hex'),
  };
}
