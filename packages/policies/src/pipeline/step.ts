import type { Exchange } from '../exchange.ts';

export type Section = 'inbound' | 'backend' | 'outbound' | 'on-error';
export const sections: readonly Section[] = ['inbound', 'backend', 'outbound', 'on-error'];
export type Scope = 'global' | 'workspace' | 'product' | 'api' | 'operation';

/** What a step asks of the pipeline: go on (nothing), answer with `exchange.response` now, or go on in outbound after a cache hit. */
export type Flow = 'respond' | 'cache-hit' | undefined;

/**
 * One compiled policy. Runs synchronously and returns; only a step that must wait returns a promise, and only then is
 * anything awaited. Fails by throwing (`PolicyError` where Azure defines the answer).
 */
export type Step = (exchange: Exchange) => Flow | Promise<Flow>;

/** Where a step stands, for `context.LastError` and traces. */
export interface StepInfo {
  /** Name of the policy. */
  readonly source: string;
  readonly scope: Scope;
  readonly section: Section;
  /** Position in the section: `choose[3]/when[2]/set-header[1]`; counted per element name from 1. */
  readonly path: string;
  /** The `id` attribute, or empty. */
  readonly policyId: string;
}

export interface CompiledStep {
  readonly run: Step;
  readonly info: StepInfo;
}
