/**
 * CPU per request, throughput, times and memory of Lazuli's gateway beside other gateways, all in one run: five rounds,
 * alternating, medians.
 *
 *   node bench/gateway.ts [--seconds 3] [--rounds 5] [--only a,b] [--peers nginx,haproxy] [--http node|sockets]
 *
 * Needs Debian's nginx, haproxy, caddy, wrk and nghttp2-client; njs and Lua of nginx when their modules are installed.
 * The Node gateways of npm are installed into bench/peers the first time. Every gateway has one worker or thread; its
 * backend is another nginx, and only the gateway's own processes count.
 */
import { parseArgs } from 'node:util';
import { median } from './kit/load.ts';
import { startNginx } from './kit/nginx.ts';
import { type Measured, requirePrograms } from './kit/processes.ts';
import { caddy } from './proxy/caddy.ts';
import { haproxy } from './proxy/haproxy.ts';
import { lazuli } from './proxy/lazuli.ts';
import { load, p99AtRate, type Result } from './proxy/load.ts';
import { nginx, nginxWithLua } from './proxy/nginx.ts';
import { floor, nodeGateways } from './proxy/node-gateways.ts';
import type { Peer } from './proxy/peer.ts';
import { type Scenario, scenariosOf } from './proxy/scenarios.ts';
import { backendConfiguration, makeSite } from './proxy/site.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    peers: { type: 'string' },
    http: { type: 'string', default: 'sockets' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const wanted = <T>(list: string | undefined, items: readonly T[], name: (item: T) => string): T[] =>
  items.filter((item) => list === undefined || list.split(',').includes(name(item)));

requirePrograms({ nginx: 'nginx', haproxy: 'haproxy', caddy: 'caddy', wrk: 'wrk', h2load: 'nghttp2-client' });
const site = makeSite(18_480);
const scenarios = wanted(values.only, scenariosOf(site), ({ id }) => id);
const ours = ['--http', values.http];
const twoWorkers = [...ours, '--workers', '2'];
const oneAndTwo = ({ id }: Scenario) => id === 'a' || id === 'b';
const all: readonly Peer[] = [
  lazuli(site, 18_500, 18_501, { name: 'Lazuli', arguments: ours }),
  lazuli(site, 18_502, 18_503, { name: 'Lazuli, policies at every scope', arguments: ours, deep: true }),
  lazuli(site, 18_504, 18_505, { name: 'Lazuli, two workers', arguments: twoWorkers, takesPart: oneAndTwo }),
  nginx(site, 18_510, 18_511),
  nginxWithLua(site, 18_512),
  haproxy(site, 18_513, 18_514),
  caddy(site, 18_515, 18_516),
  ...nodeGateways(site, 18_520),
  floor(site, 18_530),
];
const peers = wanted(values.peers && `Lazuli,${values.peers}`, all, ({ name }) => name.replace(/,.*/, ''));

const backend = await startNginx('backend', site.backendPort, backendConfiguration(site));
const running = new Map<Peer, Measured>();
try {
  for (const peer of peers) {
    if (scenarios.some((scenario) => peer.takesPart(scenario))) running.set(peer, await peer.start());
  }
  const saturated = new Map<Peer, number>();
  for (const scenario of scenarios) {
    const results = compare(scenario);
    print(scenario, results);
    if (scenario.id === 'a') for (const [peer, { perSecond }] of results) saturated.set(peer, perSecond);
  }
  const plain = scenarios.find(({ id }) => id === 'a');
  if (plain) printTail(plain, saturated);
} finally {
  for (const server of running.values()) await server.stop();
  await backend.stop();
}

function compare(scenario: Scenario): Map<Peer, Result> {
  const taking = [...running].filter(([peer]) => peer.takesPart(scenario));
  const measured = new Map<Peer, Result[]>(taking.map(([peer]) => [peer, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [peer, server] of taking) {
      const result = load(peer, server, scenario, round === 0 ? Math.min(seconds, 2) : seconds);
      // The first round warms up.
      if (round > 0) measured.get(peer)?.push(result);
    }
  }
  return new Map([...measured].map(([peer, results]) => [peer, medians(results)]));
}

function medians(results: readonly Result[]): Result {
  const of = (field: keyof Result) => median(results.map((result) => result[field]));
  return {
    requests: of('requests'),
    perSecond: of('perSecond'),
    cpuMicroseconds: of('cpuMicroseconds'),
    p50Milliseconds: of('p50Milliseconds'),
    p99Milliseconds: of('p99Milliseconds'),
    mebibytes: of('mebibytes'),
  };
}

/** The ratio says how many requests Lazuli serves with the CPU that the peer needs for one. */
function print(scenario: Scenario, results: ReadonlyMap<Peer, Result>): void {
  console.log(`\n(${scenario.id}) ${scenario.name}\n`);
  console.log('| gateway | CPU µs | Lazuli to it | req/s | p50 ms | p99 ms | MiB |');
  console.log('|---|---|---|---|---|---|---|');
  const own = [...results].find(([peer]) => peer.name.startsWith('Lazuli'))?.[1].cpuMicroseconds ?? Number.NaN;
  for (const [peer, result] of results) {
    const ratio = result.cpuMicroseconds / own;
    console.log(
      `| ${peer.name} | ${result.cpuMicroseconds.toFixed(1)} | ${ratio.toFixed(2)} | ${result.perSecond} | ${result.p50Milliseconds.toFixed(1)} | ${result.p99Milliseconds.toFixed(1)} | ${result.mebibytes} |`,
    );
  }
}

/** Times when each gateway is asked for seven tenths of what it can do. */
function printTail(scenario: Scenario, saturated: ReadonlyMap<Peer, number>): void {
  console.log(`\n99th percentile at 0.7 of saturation, scenario (${scenario.id})\n`);
  console.log('| gateway | req/s | p99 ms |\n|---|---|---|');
  for (const [peer, perSecond] of saturated) {
    if (peer.name !== 'nginx' && peer.name !== 'Lazuli' && peer.name !== 'haproxy') continue;
    const times = Array.from({ length: rounds }, () => p99AtRate(peer, scenario, perSecond * 0.7, seconds));
    console.log(`| ${peer.name} | ${Math.round(perSecond * 0.7)} | ${median(times).toFixed(2)} |`);
  }
}
