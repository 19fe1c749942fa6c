import { normaliseRule } from '@lazuli/resources';
import type { JsonObject, JsonValue } from '@lazuli/store';
import type { BodyProblem, ResourceType } from '../../contract.ts';
import { asJson, isJsonObject } from '../../json/json.ts';
import { propertiesOf } from '../../json/properties.ts';
import { any, boolean, integer, map, object, string } from '../../schema/schema.ts';
import { checkFilter } from '../entity-quota.ts';
import { placeOf, ruleType } from '../ids.ts';
import { ruleName } from '../names.ts';
import type { ServiceBusRuntime } from '../service-bus-runtime.ts';

const sql = object({
  sqlExpression: string(),
  compatibilityLevel: integer(),
  requiresPreprocessing: boolean(),
});

/** What a subscription lets through, and what becomes of it. */
export const rule = (runtime: ServiceBusRuntime): ResourceType => ({
  type: ruleType,
  name: ruleName,
  body: {
    properties: object(
      {
        filterType: string({ values: ['SqlFilter', 'CorrelationFilter'] }),
        sqlFilter: sql,
        correlationFilter: object({
          correlationId: string(),
          messageId: string(),
          to: string(),
          replyTo: string(),
          label: string(),
          sessionId: string(),
          replyToSessionId: string(),
          contentType: string(),
          properties: map(any()),
          requiresPreprocessing: boolean(),
        }),
        action: sql,
      },
      { additional: 'drop' },
    ),
  },
  put: {
    created: 200,
    async prepare({ id, name, body, existing, reader }) {
      const { properties, problems } = normaliseRule(
        withTypes(propertiesOf(body), existing && propertiesOf(existing.body)),
      );
      const all: BodyProblem[] = problems.map(({ property, message }) => ({
        target: `properties.${property}`,
        message,
      }));
      const problem = all.length === 0 ? runtime.ruleProblem?.(name, properties) : undefined;
      if (problem !== undefined) all.push({ target: 'properties', message: problem });
      const { topicId } = placeOf(id.text);
      if (all.length === 0 && topicId !== undefined)
        await checkFilter(reader, topicId, { id: id.text, name, properties });
      return { body: { properties: asJson(properties) }, problems: all };
    },
  },
  delete: {},
  present: (document, record) => ({ ...document, properties: asJson(withTexts(propertiesOf(record.body))) }),
  onChange: ({ id }) => runtime.changed?.(placeOf(id).namespaceId, [id]),
});

/** Values of a correlation filter are texts in Resource Manager; administration clients give them types (`{ type, value }`). */
function withTexts(properties: JsonObject): JsonObject {
  return withValues(properties, (value) => (isJsonObject(value) && value.value !== undefined ? value.value : value));
}

/** A text that comes back as it was shown has the type that it had. */
function withTypes(properties: JsonObject, before: JsonObject | undefined): JsonObject {
  const known = valuesOf(before ?? {});
  return withValues(properties, (value, name) => {
    const typed = known[name];
    return isJsonObject(typed) && typed.value === value ? typed : value;
  });
}

function withValues(properties: JsonObject, change: (value: JsonValue, name: string) => JsonValue): JsonObject {
  const { correlationFilter } = properties;
  const values = valuesOf(properties);
  if (!isJsonObject(correlationFilter) || Object.keys(values).length === 0) return properties;
  const changed = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, change(value, name)] as const],
  );
  return {
    ...properties,
    correlationFilter: asJson({ ...correlationFilter, properties: Object.fromEntries(changed) }),
  };
}

function valuesOf({ correlationFilter }: JsonObject): JsonObject {
  if (!isJsonObject(correlationFilter)) return {};
  return isJsonObject(correlationFilter.properties) ? correlationFilter.properties : {};
}
