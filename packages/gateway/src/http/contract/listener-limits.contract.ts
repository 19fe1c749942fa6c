import type { MakeListener } from './listening.ts';
export function describeLimits(_make: MakeListener): void {}
