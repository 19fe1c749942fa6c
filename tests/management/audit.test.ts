import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { widgetProvider } from './widgets.ts';

let served: ServedManagement;
let group: string;
beforeAll(async () => {
  served = await serveManagement({ providers: [widgetProvider] });
  group = `/subscriptions/${served.management.subscriptionId}/resourceGroups/audited`;
});
afterAll(() => served.stop());

describe('the audit log', () => {
  it('has every write, refused ones too, in a chain that can be checked, and answers as activity log', async () => {
    const correlation = '0b6a9d2e-31c3-4b3c-9a5e-5b6b0c3d9f00';
    const headers = { 'x-ms-correlation-request-id': correlation };
    await served.send('PUT', `${group}?api-version=2022-09-01`, { body: { location: 'westeurope' }, headers });
    await served.send('PUT', `${group}/providers/Contoso.Widgets/factories/f1?api-version=2024-01-01`, {
      body: { location: 'westeurope' },
    });
    const guest = await served.management.applications.create('guest');
    const { secretText } = await served.management.applications.addPassword(guest.appId);
    const credential = served.credentialOf(guest.appId, secretText);
    expect((await served.send('DELETE', `${group}?api-version=2022-09-01`, { credential })).status).toBe(403);
    await served.send('DELETE', `${group}/providers/Contoso.Widgets/factories/f1?api-version=2024-01-01`);

    const from = new Date(Date.now() - 60_000).toISOString();
    const path = `/subscriptions/${served.management.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`;
    const list = (filter: string) =>
      served.send(
        'GET',
        `${path}?api-version=2015-04-01&$filter=${encodeURIComponent(`eventTimestamp ge '${from}' ${filter}`)}`,
      );
    const events = (await list('')).json.value;
    expect(
      events.map((one: { operationName: { value: string }; status: { value: string } }) => [
        one.operationName.value,
        one.status.value,
      ]),
    ).toEqual([
      ['Contoso.Widgets/factories/delete', 'Succeeded'],
      ['Microsoft.Resources/subscriptions/resourceGroups/delete', 'Failed'],
      ['Contoso.Widgets/factories/write', 'Succeeded'],
      ['Microsoft.Resources/subscriptions/resourceGroups/write', 'Succeeded'],
    ]);
    expect(events[3]).toMatchObject({
      correlationId: correlation,
      caller: served.management.firstPrincipal?.application.appId,
      authorization: { action: 'Microsoft.Resources/subscriptions/resourceGroups/write', scope: group },
      httpRequest: { method: 'PUT', clientIpAddress: '127.0.0.1' },
      resourceGroupName: 'audited',
    });
    expect((await list(`and correlationId eq '${correlation}'`)).json.value.length).toBe(1);
    expect((await list("and resourceProvider eq 'Contoso.Widgets'")).json.value.length).toBe(2);
    // Those four, and what was done to applications and roles.
    const chain = await served.management.verifyAudit();
    expect(chain).toMatchObject({ ok: true, entries: 9 });
  });
});
