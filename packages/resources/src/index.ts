/** The resource model of API Management and the readers of the files that describe it. */
export type { Diagnostic } from './diagnostic.ts';
export type * from './model/service.ts';
