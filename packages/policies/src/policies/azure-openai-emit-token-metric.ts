import { tokenMetricPolicy } from '../llm/token-metric.ts';

/** `llm-emit-token-metric` under its older name. */
export const azureOpenaiEmitTokenMetric = tokenMetricPolicy('azure-openai-emit-token-metric');
