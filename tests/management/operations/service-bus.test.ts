import { afterAll, beforeAll, describe, it } from 'vitest';
import { type ManagedServer, startApiManagement } from '../api-management-server.ts';
import { expectOutcomes, type Outcome, outcomeOf, readTable } from './outcomes.ts';

const table = readTable('service-bus');

let lazuli: ManagedServer;
beforeAll(async () => {
  lazuli = await startApiManagement('contoso', { serviceBus: { port: 0, tlsPort: null, configurationFile: null } });
});
afterAll(() => lazuli?.stop());

const rights = { properties: { rights: ['Listen'] } };
const topic = 'namespace/topics/{topicName}';
const subscription = `${topic}/subscriptions/{subscriptionName}`;

/** What is made, parents first. */
const bodies: readonly (readonly [path: string, body: object])[] = [
  ['namespace', { location: 'westeurope', sku: { name: 'Standard' } }],
  ['namespace/networkRuleSets/default', { properties: { defaultAction: 'Allow' } }],
  ['namespace/AuthorizationRules/{authorizationRuleName}', rights],
  ['namespace/queues/{queueName}', { properties: { maxDeliveryCount: 3 } }],
  ['namespace/queues/{queueName}/authorizationRules/{authorizationRuleName}', rights],
  [topic, { properties: {} }],
  [`${topic}/authorizationRules/{authorizationRuleName}`, rights],
  [subscription, { properties: {} }],
  [`${subscription}/rules/{ruleName}`, { properties: { sqlFilter: { sqlExpression: 'a = 1' } } }],
];

describe('every operation of Service Bus that the SDK knows', () => {
  it('answers with a status that the SDK accepts, or says that it is not supported', async () => {
    const outcomes: Outcome[] = [];
    const run = async (method: string, path: string, body?: object) => {
      outcomes.push(await call(method, path, body));
    };
    const paths = Object.keys(table);
    const has = (method: string) => (path: string) => table[path]?.[method] !== undefined;
    const known = new Map(bodies);
    for (const _ of ['made', 'replaced']) for (const [path, body] of bodies) await run('PUT', path, body);
    for (const path of paths.filter((one) => has('PUT')(one) && !known.has(one)))
      await run('PUT', path, { properties: {} });
    for (const path of paths.filter(has('GET'))) await run('GET', path);
    for (const path of paths.filter(has('PATCH'))) await run('PATCH', path, { tags: { a: 'b' } });
    for (const path of paths.filter(has('POST')))
      await run('POST', path, path.endsWith('regenerateKeys') ? { keyType: 'PrimaryKey' } : { name: 'other-bus' });
    const order = new Map(bodies.map(([path], index) => [path, index]));
    const deletable = paths.filter(has('DELETE')).sort((a, b) => (order.get(b) ?? 99) - (order.get(a) ?? 99));
    for (const path of deletable.filter((one) => one !== 'namespace'))
      for (const _ of ['there', 'gone']) await run('DELETE', path);
    for (const _ of ['there', 'gone']) await run('DELETE', 'namespace');
    expectOutcomes('service-bus', outcomes);
  }, 60_000);
});

async function call(method: string, template: string, body: object | undefined): Promise<Outcome> {
  const { subscriptionId } = lazuli.server.management;
  const own = `/subscriptions/${subscriptionId}/resourceGroups/${lazuli.group}/providers/Microsoft.ServiceBus/namespaces/operations-bus`;
  const path = template
    .replace(/^namespace(?=\/|$)/, own)
    .replace('{subscriptionId}', subscriptionId)
    .replace('{resourceGroupName}', lazuli.group)
    .replace('{configName}', '$default')
    .replace(/\{(\w+)\}/g, (_, name: string) => name);
  const answer = await lazuli.send(method, `${path}?api-version=2024-01-01`, body === undefined ? {} : { body });
  return outcomeOf(`${method} ${template}`, answer, table[template]?.[method] ?? [], {});
}
