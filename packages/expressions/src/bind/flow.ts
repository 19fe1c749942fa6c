/** Definite assignment: no local is read before it has a value (CS0165). C# specification, "Definite assignment". */
import type { Problems, Span } from '../syntax/problems.ts';
import type { Bound, BoundLabelled, BoundStatement, BoundSwitch, BoundTry, LocalSymbol, PatternTest } from './bound.ts';
import { endReachable, isTotal } from './reachability.ts';

/** The locals that may have no value yet; undefined where control cannot come. */
type State = ReadonlySet<number> | undefined;

interface Branches {
  readonly whenTrue: State;
  readonly whenFalse: State;
}

export function checkAssignments(statements: readonly BoundStatement[], problems: Problems): void {
  const flow = new Flow(problems);
  flow.statements(statements, new Set());
}

const both = (a: State, b: State): State => {
  if (!a) return b;
  if (!b) return a;
  if (a === b || b.size === 0) return a;
  return a.size === 0 ? b : a.union(b);
};

const withLocal = (state: State, local: LocalSymbol): State => {
  if (!state?.has(local.id)) return state;
  const next = new Set(state);
  next.delete(local.id);
  return next;
};

const declared = (state: State, locals: readonly LocalSymbol[]): State =>
  !state || locals.length === 0 ? state : new Set([...state, ...locals.filter((l) => !l.isParameter).map((l) => l.id)]);

class Flow {
  readonly problems: Problems;
  readonly breaks = new Map<number, State[]>();
  /** What holds where a `goto` leaves for a section of a block. */
  readonly jumps = new Map<number, { readonly section: number; readonly state: State }[]>();

  constructor(problems: Problems) {
    this.problems = problems;
  }

  statements(list: readonly BoundStatement[], start: State): State {
    return list.reduce<State>((state, statement) => this.statement(statement, state), start);
  }

  statement(node: BoundStatement, state: State): State {
    switch (node.kind) {
      case 'Block':
        return this.statements(node.statements, state);
      case 'Declare':
        return declared(state, node.locals);
      case 'Empty':
        return state;
      case 'Local': {
        const before = declared(state, [node.local]);
        if (!node.value) return before;
        return withLocal(this.value(node.value, before), node.local);
      }
      case 'Expression':
        return this.value(node.value, state);
      case 'If': {
        const branches = this.condition(node.condition, state);
        const consequent = this.statement(node.consequent, branches.whenTrue);
        return both(
          consequent,
          node.otherwise ? this.statement(node.otherwise, branches.whenFalse) : branches.whenFalse,
        );
      }
      case 'Loop':
        return this.loop(node, state);
      case 'Foreach': {
        const after = this.value(node.source, state);
        this.statement(node.body, this.value(node.value, declared(after, node.declared)));
        return this.takeBreaks(node.id, after);
      }
      case 'Switch':
        return this.switch(node, state);
      case 'Break': {
        const list = this.breaks.get(node.id) ?? [];
        list.push(state);
        this.breaks.set(node.id, list);
        return undefined;
      }
      case 'Continue':
        return undefined;
      case 'GotoSection': {
        const jumps = this.jumps.get(node.id) ?? [];
        jumps.push({ section: node.section, state });
        this.jumps.set(node.id, jumps);
        return undefined;
      }
      case 'Labelled':
        return this.labelled(node, state);
      case 'Yield':
        return node.value ? this.value(node.value, state) : undefined;
      case 'Return':
      case 'ThrowStatement':
        if (node.value) this.value(node.value, state);
        return undefined;
      case 'Try':
        return this.try(node, state);
      case 'Function':
        // What it captures is taken for assigned: it runs when it is called, not here.
        this.statement(
          node.body,
          new Set(node.symbol.parameters.filter((p) => p.mode === 'out').map((p) => p.local.id)),
        );
        return state;
    }
  }

  /** Breaks out of the loop or switch join what comes after it. */
  takeBreaks(id: number, after: State): State {
    const list = this.breaks.get(id) ?? [];
    this.breaks.delete(id);
    return list.reduce(both, after);
  }

  loop(node: BoundStatement & { kind: 'Loop' }, state: State): State {
    const start = this.statements(node.initial, state);
    if (!node.testFirst) {
      const end = this.statement(node.body, start);
      const exit = node.condition ? this.condition(node.condition, end ?? start).whenFalse : undefined;
      return this.takeBreaks(node.id, exit);
    }
    const branches: Branches = node.condition
      ? this.condition(node.condition, start)
      : { whenTrue: start, whenFalse: undefined };
    const end = this.statement(node.body, branches.whenTrue);
    for (const step of node.step) this.value(step, end ?? branches.whenTrue);
    return this.takeBreaks(node.id, branches.whenFalse);
  }

  /**
   * A label is entered from above and by the jumps that stand above it. Jumps from below come from where more is
   * assigned; where they alone lead to a label, nothing is taken for assigned.
   */
  labelled(node: BoundLabelled, state: State): State {
    const start = declared(state, node.locals);
    let current = start;
    for (const [index, section] of node.sections.entries()) {
      const jumps = (this.jumps.get(node.id) ?? []).filter((jump) => jump.section === index);
      const entry = jumps.reduce((joined, jump) => both(joined, jump.state), current);
      current = this.statements(section, entry ?? start);
    }
    this.jumps.delete(node.id);
    return current;
  }

  switch(node: BoundSwitch, state: State): State {
    const start = declared(this.value(node.value, state), node.locals);
    let complete = false;
    for (const section of node.sections) {
      let entry: State;
      for (const condition of section.conditions) {
        if (isTotal(condition)) complete = true;
        entry = both(entry, condition === null ? start : this.condition(condition, start).whenTrue);
      }
      if (node.hasGoto) entry = start;
      this.statements(section.statements, entry);
    }
    return this.takeBreaks(node.id, complete ? undefined : start);
  }

  try(node: BoundTry, state: State): State {
    let end = this.statement(node.body, state);
    for (const clause of node.catches) {
      const entry = declared(state, clause.hoisted);
      const filtered = clause.filter ? this.condition(clause.filter, entry).whenTrue : entry;
      end = both(end, this.statement(clause.body, filtered));
    }
    if (!node.finally) return end;
    const last = this.statement(node.finally, state);
    if (!end || !last || !endReachable(node.finally)) return undefined;
    return end.intersection(last);
  }

  /** A bool expression, with what holds when it is true and when it is false. */
  condition(node: Bound, state: State): Branches {
    if (node.constant?.value === true) return { whenTrue: state, whenFalse: undefined };
    if (node.constant?.value === false) return { whenTrue: undefined, whenFalse: state };
    if (node.kind === 'Logical') {
      let current = state;
      let out: State;
      for (const operand of node.operands) {
        const branches = this.condition(operand, current);
        current = node.operator === '&&' ? branches.whenTrue : branches.whenFalse;
        out = both(out, node.operator === '&&' ? branches.whenFalse : branches.whenTrue);
      }
      return node.operator === '&&' ? { whenTrue: current, whenFalse: out } : { whenTrue: out, whenFalse: current };
    }
    if (node.kind === 'Unary' && node.operator === '!') {
      const { whenTrue, whenFalse } = this.condition(node.operand, state);
      return { whenTrue: whenFalse, whenFalse: whenTrue };
    }
    if (node.kind === 'Is') {
      const after = this.value(node.operand, state);
      return { whenTrue: this.matched(node.test, after), whenFalse: after };
    }
    const after = this.value(node, state);
    return { whenTrue: after, whenFalse: after };
  }

  matched(test: PatternTest, state: State): State {
    return test.kind !== 'constant' && test.local ? withLocal(state, test.local) : state;
  }

  values(list: readonly Bound[], state: State): State {
    return list.reduce<State>((current, item) => this.value(item, current), state);
  }

  value(node: Bound, state: State): State {
    switch (node.kind) {
      case 'Local':
        this.read(node.symbol, node, state);
        return state;
      case 'Convert':
      case 'Unary':
      case 'As':
        return node.kind === 'Unary' && node.operator === '!'
          ? this.joined(node, state)
          : this.value(node.operand, state);
      case 'Call':
      case 'CallFunction':
        return this.assignOuts(
          node.args,
          this.values(node.args, node.kind === 'Call' && node.receiver ? this.value(node.receiver, state) : state),
        );
      case 'Property':
        return this.values(node.args, node.receiver ? this.value(node.receiver, state) : state);
      case 'Element':
        return this.value(node.index, this.value(node.array, state));
      case 'Binary':
        return this.value(node.right, this.value(node.left, state));
      case 'Lifted':
        return this.value(node.body, this.values(node.operands, state));
      case 'Logical':
      case 'Is':
        return this.joined(node, state);
      case 'Concat':
        return this.values(node.parts, state);
      case 'Assign':
        return this.assign(node.target, this.value(node.value, this.place(node.target, state)));
      case 'Update':
        return this.value(node.value, this.value(node.target, state));
      case 'Conditional': {
        const branches = this.condition(node.condition, state);
        return both(this.value(node.whenTrue, branches.whenTrue), this.value(node.whenFalse, branches.whenFalse));
      }
      case 'Coalesce': {
        const after = this.value(node.left, state);
        this.value(node.right, after);
        return after;
      }
      case 'ConditionalAccess': {
        const after = this.value(node.target, state);
        this.value(node.rest, after);
        return after;
      }
      case 'Lambda':
        this.lambda(node, state);
        return state;
      case 'Initialized':
        return this.values(node.steps, this.value(node.creation, state));
      case 'Anonymous':
        return this.values(node.values, state);
      case 'NewArray':
        return this.values(node.items, node.size ? this.value(node.size, state) : state);
      case 'Tuple':
        return this.values(node.elements, state);
      case 'TupleElement':
        return this.value(node.tuple, state);
      case 'Sequence':
        return this.value(node.result, this.values(node.steps, this.value(node.value, state)));
      case 'Throw':
        this.value(node.value, state);
        return undefined;
      case 'Invoke':
        return this.values(node.args, this.value(node.target, state));
      case 'Reference':
        return node.mode === 'ref' && node.target ? this.value(node.target, state) : state;
      default:
        return state;
    }
  }

  joined(node: Bound, state: State): State {
    const { whenTrue, whenFalse } = this.condition(node, state);
    return both(whenTrue, whenFalse);
  }

  lambda(node: Bound & { kind: 'Lambda' }, state: State): void {
    const inner = declared(state, node.hoisted);
    if ('type' in node.body) this.value(node.body, inner);
    else this.statement(node.body, inner);
  }

  place(target: Bound, state: State): State {
    return target.kind === 'Local' ? state : this.value(target, state);
  }

  assign(target: Bound, state: State): State {
    return target.kind === 'Local' ? withLocal(state, target.symbol) : state;
  }

  assignOuts(args: readonly Bound[], state: State): State {
    return args.reduce<State>(
      (current, arg) => (arg.kind === 'Reference' && arg.target ? this.assign(arg.target, current) : current),
      state,
    );
  }

  read(local: LocalSymbol, at: Span, state: State): void {
    if (!state?.has(local.id) || local.constant) return;
    this.problems.report('CS0165', `Use of unassigned local variable '${local.name}'`, at);
  }
}
