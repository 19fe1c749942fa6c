import { ClientSecretCredential } from '@azure/identity';
import { AUDIT_LOG } from '@lazuli/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

let lazuli: ManagedServer;
let store: ManagedServer['server']['management']['services']['store'];
beforeAll(async () => {
  lazuli = await startApiManagement();
  store = lazuli.server.management.services.store;
});
afterAll(() => lazuli.stop());

const path = '/providers/Lazuli.Management/changeSets?api-version=2026-11-01';
const send = (body: unknown) => lazuli.send('POST', path, { body });
const put = (below: string, properties: object) => ({
  method: 'PUT',
  url: `${lazuli.servicePath}/${below}?api-version=2024-05-01`,
  body: { properties },
});
const remove = (below: string) => ({
  method: 'DELETE',
  url: `${lazuli.servicePath}/${below}?api-version=2024-05-01`,
});
const audited = async () => (await store.logHead(AUDIT_LOG)).sequence;
const short = (changes: readonly { changeType: string; resourceId: string }[]) =>
  changes.map(({ changeType, resourceId }) => `${changeType} ${resourceId.slice(lazuli.servicePath.length + 1)}`);

describe('a change set', () => {
  it('writes all in one batch, each request checked after those before it', async () => {
    const before = await store.sequence();
    const answer = await send({
      requests: [
        put('namedValues/host', { displayName: 'host', value: 'x', secret: true }),
        put('apis/a', { displayName: 'A', path: 'a' }),
        put('apis/a/policies/policy', {
          format: 'rawxml',
          value: '<policies><inbound><set-header name="h"><value>{{host}}</value></set-header></inbound></policies>',
        }),
        put('tags/t', { displayName: 'T' }),
        put('apis/a/tags/t', {}),
      ],
    });
    expect(answer.status).toBe(200);
    expect(short(answer.json.changes)).toEqual([
      'Create apis/a',
      'Create apis/a/policies/policy',
      'Create apis/a/tags/t',
      'Create namedValues/host',
      'Create tags/t',
    ]);
    const { changes } = await store.changesAfter(before);
    expect(new Set(changes.map(({ batch }) => batch)).size).toBe(1);
    expect(await lazuli.client.namedValue.listValue(lazuli.group, lazuli.service, 'host')).toEqual({ value: 'x' });
    expect((await store.verifyAudit()).ok).toBe(true);
  });

  it('leaves alone what does not change, in the store and in the audit log', async () => {
    const [sequence, entries] = [await store.sequence(), await audited()];
    const same = [
      put('tags/t', { displayName: 'T' }),
      put('namedValues/host', { displayName: 'host', value: 'x', secret: true }),
    ];
    const answer = await send({ requests: same });
    expect(short(answer.json.changes)).toEqual(['NoChange namedValues/host', 'NoChange tags/t']);
    expect([await store.sequence(), await audited()]).toEqual([sequence, entries]);
    const changed = put('namedValues/host', { displayName: 'host', value: 'y', secret: true });
    const modified = await send({ requests: [same[0], changed] });
    expect(modified.json.changes).toContainEqual(
      expect.objectContaining({ changeType: 'Modify', delta: [{ path: 'properties.value', isSecret: true }] }),
    );
    expect(modified.text).not.toContain('"y"');
    expect(await audited()).toBe(entries + 1);
  });

  it('predicts without writing, and lists what no request named', async () => {
    const [sequence, entries] = [await store.sequence(), await audited()];
    const answer = await send({
      mode: 'WhatIf',
      scope: lazuli.servicePath,
      requests: [put('tags/t', { displayName: 'Other' }), remove('apis/a')],
    });
    expect(answer.json.status).toBe('Predicted');
    expect(answer.json.changes).toContainEqual(
      expect.objectContaining({ delta: [{ path: 'properties.displayName', before: 'T', after: 'Other' }] }),
    );
    expect(short(answer.json.changes)).toContain('Delete apis/a/policies/policy');
    const unmentioned = answer.json.unmentioned.map(({ id }: { id: string }) =>
      id.slice(lazuli.servicePath.length + 1),
    );
    expect(unmentioned).toContain('namedValues/host');
    expect(unmentioned).not.toContain('tags/t');
    expect([await store.sequence(), await audited()]).toEqual([sequence, entries]);
    expect((await lazuli.client.tag.get(lazuli.group, lazuli.service, 't')).displayName).toBe('T');
  });

  it('does nothing when anything is refused, and tells the causes', async () => {
    const sequence = await store.sequence();
    const answer = await send({
      requests: [
        put('tags/new', { displayName: 'new' }),
        put('products/p', {}),
        put('products/p/apis/a', {}),
        put('backends/b', { url: 'nowhere', protocol: 'http' }),
      ],
    });
    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe('ChangeSetRefused');
    expect(
      answer.json.error.details.map(({ target }: { target: string }) => target.split('/').slice(-2).join('/')),
    ).toEqual(['products/p', 'backends/b']);
    expect(await store.sequence()).toBe(sequence);
  });

  it('asks for the right to each write', async () => {
    const { management } = lazuli.server;
    const application = await management.applications.create('reader');
    const { secretText } = await management.applications.addPassword(application.appId);
    const role = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
    await management.assignRole({ principalId: application.objectId, role, scope: '/' });
    const url = lazuli.server.addresses.find(({ name }) => name === 'Management')?.url ?? '';
    const credential = new ClientSecretCredential(management.tenantId, application.appId, secretText, {
      authorityHost: url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: lazuli.ca },
    });
    const refused = await lazuli.send('POST', path, {
      credential,
      body: { requests: [put('tags/mine', { displayName: 'mine' })] },
    });
    expect(refused.json.error).toMatchObject({ code: 'ChangeSetRefused', details: [{ code: 'AuthorizationFailed' }] });
    const reading = await lazuli.send('POST', path, {
      credential,
      body: { mode: 'WhatIf', scope: lazuli.servicePath },
    });
    expect(reading.status).toBe(200);
    expect((await lazuli.send('POST', path, { credential: null, body: {} })).status).toBe(401);
  });

  it.each([
    ['a mode that there is not', { mode: 'Maybe' }, 'InvalidRequestBody'],
    ['requests that are no array', { requests: {} }, 'InvalidRequestBody'],
    ['a request without a url', { requests: [{ method: 'PUT' }] }, 'InvalidRequestBody'],
    ['a method that writes nothing', { requests: [{ method: 'GET', url: '/x' }] }, 'InvalidRequestBody'],
    ['a url of somewhere else', { requests: [{ method: 'PUT', url: 'https://x.example/' }] }, 'InvalidRequestBody'],
    ['a path that is no resource', { requests: [{ method: 'PUT', url: '/x?api-version=1' }] }, 'ChangeSetRefused'],
    [
      'a role assignment',
      {
        requests: [
          { method: 'PUT', url: '/providers/Microsoft.Authorization/roleAssignments/x?api-version=2022-04-01' },
        ],
      },
      'ChangeSetRefused',
    ],
    ['too many requests', { requests: Array.from({ length: 50_001 }, () => 0) }, 'InvalidRequestBody'],
  ])('refuses %s', async (_, body, code) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe(code);
  });
});
