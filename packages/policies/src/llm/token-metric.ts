import { compileDimensions, dimensionElement, validateDimensions } from '../metrics/dimensions.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { llmCallOf } from './llm-call.ts';
import type { Usage } from './usage.ts';

const metrics = [
  { type: 'total-tokens', name: 'Total Tokens', of: (usage: Usage) => usage.total },
  { type: 'prompt-tokens', name: 'Prompt Tokens', of: (usage: Usage) => usage.prompt },
  { type: 'completion-tokens', name: 'Completion Tokens', of: (usage: Usage) => usage.completion },
] as const;

/** `llm-emit-token-metric` under either of its names. */
export function tokenMetricPolicy(name: string): PolicyDefinition {
  return {
    name,
    sections: ['inbound'],
    scopes: ['global', 'workspace', 'product', 'api', 'operation'],
    element: {
      attributes: {
        namespace: { type: 'string', default: 'API Management', expression: true },
        name: { type: 'string', expression: true, nonEmpty: true, note: 'undocumented' },
        'value-type': {
          type: 'enum',
          values: ['all', 'total-tokens', 'prompt-tokens', 'completion-tokens'],
          default: 'all',
          expression: false,
          note: 'undocumented',
        },
        'ignore-prompt': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
      },
      children: { kind: 'sequence', items: [dimensionElement] },
    },
    validate: validateDimensions,
    compile(element, compiler) {
      const namespace = compiler.string(element, 'namespace');
      const ownName = compiler.string(element, 'name');
      const valueType = compiler.choice(element, 'value-type').constant ?? 'all';
      const ignoresPrompt = compiler.boolean(element, 'ignore-prompt').constant === true;
      const dimensions = compileDimensions(element, compiler);
      const wanted = metrics.filter(({ type }) => valueType === 'all' || valueType === type);
      return async (exchange) => {
        const space = namespace.get(exchange) ?? '';
        const own = ownName.get(exchange);
        const read = dimensions(exchange);
        const call = await llmCallOf(exchange, 'auto');
        call.onUsage((usage) => {
          if (!usage) return;
          const counted = ignoresPrompt ? { prompt: 0, completion: usage.completion, total: usage.completion } : usage;
          for (const metric of wanted) {
            if (ignoresPrompt && metric.type === 'prompt-tokens') continue;
            exchange.ports.metrics.emit({
              namespace: space,
              name: metricName(own, metric.name, wanted.length),
              value: metric.of(counted),
              dimensions: read(),
            });
          }
        });
        return undefined;
      };
    },
    notes:
      'Total Tokens, Prompt Tokens and Completion Tokens, from the usage of the answer; a stream without one is counted while it flows. Emitted when the answer has gone through, for each answer of a backend that is no error. name stands for the name of a single value-type, and before the names of all.',
  };
}

function metricName(own: string | null, standard: string, count: number): string {
  if (own === null) return standard;
  return count === 1 ? own : `${own} ${standard}`;
}
