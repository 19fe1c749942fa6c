import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportCounts, ReportKey } from '@lazuli/management';
import { historyTiers, type Period, type RequestHistory } from './request-history.ts';
import { isCounts, isKey, isRequest } from './usage-batch.ts';

/** The history of one service on disk: a file for each period, and one for the newest requests. */
export class HistoryFiles {
  readonly #folder: string;

  constructor(dataFolder: string, serviceId: string) {
    const name = createHash('sha256').update(serviceId.toLowerCase()).digest('hex').slice(0, 16);
    this.#folder = join(dataFolder, 'analytics', name);
  }

  /** Files that cannot be understood are left out: they are history, not configuration. */
  async read(history: RequestHistory): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const periods: { start: number; periodMs: number; rows: { key: ReportKey; counts: ReportCounts }[] }[] = [];
    for (const name of await readdir(this.#folder)) {
      const [, periodMs, start] = /^(\d+)-(\d+)\.json$/.exec(name) ?? [];
      if (periodMs === undefined || !historyTiers.some((tier) => String(tier.periodMs) === periodMs)) continue;
      const content = await this.#json(name);
      if (isRows(content)) periods.push({ start: Number(start), periodMs: Number(periodMs), rows: content });
    }
    const requests = await this.#json(requestsFile);
    history.restore(periods, Array.isArray(requests) ? requests.filter(isRequest) : []);
  }

  /** Writes what changed (single requests only if `withRequests`) and removes what is gone; each file whole or not at all. */
  async write(history: RequestHistory, now: number, withRequests: boolean): Promise<void> {
    const gone = history.rollUp(now);
    for (const period of history.takeDirty()) await this.#write(fileOf(period), [...period.rows.values()]);
    const requests = withRequests ? history.takeNewRequests() : null;
    if (requests) await this.#write(requestsFile, requests);
    for (const period of gone) await rm(join(this.#folder, fileOf(period)), { force: true });
  }

  async #write(name: string, content: unknown): Promise<void> {
    const file = join(this.#folder, name);
    await writeFile(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  async #json(name: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8'));
    } catch {
      return null;
    }
  }
}

const requestsFile = 'requests.json';

function fileOf({ start, periodMs }: Period): string {
  return `${periodMs}-${start}.json`;
}

function isRows(value: unknown): value is { key: ReportKey; counts: ReportCounts }[] {
  return Array.isArray(value) && value.every(isRow);
}

function isRow(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    'counts' in value &&
    isKey(value.key) &&
    isCounts(value.counts)
  );
}
