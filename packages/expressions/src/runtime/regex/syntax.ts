import type { CharSet } from './char-set.ts';

export type Anchor = 'start' | 'end' | 'end-only' | 'line-start' | 'line-end' | 'here' | 'boundary' | 'not-boundary';

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'never' }
  | { readonly kind: 'char'; readonly unit: number; readonly ignoreCase: boolean }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'loop'; readonly body: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'capture'; readonly slot: Slot; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'look'; readonly body: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'backreference'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly kind: 'anchor'; readonly anchor: Anchor; readonly ecma: boolean }
  | { readonly kind: 'if-group'; readonly group: number; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'if-look'; readonly test: Node; readonly yes: Node; readonly no: Node };

/** A capturing group while the pattern is read; its number is known at the end. */
export interface Slot {
  readonly name: string | null;
  number: number;
}

export interface Pattern {
  readonly root: Node;
  /** Group names in the order of their numbers; an unnamed group's name is its number. */
  readonly names: ReadonlyMap<number, string>;
}
