import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '@lazuli/gateway';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConfigurationBackup } from './configuration-backup.ts';
import {
  ConfigurationRefusedError,
  ConfigurationUnavailableError,
  type FetchedConfiguration,
} from './configuration-client.ts';
import { ConfigurationSource } from './configuration-source.ts';
import { writeConfiguration } from './gateway-configuration.ts';
import { ServedConfiguration } from './served-configuration.ts';

/** An endpoint that answers as it is told, and lets the gateway wait for what is not there yet. */
class FakeEndpoint {
  readonly beats: unknown[] = [];
  #answers: (FetchedConfiguration | Error)[] = [];
  #waiting: (() => void) | null = null;

  give(answer: FetchedConfiguration | Error): void {
    this.#answers.push(answer);
    this.#waiting?.();
  }

  async fetch(_: string | null, waitSeconds: number): Promise<FetchedConfiguration> {
    if (this.#answers.length === 0) {
      if (waitSeconds === 0) throw new ConfigurationUnavailableError('nothing');
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    const answer = this.#answers.shift() ?? new ConfigurationUnavailableError('closed');
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async post(_: string, body: object): Promise<void> {
    this.beats.push(body);
  }

  close(): void {
    this.#waiting?.();
  }
}

const changed = (policy: string): FetchedConfiguration & { readonly kind: 'changed' } => ({
  kind: 'changed',
  ...writeConfiguration({
    gateway: { id: 'edge', region: 'here' },
    service: { name: 'contoso', id: '/s' },
    debugKey: null,
    files: { 'policy.xml': `<policies><inbound>${policy}</inbound></policies>` },
  }),
});

let scratch: string;
let endpoint: FakeEndpoint;
let snapshots: Snapshot[];
let source: ConfigurationSource;

function open(): ConfigurationSource {
  endpoint = new FakeEndpoint();
  snapshots = [];
  source = new ConfigurationSource({
    client: endpoint,
    backup: new ConfigurationBackup(scratch, 'edge'),
    served: new ServedConfiguration(false),
    instanceId: 'one',
    logger: pino({ level: 'silent' }),
    now: Date.now,
    onSnapshot: (_, snapshot) => snapshots.push(snapshot),
  });
  return source;
}

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-source-'));
});
afterEach(async () => {
  await source.close();
  await rm(scratch, { recursive: true, force: true });
});

const backupFile = () => join(scratch, 'self-hosted', 'edge.json');

test('what the endpoint gives is served, kept for its owner alone, and reported', async () => {
  open();
  const first = changed('');
  endpoint.give(first);
  await source.start();
  expect(source.state).toMatchObject({ source: 'endpoint', endpoint: 'connected', version: first.etag, problem: null });
  expect(await readFile(backupFile(), 'utf8')).toBe(`${first.etag}\n${first.text}`);
  expect((await stat(backupFile())).mode & 0o777).toBe(0o600);
  expect(await readdir(join(scratch, 'self-hosted'))).toEqual(['edge.json']);
  expect(endpoint.beats).toEqual([{ instanceId: 'one', configuration: first.etag, status: 'Healthy' }]);
});

test('a configuration that cannot be served is a problem; the last good one stays, on disk too', async () => {
  open();
  const good = changed('');
  endpoint.give(good);
  await source.start();
  endpoint.give(changed('<no-such-policy />'));
  await vi.waitFor(() => expect(source.state.problem).toMatch(/no-such-policy/));
  expect([source.state.version, snapshots.length]).toEqual([good.etag, 1]);
  endpoint.give({ kind: 'changed', text: '{"format":99}', etag: '"new"' });
  await vi.waitFor(() => expect(source.state.problem).toMatch(/format/));
  expect(await readFile(backupFile(), 'utf8')).toContain(good.etag);
  const better = changed('<return-response />');
  endpoint.give(better);
  await vi.waitFor(() => expect(source.state).toMatchObject({ version: better.etag, problem: null }));
});

test('while the endpoint is away the backup is served, and becomes the newest when the endpoint says so', async () => {
  const kept = changed('');
  await new ConfigurationBackup(scratch, 'edge').write(kept);
  open();
  endpoint.give(new ConfigurationUnavailableError('away'));
  await source.start();
  expect(source.state).toMatchObject({ source: 'backup', endpoint: 'unreachable', version: kept.etag });
  endpoint.give({ kind: 'unchanged' });
  await vi.waitFor(() => expect(source.state).toMatchObject({ source: 'endpoint', endpoint: 'connected' }));
  expect(snapshots).toHaveLength(1);
});

test('a backup that is broken, or none, leaves the gateway without a configuration until there is one', async () => {
  await new ConfigurationBackup(scratch, 'edge').write(changed(''));
  await writeFile(backupFile(), 'x');
  open();
  endpoint.give(new ConfigurationUnavailableError('away'));
  await source.start();
  expect([source.state.source, snapshots.length]).toEqual(['none', 0]);
  endpoint.give(changed(''));
  await vi.waitFor(() => expect(source.state.source).toBe('endpoint'));
});

test('a token that is refused starts nothing, whatever is on disk', async () => {
  await new ConfigurationBackup(scratch, 'edge').write(changed(''));
  open();
  endpoint.give(new ConfigurationRefusedError('expired'));
  await expect(source.start()).rejects.toThrow('expired');
  expect(snapshots).toEqual([]);
});
