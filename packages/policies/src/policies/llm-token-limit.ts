import { tokenLimitPolicy } from '../llm/token-limit.ts';

/** Limits the tokens that callers who share a key use of a language model, per minute and per period. */
export const llmTokenLimit = tokenLimitPolicy('llm-token-limit');
