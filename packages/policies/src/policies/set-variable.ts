import { typeNameOf } from '@lazuli/expressions';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Stores a value in `context.Variables`. A literal is a System.String; an expression's value keeps its .NET type. */
export const setVariable: PolicyDefinition = {
  name: 'set-variable',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: true, nonEmpty: true },
      value: { type: 'string', required: true, expression: true },
    },
  },
  compile(element, compiler) {
    const name = compiler.string(element, 'name');
    const value = compiler.object(element, 'value');
    return (exchange) => {
      const variable = name.get(exchange) ?? '';
      const stored = value.get(exchange) ?? null;
      if (stored !== null) {
        const type = typeNameOf(stored);
        if (type === undefined || !allowedTypes.has(type))
          throw evaluationFailure(
            `The variable '${variable}' cannot hold a value of the type '${type ?? 'unknown'}'. Allowed are ${[...allowedTypes].join(', ')}.`,
          );
      }
      exchange.variables.set(variable, stored);
      return undefined;
    };
  },
};

/** The types that the page allows. A nullable value is its value or null. */
const allowedTypes: ReadonlySet<string> = new Set([
  'Newtonsoft.Json.Linq.JArray',
  'Newtonsoft.Json.Linq.JConstructor',
  'Newtonsoft.Json.Linq.JObject',
  'Newtonsoft.Json.Linq.JProperty',
  'Newtonsoft.Json.Linq.JRaw',
  'Newtonsoft.Json.Linq.JToken',
  'Newtonsoft.Json.Linq.JValue',
  'System.Boolean',
  'System.SByte',
  'System.Byte',
  'System.UInt16',
  'System.UInt32',
  'System.UInt64',
  'System.Int16',
  'System.Int32',
  'System.Int64',
  'System.Decimal',
  'System.Single',
  'System.Double',
  'System.Guid',
  'System.String',
  'System.Char',
  'System.DateTime',
  'System.TimeSpan',
  'System.Byte[]',
  'System.SByte[]',
]);
