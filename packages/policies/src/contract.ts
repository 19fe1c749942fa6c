/** The suites that every implementation of the counter and cache ports passes. */

export { type CacheUnderTest, describeCache } from './cache/contract.ts';
export { type CountersUnderTest, describeCounters } from './counters/contract.ts';
