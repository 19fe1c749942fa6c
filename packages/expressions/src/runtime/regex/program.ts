import { BudgetExceeded } from '../exceptions.ts';
import { CharSet, fold } from './char-set.ts';
import type { Anchor, Node } from './syntax.ts';

/** One instruction of the matcher. `back`: reads to the left (inside a look-behind). */
export type Step =
  | { readonly op: 'char'; readonly unit: number; readonly back: boolean }
  | { readonly op: 'folded'; readonly unit: number; readonly back: boolean }
  | { readonly op: 'set'; readonly set: CharSet; readonly back: boolean }
  | {
      readonly op: 'repeat';
      readonly set: CharSet;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      readonly back: boolean;
    }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'open'; readonly group: number }
  | { readonly op: 'close'; readonly group: number }
  | { readonly op: 'loop-start'; readonly counter: number }
  | {
      readonly op: 'loop';
      readonly counter: number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      readonly exit: number;
    }
  | { readonly op: 'anchor'; readonly anchor: Anchor; readonly ecma: boolean }
  | { readonly op: 'back-reference'; readonly group: number; readonly ignoreCase: boolean; readonly back: boolean }
  | { readonly op: 'atomic'; readonly end: number }
  | { readonly op: 'look'; readonly negative: boolean; readonly end: number }
  | { readonly op: 'if-group'; readonly group: number; readonly no: number }
  | { readonly op: 'if-look'; readonly negative: boolean; readonly end: number; readonly no: number }
  | { readonly op: 'fail' }
  | { readonly op: 'accept' };

export interface Program {
  readonly steps: readonly Step[];
  readonly counters: number;
  readonly highestGroup: number;
  /** A text every match starts with, compared exactly; empty when there is none. */
  readonly prefix: string;
  /** Matches only at the beginning of the input. */
  readonly anchored: boolean;
}

const longest = 50_000;

/** Translates a pattern to a program for the backtracking matcher. */
export function compileProgram(root: Node): Program {
  const compiler = new ProgramCompiler();
  compiler.emit(root, false);
  compiler.steps.push({ op: 'accept' });
  return {
    steps: compiler.steps,
    counters: compiler.counters,
    highestGroup: compiler.highestGroup,
    prefix: prefixOf(root),
    anchored: firstOf(root).kind === 'anchor' && isStart(firstOf(root)),
  };
}

class ProgramCompiler {
  readonly steps: Step[] = [];
  counters = 0;
  highestGroup = 0;

  emit(node: Node, back: boolean): void {
    if (this.steps.length > longest) throw new BudgetExceeded('The regular expression is too large.');
    switch (node.kind) {
      case 'empty':
        return;
      case 'never':
        this.steps.push({ op: 'fail' });
        return;
      case 'char':
        this.steps.push(
          node.ignoreCase ? { op: 'folded', unit: fold(node.unit), back } : { op: 'char', unit: node.unit, back },
        );
        return;
      case 'set':
        this.steps.push({ op: 'set', set: node.set, back });
        return;
      case 'sequence':
        for (const item of back ? node.items.toReversed() : node.items) this.emit(item, back);
        return;
      case 'choice':
        this.#choice(node.items, back);
        return;
      case 'loop':
        this.#loop(node.body, node.min, node.max, node.lazy, back);
        return;
      case 'capture':
        this.highestGroup = Math.max(this.highestGroup, node.slot.number);
        this.steps.push({ op: 'open', group: node.slot.number });
        this.emit(node.body, back);
        this.steps.push({ op: 'close', group: node.slot.number });
        return;
      case 'atomic': {
        const at = this.#reserve();
        this.emit(node.body, back);
        this.steps.push({ op: 'accept' });
        this.steps[at] = { op: 'atomic', end: this.steps.length };
        return;
      }
      case 'look': {
        const at = this.#reserve();
        this.emit(node.body, node.behind);
        this.steps.push({ op: 'accept' });
        this.steps[at] = { op: 'look', negative: node.negative, end: this.steps.length };
        return;
      }
      case 'backreference':
        this.steps.push({ op: 'back-reference', group: node.group, ignoreCase: node.ignoreCase, back });
        return;
      case 'anchor':
        this.steps.push({ op: 'anchor', anchor: node.anchor, ecma: node.ecma });
        return;
      case 'if-group': {
        const at = this.#reserve();
        const no = this.#branches(node.yes, node.no, back);
        this.steps[at] = { op: 'if-group', group: node.group, no };
        return;
      }
      case 'if-look': {
        const look = node.test;
        const at = this.#reserve();
        if (look.kind === 'look') this.emit(look.body, look.behind);
        this.steps.push({ op: 'accept' });
        const end = this.steps.length;
        const no = this.#branches(node.yes, node.no, back);
        this.steps[at] = { op: 'if-look', negative: look.kind === 'look' && look.negative, end, no };
        return;
      }
    }
  }

  #branches(yes: Node, no: Node, back: boolean): number {
    this.emit(yes, back);
    const jump = this.#reserve();
    const at = this.steps.length;
    this.emit(no, back);
    this.steps[jump] = { op: 'jump', to: this.steps.length };
    return at;
  }

  #choice(items: readonly Node[], back: boolean): void {
    const jumps: number[] = [];
    items.forEach((item, index) => {
      if (index === items.length - 1) {
        this.emit(item, back);
        return;
      }
      const split = this.#reserve();
      this.emit(item, back);
      jumps.push(this.#reserve());
      this.steps[split] = { op: 'split', first: split + 1, second: this.steps.length };
    });
    for (const jump of jumps) this.steps[jump] = { op: 'jump', to: this.steps.length };
  }

  #loop(body: Node, min: number, max: number, lazy: boolean, back: boolean): void {
    if (max === 0) return;
    const set = single(body);
    if (set) {
      this.steps.push({ op: 'repeat', set, min, max, lazy, back });
      return;
    }
    if (min === 0 && max === 1) {
      const split = this.#reserve();
      this.emit(body, back);
      const end = this.steps.length;
      this.steps[split] = lazy
        ? { op: 'split', first: end, second: split + 1 }
        : { op: 'split', first: split + 1, second: end };
      return;
    }
    const counter = this.counters++;
    this.steps.push({ op: 'loop-start', counter });
    const at = this.#reserve();
    this.emit(body, back);
    this.steps.push({ op: 'jump', to: at });
    this.steps[at] = { op: 'loop', counter, min, max, lazy, exit: this.steps.length };
  }

  #reserve(): number {
    return this.steps.push({ op: 'fail' }) - 1;
  }
}

/** The set of a node that matches exactly one character. */
function single(node: Node): CharSet | undefined {
  if (node.kind === 'set') return node.set;
  if (node.kind !== 'char') return undefined;
  const { unit, ignoreCase } = node;
  const folded = fold(unit);
  return new CharSet(ignoreCase ? (given) => fold(given) === folded : (given) => given === unit);
}

function prefixOf(node: Node): string {
  const items = node.kind === 'sequence' ? node.items : [node];
  let prefix = '';
  for (const item of items) {
    if (item.kind !== 'char' || item.ignoreCase) break;
    prefix += String.fromCharCode(item.unit);
  }
  return prefix;
}

function firstOf(node: Node): Node {
  if (node.kind === 'sequence') return firstOf(node.items[0] ?? { kind: 'empty' });
  return node.kind === 'capture' || node.kind === 'atomic' ? firstOf(node.body) : node;
}

function isStart(node: Node): boolean {
  return node.kind === 'anchor' && node.anchor === 'start';
}
