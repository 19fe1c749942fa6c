import { type Problems, type Span, SyntaxProblem } from '../syntax/problems.ts';
import type { Bound, BoundReturn, Constant, FunctionSymbol, LocalSymbol, Temp } from './bound.ts';
import { Scope } from './scope.ts';
import { nearest } from './suggestion.ts';
import { errorType, type NamedType, type Type } from './types.ts';
import type { Universe } from './universe.ts';

/** More work than this is no honest expression: nested lambdas in overloaded calls multiply. */
const mostSteps = 200_000;

/** What is being bound: the whole expression, a lambda or a local function. */
export interface FunctionState {
  /** Undefined while a lambda's is not known. */
  readonly returnType: Type | undefined;
  /** What `yield return` gives, in an iterator. */
  readonly yields?: Type | null;
  readonly returns: BoundReturn[];
  readonly parent: FunctionState | null;
}

/** The state of one binding: problems, the current scope, the current function, and what locals need. */
export class Binder {
  readonly universe: Universe;
  readonly contextType: NamedType | undefined;
  problems: Problems;
  /** Without the names of the expression. */
  readonly rootScope = new Scope(null);
  scope = this.rootScope;
  current: FunctionState = { returnType: undefined, returns: [], parent: null };
  checked = false;
  /** Inside `unchecked`: constants may overflow. */
  uncheckedConstants = false;
  /** Variables that expressions of the current statement declare. */
  hoisted: LocalSymbol[] = [];
  /** What `break`, `continue` and `goto case` mean here. */
  loops: { readonly breakTo: number; readonly continueTo: number | null }[] = [];
  /** Inside `finally`: jumps may not leave to the loops below this index. */
  finallyFloor = 0;
  inFinally = false;
  switches: {
    readonly id: number;
    readonly gotos: { resolve: (section: number) => void; at: Span; value: Bound | null }[];
  }[] = [];
  /** Labels of the blocks around, outermost first. */
  labels: { readonly id: number; readonly sections: ReadonlyMap<string, number>; readonly inFinally: boolean }[] = [];
  inCatch = 0;
  /** What stands for the target inside `target?.rest`. */
  receiver: Bound | null = null;
  /** Instances of generic local functions so far. */
  instances = 0;
  #steps = 0;
  #nextId = 1;

  constructor(universe: Universe, problems: Problems) {
    this.universe = universe;
    this.problems = problems;
    this.contextType = universe.find('IProxyRequestContext', 0)?.construct([]);
  }

  /** Does the work in the body of a function: a scope in `within`, where jumps and declarations of the code around mean nothing. */
  insideFunction<T>(within: Scope, state: Omit<FunctionState, 'parent'>, work: () => T): T {
    const { scope, current, hoisted, loops, switches, labels, inCatch, finallyFloor, inFinally } = this;
    this.scope = new Scope(within);
    this.current = { ...state, parent: current };
    this.hoisted = [];
    this.loops = [];
    this.switches = [];
    this.labels = [];
    this.inCatch = 0;
    this.finallyFloor = 0;
    this.inFinally = false;
    try {
      return work();
    } finally {
      Object.assign(this, { scope, current, hoisted, loops, switches, labels, inCatch, finallyFloor, inFinally });
    }
  }

  /** Counts one unit of work. */
  step(at: Span): void {
    if (++this.#steps > mostSteps) throw new SyntaxProblem('EXPR0004', 'The expression is too complex to compile.', at);
  }

  id(): number {
    return this.#nextId++;
  }

  temp(): Temp {
    return { id: this.id() };
  }

  report(code: string, message: string, at: Span): void {
    this.problems.report(code, message, at);
  }

  /** Reports and gives the node that stands for what is wrong. */
  fail(code: string, message: string, at: Span): Bound {
    this.report(code, message, at);
    return this.error(at);
  }

  error(at: Span): Bound {
    return { kind: 'Error', type: errorType, start: at.start, end: at.end };
  }

  newLocal(name: string, type: Type, more: Partial<LocalSymbol> = {}): LocalSymbol {
    return {
      kind: 'local',
      name,
      type,
      id: this.id(),
      readOnly: null,
      constant: null,
      hoisted: false,
      byReference: false,
      isParameter: false,
      ...more,
    };
  }

  /** Adds a symbol to the current scope. CS0128 when the scope has the name, CS0136 when an enclosing one has it. */
  declare(symbol: LocalSymbol | FunctionSymbol, at: Span): void {
    if (this.scope.has(symbol.name)) {
      this.report('CS0128', `A local variable or function named '${symbol.name}' is already defined in this scope`, at);
    } else if (this.scope.find(symbol.name)) {
      this.report(
        'CS0136',
        `A local or parameter named '${symbol.name}' cannot be declared in this scope because that name is used in an enclosing local scope to define a local or parameter`,
        at,
      );
    }
    this.scope.add(symbol);
  }

  /** Runs `body` in a new scope. */
  inScope<T>(body: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(outer);
    try {
      return body();
    } finally {
      this.scope = outer;
    }
  }

  /** ` Did you mean 'Length'?`, or nothing. */
  didYouMean(name: string, candidates: Iterable<string>): string {
    if (this.problems.isFull) return '';
    const near = nearest(name, candidates);
    return near === undefined ? '' : ` Did you mean '${near}'?`;
  }

  get int(): NamedType {
    return this.universe.keyword('int');
  }
  get bool(): NamedType {
    return this.universe.keyword('bool');
  }
  get string(): NamedType {
    return this.universe.keyword('string');
  }
  get object(): NamedType {
    return this.universe.keyword('object');
  }

  constant(value: Constant['value'], type: Type, at: Span): Bound {
    return { kind: 'Constant', type, constant: { value }, start: at.start, end: at.end };
  }
}
