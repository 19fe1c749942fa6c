import type { EntityProblem, ServiceBusProperties } from './normalise-entity.ts';

/** `filterType` of Resource Manager has two values; the filters for everything and for nothing are written as the SQL that they stand for. */
const everything = '1=1';
const nothing = '1=0';
/** The only level that there is. */
const compatibilityLevel = 20;

/**
 * Properties of a rule as they are stored, which is how Resource Manager shows them: checked, but for the syntax of SQL. `TrueFilter` and
 * `FalseFilter` are taken too. A rule without a filter lets everything through.
 */
export function normaliseRule(given: ServiceBusProperties): {
  readonly properties: ServiceBusProperties;
  readonly problems: readonly EntityProblem[];
} {
  const problems: EntityProblem[] = [];
  const text = (value: unknown, property: string): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    problems.push({ property, message: `'${property}' must be a string.` });
    return undefined;
  };
  const object = (value: unknown, property: string): ServiceBusProperties | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object' && !Array.isArray(value)) return { ...value };
    problems.push({ property, message: `'${property}' must be an object.` });
    return undefined;
  };

  const filter = (): ServiceBusProperties => {
    const type = given.filterType ?? (given.correlationFilter == null ? 'SqlFilter' : 'CorrelationFilter');
    switch (type) {
      case 'TrueFilter':
        return { filterType: 'SqlFilter', sqlFilter: sql(everything) };
      case 'FalseFilter':
        return { filterType: 'SqlFilter', sqlFilter: sql(nothing) };
      case 'SqlFilter': {
        const asked = object(given.sqlFilter, 'sqlFilter') ?? {};
        const expression = text(asked.sqlExpression, 'sqlFilter.sqlExpression');
        return {
          filterType: type,
          sqlFilter: { ...asked, ...sql(expression === '' ? everything : (expression ?? everything)) },
        };
      }
      case 'CorrelationFilter': {
        const asked = object(given.correlationFilter, 'correlationFilter') ?? {};
        for (const [name, value] of Object.entries(asked))
          if (name !== 'properties' && name !== 'requiresPreprocessing') text(value, `correlationFilter.${name}`);
        object(asked.properties, 'correlationFilter.properties');
        return { filterType: type, correlationFilter: asked };
      }
      default:
        problems.push({
          property: 'filterType',
          message: `'filterType' must be SqlFilter or CorrelationFilter, not '${String(type).slice(0, 100)}'.`,
        });
        return {};
    }
  };

  const action = object(given.action, 'action');
  const expression = action === undefined ? undefined : text(action.sqlExpression, 'action.sqlExpression');
  const withAction =
    expression === undefined || expression === ''
      ? {}
      : { action: { ...action, sqlExpression: expression, compatibilityLevel } };
  return { properties: { ...filter(), ...withAction }, problems };
}

/** What kind of filter a rule has that was normalised. SQL with parameters is SQL, whatever it says. */
export function filterKindOf(rule: ServiceBusProperties): 'true' | 'false' | 'sql' | 'correlation' {
  if (rule.filterType === 'CorrelationFilter') return 'correlation';
  const { sqlFilter } = rule;
  if (typeof sqlFilter !== 'object' || sqlFilter === null) return 'true';
  const expression: unknown = Reflect.get(sqlFilter, 'sqlExpression');
  if (Reflect.get(sqlFilter, 'parameters') !== undefined) return 'sql';
  return expression === everything ? 'true' : expression === nothing ? 'false' : 'sql';
}

/**
 * Which quota of the topic a rule uses up. Each subscription has a default rule, which counts only where it was made to filter.
 */
export function filterQuotaOf(
  name: string,
  rule: ServiceBusProperties,
): 'sqlFilters' | 'correlationFilters' | undefined {
  const kind = filterKindOf(rule);
  if (kind === 'correlation') return 'correlationFilters';
  return kind === 'sql' || name.toLowerCase() !== '$default' ? 'sqlFilters' : undefined;
}

function sql(sqlExpression: string): ServiceBusProperties {
  return { sqlExpression, compatibilityLevel };
}
