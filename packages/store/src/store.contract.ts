import { describe } from 'vitest';
import { describeBackup } from './contract/backup.contract.ts';
import { describeChange } from './contract/change.contract.ts';
import { describeFeed } from './contract/feed.contract.ts';
import { describeLogs } from './contract/logs.contract.ts';
import { describeModel } from './contract/model.contract.ts';
import { describeResources } from './contract/resources.contract.ts';
import { describeSchema } from './contract/schema.contract.ts';
import { describeSecrets } from './contract/secrets.contract.ts';
import type { CreateDatabase } from './testing/harness.ts';

/** What every store does, whichever database stands behind it. */
export function describeStore(name: string, create: CreateDatabase): void {
  describe(name, () => {
    describe('resources', () => describeResources(create));
    describe('change', () => describeChange(create));
    describe('feed', () => describeFeed(create));
    describe('logs', () => describeLogs(create));
    describe('secrets', () => describeSecrets(create));
    describe('backup and check', () => describeBackup(create));
    describe('schema', () => describeSchema(create));
    describe('model', () => describeModel(create));
  });
}
