import type { Store } from '@lazuli/store';
import { RecordCache } from '../caching/record-cache.ts';
import { armError } from '../errors.ts';
import { isWithin, parseArmId } from '../ids/arm-id.ts';
import { objectAt, stringAt } from '../json/json.ts';

export const lockType = 'Microsoft.Authorization/locks';

interface Lock {
  readonly id: string;
  /** What is locked: the resource, group or subscription that the lock lies on. */
  readonly scope: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
}

export type LockedOperation = 'write' | 'delete' | 'action';

/**
 * Management locks: inherited by everything below, the most restrictive counts. `CanNotDelete` stops DELETE; `ReadOnly` stops every
 * write and every POST, `listKeys` too ("Lock your resources to protect your infrastructure").
 */
export class Locks {
  readonly cache: RecordCache<readonly Lock[]>;

  constructor(store: Store) {
    this.cache = new RecordCache(store, [lockType], (records) =>
      records.map((record) => ({
        id: record.id,
        scope: parseArmId(record.id)?.parentId ?? '/',
        level: stringAt(objectAt(record.body, 'properties'), 'level') === 'ReadOnly' ? 'ReadOnly' : 'CanNotDelete',
      })),
    );
  }

  /**
   * @param includeBelow A deletion takes what lies below with it, so locks there stand in its way too.
   * @throws {ArmError} `ScopeLocked`
   */
  async check(id: string, operation: LockedOperation, includeBelow: boolean): Promise<void> {
    const all = await this.cache.get();
    const inTheWay = all.filter(
      (lock) =>
        (isWithin(id, lock.scope) || (includeBelow && isWithin(lock.scope, id))) &&
        (lock.level === 'ReadOnly' || operation === 'delete'),
    );
    if (inTheWay.length === 0) return;
    const locked = [...new Set(inTheWay.map((lock) => lock.scope))].join(',');
    throw armError('ScopeLocked', { scope: id, operation: operation === 'action' ? 'write' : operation, locked });
  }
}
