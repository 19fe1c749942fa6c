import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMicroseconds, type Measured, residentMebibytes } from '../kit/processes.ts';
import { type Peer, urlOf } from './peer.ts';
import type { Scenario } from './scenarios.ts';

export interface Result {
  readonly requests: number;
  readonly perSecond: number;
  /** CPU of the gateway's own processes for one request. */
  readonly cpuMicroseconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly mebibytes: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'lazuli-bench-load-'));

/** Loads a gateway for so many seconds, as fast as it answers. @throws when any answer is not a success */
export function load(peer: Peer, server: Measured, scenario: Scenario, seconds: number): Result {
  const before = cpuMicroseconds(server.pid);
  const measured = scenario.transport === 'h2' ? withH2load(peer, scenario, seconds) : withWrk(peer, scenario, seconds);
  const spent = cpuMicroseconds(server.pid) - before;
  if (measured.failures > 0)
    throw new Error(
      `${peer.name} failed ${measured.failures} of ${measured.requests} requests of scenario ${scenario.id}`,
    );
  return {
    requests: measured.requests,
    perSecond: Math.round(measured.requests / measured.seconds),
    cpuMicroseconds: spent / measured.requests,
    p50Milliseconds: measured.p50,
    p99Milliseconds: measured.p99,
    mebibytes: residentMebibytes(server.pid),
  };
}

/** Sends HTTP/1.1 requests at a fixed rate; gives the 99th percentile of their times in milliseconds. */
export function p99AtRate(peer: Peer, scenario: Scenario, perSecond: number, seconds: number): number {
  const connections = 32;
  const log = join(scratch, `${peer.port}.times`);
  const rate = Math.max(1, Math.round(perSecond / connections));
  h2load([
    '--h1',
    '-c',
    String(connections),
    '-D',
    String(seconds),
    '--rps',
    String(rate),
    '--log-file',
    log,
    ...headersOf(scenario),
    urlOf(peer, scenario),
  ]);
  return percentiles(log).p99;
}

interface Measurement {
  readonly requests: number;
  readonly seconds: number;
  readonly failures: number;
  readonly p50: number;
  readonly p99: number;
}

function withWrk(peer: Peer, scenario: Scenario, seconds: number): Measurement {
  const script = join(scratch, `${scenario.id}.lua`);
  writeFileSync(script, wrkScript(scenario));
  const connections = scenario.connections ?? 64;
  const output = execFileSync(
    'wrk',
    ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, urlOf(peer, scenario)],
    { encoding: 'utf8' },
  );
  const match = /RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)/.exec(output);
  if (!match) throw new Error(`wrk said:\n${output}`);
  const [requests = 0, duration = 1, failures = 0, p50 = 0, p99 = 0] = match.slice(1).map(Number);
  return { requests, seconds: duration / 1e6, failures, p50: p50 / 1000, p99: p99 / 1000 };
}

function wrkScript({ method = 'GET', headers = {}, bodyBytes = 0, tokens }: Scenario): string {
  const fixed = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
  const rotation = tokens
    ? `
local tokens = { ${tokens.map((token) => `"Bearer ${token}"`).join(',')} }
local requests = {}
local at = 0
init = function(args)
  for i, token in ipairs(tokens) do
    wrk.headers["Authorization"] = token
    requests[i] = wrk.format("GET")
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end`
    : '';
  return `
wrk.method = "${method}"
${bodyBytes > 0 ? `wrk.body = string.rep("x", ${bodyBytes})` : ''}
${fixed.join('\n')}
${rotation}
done = function(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %f %f\\n", summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)))
end
`;
}

function withH2load(peer: Peer, scenario: Scenario, seconds: number): Measurement {
  const log = join(scratch, `${peer.port}.times`);
  const output = h2load([
    '-c',
    '8',
    '-m',
    '8',
    '-D',
    String(seconds),
    '--log-file',
    log,
    ...headersOf(scenario),
    urlOf(peer, scenario),
  ]);
  const succeeded = Number(/(\d+) succeeded/.exec(output)?.[1] ?? 0);
  const failures = Number(/(\d+) failed/.exec(output)?.[1] ?? 0) + Number(/(\d+) [45]xx/.exec(output)?.[1] ?? 0);
  if (succeeded === 0) throw new Error(`h2load said:\n${output}`);
  return { requests: succeeded, seconds, failures, ...percentiles(log) };
}

function h2load(args: readonly string[]): string {
  return execFileSync('h2load', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
}

function headersOf({ headers = {} }: Scenario): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
}

/** h2load's log: start in microseconds, status, time in microseconds; a line a request. */
function percentiles(log: string): { readonly p50: number; readonly p99: number } {
  const times = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Number(line.split('\t')[2]))
    .sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN) / 1000;
  return { p50: at(0.5), p99: at(0.99) };
}
