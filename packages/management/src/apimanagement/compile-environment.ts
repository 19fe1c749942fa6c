import type { CompileEnvironment } from '@lazuli/policies';
import type { PolicyDocument, ServiceSchema } from '@lazuli/resources';
import type { ResourceRecord, StoreReader } from '@lazuli/store';
import { listAllRecords } from '../caching/record-cache.ts';
import { lastSegment, propertiesOf, textOf } from '../json/properties.ts';
import { serviceType } from './api-management-type.ts';

/** What policies of a service may refer to, as it stands in the store. Values of secrets count as well: a key may be one. */
export async function compileEnvironmentOf(serviceId: string, reader: StoreReader): Promise<CompileEnvironment> {
  const all = (path: string) => listAllRecords(reader, { parent: serviceId, type: `${serviceType}/${path}` });
  const [namedValues, fragments, backends, loggers, certificates, schemas] = await Promise.all([
    all('namedValues'),
    all('policyFragments'),
    all('backends'),
    all('loggers'),
    all('certificates'),
    all('schemas'),
  ]);
  return {
    namedValues: new Map(
      await Promise.all(
        namedValues.map(
          async (one) => [textOf(one, 'displayName') ?? nameOf(one), await valueOfNamed(one, reader)] as const,
        ),
      ),
    ),
    fragments: new Map(fragments.map((one) => [nameOf(one), documentOf(one)])),
    backends: new Set(backends.map(nameOf)),
    loggers: new Set(loggers.map(nameOf)),
    certificates: new Set(
      certificates.flatMap((one) => [nameOf(one), (textOf(one, 'thumbprint') ?? '').toUpperCase()]),
    ),
    schemas: new Map(schemas.map((one) => [nameOf(one), schemaOf(one)])),
    allowUnsupported: false,
  };
}

const nameOf = (record: ResourceRecord): string => lastSegment(record.id);

async function valueOfNamed(record: ResourceRecord, reader: StoreReader): Promise<string> {
  const field = 'properties/value';
  if (!record.secretFields.includes(field)) return textOf(record, 'value') ?? '';
  return (await reader.readSecrets(record.id, [field])).get(field) ?? '';
}

function documentOf(record: ResourceRecord): PolicyDocument {
  const format = textOf(record, 'format') === 'rawxml' ? 'rawxml' : 'xml';
  return { format, text: textOf(record, 'value') ?? '', file: `policyFragments/${nameOf(record)}` };
}

function schemaOf(record: ResourceRecord): ServiceSchema {
  const { schemaType, value, document } = propertiesOf(record.body);
  return schemaType === 'json'
    ? { name: nameOf(record), schemaType: 'json', document: document ?? value }
    : { name: nameOf(record), schemaType: 'xml', value: typeof value === 'string' ? value : '' };
}
