import type { Expression, Statement, SwitchSection } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import { parsePattern } from './parse-pattern.ts';
import { parseCondition, parseStatements } from './parse-statement.ts';
import { is, type TokenReader } from './token-reader.ts';

export function parseSwitch(reader: TokenReader, start: number): Statement {
  reader.take();
  const value = parseCondition(reader);
  reader.expect('{', 'CS1514', '{ expected');
  const sections: SwitchSection[] = [];
  while (reader.at('case') || reader.at('default')) sections.push(parseSection(reader));
  reader.expect('}', 'CS1513', '} expected');
  return { kind: 'Switch', value, sections, start, end: reader.previousEnd };
}

function parseSection(reader: TokenReader): SwitchSection {
  const start = reader.current.start;
  const labels: {
    pattern: ReturnType<typeof parsePattern> | null;
    when: Expression | null;
    start: number;
    end: number;
  }[] = [];
  while (reader.at('case') || (reader.at('default') && is(reader.peek(), ':'))) {
    const from = reader.take();
    const pattern = from.text === 'case' ? parsePattern(reader) : null;
    let when: Expression | null = null;
    if (reader.atContextual('when')) {
      reader.take();
      when = parseExpression(reader);
    }
    reader.expect(':');
    labels.push({ pattern, when, start: from.start, end: reader.previousEnd });
  }
  const statements = parseStatements(
    reader,
    (r) => r.at('}') || r.at('case') || (r.at('default') && is(r.peek(), ':')),
  );
  return { labels, statements, start, end: reader.previousEnd };
}

export function parseGoto(reader: TokenReader, start: number): Statement {
  reader.take();
  if (reader.current.kind === 'identifier') {
    const label = reader.expectIdentifier();
    reader.expectSemicolon();
    return { kind: 'Goto', label, start, end: reader.previousEnd };
  }
  if (!reader.at('case') && !reader.at('default')) throw reader.unexpected();
  const value = reader.take().text === 'case' ? parseExpression(reader) : null;
  reader.expectSemicolon();
  return { kind: 'GotoCase', value, start, end: reader.previousEnd };
}
