import { ResourceError } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/values.ts';
import type { DeployPorts, PutRequest, ResourceDocument, ValidateRequest } from '../ports.ts';

/** Resource providers in memory: they keep what is put and add what providers add. */
export class World implements DeployPorts {
  readonly resources = new Map<string, ResourceDocument>();
  /** In the order in which they were answered. */
  readonly puts: PutRequest[] = [];
  readonly deleted: string[] = [];
  /** Ids (lower case, ends) whose PUT is refused. */
  readonly refused = new Set<string>();
  readonly files: ReadonlyMap<string, string>;
  running = 0;
  mostRunning = 0;

  constructor(files: ReadonlyMap<string, string> = new Map()) {
    this.files = files;
  }

  add(id: string, document: JsonObject): void {
    this.resources.set(id.toLowerCase(), { id, ...document });
  }

  async get({ id }: { readonly id: string }): Promise<ResourceDocument | undefined> {
    const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(id);
    if (group?.[1]?.endsWith('-rg')) return { id, name: group[1], location: 'northeurope' };
    return this.resources.get(id.toLowerCase());
  }

  async list(request: { readonly id: string; readonly functionName: string }): Promise<JsonValue> {
    return { primaryKey: `${request.functionName}-key`, primaryConnectionString: 'Endpoint=sb://example' };
  }

  async put(request: PutRequest): Promise<ResourceDocument> {
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await Promise.resolve();
    this.running--;
    this.refuse(request);
    const { id, type, name, body } = request;
    const properties = isObject(body.properties) ? body.properties : {};
    const added: JsonObject =
      type.toLowerCase() === 'microsoft.apimanagement/service' ? { gatewayUrl: `https://${name}.azure-api.net` } : {};
    const identity: JsonObject =
      body.identity === undefined ? {} : { identity: { type: 'SystemAssigned', principalId: 'principal-1' } };
    const document: ResourceDocument = {
      id,
      name: name.split('/').at(-1) ?? name,
      type,
      ...body,
      ...identity,
      properties: { InstrumentationKey: 'ikey-1', ...properties, ...added, provisioningState: 'Succeeded' },
    };
    this.resources.set(id.toLowerCase(), document);
    this.puts.push(request);
    return document;
  }

  async validate(request: ValidateRequest): Promise<undefined> {
    this.refuse(request);
  }

  async delete({ id }: { readonly id: string }): Promise<void> {
    this.deleted.push(id);
    this.resources.delete(id.toLowerCase());
  }

  async listExisting(): Promise<ResourceDocument[]> {
    return [...this.resources.values()];
  }

  async fetchTemplate({ uri }: { readonly uri?: string }): Promise<string> {
    const text = this.files.get(uri ?? '');
    if (text === undefined) throw new ResourceError(404, { code: 'NotFound', message: 'there is no such file' });
    return text;
  }

  private refuse({ id, name }: PutRequest): void {
    if ([...this.refused].some((end) => id.toLowerCase().endsWith(end))) {
      throw new ResourceError(400, { code: 'ValidationError', message: `'${name}' is refused.` });
    }
  }
}
