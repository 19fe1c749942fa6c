import { describeStore } from '../store.contract.ts';
import { createSqlite } from '../testing/harness.ts';

describeStore('SQLite', createSqlite);
