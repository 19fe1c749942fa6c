import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtoProblem, readProto } from './grpc/read-proto.ts';
import { endpoints, fixture, importOf, messages, written } from './import-test-kit.ts';

test('every rpc is an operation', async () => {
  const imported = await importOf('grpc', fixture('route-guide.proto'), { apiType: 'grpc' });
  expect(imported.problems).toEqual([]);
  expect(imported.properties).toEqual({ displayName: 'places.v1.RouteGuide', type: 'grpc' });
  expect(endpoints(imported)).toEqual([
    'POST /places.v1.RouteGuide/GetPlace',
    'POST /places.v1.RouteGuide/ListPlaces',
    'POST /places.v1.RouteGuide/Record',
  ]);
  const all = written(imported);
  expect(all.get('operations/places-v1-routeguide-record')).toMatchObject({
    description: 'rpc Record(stream Point) returns (Place)',
  });
  expect(all.get('schemas/grpc')).toEqual({
    contentType: 'text/protobuf',
    document: { value: fixture('route-guide.proto') },
  });
});

test.each([
  ['syntax = "proto3";', 'The file defines no service with an rpc. Line 1, column 19.'],
  ['service A {\n rpc B(C) returns D;', "'D' was found: expected '('. Line 2, column 19."],
  ['message A {', "A '{' is not closed. Line 1, column 11."],
  ['/* a', 'A text or comment is not closed. Line 1, column 1.'],
  ['hello', "'hello' was found: expected a definition of protobuf. Line 1, column 1."],
  [`service A ${'{'.repeat(200_000)}`, "'{' was found: expected rpc, option or '}'. Line 1, column 12."],
])('%#', async (text, message) => {
  expect(messages(await importOf('grpc', text))).toEqual([`Parsing error(s): ${message}`]);
});

test('any text is read or refused', () => {
  const piece = fc.constantFrom(
    'service',
    'rpc',
    'A',
    '{',
    '}',
    '(',
    ')',
    ';',
    'returns',
    'stream',
    '"',
    '/*',
    '*/',
    ' ',
    '\n',
    'é',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        readProto(pieces.join(' '));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtoProblem);
      }
    }),
  );
});
