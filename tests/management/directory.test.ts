import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';

let served: ServedManagement;
beforeAll(async () => {
  served = await serveManagement();
});
afterAll(() => served.stop());

describe('applications in the form of Microsoft Graph', () => {
  it('are registered, given secrets, found, and deleted, each on record', async () => {
    const made = await served.send('POST', '/v1.0/applications', { body: { displayName: 'ci' } });
    expect(made.status).toBe(201);
    const { appId, id } = made.json;
    const principal = await served.send('POST', '/v1.0/servicePrincipals', { body: { appId } });
    const secret = await served.send('POST', `/v1.0/applications/${id}/addPassword`, {
      body: {
        passwordCredential: { displayName: 'first', endDateTime: new Date(Date.now() + 86_400_000).toISOString() },
      },
    });
    expect(secret.json).toMatchObject({ displayName: 'first', secretText: expect.stringMatching(/^[\w-]{43}$/) });
    const credential = served.credentialOf(appId, secret.json.secretText);
    expect((await served.send('GET', '/subscriptions?api-version=2022-12-01', { credential })).json.value).toEqual([]);
    expect((await served.send('GET', '/v1.0/applications', { credential })).status).toBe(403);

    const filter = encodeURIComponent(`servicePrincipalNames/any(c:c eq '${appId}')`);
    const found = await served.send('GET', `/v1.0/servicePrincipals?$filter=${filter}`);
    expect(found.json.value).toMatchObject([{ appId, id: principal.json.id, displayName: 'ci' }]);
    const named = await served.send('POST', '/v1.0/directoryObjects/getByIds', { body: { ids: [principal.json.id] } });
    expect(named.json.value).toMatchObject([{ displayName: 'ci' }]);

    const keyId = secret.json.keyId;
    expect((await served.send('POST', `/v1.0/applications/${id}/removePassword`, { body: { keyId } })).status).toBe(
      204,
    );
    expect((await served.send('POST', `/v1.0/applications/${id}/removePassword`, { body: { keyId } })).status).toBe(
      404,
    );
    const answer = await served.send('PATCH', `/v1.0/applications/${id}`, {
      body: { keyCredentials: [{ key: 'AAAA' }] },
    });
    expect([answer.status, answer.json.error.code]).toEqual([400, 'InvalidCertificate']);
    expect((await served.send('DELETE', `/v1.0/applications/${id}`)).status).toBe(204);
    expect((await served.send('GET', `/v1.0/applications/${id}`)).status).toBe(404);

    const { entries } = await served.store.readLog('audit', {
      subject: `/providers/Lazuli.Identity/applications/${appId}`,
    });
    expect(entries.map((one) => (one.body.authorization as { action: string }).action)).toEqual([
      'Lazuli.Identity/applications/write',
      'Lazuli.Identity/applications/write',
      'Lazuli.Identity/applications/write',
      'Lazuli.Identity/applications/delete',
    ]);
    expect(JSON.stringify(entries)).not.toContain(secret.json.secretText);
  });
});
