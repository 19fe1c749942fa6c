import { problem } from '../../errors.ts';
import { Cursor } from '../../information/cursor.ts';
import { type Information, rawProperties } from '../../information/information-file.ts';
import type { Api, DiagnosticSettings, Operation, PolicyDocument } from '../../model/service.ts';
import { parseApiName } from '../../resource-id.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { readLinks } from '../links.ts';
import { apiInformation, inheritedByRevisions } from './api-information.ts';
import { readApiSpecification, readSchemaFolders, readXmlSchemas } from './api-specification.ts';
import { readDiagnosticSettings } from './diagnostic-settings.ts';
import { readOperationFolders } from './operations.ts';

/** An API with the places that checks across APIs report at. */
export interface ReadApi {
  readonly api: Api;
  readonly directory: string;
  readonly at: Cursor;
}

/** Reads one revision of an API with everything in its folder. */
export function readApi(
  folder: ResourceFolder,
  requiredQueryParameters: 'template' | 'query',
  inputs: Inputs,
): ReadApi | null {
  const name = parseApiName(folder.name);
  if (name === null) {
    inputs.diagnostics.push(
      problem('InvalidRevisionName', { file: folder.directory, line: 0, column: 0 }, { name: folder.name }),
    );
    return null;
  }
  const policy = inputs.policy(`${folder.directory}/policy.xml`);
  const information = inputs.information(
    folder,
    apiInformation,
    name.revision === null ? {} : inheritedProperties(name.api, inputs),
  );
  const query = information?.values.translateRequiredQueryParameters ?? requiredQueryParameters;
  const specification = readApiSpecification(folder, query, inputs);
  const schemas = specification?.schemas ?? readSchemaFolders(folder, inputs);
  const xmlSchemas = readXmlSchemas(folder, inputs);
  const operations = readOperationFolders(folder, specification?.operations ?? [], schemas, inputs);
  const diagnostics = readApiDiagnostics(folder, inputs);
  const tags = new Set([...readLinks(folder, inputs, 'tags', 'tag'), ...inputs.tagLinks('api', folder.name)]);
  if (information === null) {
    const api = { ...unreadableApi(name.api, name.revision, operations, policy, schemas), xmlSchemas };
    return { api, directory: folder.directory, at: nowhere(`${folder.directory}/${apiInformation.name}`) };
  }
  const { values, at } = information;
  const versionSet = values.apiVersionSetId ?? values.apiVersionSet?.id ?? null;
  if (values.apiVersion !== '' && versionSet === null)
    at.child('apiVersion').problem('VersionWithoutSet', { version: values.apiVersion });
  const type = values.type ?? values.apiType ?? 'http';
  const api: Api = {
    name: name.api,
    revision: revisionOf(information, name.revision),
    isCurrent: values.isCurrent ?? name.revision === null,
    isOnline: values.isOnline,
    displayName: values.displayName ?? specification?.title ?? name.api,
    description: values.description ?? specification?.description ?? null,
    path: values.path,
    protocols: values.protocols ?? (type === 'websocket' ? ['wss'] : ['https']),
    type,
    serviceUrl: values.serviceUrl ?? specification?.serviceUrl ?? null,
    subscriptionRequired: values.subscriptionRequired,
    subscriptionKeyParameterNames: values.subscriptionKeyParameterNames ?? {
      header: 'Ocp-Apim-Subscription-Key',
      query: 'subscription-key',
    },
    apiVersion: values.apiVersion,
    apiVersionSet: versionSet === null ? null : inputs.resolve(versionSet),
    apiRevisionDescription: values.apiRevisionDescription,
    operations,
    policy,
    diagnostics,
    tags: [...tags],
    schemas,
    xmlSchemas,
  };
  return { api, directory: folder.directory, at };
}

/**
 * An API whose information file has errors, so that its policies are checked all the same. It is never served: the errors
 * are in the diagnostics. Its path collides with no other.
 */
function unreadableApi(
  name: string,
  revision: string | null,
  operations: readonly Operation[],
  policy: PolicyDocument | null,
  schemas: ReadonlyMap<string, unknown>,
): Api {
  return {
    name,
    revision: revision ?? '1',
    isCurrent: revision === null,
    isOnline: false,
    displayName: name,
    description: null,
    path: `unreadable/${name};rev=${revision ?? ''}`,
    protocols: [],
    type: 'http',
    serviceUrl: null,
    subscriptionRequired: true,
    subscriptionKeyParameterNames: { header: '', query: '' },
    apiVersion: '',
    apiVersionSet: null,
    apiRevisionDescription: null,
    operations,
    policy,
    diagnostics: [],
    tags: [],
    schemas,
    xmlSchemas: new Map(),
  };
}

function nowhere(file: string): Cursor {
  return new Cursor({ file, value: undefined, diagnostics: [], locate: () => ({ line: 1, column: 1 }) }, [], []);
}

function inheritedProperties(api: string, inputs: Inputs): Readonly<Record<string, unknown>> {
  const document = inputs.file(`apis/${api}/${apiInformation.name}`)?.document;
  if (document === undefined) return {};
  return Object.fromEntries(
    Object.entries(rawProperties(apiInformation, document)).filter(([name]) => inheritedByRevisions.includes(name)),
  );
}

function revisionOf({ values, at }: Information<typeof apiInformation.properties>, fromFolder: string | null): string {
  if (fromFolder !== null && values.apiRevision !== null && values.apiRevision !== fromFolder) {
    at.child('apiRevision').problem('RevisionMismatch', { actual: values.apiRevision, expected: fromFolder });
  }
  return fromFolder ?? values.apiRevision ?? '1';
}

function readApiDiagnostics(folder: ResourceFolder, inputs: Inputs): DiagnosticSettings[] {
  const names = new Set(folder.files.flatMap((file) => /^diagnostics\/([^/]+)\/./.exec(file)?.[1] ?? []));
  return [...names].flatMap((name) => {
    const prefix = `diagnostics/${name}/`;
    const files = folder.files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
    return (
      readDiagnosticSettings(
        { kind: 'diagnostic', name, directory: `${folder.directory}/diagnostics/${name}`, files },
        inputs,
      ) ?? []
    );
  });
}
