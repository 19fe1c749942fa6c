import type { Exchange } from '../exchange.ts';
import type { CompiledStep, Scope, Section } from '../pipeline/step.ts';
import type { PreflightAnswer } from './policy-compiler.ts';

/** What stands directly in a section: a policy, or `<base />`, where the next wider scope's section is run. */
export type SectionItem = CompiledStep | 'base';

export type PreflightHandler = (exchange: Exchange) => PreflightAnswer;

/** One policy document, ready to become a part of pipelines. */
export interface CompiledDocument {
  readonly file: string;
  readonly scope: Scope;
  /** A missing section is an empty one. */
  readonly sections: Readonly<Record<Section, readonly SectionItem[]>>;
  /** `cors` policies, in document order. */
  readonly preflight: readonly PreflightHandler[];
}
