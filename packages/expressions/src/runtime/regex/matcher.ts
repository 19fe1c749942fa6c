import { charge, chargeMemory } from '../budget.ts';
import { fold, isBoundaryWord } from './char-set.ts';
import type { Program, Step } from './program.ts';
import type { Anchor } from './syntax.ts';

/** Where a group matched, in order of time: start and end alternate. */
export type Spans = readonly number[];

export interface Found {
  readonly start: number;
  readonly end: number;
  /** By group number; undefined when the group took no part. */
  readonly groups: readonly (Spans | undefined)[];
}

// What an entry of the backtracking stack is. Each takes four numbers: kind, a, b, c.
const branch = 0; // a: step, b: position
const undoClose = 1; // a: group
const undoOpen = 2; // a: group, b: the start before
const undoCounter = 3; // a: counter, b: count before, c: position before
const greedy = 4; // a: next step, b: position of fewest, c: position now
const lazily = 5; // a: step of the repeat, b: position now, c: how many more
const enterLoop = 6; // a: step of the loop, b: position
const width = 4;

/** Instructions between two charges of the budget; an instruction costs a quarter of a step. */
const batch = 256;

/**
 * Runs a program on one input by backtracking, with an explicit stack: no pattern and no input can overflow the stack
 * of JavaScript, and what runs long ends in BudgetExceeded.
 */
export class Matcher {
  readonly #steps: readonly Step[];
  readonly #program: Program;
  readonly #input: string;
  readonly #stack: number[] = [];
  #charged = 0;
  #counts: number[];
  #positions: number[];
  #starts: number[];
  #spans: number[][];
  #from = 0;
  #position = 0;
  #work = 0;

  constructor(program: Program, input: string) {
    this.#program = program;
    this.#steps = program.steps;
    this.#input = input;
    this.#counts = [];
    this.#positions = [];
    this.#starts = [];
    this.#spans = [];
  }

  /** The first match at or after `from`. */
  find(from: number): Found | null {
    const { prefix, anchored } = this.#program;
    this.#from = from;
    for (let start = from; start <= this.#input.length; start++) {
      if (anchored && start > 0) return null;
      if (prefix !== '') {
        const next = this.#input.indexOf(prefix, start);
        charge(1 + ((next < 0 ? this.#input.length : next) - start) / 64);
        if (next < 0) return null;
        start = next;
      }
      const end = this.#at(start);
      if (end >= 0) return { start, end, groups: this.#groups() };
    }
    return null;
  }

  #groups(): (Spans | undefined)[] {
    const groups: (Spans | undefined)[] = [];
    this.#spans.forEach((spans, group) => {
      groups[group] = spans && spans.length > 0 ? [...spans] : undefined;
    });
    return groups;
  }

  #at(start: number): number {
    this.#stack.length = 0;
    this.#spans = [];
    this.#position = start;
    this.#tick(1);
    return this.#run(0) ? this.#position : -1;
  }

  #tick(steps: number): void {
    this.#work += steps;
    if (this.#work >= batch) {
      charge(this.#work / 4);
      this.#work = 0;
    }
  }

  #push(kind: number, a: number, b: number, c: number): void {
    const stack = this.#stack;
    stack.push(kind, a, b, c);
    if (stack.length > this.#charged) {
      chargeMemory(4096 * 8);
      this.#charged += 4096;
    }
  }

  /** Runs from `step` until an accept; false when nothing matches. Leaves what can be tried again on the stack. */
  #run(first: number): boolean {
    const base = this.#stack.length;
    const input = this.#input;
    const steps = this.#steps;
    let at = first;
    for (;;) {
      this.#tick(1);
      const step = steps[at] as Step;
      let matched = true;
      switch (step.op) {
        case 'char': {
          const position = step.back ? this.#position - 1 : this.#position;
          matched = input.charCodeAt(position) === step.unit;
          this.#position = step.back ? position : position + 1;
          at++;
          break;
        }
        case 'folded': {
          const position = step.back ? this.#position - 1 : this.#position;
          matched = position >= 0 && position < input.length && fold(input.charCodeAt(position)) === step.unit;
          this.#position = step.back ? position : position + 1;
          at++;
          break;
        }
        case 'set': {
          const position = step.back ? this.#position - 1 : this.#position;
          matched = position >= 0 && position < input.length && step.set.has(input.charCodeAt(position));
          this.#position = step.back ? position : position + 1;
          at++;
          break;
        }
        case 'repeat':
          matched = this.#repeat(step, at);
          at++;
          break;
        case 'split':
          this.#push(branch, step.second, this.#position, 0);
          at = step.first;
          break;
        case 'jump':
          at = step.to;
          break;
        case 'open':
          this.#push(undoOpen, step.group, this.#starts[step.group] ?? -1, 0);
          this.#starts[step.group] = this.#position;
          at++;
          break;
        case 'close': {
          this.#close(step.group);
          at++;
          break;
        }
        case 'loop-start':
          this.#setCounter(step.counter, 0, -1);
          at++;
          break;
        case 'loop':
          at = this.#loop(step, at);
          break;
        case 'anchor':
          matched = this.#anchor(step.anchor, step.ecma);
          at++;
          break;
        case 'back-reference':
          matched = this.#backReference(step.group, step.ignoreCase, step.back);
          at++;
          break;
        case 'atomic':
          matched = this.#inner(at + 1);
          at = step.end;
          break;
        case 'look':
          matched = this.#look(at + 1, step.negative);
          at = step.end;
          break;
        case 'if-group':
          at = (this.#spans[step.group]?.length ?? 0) > 0 ? at + 1 : step.no;
          break;
        case 'if-look':
          at = this.#look(at + 1, step.negative) ? step.end : step.no;
          break;
        case 'fail':
          matched = false;
          break;
        case 'accept':
          return true;
      }
      if (!matched) {
        at = this.#backtrack(base);
        if (at < 0) return false;
      }
    }
  }

  #close(group: number): void {
    const start = this.#starts[group] ?? this.#position;
    let spans = this.#spans[group];
    if (!spans) {
      spans = [];
      this.#spans[group] = spans;
    }
    spans.push(Math.min(start, this.#position), Math.max(start, this.#position));
    this.#push(undoClose, group, 0, 0);
  }

  #repeat(step: Step & { op: 'repeat' }, at: number): boolean {
    const input = this.#input;
    const { set, min, max, lazy, back } = step;
    const direction = back ? -1 : 1;
    const offset = back ? -1 : 0;
    const available = back ? this.#position : input.length - this.#position;
    const most = Math.min(lazy ? min : max, available);
    const start = this.#position;
    let count = 0;
    while (count < most && set.has(input.charCodeAt(start + count * direction + offset))) count++;
    this.#tick(1 + (count >> 2));
    if (count < min) return false;
    this.#position = start + count * direction;
    if (lazy) {
      if (max > min) this.#push(lazily, at, this.#position, max - min);
    } else if (count > min) {
      this.#push(greedy, at + 1, start + min * direction, this.#position);
    }
    return true;
  }

  #loop(step: Step & { op: 'loop' }, at: number): number {
    const count = this.#counts[step.counter] ?? 0;
    if (count < step.min) {
      this.#setCounter(step.counter, count + 1, this.#position);
      return at + 1;
    }
    // An iteration that matched nothing ends the loop: more of them would change nothing.
    if (count >= step.max || (count > 0 && this.#positions[step.counter] === this.#position)) return step.exit;
    if (step.lazy) {
      this.#push(enterLoop, at, this.#position, 0);
      return step.exit;
    }
    this.#push(branch, step.exit, this.#position, 0);
    this.#setCounter(step.counter, count + 1, this.#position);
    return at + 1;
  }

  #setCounter(counter: number, count: number, position: number): void {
    this.#push(undoCounter, counter, this.#counts[counter] ?? 0, this.#positions[counter] ?? -1);
    this.#counts[counter] = count;
    this.#positions[counter] = position;
  }

  /** Undoes until something can be tried another way; the step to go on with, or -1. */
  #backtrack(base: number): number {
    const stack = this.#stack;
    while (stack.length > base) {
      this.#tick(1);
      const c = stack.pop() ?? 0;
      const b = stack.pop() ?? 0;
      const a = stack.pop() ?? 0;
      const kind = stack.pop();
      switch (kind) {
        case branch:
          this.#position = b;
          return a;
        case greedy: {
          const next = c + (c > b ? -1 : 1);
          if (next !== b) this.#push(greedy, a, b, next);
          this.#position = next;
          return a;
        }
        case lazily: {
          const step = this.#steps[a];
          if (step?.op !== 'repeat') break;
          const position = step.back ? b - 1 : b;
          if (position < 0 || position >= this.#input.length || !step.set.has(this.#input.charCodeAt(position))) break;
          this.#position = step.back ? position : position + 1;
          if (c > 1) this.#push(lazily, a, this.#position, c - 1);
          return a + 1;
        }
        case enterLoop: {
          const step = this.#steps[a];
          if (step?.op !== 'loop') break;
          this.#position = b;
          this.#setCounter(step.counter, (this.#counts[step.counter] ?? 0) + 1, b);
          return a + 1;
        }
        default:
          this.#undo(kind ?? -1, a, b, c);
      }
    }
    return -1;
  }
  #undo(kind: number, a: number, b: number, c: number): void {
    if (kind === undoClose) {
      const spans = this.#spans[a];
      if (spans) spans.length -= 2;
    } else if (kind === undoOpen) this.#starts[a] = b;
    else if (kind === undoCounter) {
      this.#counts[a] = b;
      this.#positions[a] = c;
    }
  }

  /** Matches the steps at `first` as a whole that is not tried another way: its undo entries stay, its branches go. */
  #inner(first: number): boolean {
    const base = this.#stack.length;
    if (!this.#run(first)) return false;
    const stack = this.#stack;
    let to = base;
    for (let i = base; i < stack.length; i += width) {
      const kind = stack[i] ?? branch;
      if (kind !== undoClose && kind !== undoOpen && kind !== undoCounter) continue;
      for (let j = 0; j < width; j++) stack[to + j] = stack[i + j] ?? 0;
      to += width;
    }
    stack.length = to;
    return true;
  }

  #look(first: number, negative: boolean): boolean {
    const position = this.#position;
    const base = this.#stack.length;
    const matched = this.#inner(first);
    if (matched && negative) while (this.#backtrack(base) >= 0);
    this.#position = position;
    return matched !== negative;
  }

  #anchor(anchor: Anchor, ecma: boolean): boolean {
    const input = this.#input;
    const position = this.#position;
    const end = input.length;
    switch (anchor) {
      case 'start':
        return position === 0;
      case 'end-only':
        return position === end;
      case 'end':
        return position === end || (!ecma && position === end - 1 && input.charCodeAt(position) === 10);
      case 'line-start':
        return position === 0 || input.charCodeAt(position - 1) === 10;
      case 'line-end':
        return position === end || input.charCodeAt(position) === 10;
      case 'here':
        return position === this.#from;
      case 'boundary':
        return this.#boundary(ecma);
      case 'not-boundary':
        return !this.#boundary(ecma);
    }
  }
  #boundary(ecma: boolean): boolean {
    const position = this.#position;
    const before = position > 0 && isBoundaryWord(this.#input.charCodeAt(position - 1), ecma);
    const after = position < this.#input.length && isBoundaryWord(this.#input.charCodeAt(position), ecma);
    return before !== after;
  }

  #backReference(group: number, ignoreCase: boolean, back: boolean): boolean {
    const spans = this.#spans[group];
    if (!spans || spans.length === 0) return false;
    const start = spans[spans.length - 2] ?? 0;
    const length = (spans[spans.length - 1] ?? 0) - start;
    const at = back ? this.#position - length : this.#position;
    if (at < 0 || at + length > this.#input.length) return false;
    this.#tick(1 + (length >> 2));
    for (let i = 0; i < length; i++) {
      const a = this.#input.charCodeAt(start + i);
      const b = this.#input.charCodeAt(at + i);
      if (a !== b && !(ignoreCase && fold(a) === fold(b))) return false;
    }
    this.#position = back ? at : at + length;
    return true;
  }
}
