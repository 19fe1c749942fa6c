import { semanticCacheLookup } from '../llm/semantic-cache.ts';

/** Answers a prompt from the cache when an answer to one that means the same is there. */
export const azureOpenaiSemanticCacheLookup = semanticCacheLookup('azure-openai-semantic-cache-lookup');
