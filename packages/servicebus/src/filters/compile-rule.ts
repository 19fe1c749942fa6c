import type { CompiledRule, MessageView, RuleDefinition, RuleFilter, SqlValue } from '../contract.ts';
import { compileAction } from './compile-action.ts';
import { readsApplicationProperties, type Surroundings } from './compile-expression.ts';
import { compilePredicate, testsApplicationProperties } from './compile-predicate.ts';
import { compileCorrelation } from './correlation.ts';
import { parseAction } from './parse-action.ts';
import { parseFilter } from './parse-filter.ts';
import type { Statement } from './tree.ts';

/**
 * Makes a rule of a subscription ready for messages. A filter that is unknown does not match.
 * @throws {ServiceBusError} `BadRequest`: with line, column and what was expected, in the words of Azure
 */
export function compileRule(definition: RuleDefinition): CompiledRule {
  const surroundings = surroundingsOf(definition.filter);
  const filter = compileFilter(definition.filter, surroundings);
  const statements = parseAction(definition.action ?? '');
  return {
    definition,
    matches: filter.matches,
    act: statements.length === 0 ? undefined : compileAction(statements, surroundings),
    needsApplicationProperties: filter.needsApplicationProperties || statements.some(changesApplicationProperties),
  };
}

function compileFilter(
  filter: RuleFilter,
  surroundings: Surroundings,
): Pick<CompiledRule, 'matches' | 'needsApplicationProperties'> {
  switch (filter.kind) {
    case 'true':
      return { matches: () => true, needsApplicationProperties: false };
    case 'false':
      return { matches: () => false, needsApplicationProperties: false };
    case 'correlation':
      return {
        matches: compileCorrelation(filter),
        needsApplicationProperties: (filter.properties?.size ?? 0) > 0,
      };
    case 'sql': {
      const predicate = parseFilter(filter.expression);
      const test = compilePredicate(predicate, surroundings);
      return {
        matches: (message: MessageView) => test(message) === true,
        needsApplicationProperties: testsApplicationProperties(predicate),
      };
    }
  }
}

/** Names of parameters count without regard to case, with or without their `@`. */
function surroundingsOf(filter: RuleFilter): Surroundings {
  const parameters = new Map<string, SqlValue>();
  if (filter.kind === 'sql') {
    for (const [name, value] of filter.parameters ?? []) parameters.set(name.replace(/^@?/, '@').toLowerCase(), value);
  }
  return { parameter: (name) => parameters.get(name.toLowerCase()) };
}

function changesApplicationProperties(statement: Statement): boolean {
  return statement.target.scope === 'user' || (statement.kind === 'set' && readsApplicationProperties(statement.value));
}
