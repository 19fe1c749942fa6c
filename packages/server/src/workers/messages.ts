import type { Diagnostic } from '@lazuli/resources';
import type { ReloadReport } from '../configuration/reloader.ts';
import type { RunningService, ServerOptions } from '../server-options.ts';

/** What the starting process tells a worker. */
export type ToWorker =
  | { readonly kind: 'start'; readonly options: Omit<ServerOptions, 'onReload' | 'clock'> }
  | { readonly kind: 'stop'; readonly graceMs: number };

/** What a worker tells the process that started it. */
export type FromWorker =
  | { readonly kind: 'started'; readonly service: Omit<RunningService, 'stop'> }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'reloaded'; readonly report: ReloadReport };
