import type { MetricSeriesState } from './metric-series.ts';

/** The media type of {@link prometheusText}. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Series in Prometheus' text format (0.0.4). `Total Tokens` in the namespace `API Management` becomes the summary
 * `api_management_total_tokens` (`_count`, `_sum`) with the gauges `_minute_min` and `_minute_max` of the last minute that is
 * over. Dimensions are labels (`API ID`: `api_id`). Metrics whose names become the same are told apart by the labels
 * `metric_namespace` and `metric_name`.
 */
export function prometheusText(series: readonly MetricSeriesState[]): string {
  const families = new Map<string, MetricSeriesState[]>();
  for (const one of series) {
    const name = identifier(`${one.namespace}_${one.name}`);
    families.set(name, [...(families.get(name) ?? []), one]);
  }
  return [...families].map(([name, members]) => family(name, members)).join('');
}

function family(name: string, members: readonly MetricSeriesState[]): string {
  const isShared = new Set(members.map(({ namespace, name }) => JSON.stringify([namespace, name]))).size > 1;
  const [first] = members;
  const help = first ? `${escaped(first.name)} (${escaped(first.namespace)})` : '';
  const samples = members.map((one) => ({ one, labels: labelsOf(one, isShared) }));
  const minutes = samples.flatMap(({ one, labels }) => (one.lastMinute ? [{ minute: one.lastMinute, labels }] : []));
  const lines = [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} summary`,
    ...samples.flatMap(({ one, labels }) => [
      `${name}_sum${labels} ${number(one.sum)}`,
      `${name}_count${labels} ${number(one.count)}`,
    ]),
  ];
  for (const kind of minutes.length > 0 ? (['min', 'max'] as const) : []) {
    lines.push(`# HELP ${name}_minute_${kind} ${help}, ${kind}imum of the last whole minute`);
    lines.push(`# TYPE ${name}_minute_${kind} gauge`);
    for (const { minute, labels } of minutes) lines.push(`${name}_minute_${kind}${labels} ${number(minute[kind])}`);
  }
  return `${lines.join('\n')}\n`;
}

function labelsOf({ namespace, name, dimensions }: MetricSeriesState, isShared: boolean): string {
  const labels = new Map<string, string>();
  if (isShared) {
    labels.set('metric_namespace', namespace);
    labels.set('metric_name', name);
  }
  for (const [key, value] of dimensions) {
    const base = identifier(key);
    let label = base;
    for (let suffix = 2; labels.has(label); suffix++) label = `${base}_${suffix}`;
    labels.set(label, value);
  }
  if (labels.size === 0) return '';
  return `{${[...labels].map(([key, value]) => `${key}="${escaped(value).replaceAll('"', '\\"')}"`).join(',')}}`;
}

/** Letters, digits and `_`, in lower case; never beginning with a digit, nor with `__`, which Prometheus keeps for itself. */
function identifier(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name : `_${name}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '');

const number = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
