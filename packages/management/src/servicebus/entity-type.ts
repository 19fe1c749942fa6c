import {
  type EntityProblem,
  entityProperties,
  entityStatuses,
  normaliseEntity,
  type PropertyRule,
  type ServiceBusProperties,
} from '@lazuli/resources';
import type { JsonObject, JsonValue, Operation, ResourceRecord } from '@lazuli/store';
import type { BodyProblem, NameRule, Prepared, ReadContext, ResourceType, WriteContext } from '../contract.ts';
import { asJson } from '../json/json.ts';
import { propertiesOf } from '../json/properties.ts';
import { boolean, integer, object, type Schema, string } from '../schema/schema.ts';
import { placeOf } from './ids.ts';
import { entityNameOf } from './names.ts';
import type { ServiceBusEntityRuntime, ServiceBusRuntime } from './service-bus-runtime.ts';

type EntityKind = 'queue' | 'topic' | 'subscription';

export interface EntityTypeOptions {
  readonly kind: EntityKind;
  readonly type: string;
  readonly name: NameRule;
  readonly runtime: ServiceBusRuntime;
  /** What has to be so for it to be made. @throws {ArmError} */
  readonly create: (write: WriteContext) => Promise<Pick<Prepared, 'operations' | 'operationsAfter'>>;
  /** Members that the service computes, after those that all entities have. */
  readonly computed: (
    runtime: ServiceBusEntityRuntime | undefined,
    record: ResourceRecord,
    context: ReadContext,
  ) => JsonObject | Promise<JsonObject>;
}

/** A queue, a topic or a subscription: the properties of the model, and what the broker tells of it. */
export function entityType(options: EntityTypeOptions): ResourceType {
  const { kind, type, name, runtime } = options;
  return {
    type,
    name,
    body: { properties: object(membersOf(kind), { additional: 'drop' }) },
    put: {
      created: 200,
      async prepare(write) {
        const existing = write.existing === undefined ? undefined : propertiesOf(write.existing.body);
        const { properties, problems } = normaliseEntity(kind, propertiesOf(write.body), {
          replaced: true,
          ...(existing === undefined ? {} : { existing }),
        });
        const all = [
          ...problems.map(asBodyProblem),
          ...(await forwardProblems(write, properties)),
          ...tierProblems(write, kind, properties),
        ];
        const made = existing === undefined && all.length === 0 ? await options.create(write) : {};
        return { body: { properties: asJson(properties) }, problems: all, ...made };
      },
    },
    delete: {},
    async present(document, record, context) {
      const { namespaceId, path } = placeOf(record.id);
      const found = runtime.entity?.(namespaceId, path);
      return {
        ...document,
        properties: asJson({
          ...propertiesOf(record.body),
          ...(await options.computed(found, record, context)),
          accessedAt: found === undefined || found.accessedAt <= 0 ? never : new Date(found.accessedAt).toISOString(),
          createdAt: record.createdAt,
          updatedAt: record.updatedAt,
        }),
      };
    },
    onChange: ({ id }) => runtime.changed?.(placeOf(id).namespaceId, [id]),
  };
}

/** `DateTime.MinValue` of .NET. */
const never = '0001-01-01T00:00:00Z';

export function countDetails(runtime: ServiceBusEntityRuntime | undefined): JsonValue {
  return {
    activeMessageCount: runtime?.activeMessageCount ?? 0,
    deadLetterMessageCount: runtime?.deadLetterMessageCount ?? 0,
    scheduledMessageCount: runtime?.scheduledMessageCount ?? 0,
    transferMessageCount: runtime?.transferMessageCount ?? 0,
    transferDeadLetterMessageCount: runtime?.transferDeadLetterMessageCount ?? 0,
  };
}

/** Of all kinds. */
export function messageCount(runtime: ServiceBusEntityRuntime | undefined): number {
  if (runtime === undefined) return 0;
  const { activeMessageCount, deadLetterMessageCount, scheduledMessageCount } = runtime;
  return (
    activeMessageCount +
    deadLetterMessageCount +
    scheduledMessageCount +
    runtime.transferMessageCount +
    runtime.transferDeadLetterMessageCount
  );
}

/** That something of another kind is not there, when the write is done. */
export function isAbsent(id: string): Operation {
  return { operation: 'require', id, ifNoneMatch: '*' };
}

/** Types only: what values may be is the model's to say. Texts for numbers and booleans are taken, as templates have them. */
function membersOf(kind: EntityKind): Readonly<Record<string, Schema>> {
  const own = Object.entries(entityProperties).filter(([, rule]) => rule.kinds.includes(kind));
  return Object.fromEntries(own.map(([name, rule]) => [name, memberOf(rule)]));
}

function memberOf({ type }: PropertyRule): Schema {
  if (type === 'boolean') return boolean();
  if (type === 'integer') return integer();
  return type === 'status' ? string({ values: entityStatuses }) : string();
}

function asBodyProblem({ property, message }: EntityProblem): BodyProblem {
  return { target: `properties.${property}`, message };
}

/** What it forwards to has to be there. */
async function forwardProblems({ id, reader }: WriteContext, properties: ServiceBusProperties): Promise<BodyProblem[]> {
  const { namespaceId, path } = placeOf(id.text);
  const problems: BodyProblem[] = [];
  for (const member of ['forwardTo', 'forwardDeadLetteredMessagesTo']) {
    const to = properties[member];
    if (typeof to !== 'string') continue;
    const target = `properties.${member}`;
    const name = entityNameOf(to);
    if (name.replaceAll('~', '/').toLowerCase() === path.toLowerCase())
      problems.push({ target, message: `'${member}' of '${path}' cannot be the entity itself.` });
    else if (
      (await reader.get(`${namespaceId}/queues/${name}`)) === undefined &&
      (await reader.get(`${namespaceId}/topics/${name}`)) === undefined
    )
      problems.push({ target, message: `'${member}' names '${to}', which is no queue or topic.`, isReference: true });
  }
  return problems;
}

/** "Service Bus Premium and Standard messaging tiers": what Basic has not. */
function tierProblems({ parent }: WriteContext, kind: EntityKind, properties: ServiceBusProperties): BodyProblem[] {
  const sku = parent?.body.sku;
  if (kind === 'subscription' || typeof sku !== 'object' || sku === null || Reflect.get(sku, 'name') !== 'Basic')
    return [];
  if (kind === 'topic') return [{ target: 'properties', message: 'Namespaces of the tier Basic have no topics.' }];
  return ['requiresSession', 'requiresDuplicateDetection', 'forwardTo', 'forwardDeadLetteredMessagesTo']
    .filter((name) => properties[name] !== undefined && properties[name] !== false)
    .map((name) => ({
      target: `properties.${name}`,
      message: `'${name}' is not available in namespaces of the tier Basic.`,
    }));
}
