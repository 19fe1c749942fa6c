import type { MakeListener } from './listening.ts';
export function describeBodies(_make: MakeListener): void {}
