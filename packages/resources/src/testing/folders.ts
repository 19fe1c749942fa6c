import { type ReadServiceOptions, readServiceFolder } from '../apiops/folder-reader.ts';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import type { Api, ServiceModel } from '../model/service.ts';

/** What a file of a test folder holds: text, bytes, or what is written as JSON. */
export type Files = Readonly<Record<string, string | Uint8Array | object>>;

export interface ReadFiles {
  readonly model: ServiceModel;
  /** `Code file:line:column`. */
  readonly problems: readonly string[];
  readonly messages: readonly string[];
}

/** Reads a folder given by its files. */
export async function readFiles(files: Files, options?: ReadServiceOptions): Promise<ReadFiles> {
  const { model, diagnostics } = await readServiceFolder(new FolderInMemory(files), options);
  return {
    model,
    problems: diagnostics.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`),
    messages: diagnostics.map(({ message }) => message),
  };
}

/** Reads a folder with one API, `a`, that has the given specification. */
export async function readSpecificationFile(
  specification: string | object,
  options?: ReadServiceOptions,
  others: Files = {},
): Promise<ReadFiles & { readonly api: Api }> {
  const name = typeof specification === 'string' ? 'specification.yaml' : 'specification.json';
  const read = await readFiles(
    { 'apis/a/apiInformation.json': { displayName: 'A', path: 'a' }, [`apis/a/${name}`]: specification, ...others },
    options,
  );
  const [api] = read.model.apis;
  if (api === undefined) throw new Error(`The API was not read: ${read.messages.join(' ')}`);
  return { ...read, api };
}
