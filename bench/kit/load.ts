import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMicroseconds, type Measured } from './processes.ts';

export interface Load {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** CPU of the server (not of the load generator or the backend) for one request. */
  readonly cpuMicroseconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Answers other than 2xx and 3xx, and connections that failed. */
  readonly failures: number;
}

const report = `
done = function(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %f %f\\n", summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)))
end
`;
const script = join(mkdtempSync(join(tmpdir(), 'lazuli-bench-')), 'report.lua');
writeFileSync(script, report);

/** Loads `server` with wrk and measures what the server's processes spend. */
export function applyLoad(server: Measured, load: Load): LoadResult {
  const headers = Object.entries(load.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const before = cpuMicroseconds(server.pid);
  const output = execFileSync(
    'wrk',
    ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '-s', script, ...headers, load.url],
    { encoding: 'utf8' },
  );
  const spent = cpuMicroseconds(server.pid) - before;
  const match = /RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)/.exec(output);
  if (!match) throw new Error(`wrk said:\n${output}`);
  const [requests, duration, failures, p50, p99] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    requests,
    perSecond: Math.round((requests / duration) * 1_000_000),
    cpuMicroseconds: spent / requests,
    p50Milliseconds: p50 / 1000,
    p99Milliseconds: p99 / 1000,
    failures,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
