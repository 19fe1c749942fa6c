import type { BehaviourCase } from './case-table.ts';

/** The APIOps folder that a case describes: paths and texts. */
export function folderOf(one: BehaviourCase, upstreamUrl: string): Map<string, string> {
  const files = new Map<string, string>();
  const json = (path: string, properties: unknown) => files.set(path, JSON.stringify({ properties }, null, 2));
  const fill = (text: string) => text.replaceAll('{upstream}', upstreamUrl);

  json('apis/api/apiInformation.json', {
    displayName: 'Api',
    path: 'api',
    serviceUrl: `${upstreamUrl}`,
    protocols: ['http', 'https'],
    subscriptionRequired: one.subscription !== undefined,
  });
  files.set('apis/api/specification.json', JSON.stringify(one.specification ?? specification(one.operations)));

  const documents = { ...one.policies };
  if (hasShorthand(one)) documents.operation = shorthand(one);
  if (documents.global !== undefined) files.set('policy.xml', fill(documents.global));
  if (documents.product !== undefined) files.set('products/product/policy.xml', fill(documents.product));
  if (documents.api !== undefined) files.set('apis/api/policy.xml', fill(documents.api));
  if (documents.operation !== undefined)
    for (const name of operationNames(one))
      files.set(`apis/api/operations/${name}/policy.xml`, fill(documents.operation));

  if (one.subscription === 'product') {
    json('products/product/productInformation.json', {
      displayName: 'Product',
      subscriptionRequired: true,
      state: 'published',
    });
    files.set('products/product/apis.json', '["api"]');
  }
  if (one.subscription !== undefined)
    json('subscriptions/subscriber/subscriptionInformation.json', {
      displayName: 'Subscriber',
      scope: { product: '/products/product', api: '/apis/api', all: '/apis' }[one.subscription],
      state: 'active',
      primaryKey: 'primary',
      secondaryKey: 'secondary',
    });
  for (const [name, value] of Object.entries(one.namedValues ?? {}))
    json(`namedValues/${name}/namedValueInformation.json`, { displayName: name, value: fill(value), secret: false });
  for (const [name, text] of Object.entries(one.fragments ?? {})) {
    json(`policyFragments/${name}/policyFragmentInformation.json`, { description: name });
    files.set(`policyFragments/${name}/policy.xml`, fill(text));
  }
  for (const [name, properties] of Object.entries(one.backends ?? {}))
    files.set(`backends/${name}/backendInformation.json`, fill(JSON.stringify({ properties })));
  for (const [path, text] of Object.entries(one.files ?? {})) files.set(path, fill(text));
  return files;
}

const sections = ['inbound', 'backend', 'outbound', 'on-error'] as const;

function hasShorthand(one: BehaviourCase): boolean {
  return sections.some((section) => one[section] !== undefined);
}

/** Each section on lines of its own, so that `line` in a case can be counted: `<base />` is the section's second line. */
function shorthand(one: BehaviourCase): string {
  const lines = ['<policies>'];
  for (const section of sections) {
    const content = one[section];
    lines.push(`<${section}>`);
    if (section !== 'backend' || content === undefined) lines.push('<base />');
    if (content !== undefined) lines.push(content.trimEnd());
    lines.push(`</${section}>`);
  }
  return [...lines, '</policies>'].join('\n');
}

const defaultOperations = ['GET /items/{id}', 'POST /items', 'GET /other', 'PUT /items/{id}', 'DELETE /items/{id}'];

function specification(operations: readonly string[] = defaultOperations): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  operations.forEach((operation, index) => {
    const [method = 'GET', template = '/'] = operation.split(' ');
    const parameters = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }));
    paths[template] ??= {};
    paths[template][method.toLowerCase()] = {
      operationId: `operation-${index}`,
      parameters,
      responses: { 200: { description: 'OK' } },
    };
  });
  return { openapi: '3.0.3', info: { title: 'Api', version: '1' }, paths };
}

function operationNames(one: BehaviourCase): string[] {
  if (one.specification === undefined)
    return (one.operations ?? defaultOperations).map((_, index) => `operation-${index}`);
  const { paths } = one.specification as { paths: Record<string, Record<string, { operationId?: string }>> };
  return Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ operationId }) => operationId ?? []));
}
