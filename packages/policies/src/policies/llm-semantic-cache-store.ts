import { semanticCacheStore } from '../llm/semantic-cache.ts';

/** Stores the answer of a language model for prompts that mean the same. */
export const llmSemanticCacheStore = semanticCacheStore('llm-semantic-cache-store');
