import type { Statement } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { BoundStatement, LocalSymbol } from './bound.ts';
import { hoistLocals } from './switch.ts';

export const hasLabels = (statements: readonly Statement[]): boolean => statements.some(({ kind }) => kind === 'Label');

/** Statements with labels among them. A label is known in its whole block and in the blocks inside. */
export function bindLabelled(
  binder: Binder,
  statements: readonly Statement[],
  bind: (statement: Statement) => readonly BoundStatement[],
): BoundStatement {
  const id = binder.id();
  const names = new Map<string, number>();
  for (const statement of statements) {
    if (statement.kind !== 'Label') continue;
    const { text } = statement.label;
    if (names.has(text) || binder.labels.some(({ sections }) => sections.has(text)))
      binder.report('CS0140', `The label '${text}' is a duplicate`, statement.label);
    else names.set(text, names.size + 1);
  }
  binder.labels.push({ id, sections: names, inFinally: binder.inFinally });
  const sections: BoundStatement[][] = [[]];
  for (const statement of statements) {
    if (statement.kind !== 'Label') sections.at(-1)?.push(...bind(statement));
    else if (names.get(statement.label.text) === sections.length) sections.push([]);
  }
  binder.labels.pop();
  // A jump may go past a declaration: variables are declared before all sections.
  const locals: LocalSymbol[] = [];
  const start = statements[0]?.start ?? 0;
  const end = statements.at(-1)?.end ?? start;
  return {
    kind: 'Labelled',
    id,
    locals,
    sections: sections.map((section) => hoistLocals(section, locals)),
    start,
    end,
  };
}

export function bindGoto(binder: Binder, statement: Statement & { kind: 'Goto' }): BoundStatement {
  const { start, end, label } = statement;
  const target = binder.labels.findLast(({ sections }) => sections.has(label.text));
  const section = target?.sections.get(label.text);
  if (!target || section === undefined) {
    binder.report('CS0159', `No such label '${label.text}' within the scope of the goto statement`, label);
    return { kind: 'GotoSection', id: -1, section: 0, start, end };
  }
  if (binder.inFinally && !target.inFinally)
    binder.report('CS0157', 'Control cannot leave the body of a finally clause', statement);
  return { kind: 'GotoSection', id: target.id, section, start, end };
}
