import { buildSchema, graphqlSync, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { sdlProblem } from './graphql.ts';
import { files, fixture, importOf, messages, serving, written } from './import-test-kit.ts';

test('an endpoint is asked for its schema', async () => {
  const schema = buildSchema(fixture('saga.graphql'));
  await serving(
    async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { query } = JSON.parse(Buffer.concat(chunks).toString());
      response.end(JSON.stringify(graphqlSync({ schema, source: query })));
    },
    async (url) => {
      const imported = await importOf('graphql-link', `${url}/graphql`, { apiType: 'graphql' });
      expect(imported.problems).toEqual([]);
      expect(imported.properties).toEqual({ serviceUrl: `${url}/graphql`, type: 'graphql' });
      expect(written(imported).get('schemas/graphql')).toEqual({
        contentType: 'application/vnd.ms-azure-apim.graphql.schema',
        document: { value: printSchema(schema) },
      });
    },
  );
});

test('a file in the schema definition language is kept as it is', async () => {
  await serving(files({ '/saga.graphql': fixture('saga.graphql') }), async (url) => {
    const imported = await importOf('graphql-link', `${url}/saga.graphql`);
    expect(written(imported).get('schemas/graphql')).toMatchObject({ document: { value: fixture('saga.graphql') } });
  });
});

test('an endpoint without introspection', async () => {
  await serving(
    (_, response) => response.end('{"errors":[{"message":"no"}]}'),
    async (url) => {
      expect(messages(await importOf('graphql-link', url))).toEqual([
        `Cannot read the GraphQL schema at '${url}': the answer holds no schema (is introspection enabled?).`,
      ]);
    },
  );
});

test.each([
  ['type Query { a: Nothing }', 'Unknown type "Nothing". Did you mean "String"?'],
  ['type Query {', 'Syntax Error: Expected Name, found <EOF>. Line 1, column 13.'],
  ['type A { b: Int }', 'The schema has no Query, Mutation or Subscription type.'],
  [`type Query { a: ${'['.repeat(100_000)}`, 'The schema is nested too deep.'],
  [
    `type Query { ${'a:Int '.repeat(200_000)} }`,
    expect.stringMatching(/more that 500000 tokens|more than 500000 tokens/i),
  ],
])('%#', (sdl, problem) => {
  expect(sdlProblem(sdl)).toEqual(problem);
});
