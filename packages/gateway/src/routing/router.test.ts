import { HeaderList } from '@lazuli/policies';
import type { Api, VersionSet } from '@lazuli/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { api, operation } from '../testing/model.ts';
import { compileRouter } from './compile-router.ts';
import { splitTarget } from './request-path.ts';

function route(apis: Api[], line: string, headers: Record<string, string> = {}, versionSets: VersionSet[] = []) {
  const [method = '', target = ''] = line.split(' ');
  const { router } = compileRouter({ apis, versionSets });
  return router.match(method, splitTarget(target), HeaderList.from(Object.entries(headers)));
}

/** `api/operation` with its parameters, or why there is none. */
function found(...args: Parameters<typeof route>): string {
  const outcome = route(...args);
  if (outcome.kind === 'no-api') return 'no-api';
  if (outcome.kind === 'no-operation') return `no-operation in ${outcome.api.name}`;
  return `${outcome.api.name}: ${outcome.operation.name}`;
}

function parameters(...args: Parameters<typeof route>): Record<string, string> {
  const outcome = route(...args);
  if (outcome.kind !== 'operation') throw new Error(`${args[1]} was not matched: ${outcome.kind}`);
  return Object.fromEntries(outcome.matchedParameters);
}

describe('finding the API', () => {
  const get = [operation('GET /x')];
  const apis = [
    api('root', { path: '', operations: get }),
    api('a', { path: 'a', operations: get }),
    api('a-b', { path: 'a/b', operations: get }),
  ];

  it.each([
    ['GET /a/x', 'a: GET /x'],
    ['GET /A/x', 'a: GET /x'],
    ['GET /%61/x', 'a: GET /x'],
    ['GET /a/b/x', 'a-b: GET /x'],
    ['GET /a/b/y', 'no-operation in a-b'],
    ['GET /ab/x', 'no-operation in root'],
    ['GET /x', 'root: GET /x'],
    ['GET /a', 'no-operation in a'],
    ['GET /a%2Fb/x', 'no-operation in root'],
    ['OPTIONS *', 'no-api'],
  ])('%s is %s', (line, expected) => {
    expect(found(apis, line)).toBe(expected);
  });

  it('has no API when none has the path', () => {
    expect(found([api('a', { operations: get })], 'GET /b/x')).toBe('no-api');
  });

  it('says which two APIs claim a path', () => {
    const { problems } = compileRouter({
      apis: [api('one', { path: 'p' }), api('two', { path: 'P' })],
      versionSets: [],
    });
    expect(problems.map((problem) => problem.message)).toEqual([
      "The path of API 'two' ('/P', version '') is taken by 'one'.",
    ]);
  });
});

describe('revisions', () => {
  const apis = [
    api('customers', { operations: [operation('GET /leads')] }),
    api('customers', { revision: '3', isCurrent: false, operations: [operation('GET /leads', { name: 'of 3' })] }),
    api('customers', { revision: '4', isCurrent: false, isOnline: false, operations: [operation('GET /leads')] }),
    api('all', { path: '', operations: [operation('GET /leads')] }),
    api('all', { path: '', revision: '2', isCurrent: false, operations: [operation('GET /leads', { name: 'of 2' })] }),
  ];

  it.each([
    ['GET /customers/leads', 'customers: GET /leads'],
    ['GET /customers;rev=3/leads?x=1', 'customers: of 3'],
    ['GET /customers;rev=1/leads', 'customers: GET /leads'],
    ['GET /customers;rev=4/leads', 'no-api'],
    ['GET /customers;rev=9/leads', 'no-api'],
    ['GET /customers;rev=x/leads', 'no-operation in all'],
    ['GET /;rev=2/leads', 'all: of 2'],
    ['GET /leads', 'all: GET /leads'],
  ])('%s is %s', (line, expected) => {
    expect(found(apis, line)).toBe(expected);
  });

  it('forwards the path below the revision', () => {
    expect(route(apis, 'GET /customers;rev=3/leads?x=1')).toMatchObject({ operationPath: '/leads' });
    expect(route(apis, 'GET /;rev=2/leads')).toMatchObject({ operationPath: '/leads' });
  });
});

describe('versions', () => {
  const set = (scheme: VersionSet['versioningScheme']): VersionSet => ({
    name: 'set',
    displayName: 'set',
    versioningScheme: scheme,
    versionHeaderName: 'X-Version',
    versionQueryName: 'api-version',
  });
  const version = (apiVersion: string) =>
    api(apiVersion === '' ? 'original' : apiVersion, {
      path: 'orders',
      apiVersion,
      apiVersionSet: 'set',
      operations: [operation('GET /list')],
    });
  const all = [version(''), version('v1'), version('v2'), api('root', { path: '', operations: [operation('GET /*')] })];
  const named = all.slice(1);

  it('by path segment', () => {
    const of = (apis: Api[], line: string) => found(apis, line, {}, [set('Segment')]);
    expect(of(all, 'GET /orders/v1/list')).toBe('v1: GET /list');
    expect(of(all, 'GET /orders/V2/list')).toBe('v2: GET /list');
    expect(of(all, 'GET /orders/list')).toBe('original: GET /list');
    expect(of(all, 'GET /orders/v3/list')).toBe('no-operation in original');
    expect(of(all, 'GET /orders/v1;rev=1/list')).toBe('v1: GET /list');
    expect(of(named, 'GET /orders/v3/list')).toBe('no-api');
  });

  it('by header', () => {
    const of = (apis: Api[], value?: string) =>
      found(apis, 'GET /orders/list', value === undefined ? {} : { 'x-version': value }, [set('Header')]);
    expect(of(all, 'v2')).toBe('v2: GET /list');
    expect(of(all)).toBe('original: GET /list');
    expect(of(all, 'v3')).toBe('no-api');
    expect(of(named)).toBe('no-api');
  });

  it('by query', () => {
    const of = (apis: Api[], query: string) => found(apis, `GET /orders/list${query}`, {}, [set('Query')]);
    expect(of(all, '?api-version=v1')).toBe('v1: GET /list');
    expect(of(all, '')).toBe('original: GET /list');
    expect(of(all, '?api-version=v3')).toBe('no-api');
    expect(of(named, '?other=v1')).toBe('no-api');
  });

  it('reports a version without a version set', () => {
    const { problems } = compileRouter({ apis: [version('v1')], versionSets: [] });
    expect(problems[0]?.message).toBe("API 'v1' has the version 'v1' but no version set that exists.");
  });
});

describe('finding the operation', () => {
  const apis = [
    api('a', {
      operations: [
        'GET /*',
        'GET /orders',
        'POST /orders/{id}',
        'GET /orders/{id}',
        'GET /orders/latest',
        '* /orders/{id}/lines',
        'GET /orders/{id}/lines/{line}',
        'GET /files/*',
        'GET /files/{name}.{extension}',
        'GET /files/report-{year}.pdf',
        'GET /deep/{*path}',
        'GET /search?q={q}',
        'GET /search?q={q}&mode=full',
        'GET /search',
        "GET /Products('{key}')",
        'GET /a%20b',
      ].map((text) => operation(text)),
    }),
  ];

  it.each([
    ['GET /a', 'GET /*'],
    ['GET /a/', 'GET /*'],
    ['GET /a/orders', 'GET /orders'],
    ['GET /a/orders/', 'GET /orders'],
    ['GET /a/ORDERS', 'GET /orders'],
    ['GET /a/orders/latest', 'GET /orders/latest'],
    ['GET /a/orders/7', 'GET /orders/{id}'],
    ['POST /a/orders/latest', 'POST /orders/{id}'],
    ['DELETE /a/orders/7/lines', '* /orders/{id}/lines'],
    ['GET /a/orders/7/lines/2', 'GET /orders/{id}/lines/{line}'],
    ['GET /a/orders/7/other', 'GET /*'],
    ['GET /a/files', 'GET /*'],
    ['GET /a/files/', 'GET /files/*'],
    ['GET /a/files/x/y', 'GET /files/*'],
    ['GET /a/files/x.txt', 'GET /files/{name}.{extension}'],
    ['GET /a/files/report-2026.pdf', 'GET /files/report-{year}.pdf'],
    ['GET /a/files/.txt', 'GET /files/*'],
    ['GET /a/search', 'GET /search'],
    ['GET /a/search?q=', 'GET /search?q={q}'],
    ['GET /a/search?mode=FULL&q=1', 'GET /search?q={q}&mode=full'],
    ["GET /a/products('7')", "GET /Products('{key}')"],
    ['GET /a/a%20b', 'GET /a%20b'],
    ['GET /a/%6Frders', 'GET /orders'],
    ['GET /a/x/../orders', 'GET /orders'],
    ['GET /a/x/%2E%2e/orders', 'GET /orders'],
  ])('%s is %s', (line, expected) => {
    expect(found(apis, line)).toBe(`a: ${expected}`);
  });

  it.each(['HEAD /a/orders', 'OPTIONS /a/orders', 'DELETE /a/orders', 'DELETE /a/orders//lines'])(
    '%s has none',
    (line) => {
      expect(found(apis, line)).toBe('no-operation in a');
    },
  );

  it('decodes parameters and keeps the path as sent', () => {
    expect(parameters(apis, 'GET /a/orders/a%2Fb%20c/lines/%zz')).toEqual({ id: 'a/b c', line: '%zz' });
    expect(parameters(apis, 'GET /a/deep/x%20y/z')).toEqual({ path: 'x y/z' });
    expect(parameters(apis, 'GET /a/deep/')).toEqual({ path: '' });
    expect(parameters(apis, 'GET /a/files/a.b.c')).toEqual({ name: 'a', extension: 'b.c' });
    expect(parameters(apis, 'GET /a/search?q=a+b%21')).toEqual({ q: 'a b!' });
    expect(route(apis, 'GET /a/orders/a%2Fb%20c')).toMatchObject({ operationPath: '/orders/a%2Fb%20c' });
  });

  it('reports templates that cannot be routed', () => {
    const bad = ['GET /*/x', 'GET /{a', 'GET /{a}{b}', 'GET /{a}/{a}', 'GET /x?{a}=1', 'GET /{}'].map((t) =>
      operation(t),
    );
    const { problems } = compileRouter({ apis: [api('a', { operations: bad })], versionSets: [] });
    expect(problems.map((problem) => problem.message)).toEqual([
      "The URL template '/*/x' cannot be used: a wildcard must be the last segment, but '*' is not.",
      "The URL template '/{a' cannot be used: a brace in '{a' has no partner.",
      "The URL template '/{a}{b}' cannot be used: two parameters of '{a}{b}' have no text between them.",
      "The URL template '/{a}/{a}' cannot be used: the parameter 'a' occurs twice.",
      "The URL template '/x?{a}=1' cannot be used: the name of a query parameter ('{a}') must be literal.",
      "The URL template '/{}' cannot be used: '{}' is not a parameter.",
    ]);
  });

  it('finds the action of a SOAP call in its headers', () => {
    const soap = [
      api('soap', {
        type: 'soap',
        operations: [operation('POST /?soapAction=urn:add'), operation('POST /?soapAction=urn:remove')],
      }),
    ];
    expect(found(soap, 'POST /soap', { SOAPAction: '"urn:remove"' })).toBe('soap: POST /?soapAction=urn:remove');
    expect(found(soap, 'POST /soap', { 'Content-Type': 'application/soap+xml; action="urn:add"' })).toBe(
      'soap: POST /?soapAction=urn:add',
    );
    expect(found(soap, 'POST /soap')).toBe('no-operation in soap');
  });
});

describe('any set of templates', () => {
  const segment = fc.constantFrom('a', 'b', '{}', 'a{}', '*');
  const template = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => {
    const wild = segments.indexOf('*');
    const kept = wild < 0 ? segments : segments.slice(0, wild + 1);
    return `/${kept.map((text, i) => text.replace('{}', `{p${i}}`)).join('/')}`;
  });
  const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { minLength: 1, maxLength: 4 });

  it('gives the most literal template that fits', () => {
    fc.assert(
      fc.property(fc.uniqueArray(template, { maxLength: 12 }), path, (templates, segments) => {
        const fitting = templates.filter((text) => pattern(text).test(`/${segments.join('/')}`));
        const best = fitting.toSorted((x, y) => (rank(x) < rank(y) ? -1 : 1))[0];
        const apis = [api('a', { operations: templates.map((text) => operation(`GET ${text}`)) })];
        const expected = best === undefined ? 'no-operation in a' : `a: GET ${best}`;
        expect(found(apis, `GET /a/${segments.join('/')}`)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes any bytes for a path without failing', () => {
    const apis = [api('a', { operations: [operation('GET /{x}/y.{z}'), operation('GET /q?a={b}')] })];
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        route(apis, `GET /a/${text.replaceAll(' ', '')}`);
      }),
    );
    expect(found(apis, `GET /a${'/x'.repeat(10_000)}`)).toBe('no-operation in a');
  });

  function pattern(text: string): RegExp {
    const source = text.replace(/\{[^}]*\}/g, '[^/]+').replace(/\*$/, '.*');
    return new RegExp(`^${source}$`);
  }

  /** One letter a segment: literal, text and parameter, parameter, wildcard. */
  function rank(text: string): string {
    return text
      .slice(1)
      .split('/')
      .map((one) => (one === '*' ? '4' : one.startsWith('{') ? '3' : one.includes('{') ? '2' : '1'))
      .join('');
  }
});
