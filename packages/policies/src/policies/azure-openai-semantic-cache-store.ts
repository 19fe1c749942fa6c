import { semanticCacheStore } from '../llm/semantic-cache.ts';

/** Stores the answer of a language model for prompts that mean the same. */
export const azureOpenaiSemanticCacheStore = semanticCacheStore('azure-openai-semantic-cache-store');
