import { tokenLimitPolicy } from '../llm/token-limit.ts';

/** `llm-token-limit` under its older name. */
export const azureOpenaiTokenLimit = tokenLimitPolicy('azure-openai-token-limit');
