import {
  buildClientSchema,
  buildSchema,
  GraphQLError,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
} from 'graphql';
import { isJsonObject } from '../../json/json.ts';
import { fetchDocument } from './fetch-document.ts';
import { failed, type Imported, type ImportRequest, type ImportTarget } from './import-api.ts';
import { putSchema } from './imported-resources.ts';

export const graphQlContentType = 'application/vnd.ms-azure-apim.graphql.schema';

const mostTokens = 500_000;

/**
 * The address of a GraphQL endpoint, which is asked for its schema by introspection and becomes the backend; or that of a
 * file in the schema definition language.
 */
export async function importGraphQlEndpoint(url: string, _: ImportRequest, target: ImportTarget): Promise<Imported> {
  const asked = await fetchDocument(url, JSON.stringify({ query: getIntrospectionQuery() }));
  const schema = 'text' in asked ? introspected(asked.text) : null;
  if (schema !== null && 'sdl' in schema) return imported(schema.sdl, target, url);
  const file = await fetchDocument(url);
  if ('text' in file && sdlProblem(file.text) === null) return imported(file.text, target, null);
  const reason =
    schema?.problem ?? ('problem' in asked ? asked.problem : 'the answer holds no schema (is introspection enabled?).');
  return failed('properties.value', `Cannot read the GraphQL schema at '${url}': ${reason}`);
}

/** What is wrong with a schema in the schema definition language, with its place; null: nothing. */
export function sdlProblem(text: string): string | null {
  try {
    const schema = buildSchema(text, { maxTokens: mostTokens });
    return rootProblem(schema);
  } catch (error) {
    return problemOf(error);
  }
}

function rootProblem(schema: GraphQLSchema): string | null {
  return schema.getQueryType() || schema.getMutationType() || schema.getSubscriptionType()
    ? null
    : 'The schema has no Query, Mutation or Subscription type.';
}

/** The schema in an answer to the introspection query; null when it holds none. */
function introspected(text: string): { readonly sdl: string } | { readonly problem: string } | null {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isJsonObject(answer) || !isJsonObject(answer.data) || !isJsonObject(answer.data.__schema)) return null;
    const sdl = printSchema(buildClientSchema(answer.data as unknown as IntrospectionQuery));
    const problem = sdlProblem(sdl);
    return problem === null ? { sdl } : { problem };
  } catch (error) {
    return error instanceof SyntaxError ? null : { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  // The reader of the library calls itself for what is nested.
  if (error instanceof RangeError) return 'The schema is nested too deep.';
  const message = (error instanceof Error ? error.message : String(error))
    .trim()
    .replace(/([^.?!])$/, '$1.')
    .slice(0, 2000);
  const place = error instanceof GraphQLError ? error.locations?.[0] : undefined;
  return place ? `${message} Line ${place.line}, column ${place.column}.` : message;
}

function imported(sdl: string, { id }: ImportTarget, endpoint: string | null): Imported {
  return {
    properties: { ...(endpoint === null ? {} : { serviceUrl: endpoint }), type: 'graphql' },
    operations: [putSchema(id, 'graphql', graphQlContentType, { value: sdl })],
    problems: [],
  };
}
