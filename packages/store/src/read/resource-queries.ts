import type { ListQuery, ResourceFilter } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { Query, SqlValue } from '../sql/driver.ts';
import { rangeBelow, scopeKeyOf, textFault, typeKeyOf } from '../values/resource-id.ts';
import { recordColumns } from './record-rows.ts';

export const maxPage = 10_000;
const defaultPage = 1_000;

/** Its rows hold `at_sequence`; where no resource was found there is one row, whose other columns are null. */
export function listQuery(query: ListQuery, limit: number): Query {
  const descending = orderOf(query.order) === 'DESC';
  const where = new Conditions(query);
  if (query.after !== undefined) where.add(descending ? 'r.key <' : 'r.key >', afterOf(query.after));
  const order = descending ? 'DESC' : 'ASC';
  // One statement: the page and the sequence are of the same moment.
  return {
    sql: `SELECT s.sequence AS at_sequence, r.* FROM store_state s LEFT JOIN (SELECT ${recordColumns} FROM resource r ${where.sql()} ORDER BY r.key ${order} LIMIT $${where.params.length + 1}) r ON s.id = 1 ORDER BY r.key ${order}`,
    params: [...where.params, limit + 1],
  };
}

export function countQuery(filter: ResourceFilter): Query {
  const where = new Conditions(filter);
  return { sql: `SELECT count(*) AS count FROM resource r ${where.sql()}`, params: where.params };
}

export function countByTypeQuery(filter: ResourceFilter): Query {
  const where = new Conditions(filter);
  return {
    sql: `SELECT min(r.type) AS type, count(*) AS count FROM resource r ${where.sql()} GROUP BY r.type_key ORDER BY 1`,
    params: where.params,
  };
}

/** Throws `InvalidQuery`. */
export function limitOf(limit: number | undefined): number {
  if (limit === undefined) return defaultPage;
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPage) return limit;
  throw new StoreError('InvalidQuery', { parameter: 'limit', actual: String(limit), expected: `1 to ${maxPage}` });
}

/** Throws `InvalidQuery`. */
export function orderOf(order: string | undefined): 'ASC' | 'DESC' {
  if (order === undefined || order === 'ascending') return 'ASC';
  if (order === 'descending') return 'DESC';
  throw new StoreError('InvalidQuery', {
    parameter: 'order',
    actual: `'${order}'`,
    expected: 'ascending or descending',
  });
}

class Conditions {
  readonly params: SqlValue[] = [];
  private readonly conditions: string[] = [];

  constructor({ scope, parent, type }: ResourceFilter) {
    if (scope !== undefined) {
      const [from, to] = rangeBelow(scopeKeyOf(scope));
      this.add('r.key >', from);
      this.add('r.key <', to);
    }
    if (parent !== undefined && type !== undefined) {
      // A parent may have very many children of other types: the index by type and key finds these alone.
      // The concatenation keeps the planner from the index by parent.
      const [from, to] = rangeBelow(scopeKeyOf(parent));
      this.add('r.key >', from);
      this.add('r.key <', to);
      this.add("r.parent_key || '' =", scopeKeyOf(parent));
    } else if (parent !== undefined) this.add('r.parent_key =', scopeKeyOf(parent));
    if (type !== undefined) this.add('r.type_key =', typeKeyOf(type));
  }

  add(condition: string, value: SqlValue): void {
    this.params.push(value);
    this.conditions.push(`${condition} $${this.params.length}`);
  }

  sql(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}

function afterOf(after: string): string {
  const fault = textFault(after, 10_000);
  if (fault !== undefined)
    throw new StoreError('InvalidQuery', { parameter: 'after', actual: fault, expected: 'a key' });
  return after.toLowerCase();
}
