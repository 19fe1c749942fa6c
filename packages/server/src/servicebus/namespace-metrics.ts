import type { HostedNamespace } from './namespace-host.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

/** What operators watch of the namespaces that this process serves, in Prometheus' text format. */
export async function namespaceMetrics(namespaces: readonly HostedNamespace[]): Promise<string> {
  const metrics = new Map<string, Metric>();
  const add = (
    name: string,
    type: Metric['type'],
    help: string,
    labels: Readonly<Record<string, string>>,
    value: number,
  ) => {
    const metric = metrics.get(name) ?? { name, help, type, samples: [] };
    metrics.set(name, metric);
    metric.samples.push([labels, value]);
  };
  for (const { directory, journal, record, served } of namespaces) {
    const namespace = record.name;
    const own = { namespace };
    const { statistics } = served;
    for (const [name, metric, help] of counters)
      add(`lazuli_servicebus_${metric}_total`, 'counter', help, own, statistics[name]);
    const { bytes, commitLatency, commits, liveBytes } = journal.statistics;
    add('lazuli_servicebus_commits_total', 'counter', 'Transactions of the journal.', own, commits);
    add('lazuli_servicebus_journal_bytes', 'gauge', 'Bytes of the journal.', { ...own, kind: 'all' }, bytes);
    add('lazuli_servicebus_journal_bytes', 'gauge', '', { ...own, kind: 'live' }, liveBytes);
    const latency = 'Seconds that the last 1,000 commits took.';
    for (const [quantile, milliseconds] of [
      ['0.5', commitLatency.p50],
      ['0.99', commitLatency.p99],
    ] as const)
      add('lazuli_servicebus_commit_latency_seconds', 'gauge', latency, { ...own, quantile }, milliseconds / 1000);
    for (const { path } of await entitiesOf(directory)) {
      const runtime = served.runtime(path);
      if (runtime === undefined) continue;
      const states = {
        active: runtime.activeMessageCount,
        dead_letter: runtime.deadLetterMessageCount,
        scheduled: runtime.scheduledMessageCount,
        transfer_dead_letter: runtime.transferDeadLetterMessageCount,
      };
      for (const [state, count] of Object.entries(states))
        add('lazuli_servicebus_messages', 'gauge', 'Messages in an entity.', { ...own, entity: path, state }, count);
    }
  }
  return [...metrics.values()].map(textOf).join('');
}

const counters = [
  ['sent', 'sent', 'Messages that were sent.'],
  ['delivered', 'delivered', 'Messages that receivers were given.'],
  ['completed', 'completed', 'Messages that were completed.'],
  ['abandoned', 'abandoned', 'Messages that were abandoned.'],
  ['deadLettered', 'dead_lettered', 'Messages that were dead-lettered.'],
  ['expired', 'expired', 'Messages whose time to live was over.'],
  ['lockExpiries', 'lock_expiries', 'Locks that ended before their message was settled.'],
] as const;

/** A topic has no messages of its own, but those that are scheduled. */
async function entitiesOf(directory: HostedNamespace['directory']) {
  const topics = await directory.list('topic');
  const subscriptions = await Promise.all(topics.map(({ path }) => directory.subscriptions(path)));
  return [...(await directory.list('queue')), ...topics, ...subscriptions.flat()];
}

function textOf({ help, name, samples, type }: Metric): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}{${pairs.join(',')}} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
