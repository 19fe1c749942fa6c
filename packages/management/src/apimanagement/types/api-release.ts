import type { Operation, ResourceRecord, StoreReader } from '@lazuli/store';
import type { WriteContext } from '../../contract.ts';
import { lastSegment, propertiesOf, withProperties } from '../../json/properties.ts';
import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';
import { belowOf, revisionOf, revisionsOf, splitRevision } from '../revisions.ts';

/** Makes a revision of an API the current one. */
export const apiRelease = apiManagementType('apis/releases', {
  name: identifier,
  body: {
    properties: object(
      {
        apiId: string(),
        notes: string(),
        createdDateTime: string({ readOnly: true }),
        updatedDateTime: string({ readOnly: true }),
      },
      { required: true },
    ),
  },
  put: { prepare },
  patch: { ifMatch: 'required', prepare: ({ body, now }) => ({ body: dated(body, now) }) },
});

/** A new release of a revision that is not current exchanges the two, with everything below them, in one change. */
async function prepare({ body, existing, parent, id, reader, now }: WriteContext) {
  const dates = { body: dated(body, now) };
  if (existing || !parent) return dates;
  const apiId = String(propertiesOf(body).apiId ?? parent.id);
  const named = splitRevision(lastSegment(apiId.replace(/\/+$/, '')));
  const { api } = splitRevision(lastSegment(parent.id));
  if (named.api.toLowerCase() !== api.toLowerCase())
    return {
      ...dates,
      problems: [{ target: 'properties.apiId', message: `'${apiId}' is not a revision of the API '${api}'.` }],
    };
  const serviceId = id.parentId.slice(0, id.parentId.lastIndexOf('/apis/'));
  const revisions = await revisionsOf(serviceId, api, reader);
  const current = revisions[0];
  const wanted = named.revision ?? (current ? revisionOf(current) : '1');
  const target = revisions.find((one) => revisionOf(one) === wanted);
  if (!current || !target)
    return {
      ...dates,
      problems: [
        { target: 'properties.apiId', message: `The API '${api}' has no revision ${wanted}.`, isReference: true },
      ],
    };
  return target === current ? dates : { ...dates, operations: await exchange(current, target, reader) };
}

function dated(body: Parameters<typeof withProperties>[0], now: number) {
  const at = new Date(now).toISOString();
  return withProperties(body, { createdDateTime: propertiesOf(body).createdDateTime ?? at, updatedDateTime: at });
}

/** Releases belong to the API, not to a revision: they stay where they are. */
async function exchange(current: ResourceRecord, target: ResourceRecord, reader: StoreReader): Promise<Operation[]> {
  const retired = `${current.id};rev=${revisionOf(current)}`;
  const [below, above] = await Promise.all([belowOf(current.id, reader), belowOf(target.id, reader)]);
  const isRelease = (record: ResourceRecord) => /\/releases$/i.test(record.type);
  const moved =
    (from: string, to: string) =>
    (record: ResourceRecord): Operation => ({
      operation: 'put',
      id: `${to}${record.id.slice(from.length)}`,
      type: record.type,
      body: record.body,
    });
  return [
    ...below
      .filter((record) => !isRelease(record))
      .map((record): Operation => ({ operation: 'delete', id: record.id })),
    { operation: 'deleteSubtree', id: target.id, ifMatch: target.etag },
    {
      operation: 'put',
      id: retired,
      type: current.type,
      body: withProperties(current.body, { isCurrent: false }),
    },
    ...below.filter((record) => !isRelease(record)).map(moved(current.id, retired)),
    {
      operation: 'put',
      id: current.id,
      type: target.type,
      body: withProperties(target.body, { isCurrent: true }),
      ifMatch: current.etag,
    },
    ...above.map(moved(target.id, current.id)),
  ];
}
