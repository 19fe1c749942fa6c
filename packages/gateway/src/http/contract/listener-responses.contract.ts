import type { MakeListener } from './listening.ts';
export function describeResponses(_make: MakeListener): void {}
