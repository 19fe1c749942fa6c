import type { Statement, SwitchStatement } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound, BoundStatement, LocalSymbol, PatternTest } from './bound.ts';
import { standardImplicit } from './conversions.ts';
import { bindCondition, bindExpression, bindValue } from './expressions.ts';
import { patternTest } from './patterns.ts';
import { endReachable } from './reachability.ts';
import { bindStatements } from './statements.ts';
import { errorType } from './types.ts';

/** Patterns that later ones are compared with. */
const mostHandled = 100;

type Section = Extract<BoundStatement, { kind: 'Switch' }>['sections'][number];

export function bindSwitch(binder: Binder, statement: SwitchStatement): BoundStatement {
  const { start, end } = statement;
  const id = binder.id();
  const value = bindValue(binder, statement.value);
  const temp = binder.temp();
  const read: Bound =
    value.type === errorType ? value : { kind: 'Temp', temp, type: value.type, start: value.start, end: value.end };
  const gotos: Binder['switches'][number]['gotos'] = [];
  const constants = new Map<unknown, number>();
  const continueTo = binder.loops.at(-1)?.continueTo ?? null;
  binder.loops.push({ breakTo: id, continueTo });
  binder.switches.push({ id, gotos });
  const outer = binder.hoisted;
  binder.hoisted = [];
  let defaultSection = -1;
  const handled: PatternTest[] = [];
  const sections = binder.inScope(() => {
    const block = binder.scope;
    return statement.sections.map(
      (section, index): Section =>
        // Pattern variables belong to their section, plain locals to the whole block; names are kept apart all the same.
        binder.inScope(() => {
          const conditions = section.labels.map((label) => {
            if (!label.pattern) {
              if (defaultSection >= 0)
                binder.report(
                  'CS0152',
                  "The switch statement contains multiple cases with the label value 'default'",
                  label,
                );
              defaultSection = index;
              return null;
            }
            const test = patternTest(binder, label.pattern, read);
            const when = label.when && bindCondition(binder, label.when);
            if (test && handled.some((earlier) => subsumes(earlier, test)))
              binder.report('CS8120', 'The switch case has already been handled by a previous case.', label);
            if (test && test.kind !== 'constant' && !when && handled.length < mostHandled) handled.push(test);
            const constant = test?.kind === 'constant' && !when ? constantOf(test) : undefined;
            if (constant !== undefined) {
              if (constants.has(constant))
                binder.report(
                  'CS0152',
                  `The switch statement contains multiple cases with the label value '${String(constant)}'`,
                  label,
                );
              constants.set(constant, index);
            }
            return condition(binder, read, test, when, label);
          });
          const bound = bindStatements(binder, section.statements);
          for (const inner of bound) if (inner.kind === 'Local' && !block.has(inner.local.name)) block.add(inner.local);
          const statements = hoistLocals(bound, binder.hoisted);
          if (statements.every(endReachable)) {
            const last = section.labels.at(-1) ?? section;
            binder.report('CS0163', 'Control cannot fall through from one case label to another', last);
          }
          return { conditions, statements };
        }),
    );
  });
  const locals = binder.hoisted;
  binder.hoisted = outer;
  binder.loops.pop();
  binder.switches.pop();
  for (const jump of gotos) {
    const section = jump.value
      ? constants.get(jump.value.constant?.value)
      : defaultSection >= 0
        ? defaultSection
        : undefined;
    if (section === undefined)
      binder.report('CS0159', 'No such case label within the scope of the goto statement', jump.at);
    else jump.resolve(section);
  }
  return { kind: 'Switch', id, value, temp, locals, sections, hasGoto: gotos.length > 0, start, end };
}

/** Does every value that the later pattern takes fit the earlier one, which has no `when`? */
function subsumes(earlier: PatternTest, later: PatternTest): boolean {
  if (earlier.kind === 'any') return true;
  if (earlier.kind !== 'type' || later.kind !== 'type') return false;
  const kind = standardImplicit(later.type, earlier.type)?.kind;
  return kind === 'identity' || kind === 'reference' || kind === 'box';
}

function constantOf(test: PatternTest & { kind: 'constant' }): unknown {
  const { condition } = test;
  return condition.kind === 'Binary' ? condition.right.constant?.value : undefined;
}

function condition(binder: Binder, read: Bound, test: PatternTest | undefined, when: Bound | null, at: Span): Bound {
  const { start, end } = at;
  if (!test || read.type === errorType) return binder.error(at);
  const matched: Bound =
    test.kind === 'constant'
      ? test.condition
      : { kind: 'Is', type: binder.bool, operand: read, temp: binder.temp(), test, start, end };
  return when ? { kind: 'Logical', type: binder.bool, operator: '&&', operands: [matched, when], start, end } : matched;
}

/** A section's locals are declared before the switch: another section may assign them. */
export function hoistLocals(statements: readonly BoundStatement[], hoisted: LocalSymbol[]): BoundStatement[] {
  return statements.filter((statement) => {
    if (statement.kind === 'Declare') {
      hoisted.push(...statement.locals);
      return false;
    }
    if (statement.kind === 'Local') {
      statement.local.hoisted = true;
      hoisted.push(statement.local);
    }
    return true;
  });
}

export function bindGotoCase(binder: Binder, statement: Statement & { kind: 'GotoCase' }): BoundStatement {
  const { start, end } = statement;
  const target = binder.switches.at(-1);
  if (!target) {
    binder.report('CS0153', 'A goto case is only valid inside a switch statement', statement);
    return { kind: 'Empty', start, end };
  }
  const value = statement.value && bindExpression(binder, statement.value);
  if (value && value.type !== errorType && !value.constant)
    binder.report('CS0150', 'A constant value is expected', value);
  const jump = { kind: 'GotoSection' as const, id: target.id, section: -1, start, end };
  target.gotos.push({
    value,
    at: statement,
    resolve: (section) => {
      jump.section = section;
    },
  });
  return jump;
}
