import { tokenMetricPolicy } from '../llm/token-metric.ts';

/** Sends the tokens that a call of a language model used to the metrics. */
export const llmEmitTokenMetric = tokenMetricPolicy('llm-emit-token-metric');
